// The order being written: drafts keep themselves, totals are the server's while there is one.
import { fromCents, listed, shown, toCents } from "./presale-money.js";
import { ask, send } from "./presale-queue.js";
import { explain, price, remark, rows, show, take } from "./presale-rows.js";
import { membership, named, store } from "./presale-store.js";
import { add, fill, newKey, time, words } from "./presale-view.js";

const form = document.getElementById("presale");
const { outlet: id, name, symbol, zone } = form.dataset;
const url = `/m/outlets/${id}/presale.json`;
const find = document.getElementById("presale-find");
const band = document.getElementById("presale-band");
const sum = (part) => form.querySelector(`[data-sum=${part}]`);
const gifts = document.getElementById("presale-gifts");
const windows = form.elements.window;
const none = document.getElementById("presale-none");
const later = (work, wait) => {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
};

let book = null;
let quote = null;
let finding = false;
let left = 0;
let reached = navigator.onLine !== false;

const lines = () =>
  [...rows.values()].filter((row) => row.qty > 0).map((row) => ({
    sku: row.product.sku, name: row.product.name, qty: row.qty, n: row.n, unit: row.unit.value,
    listed: fromCents(listed(row.product, row.qty) ?? 0n),
  }));
const named_by = (wanted) => JSON.stringify(wanted.map(({ sku, qty, listed: amount }) => [sku, qty, amount]));
const isQuoted = (wanted) => quote && quote.of === named_by(wanted);

// What the person sees as the total: the server's own, or the list prices until there is one.
const displayed = (wanted) =>
  isQuoted(wanted)
    ? { total: quote.total, basis: "quote" }
    : { total: fromCents(wanted.reduce((all, line) => all + toCents(line.listed), 0n)), basis: "list" };

const online = () => reached && navigator.onLine !== false;

const showBand = () => {
  band.hidden = online() && !left;
  band.classList.toggle("pre-online", online());
  band.querySelector("[data-band=state]").textContent = online() ? "" : words.offline;
  band.querySelector("[data-band=age]").textContent = book ? fill(words.aged, { time: time(book.at) }) : "";
  band.querySelector("[data-band=unsent]").textContent = left ? fill(words.unsent, { n: left }) : "";
  form.querySelector("[data-queues-text]").textContent = online() ? words.send : words.save;
};

const units = (wanted) => {
  const kinds = new Set(wanted.map((line) => line.unit));
  if (kinds.size !== 1) return fill(words.summary, { n: wanted.length });
  return fill(words.cases, { n: wanted.reduce((all, line) => all + line.n, 0), unit: [...kinds][0] });
};

const showTotal = () => {
  const wanted = lines();
  const exact = isQuoted(wanted);
  const { total } = displayed(wanted);
  sum("units").textContent = units(wanted);
  sum("label").textContent = exact || !wanted.length || !book?.schemes.length ? words.total : `${words.total} ${words.estimate}`;
  sum("total").textContent = wanted.length ? symbol + shown(total) : "\u2014";
  sum("total").classList.toggle("pre-stale", wanted.length > 0 && !exact && online());
  sum("saved").textContent = exact
    ? toCents(quote.discount) > 0n ? fill(words.saved_by, { amount: shown(quote.discount) }) : ""
    : wanted.length && book?.schemes.length ? words.list_only : "";
  const given = exact ? quote.gifts : [];
  gifts.hidden = !given.length;
  gifts.replaceChildren(...given.map((gift) => Object.assign(document.createElement("li"), { textContent: fill(words.gift, { name: gift.name, n: gift.qty }) })));
  const known = new Map((exact ? quote.lines : []).map((line) => [line.sku, line]));
  for (const row of rows.values()) {
    const line = known.get(row.product.sku);
    if (row.wrong) remark(row, words.not_whole, "bad");
    else if (row.n && listed(row.product, row.qty) === null) remark(row, words.no_price, "bad");
    else if (line?.unavailable) remark(row, line.unavailable, "bad");
    else if (line?.verdict === "block") remark(row, fill(words.blocked, { clauses: line.clauses.join(", ") }), "bad");
    else if (line?.verdict === "no_price") remark(row, words.no_price, "bad");
    else remark(row, line?.free_qty ? fill(words.free, { n: `${line.free_qty} ${row.product.units.at(-1)[0]}` }) : "");
  }
};

const keepDraft = () => {
  const kept = Object.fromEntries(lines().map((line) => [line.sku, { n: line.n, unit: line.unit }]));
  return store.set(named("draft", id), { lines: kept, note: form.elements.note.value, window: windows.value, quote, at: Date.now() });
};

const askQuote = later(async () => {
  const wanted = lines();
  if (!wanted.length || isQuoted(wanted) || !online()) return;
  try {
    const answer = await ask(`/m/outlets/${id}/presale/quote`, { lines: wanted.map(({ sku, qty }) => ({ sku, qty })) });
    if (!answer.ok) return;
    quote = { ...(await answer.json()), of: named_by(wanted) };
    await keepDraft();
    showTotal();
  } catch {
    /* without network the list prices stand */
  }
}, 350);

