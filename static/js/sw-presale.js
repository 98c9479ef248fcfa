// The phone's pages without network. BUILT stands above: version, shell and the offline page.
// Kept: the files of the shell, and the pages of outlets, for the one person who visited them.
const SHELL = `tripact-shell-${BUILT.version}`;
const PAGES = "tripact-pages-";
const WHO = "tripact-who";
const PATIENCE = 6000;
const KEPT = /^\/m\/outlets(\/[0-9a-f-]{36}(\/presale)?)?$/;

const late = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const who = async () => (await (await caches.open(WHO)).match("/who"))?.text() ?? "";
const become = async (membership) => {
  if ((await who()) !== membership) await (await caches.open(WHO)).put("/who", new Response(membership));
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== PAGES + membership) await caches.delete(name);
  }
};

self.addEventListener("install", (event) => {
  const fresh = [...BUILT.shell, BUILT.offline].map((url) => new Request(url, { cache: "reload", credentials: "omit" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("tripact-shell-") && name !== SHELL) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(old());
});

self.addEventListener("message", (event) => {
  if (event.data && "who" in event.data) event.waitUntil(become(event.data.who));
});

// A page and its files belong together, so the network (or its cache) comes first here too.
const file = async (request) => {
  const shell = await caches.open(SHELL);
  const kept = await shell.match(request.url, { ignoreSearch: true, ignoreVary: true });
  const asked = fetch(request).then((answer) => {
    if (answer.status === 200) shell.put(request.url, answer.clone()).catch(() => { /* no room */ });
    return answer;
  });
  if (!kept) return asked;
  asked.catch(() => { /* answered below */ });
  try {
    return (await Promise.race([asked, late(PATIENCE)])) ?? kept;
  } catch {
    return kept;
  }
};

const remember = async (request, answer) => {
  const membership = answer.headers.get("Tripact-Membership");
  if (!answer.ok || answer.redirected || !membership) return;
  const body = await answer.blob();
  await become(membership);
  const { status, headers } = answer;
  await (await caches.open(PAGES + membership)).put(request.url, new Response(body, { status, headers }));
};

const known = async (request) => {
  const membership = await who();
  return membership ? (await caches.open(PAGES + membership)).match(request.url, { ignoreVary: true }) : undefined;
};

// The network first; what is kept where it fails or is too slow.
const page = async (event) => {
  const { request } = event;
  const keeps = KEPT.test(new URL(request.url).pathname);
  const asked = fetch(request).then((answer) => {
    if (keeps) remember(request, answer.clone()).catch(() => { /* no room: it is asked for again */ });
    return answer;
  });
  asked.catch(() => { /* answered below */ });
  const kept = keeps ? await known(request) : undefined;
  try {
    const first = kept ? await Promise.race([asked, late(PATIENCE)]) : await asked;
    return first ?? kept;
  } catch {
    return kept ?? (await (await caches.open(SHELL)).match(BUILT.offline, { ignoreVary: true })) ?? Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});
