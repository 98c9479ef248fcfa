// The products of the form: each row is made from the server's own template, and shown when it matters.
import { breakOf, perUnit, shown } from "./presale-money.js";

const MAX_SHOWN = 60;
const list = document.getElementById("presale-rows");
const blank = document.getElementById("presale-row");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

export const rows = new Map();
let folds = {};

// What is typed as a whole number: digits, also of full width, with thousands in groups; null for other text.
const readCount = (text) => {
  const plain = text.normalize("NFKC").trim();
  return /^(?:\d{1,3}(?:,\d{3})+|\d{0,10})$/.test(plain) ? Number(plain.replaceAll(",", "")) : null;
};

const factorOf = (product, unit) => product.units.find(([name]) => name === unit)?.[1] ?? product.units[0][1];

const make = (product) => {
  const item = blank.content.firstElementChild.cloneNode(true);
  item.dataset.sku = product.sku;
  item.querySelector(".pre-name").textContent = product.name;
  const input = item.querySelector(".pre-qty");
  const unit = item.querySelector(".pre-unit");
  input.name = `q_${product.sku}`;
  unit.name = `u_${product.sku}`;
  unit.replaceChildren(...product.units.map(([name]) => new Option(name, name)));
  for (const part of [input, unit, ...item.querySelectorAll("[data-step]")]) {
    part.setAttribute("aria-label", `${product.name} ${part.getAttribute("aria-label").trim()}`);
  }
  return item;
};

// Takes the book's products: rows of the server stay, new ones are made, those no longer sold go.
export const take = (book, words) => {
  const known = new Map([...list.children].map((item) => [item.dataset.sku, item]));
  const items = [];
  rows.clear();
  folds = book.folds ?? {};
  for (const product of book.products) {
    const item = known.get(product.sku) ?? make(product);
    const row = {
      product, item,
      input: item.querySelector(".pre-qty"), unit: item.querySelector(".pre-unit"), note: item.querySelector("[data-row=note]"),
      get wrong() { return readCount(this.input.value) === null; },
      get n() { return readCount(this.input.value) ?? 0; },
      get factor() { return factorOf(product, this.unit.value); },
      get qty() { return this.n * this.factor; },
    };
    const factor = row.factor;
    const last = product.last % factor || !product.last ? `${product.last} ${product.units.at(-1)[0]}` : product.last / factor;
    item.querySelector("[data-row=last]").textContent = `\u00b7 ${product.last ? fill(words.last, { n: last }) : words.first}`;
    rows.set(product.sku, row);
    items.push(item);
  }
  list.replaceChildren(...items);
  document.querySelectorAll(".pre-more").forEach((notice) => notice.remove());
};

// A row is shown when it is ordered, was ordered last time, or is searched for.
export const show = (finding, typed) => {
  const words = window.spelled(typed, folds).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const { item, product, n, wrong } of rows.values()) {
    const text = words.length ? window.spelled(`${product.search} ${product.name} ${product.sku}`, folds) : "";
    const fits = finding && words.every((word) => text.includes(word)) && found < MAX_SHOWN;
    if (fits) found += 1;
    item.hidden = !(fits || (!words.length && (n > 0 || wrong || product.last > 0)));
    item.classList.toggle("pre-chosen", n > 0);
  }
  return [...rows.values()].some(({ item }) => !item.hidden);
};

export const price = (row) => {
  const per = perUnit(row.product, row.factor, row.qty);
  row.item.querySelector("[data-row=price]").textContent = per === null ? "\u2014" : shown(per);
};

// Why this price: its list, and from how many on it would be another one.
export const explain = (row, words) => {
  const notice = row.item.querySelector("[data-row=why]");
  const base = row.product.units.at(-1)[0];
  const wins = breakOf(row.product, row.qty);
  notice.textContent = row.product.breaks
    .map((each) => fill(each === wins ? words.price_wins : words.price_other, {
      n: `${each[0]} ${base}`, price: shown(perUnit({ breaks: [each] }, row.factor, each[0])), unit: row.unit.value, list: each[3],
    }))
    .join(" ");
  notice.hidden = !notice.hidden;
  row.item.querySelector("[data-row=price]").setAttribute("aria-expanded", String(!notice.hidden));
};

export const remark = (row, text, mood = "") => {
  row.note.hidden = !text;
  row.note.textContent = text;
  row.item.classList.toggle("pre-wrong", mood === "bad");
};