const changed = () => {
  for (const row of rows.values()) if (!row.item.hidden || row.n) price(row);
  none.hidden = show(finding, find.value);
  none.textContent = !rows.size ? words.none_sold : find.value.trim() ? words.none_found : words.none_chosen;
  showTotal();
  keepDraft();
  askQuote();
};

// Windows whose cut-off has passed cannot be chosen, also without network.
const showWindows = () => {
  const now = Date.now();
  const open = book.windows.filter((one) => Date.parse(one.cut_off) > now);
  const before = windows.value;
  windows.replaceChildren(...open.map((one) => new Option(one.label, one.value)));
  if (open.some((one) => one.value === before)) windows.value = before;
  const chosen = open.find((one) => one.value === windows.value);
  const day = (at) => new Date(at).toLocaleDateString("en-CA", { timeZone: zone });
  form.querySelector("[data-cut-label]").textContent = !chosen
    ? words.window_over
    : day(chosen.cut_off) === day(now) ? fill(words.cut_today, { time: chosen.cut_time })
    : day(chosen.cut_off) === day(now + 86_400_000) ? fill(words.cut_tomorrow, { time: chosen.cut_time }) : chosen.cut_label;
};

const use = () => {
  const typed = new Map(lines().map((line) => [line.sku, line]));
  take(book, words);
  for (const [sku, line] of typed) {
    const row = rows.get(sku);
    if (row) [row.unit.value, row.input.value] = [line.unit, line.n];
  }
  showWindows();
  changed();
};

const bringDraft = (draft) => {
  for (const [sku, { n, unit }] of Object.entries(draft.lines)) {
    const row = rows.get(sku);
    if (!row) continue;
    row.input.value = n;
    if ([...row.unit.options].some((option) => option.value === unit)) row.unit.value = unit;
  }
  if (draft.note) form.elements.note.value = draft.note;
  if ([...windows.options].some((option) => option.value === draft.window)) windows.value = draft.window;
  quote = draft.quote ?? null;
};

const refresh = async () => {
  if (navigator.onLine === false) return showBand();
  try {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "Tripact-Membership": membership, ...(book && { "If-None-Match": book.etag }) } });
    reached = true;
    if (answer.ok) book = { ...(await answer.json()), etag: answer.headers.get("ETag"), at: Date.now() };
    else if (answer.status === 304 && book) book.at = Date.now();
    else return showBand();
    await store.set(named("book", id), book);
    use();
  } catch {
    reached = false;
  }
  showBand();
};

const queueIt = async () => {
  const wanted = lines();
  if ([...rows.values()].some((row) => row.wrong)) return window.tell?.(words.not_whole, "warn");
  if (!wanted.length) return window.tell?.(words.nothing, "warn");
  const [from, until] = windows.value.split(",");
  if (!until) return window.tell?.(words.window_over, "warn");
  const { total, basis } = displayed(wanted);
  const amounts = new Map((isQuoted(wanted) ? quote.lines : []).map((line) => [line.sku, line.amount]));
  await add({
    key: newKey(), outlet: { id, name }, window: { from, until }, note: form.elements.note.value, displayed: { total, basis }, total,
    lines: wanted.map((line) => ({ ...line, amount: amounts.get(line.sku) })),
  });
  for (const row of rows.values()) row.input.value = "";
  form.elements.note.value = "";
  quote = null;
  await store.del(named("draft", id));
  setFinding(false);
  changed();
  if (!online()) window.tell?.(store.lasting ? words.kept : words.storage_off, store.lasting ? "info" : "bad");
  document.getElementById("presale-queue").scrollIntoView({ block: "nearest" });
  send();
};

const setFinding = (on) => {
  finding = on;
  form.classList.toggle("pre-finding", on);
  if (on) find.focus();
  else find.value = "";
};

form.addEventListener("change", (event) => {
  if (event.target === windows) showWindows();
  changed();
});
form.addEventListener("input", changed);
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-row=price]")) explain(rows.get(event.target.closest("li").dataset.sku), words);
  else if (event.target.closest("[data-adds]")) {
    setFinding(!finding);
    changed();
  } else if (event.target.closest("[data-finds]")) event.preventDefault();
  else if (event.target.closest("[data-as-last]")) {
    for (const { product, input, unit } of rows.values()) {
      if (!product.last) continue;
      const whole = product.units.find(([, factor]) => product.last % factor === 0);
      [unit.value, input.value] = [whole[0], product.last / whole[1]];
    }
    changed();
  } else if (event.target.closest("[data-queues]")) queueIt();
});
document.addEventListener("presale:queue", (event) => {
  left = event.detail.left;
  showBand();
});
window.addEventListener("online", refresh);
window.addEventListener("offline", showBand);
setInterval(() => book && showWindows(), 60_000);

book = (await store.get(named("book", id))) ?? null;
const draft = await store.get(named("draft", id));
if (book) {
  use();
  if (draft) bringDraft(draft);
  changed();
}
const first = !book;
await refresh();
if (first && book && draft) {
  bringDraft(draft);
  changed();
}
if (book && ![...rows.values()].some((row) => row.n || row.product.last)) {
  finding = true;
  form.classList.add("pre-finding");
  changed();
}
showBand();
document.body.dataset.ready = "1";
