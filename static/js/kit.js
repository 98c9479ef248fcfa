"use strict";
// What the components do beyond HTML. Every page works before this has run.
(() => {
  document.documentElement.classList.add("tp-scripted");
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // A button that was pressed says so and does not press twice.
  const lock = (form, submitter) => {
    const button = submitter || form.querySelector("button:not([type=button])");
    if (form.dataset.sent) return false;
    form.dataset.sent = "1";
    if (button) {
      button.setAttribute("aria-busy", "true");
      const label = [...button.childNodes].findLast((node) => node.textContent.trim());
      if (button.dataset.busy && label) label.textContent = button.dataset.busy;
    }
    return true;
  };
  const unlock = (form) => {
    delete form.dataset.sent;
    all("[aria-busy]", form).forEach((button) => button.removeAttribute("aria-busy"));
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (!lock(form, event.submitter)) event.preventDefault();
    else clearDraft(form);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form[data-sent]").forEach(unlock);
  });

  // Toasts pass after five seconds; errors stay.
  const passing = (root) =>
    all("[data-passes]", root).forEach((toast) => setTimeout(() => toast.remove(), 5000));
  window.tell = (text, mood = "info") => {
    const toast = document.createElement("div");
    toast.className = `tp-toast tp-is-${mood}`;
    toast.textContent = text;
    document.getElementById("toasts").append(toast);
    if (mood !== "bad") setTimeout(() => toast.remove(), 5000);
  };

  // The drawer: Esc closes it and gives the focus back; ↑ ↓ step through the list beside it.
  let opener = null;
  const drawer = () => document.getElementById("drawer");
  const closeDrawer = () => {
    const panel = drawer();
    if (!panel || panel.hidden) return false;
    panel.hidden = true;
    panel.replaceChildren();
    all(".tp-is-chosen").forEach((row) => row.classList.remove("tp-is-chosen"));
    if (opener && opener.isConnected) opener.focus();
    return true;
  };
  // A list or a sheet that waits for its answer says so, and says aloud what came of it.
  const busy = (event, is) => {
    const target = event.detail.target;
    if (target && target.id && target.id !== "drawer") {
      if (is) target.setAttribute("aria-busy", "true");
      else target.removeAttribute("aria-busy");
    }
  };
  const tellAloud = (root) => {
    const notice = document.getElementById("notice");
    const news = all("[data-tells]", root).map((one) => one.textContent.trim().replace(/\s+/g, " ")).join(". ");
    if (notice && news && notice.textContent !== news) notice.textContent = news;
  };
  document.addEventListener("htmx:beforeRequest", (event) => busy(event, true));
  document.addEventListener("htmx:afterRequest", (event) => busy(event, false));
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target && event.detail.target.id === "drawer") {
      opener = event.detail.elt;
      all(".tp-is-chosen").forEach((row) => row.classList.remove("tp-is-chosen"));
      const row = opener.closest("tr");
      if (row) row.classList.add("tp-is-chosen");
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    if (target.id === "drawer") {
      target.hidden = false;
      target.focus();
    }
    ready(target);
    tellAloud((target.id && document.getElementById(target.id)) || target);
  });
  const failed = () => window.tell(document.body.dataset.failed || "⚠", "bad");
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeDrawer();
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      const search = document.getElementById("search");
      if (search) {
        event.preventDefault();
        search.focus();
        search.select();
      }
    }
    const typing = event.target.closest("input, textarea, select");
    if (!typing && (event.key === "ArrowDown" || event.key === "ArrowUp") && drawer() && !drawer().hidden) {
      const marks = all("[hx-target='#drawer']").filter((mark) => !drawer().contains(mark));
      const at = marks.indexOf(opener);
      const next = marks[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (at >= 0 && next) {
        event.preventDefault();
        next.click();
      }
    }
    // Enter goes to the next quantity.
    if (event.key === "Enter" && event.target.matches(".tp-qty")) {
      const quantities = all(".tp-qty");
      const next = quantities[quantities.indexOf(event.target) + 1];
      event.preventDefault();
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
      if (next) {
        next.focus();
        next.select();
      }
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-closes-drawer]")) closeDrawer();
    const toast = event.target.closest("[data-closes-toast]");
    if (toast) toast.closest(".tp-toast").remove();
    const opens = event.target.closest("[data-opens]");
    const dialog = opens && document.getElementById(opens.dataset.opens);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    if (event.target.closest("[data-closes-dialog]")) event.target.closest("dialog").close();
    if (event.target.closest("[data-prints]")) window.print();
    const step = event.target.closest("[data-step]");
    if (step) {
      const input = step.parentElement.querySelector("input");
      const typed = Number(input.value.replaceAll(",", "") || 0);
      if (Number.isFinite(typed)) input.value = Math.max(Number(input.min || 0), typed + Number(step.dataset.step));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
    // An open menu closes when one clicks elsewhere.
    all("details.tp-menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  // Drafts: a form with data-draft keeps what was typed on this device until it is sent.
  const keyOf = (form) => `draft:${form.dataset.draft}`;
  const clearDraft = (form) => {
    if (form.dataset.draft) try { localStorage.removeItem(keyOf(form)); } catch { /* storage is off */ }
  };
  const keepDraft = (form) => {
    const kept = {};
    for (const field of form.elements) {
      if (!field.name || ["hidden", "password", "file", "submit"].includes(field.type)) continue;
      if (["checkbox", "radio"].includes(field.type)) { if (field.checked) (kept[field.name] ||= []).push(field.value); }
      else (kept[field.name] ||= []).push(field.value);
    }
    try { localStorage.setItem(keyOf(form), JSON.stringify(kept)); } catch { /* storage is full or off */ }
  };
  const bringDraft = (form) => {
    if (form.dataset.filled) return;
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(keyOf(form))); } catch { return; }
    if (!kept) return;
    const seen = {};
    for (const field of form.elements) {
      const values = kept[field.name];
      if (!values || field.type === "hidden") continue;
      if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value);
      else {
        const at = (seen[field.name] = (seen[field.name] ?? -1) + 1);
        if (values[at] !== undefined) field.value = values[at];
      }
    }
    const notice = form.querySelector("[data-draft-notice]");
    if (notice) notice.hidden = false;
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };
  // One spelling of a text, as kernel/spelling.py folds it; `folds` are the traditional characters that matter here.
  window.spelled = (text, folds = {}) => text.normalize("NFKC").toLowerCase()
    .replace(/[\u00b7\u2022\u30fb\u2027\u2219\u22c5\u00ad\u200b-\u200f\u2060\ufeff]/g, "")
    .replace(/[\u00d7\u2715\u2716*]/g, "x").replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u3400-\u9fff]/g, (one) => folds[one] ?? one).trim();

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.dataset.draft) keepDraft(form);
    const filters = event.target.closest("[data-narrows]");
    if (filters) {
      const folds = JSON.parse(filters.dataset.folds || "{}");
      const wanted = window.spelled(event.target.value, folds).split(/\s+/).filter(Boolean);
      all(filters.dataset.narrows).forEach((row) => {
        const text = wanted.length ? window.spelled(row.textContent, folds) : "";
        row.hidden = !wanted.every((word) => text.includes(word));
      });
    }
  });

  // Charts: the numbers come as JSON beside the canvas; the table stands beneath.
  const colours = () => {
    const style = getComputedStyle(document.documentElement);
    return (name) => style.getPropertyValue(name).trim();
  };
  const draw = (canvas) => {
    const data = document.getElementById(canvas.dataset.chart);
    if (!window.echarts || !data || canvas.dataset.drawn) return;
    canvas.dataset.drawn = "1";
    const colour = colours();
    const option = JSON.parse(data.textContent);
    for (const one of [option.series || []].flat())
      if (one.label) one.label = { color: colour("--ink"), textBorderWidth: 0, ...one.label };
    const chart = window.echarts.init(canvas, null, { renderer: "svg" });
    chart.setOption({
      animation: false,
      color: [colour("--teal-m"), colour("--warn-f"), "#8fa19e", colour("--info-f"), colour("--bad-f")],
      textStyle: { fontFamily: colour("--font"), color: colour("--ink-2") },
      grid: { left: 8, right: 8, top: 24, bottom: 8, containLabel: true },
      tooltip: { trigger: option.xAxis ? "axis" : "item", renderMode: "richText" },
      ...option,
    });
    new ResizeObserver(() => chart.resize()).observe(canvas);
  };

  // What scrolls sideways can be scrolled by keyboard too, also after a phone was turned or it grew.
  const reach = (box) => { if (box.scrollWidth > box.clientWidth) box.tabIndex = 0; };
  const grown = new ResizeObserver((entries) => entries.forEach(({ target }) => reach(target.closest(".tp-scroll"))));
  const scrollable = (root) =>
    all(".tp-scroll", root).forEach((box) => {
      reach(box);
      [box, ...box.children].forEach((part) => grown.observe(part));
    });

  // Tabs that scroll sideways begin with the current one in view.
  const showCurrent = (root) =>
    all(".tp-pages [aria-current], .tp-tabs [aria-current]", root).forEach((tab) => {
      const bar = tab.parentElement;
      const middle = tab.getBoundingClientRect().left - bar.getBoundingClientRect().left + tab.offsetWidth / 2;
      if (bar.scrollWidth > bar.clientWidth) bar.scrollLeft += middle - bar.clientWidth / 2;
    });

  const ready = (root) => {
    passing(root);
    showCurrent(root);
    all("[data-chart]", root).forEach(draw);
    scrollable(root);
    all("form[data-draft]", root).forEach(bringDraft);
    all("[autofocus]", root).slice(0, 1).forEach((field) => field.focus());
    const wrong = root.querySelector(".tp-is-wrong :is(input, select, textarea)");
    if (wrong) wrong.focus();
  };
  const begin = () => ready(document);
  if (document.readyState !== "complete") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
