// Money in whole cents, as the server counts it: rounded half up, once for each line.
const FINE = 10000n;

// "92.5" → 925000n: prices have at most four places.
const fine = (text) => {
  const [whole, places = ""] = String(text).split(".");
  return BigInt(whole) * FINE + BigInt(places.slice(0, 4).padEnd(4, "0"));
};

export const toCents = (text) => {
  const minus = String(text).startsWith("-");
  const cents = fine(String(text).replace("-", "")) / 100n;
  return minus ? -cents : cents;
};

export const fromCents = (cents) => {
  const size = cents < 0n ? -cents : cents;
  return `${cents < 0n ? "-" : ""}${size / 100n}.${String(size % 100n).padStart(2, "0")}`;
};

export const shown = (amount) => {
  const [whole, places = "00"] = String(amount).split(".");
  return `${whole.replace("-", "\u2212").replace(/\B(?=(\d{3})+$)/g, ",")}.${places.padEnd(2, "0")}`;
};

// The base price of `qty` base units: the last break that the quantity reaches.
export const breakOf = (product, qty) => {
  let found = null;
  for (const each of product.breaks) if (each[0] <= Math.max(qty, 1)) found = each;
  return found;
};

// Cents that `qty` base units cost at list price; null where there is no price for so few.
export const listed = (product, qty) => {
  const found = breakOf(product, qty);
  if (!found) return null;
  const per = BigInt(found[2]);
  return (2n * fine(found[1]) * BigInt(qty) + 100n * per) / (200n * per);
};

// What one unit of `factor` base units costs, for the label beside it.
export const perUnit = (product, factor, qty) => {
  const found = breakOf(product, qty);
  return found ? fromCents((2n * fine(found[1]) * BigInt(factor) + 100n * BigInt(found[2])) / (200n * BigInt(found[2]))) : null;
};
