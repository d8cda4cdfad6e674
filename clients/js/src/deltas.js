/** @import { Delta, Sender } from '../index.js' */

/**
 * Answers as they are written, before they are stored. Of each the pieces come out in order and without a hole: who came late, or missed
 * one, hears nothing more of it until the message is there.
 */
export class Deltas {
  #tell;
  /** @type {Map<number, number>} How much of an answer came out, by the number of the message that it is for. */
  #lengths = new Map();

  /** @param {(delta: Delta) => void} tell */
  constructor(tell) {
    this.#tell = tell;
  }

  /**
   * @param {number} replyTo
   * @param {Sender} sender
   * @param {number} offset
   * @param {string} text
   */
  take(replyTo, sender, offset, text) {
    // From the beginning it may come twice: whoever wrote it ended, and another one begins anew.
    if (offset === 0 || this.#lengths.get(replyTo) === offset) {
      this.#lengths.set(replyTo, offset + text.length);
      this.#tell({ replyTo, sender, offset, text });
    }
  }

  /** @param {number} replyTo */
  end(replyTo) {
    if (this.#lengths.delete(replyTo)) {
      this.#tell({ replyTo, ended: true });
    }
  }

  endAll() {
    for (const replyTo of [...this.#lengths.keys()]) {
      this.end(replyTo);
    }
  }
}
