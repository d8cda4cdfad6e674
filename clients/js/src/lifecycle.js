/** @import { Environment } from '../index.js' */

/** Tells when the page came back: to sight, from the browser's cache of pages, or to the network. */
export class Lifecycle {
  #window;
  #document;
  #wake;
  #seen = () => {
    if (this.#document?.visibilityState === 'visible') {
      this.#wake();
    }
  };

  /**
   * @param {Environment} environment
   * @param {() => void} wake
   */
  constructor(environment, wake) {
    this.#window = environment.window === undefined ? globalThis.window : environment.window;
    this.#document = environment.document === undefined ? globalThis.document : environment.document;
    this.#wake = wake;
  }

  begin() {
    this.#window?.addEventListener('online', this.#wake);
    this.#window?.addEventListener('pageshow', this.#wake);
    this.#document?.addEventListener('visibilitychange', this.#seen);
  }

  end() {
    this.#window?.removeEventListener('online', this.#wake);
    this.#window?.removeEventListener('pageshow', this.#wake);
    this.#document?.removeEventListener('visibilitychange', this.#seen);
  }
}
