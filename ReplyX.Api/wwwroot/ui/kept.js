// What a page keeps in the browser's storage. A browser that keeps nothing is one without, never an error.
const read = (storage, name) => {
  try {
    return JSON.parse(storage().getItem(name) ?? 'null');
  } catch {
    return null;
  }
};
const write = (storage, name, value) => {
  try {
    if (value === null || value === undefined) storage().removeItem(name);
    else storage().setItem(name, JSON.stringify(value));
  } catch {
    // Then it lasts until the page is left.
  }
};
const at = (storage) => ({ get: (name) => read(storage, name), set: (name, value) => write(storage, name, value) });

/** Kept for ever, for all tabs. */
export const kept = at(() => localStorage);
/** Kept for this tab, over a reload. */
export const tabKept = at(() => sessionStorage);
