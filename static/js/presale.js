// On every page of the phone: sends what waits, keeps the pages of this person only, warns at sign-out.
import { membership } from "./presale-store.js";
import { keepSending, unsent } from "./presale-queue.js";

const PAGES = "tripact-pages-";
const hook = document.querySelector("meta[name=tripact-membership]");

const forget = async (mine = "") => {
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== PAGES + mine) await caches.delete(name);
  }
  const worker = (await navigator.serviceWorker?.getRegistration("/m/"))?.active;
  worker?.postMessage({ who: mine });
};

// Keeps pages that the person is about to need: the outlet's form while there is a network, and the
// page of a first visit, which came before the worker.
const keep = async (url) => {
  if (!("caches" in window)) return;
  const answer = await fetch(url, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected && answer.headers.get("Tripact-Membership") === membership) {
    await (await caches.open(PAGES + membership)).put(url, answer);
  } else {
    await answer.body?.cancel();
  }
};

const leaving = (form) => {
  const path = new URL(form.getAttribute("action") ?? "", location.href).pathname;
  return path === "/sign-out" || path.startsWith("/switch/");
};
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!leaving(form) || form.dataset.leaving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    (async () => {
      const left = await unsent();
      if (left.length && !window.confirm(hook.dataset.unsent.replace("{n}", left.length))) return;
      await forget();
      form.dataset.leaving = "1";
      form.requestSubmit ? form.requestSubmit() : form.submit();
    })();
  },
  true,
);

if (membership) {
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js", { scope: "/m/" }).catch(() => { /* an in-app browser has none */ });
    const first = !navigator.serviceWorker.controller;
    navigator.serviceWorker.ready?.then(async () => {
      await forget(membership);
      const links = [...document.querySelectorAll("[data-keeps]")].map((link) => link.href);
      for (const url of [...(first ? [location.origin + location.pathname] : []), ...links]) {
        await keep(url).catch(() => { /* no network */ });
      }
    });
  }
  if (document.getElementById("presale-words")) await import("./presale-view.js");
  if (document.getElementById("presale")) await import("./presale-form.js");
  keepSending();
}
