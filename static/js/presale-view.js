// The queue as its writer sees it: waiting, sending, sent with its number, or needing a choice.
import { fromCents, shown, toCents } from "./presale-money.js";
import { add, again, drop, entries, newKey, onChange, why } from "./presale-queue.js";
import { named, store } from "./presale-store.js";

export const words = JSON.parse(document.getElementById("presale-words").textContent);
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const card = document.getElementById("presale-queue");
const blank = document.getElementById("presale-entry");
const notice = card.querySelector("[data-queue-notice]");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const time = (at) => clock.format(new Date(at));
const code = (key) => `P-${key.replaceAll("-", "").slice(0, 4).toUpperCase()}`;

const button = (text, work, look = "") => {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `tp-button ${look}`;
  made.textContent = text;
  made.addEventListener("click", () => work(made));
  return made;
};

const cell = (tag, text, look = "") => {
  const made = document.createElement(tag);
  made.textContent = text;
  if (look) made.className = look;
  return made;
};

// Old and new side by side, line by line; only what differs.
const difference = (entry) => {
  const now = new Map((entry.problem.lines ?? []).filter((line) => line.amount).map((line) => [line.sku, line]));
  const gone = new Set(entry.problem.skus ?? []);
  const blocked = new Map((entry.problem.lines ?? []).filter((line) => !line.amount).map((line) => [line.sku, line]));
  const rows = [];
  for (const line of entry.lines) {
    const is = now.get(line.sku);
    const old = entry.displayed.basis === "list" ? line.listed : line.amount ?? line.listed;
    const fresh = is && (entry.displayed.basis === "list" ? is.listed : is.amount);
    if (gone.has(line.sku)) rows.push([line.name, shown(old), words.gone]);
    else if (blocked.has(line.sku)) rows.push([line.name, shown(old), fill(words.blocked, { clauses: (blocked.get(line.sku).clauses ?? []).join(", ") || "\u2014" })]);
    else if (fresh && fresh !== old) rows.push([line.name, shown(old), shown(fresh)]);
  }
  if (entry.problem.total) rows.push([words.total, shown(entry.displayed.total), shown(entry.problem.total)]);
  if (!rows.length) return null;
  const table = document.createElement("table");
  table.className = "tp-table pre-difference";
  const head = table.createTHead().insertRow();
  for (const text of ["", words.was, words.is]) head.append(Object.assign(cell("th", text, text ? "tp-num" : ""), { scope: "col" }));
  const body = table.createTBody();
  for (const [name, old, fresh] of rows) {
    const row = body.insertRow();
    row.append(Object.assign(cell("th", name), { scope: "row" }), cell("td", old, "tp-num tp-old"), cell("td", fresh, "tp-num"));
  }
  return table;
};

// Back into the form: what was typed becomes the outlet's draft, and the order leaves the queue.
const change = async (entry) => {
  const lines = Object.fromEntries(entry.lines.map((line) => [line.sku, { n: line.n, unit: line.unit }]));
  await store.set(named("draft", entry.outlet.id), { lines, note: entry.note, window: "", at: Date.now() });
  await drop(entry);
  location.assign(`/m/outlets/${entry.outlet.id}/presale`);
};

const choices = (entry) => {
  const { problem } = entry;
  const made = [];
  if (problem.code === "price_changed" && problem.total) {
    const now = new Map(problem.lines.map((line) => [line.sku, line]));
    const lines = entry.lines.map((line) => ({ ...line, listed: now.get(line.sku)?.listed ?? line.listed, amount: now.get(line.sku)?.amount }));
    const accepted = { lines, displayed: { total: problem.total, basis: "quote" }, total: problem.total };
    made.push(button(fill(words.accept, { total: shown(problem.total) }), () => again(entry, accepted), "tp-primary"));
  } else if (problem.code === "credit_exceeded") {
    made.push(button(words.hold, () => again(entry, { hold: true }), "tp-primary"));
  } else if (problem.code === "out_of_stock" || problem.code === "not_allowed") {
    made.push(button(words.again, () => again(entry)));
  }
  const bad = new Set([...(problem.skus ?? []), ...(problem.lines ?? []).filter((line) => !line.amount).map((line) => line.sku)]);
  const rest = entry.lines.filter((line) => !bad.has(line.sku));
  if (bad.size && rest.length) {
    const total = fromCents(rest.reduce((all, line) => all + toCents(line.listed), 0n));
    const changes = { lines: rest, total, displayed: { total, basis: "list" } };
    made.push(button(fill(words.rest, { total: shown(total) }), () => again(entry, changes), "tp-primary"));
  }
  if (problem.code !== "not_found") made.push(button(words.change, () => change(entry)));
  made.push(
    button(words.drop, (pressed) => {
      if (pressed.dataset.sure) return drop(entry);
      pressed.dataset.sure = "1";
      pressed.textContent = words.drop_sure;
    }, "tp-danger"),
  );
  return made;
};

const draw = (entry) => {
  const item = blank.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-entry=${name}]`);
  item.dataset.state = entry.state;
  item.dataset.key = entry.key;
  part("outlet").textContent = entry.outlet.name;
  part("notice").textContent =
    entry.state === "sent"
      ? [entry.number, entry.placed === "placed" ? "" : words[`state_${entry.placed}`]].filter(Boolean).join(" \u00b7 ")
      : fill(words.written, { time: time(entry.written_at), code: code(entry.key) });
  part("total").textContent = shown(entry.total);
  part("state").textContent = words[entry.state];
  for (const icon of item.querySelectorAll("[data-state-icon]")) icon.hidden = icon.dataset.stateIcon !== entry.state;
  if (entry.state === "needs") {
    const needs = part("needs");
    needs.hidden = false;
    needs.append(cell("p", entry.problem.message || fill(words.refused, { why: entry.problem.code }), "tp-bad"));
    const table = difference(entry);
    if (table) needs.append(table);
    const row = document.createElement("p");
    row.className = "pre-choices";
    row.append(...choices(entry));
    needs.append(row);
  }
  return item;
};

let turn = 0;
const render = async () => {
  const mine = ++turn;
  const all = await entries();
  if (mine !== turn) return;
  const left = all.filter((one) => one.state !== "sent").length;
  card.hidden = !all.length;
  const count = card.querySelector("[data-queue-count]");
  count.textContent = left;
  count.hidden = !left;
  card.querySelector("[data-queue-rows]").replaceChildren(...all.map(draw));
  notice.hidden = !why();
  if (why()) {
    notice.querySelector("span").textContent = why() === "other_person" ? words.other_person : words.sign_in;
    notice.querySelector("[data-queue-sign-in]").hidden = why() !== "signed_out";
  }
  document.dispatchEvent(new CustomEvent("presale:queue", { detail: { left } }));
};

onChange(render);
await render();
export { add, newKey };
