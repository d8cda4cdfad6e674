/** @import { Clock } from '../index.js' */

/**
 * The machine's clock. It is the wall clock and not a monotonic one, since it goes on while the machine sleeps: a socket that was
 * silent through the sleep is dead, and a key that is older than an hour may be forgotten.
 * @type {Clock}
 */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (callback, milliseconds) => globalThis.setTimeout(callback, milliseconds),
  clearTimeout: (timer) => globalThis.clearTimeout(/** @type {number} */ (timer)),
};

/**
 * Waits, or until the signal.
 * @param {Clock} clock
 * @param {number | undefined} milliseconds Undefined to wait for the signal alone.
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export function delay(clock, milliseconds, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }

    const done = () => {
      clock.clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = milliseconds === undefined ? undefined : clock.setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
