// State outside of components: a value, and who wants to know when it is another one.
import { useLayoutEffect, useState } from './html.js';

export function createStore(initial) {
  let value = initial;
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      const changed = typeof next === 'function' ? next(value) : next;
      if (changed === value) return;
      value = changed;
      for (const listener of [...listeners]) listener(value);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The store's value, or what `select` makes of it; renders anew when that is another one. */
export function useStore(store, select = (value) => value) {
  const [, render] = useState(0);
  const selected = select(store.get());
  useLayoutEffect(() => {
    let last = selected;
    const check = () => {
      const next = select(store.get());
      if (Object.is(next, last)) return;
      last = next;
      render((count) => count + 1);
    };
    check();
    return store.subscribe(check);
  });
  return selected;
}
