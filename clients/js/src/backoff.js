/**
 * Decorrelated jitter: each wait is drawn between the shortest one and three times the wait before, and capped. Clients that lost
 * their sockets at the same moment return at different times; with a doubling delay and a little noise they would return together.
 */
export class Backoff {
  static shortest = 250;
  static longest = 15_000;
  static spread = 3;

  /** @type {number | undefined} */
  #previous;
  #random;

  /** @param {() => number} random */
  constructor(random) {
    this.#random = random;
  }

  /** Whether there was no wait since the last reset. */
  get isFresh() {
    return this.#previous === undefined;
  }

  /** @returns {number} The next wait in milliseconds. */
  next() {
    const top = Math.min((this.#previous ?? Backoff.shortest) * Backoff.spread, Backoff.longest);
    const wait = Math.ceil(Backoff.shortest + this.#random() * (top - Backoff.shortest));
    this.#previous = wait;
    return wait;
  }

  reset() {
    this.#previous = undefined;
  }
}
