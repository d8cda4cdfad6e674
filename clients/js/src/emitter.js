/** @import { ClientEvents } from '../index.js' */

/** Tells listeners, in the order in which they came. */
export class Emitter {
  /** @type {Map<string, Set<(event: any) => void>>} */
  #listeners = new Map();

  /**
   * @template {keyof ClientEvents} K
   * @param {K} type
   * @param {(event: ClientEvents[K]) => void} listener
   * @returns {() => void}
   */
  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners);
    const own = (/** @type {ClientEvents[K]} */ event) => listener(event);
    listeners.add(own);
    return () => void listeners.delete(own);
  }

  /**
   * @template {keyof ClientEvents} K
   * @param {K} type
   * @param {ClientEvents[K]} event
   */
  emit(type, event) {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        // The listener's fault is the page's to see, and must not cost others the event.
        queueMicrotask(() => { throw error; });
      }
    }
  }

  clear() {
    this.#listeners.clear();
  }
}
