// What the phone keeps: IndexedDB, else the page's own storage, else memory. Every name begins with
// the membership, so that whoever signs in next on this phone reads none of it.
const NAME = "tripact-presale";

const memory = () => {
  const kept = new Map();
  const read = (text) => (text === undefined ? undefined : JSON.parse(text));
  return {
    lasting: false,
    get: async (key) => read(kept.get(key)),
    set: async (key, value) => void kept.set(key, JSON.stringify(value)),
    del: async (key) => void kept.delete(key),
    all: async (prefix) => [...kept].filter(([key]) => key.startsWith(prefix)).map(([, value]) => read(value)),
  };
};

const local = () => {
  const storage = window.localStorage;
  storage.setItem(`${NAME}:?`, "1");
  storage.removeItem(`${NAME}:?`);
  const read = (key) => JSON.parse(storage.getItem(key) ?? "null") ?? undefined;
  const own = () => Object.keys(storage).filter((key) => key.startsWith(`${NAME}:`));
  return {
    lasting: true,
    get: async (key) => read(`${NAME}:${key}`),
    set: async (key, value) => storage.setItem(`${NAME}:${key}`, JSON.stringify(value)),
    del: async (key) => storage.removeItem(`${NAME}:${key}`),
    all: async (prefix) => own().filter((key) => key.startsWith(`${NAME}:${prefix}`)).map(read),
  };
};

const indexed = () =>
  new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onerror = () => failed(asked.error);
    asked.onblocked = () => failed(new Error("blocked"));
    asked.onsuccess = () => {
      const base = asked.result;
      base.onversionchange = () => base.close();
      const run = (mode, work) =>
        new Promise((answer, wrong) => {
          const turn = base.transaction("kept", mode);
          const request = work(turn.objectStore("kept"));
          turn.oncomplete = () => answer(request.result);
          turn.onerror = turn.onabort = () => wrong(turn.error);
        });
      done({
        lasting: true,
        get: (key) => run("readonly", (kept) => kept.get(key)),
        set: (key, value) => run("readwrite", (kept) => kept.put(value, key)),
        del: (key) => run("readwrite", (kept) => kept.delete(key)),
        all: (prefix) => run("readonly", (kept) => kept.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`))),
      });
    };
  });

const open = async () => {
  try {
    return await indexed();
  } catch {
    try {
      return local();
    } catch {
      return memory();
    }
  }
};

export const membership = document.querySelector("meta[name=tripact-membership]")?.content ?? "";
export const store = await open();
export const named = (kind, name = "") => `${membership}/${kind}/${name}`;
