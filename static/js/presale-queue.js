// The queue of written orders: each has a key of its own and is placed once, however often it is sent.
import { membership, named, store } from "./presale-store.js";

const KEEP_SENT = 24 * 3600 * 1000;
const listeners = new Set();
let stopped = "";
let running = null;

export const onChange = (listener) => listeners.add(listener);
const changed = () => listeners.forEach((listener) => listener());
export const why = () => stopped;

export const newKey = () =>
  crypto.randomUUID
    ? crypto.randomUUID()
    : "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (c) =>
        (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

export const entries = async () => {
  const found = await store.all(named("queue"));
  const old = found.filter((one) => one.state === "sent" && Date.now() - one.sent_at > KEEP_SENT);
  for (const one of old) await store.del(named("queue", one.key));
  return found.filter((one) => !old.includes(one)).sort((a, b) => b.written_at - a.written_at);
};
export const unsent = async () => (await entries()).filter((one) => one.state !== "sent");

const put = async (entry) => {
  await store.set(named("queue", entry.key), entry);
  changed();
};
export const add = (entry) => put({ ...entry, state: "waiting", tried: false, written_at: Date.now() });
export const drop = async (entry) => {
  await store.del(named("queue", entry.key));
  changed();
};

// What the person has chosen: the order as it is now. The server refused the old one for certain,
// so the key stays: it was never placed.
export const again = (entry, changes = {}) => put({ ...entry, ...changes, state: "waiting", problem: null }).then(send);

export const cookie = (name) =>
  decodeURIComponent(document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "");

export const ask = (url, body) =>
  fetch(url, {
    method: "POST",
    credentials: "same-origin",
    redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken"), "Tripact-Membership": membership },
    body: JSON.stringify(body),
  });

const read = async (answer) => {
  try {
    return await answer.json();
  } catch {
    return {};
  }
};

// Sends one. Answers whether to go on with the next.
const sendOne = async (entry) => {
  await put({ ...entry, state: "sending", tried: true });
  let answer, reply;
  try {
    answer = await ask(`/m/outlets/${entry.outlet.id}/presale.json`, {
      key: entry.key, lines: entry.lines.map(({ sku, qty }) => ({ sku, qty })), window: entry.window,
      note: entry.note, displayed: entry.displayed, hold: Boolean(entry.hold),
    });
    reply = await read(answer);
  } catch {
    await put({ ...entry, state: "waiting", tried: true });
    return false;
  }
  if (answer.ok && reply.number) {
    await put({ ...entry, state: "sent", tried: true, sent_at: Date.now(), number: reply.number, placed: reply.state, total: reply.total });
    return true;
  }
  if (reply.code === "signed_out" || reply.code === "other_person") stopped = reply.code;
  else if (answer.status === 403 && !reply.code) stopped = "signed_out";
  else if (reply.code && answer.status < 500) {
    await put({ ...entry, state: "needs", tried: false, problem: reply });
    return true;
  }
  await put({ ...entry, state: "waiting", tried: stopped ? entry.tried : true });
  return false;
};

const sendAll = async () => {
  stopped = "";
  const waiting = (await entries()).filter((one) => one.state === "waiting" || one.state === "sending").reverse();
  for (const entry of waiting) if (!(await sendOne(entry))) break;
  changed();
};

// One at a time: in this page, and among the pages of this browser where the browser can tell.
export const send = () => {
  if (!membership || navigator.onLine === false) return Promise.resolve();
  running ??= (navigator.locks
    ? navigator.locks.request(`presale-${membership}`, { ifAvailable: true }, (lock) => (lock ? sendAll() : undefined))
    : sendAll()
  ).finally(() => (running = null));
  return running;
};

export const keepSending = () => {
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", () => document.hidden || send());
  setInterval(send, 20_000);
  return send();
};
