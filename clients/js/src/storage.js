/** @import { StorageLike } from '../index.js' */

/** @returns {StorageLike} */
export function memoryStorage() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    get length() { return items.size; },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

/**
 * The page's storage, which the browser may withhold: to ask for it may throw, and to write too.
 * @returns {StorageLike | undefined}
 */
export function pageStorage() {
  try {
    const storage = globalThis.localStorage;
    storage.setItem('replyx:probe', '1');
    storage.removeItem('replyx:probe');
    return storage;
  } catch {
    return undefined;
  }
}

/**
 * Keeps values as JSON under one prefix. What the storage does not take, because it is full say, is kept in memory: the chat works,
 * and only a reload forgets it.
 */
export class Store {
  #storage;
  #prefix;
  /** @type {Map<string, unknown>} */
  #untaken = new Map();

  /**
   * @param {StorageLike} storage
   * @param {string} prefix
   */
  constructor(storage, prefix) {
    this.#storage = storage;
    this.#prefix = prefix;
  }

  /**
   * @param {string} name
   * @returns {unknown} Undefined where there is nothing, or nothing that can be read.
   */
  get(name) {
    if (this.#untaken.has(name)) {
      return this.#untaken.get(name);
    }

    try {
      const text = this.#storage.getItem(this.#prefix + name);
      return text === null ? undefined : JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  set(name, value) {
    try {
      this.#storage.setItem(this.#prefix + name, JSON.stringify(value));
      this.#untaken.delete(name);
    } catch {
      this.#untaken.set(name, value);
    }
  }

  /** @param {string} name */
  remove(name) {
    this.#untaken.delete(name);
    try {
      this.#storage.removeItem(this.#prefix + name);
    } catch {
      // It was not to be had, so nothing is there.
    }
  }

  /**
   * @param {string} start
   * @returns {string[]} The names that begin with it.
   */
  names(start) {
    const names = new Set([...this.#untaken.keys()].filter((name) => name.startsWith(start)));
    try {
      for (let i = 0; i < this.#storage.length; i++) {
        const key = this.#storage.key(i);
        if (key?.startsWith(this.#prefix + start)) {
          names.add(key.slice(this.#prefix.length));
        }
      }
    } catch {
      // As above.
    }

    return [...names];
  }
}
