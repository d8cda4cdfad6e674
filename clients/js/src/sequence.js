/** @import { Cursor } from './cursor.js' */

/**
 * How an event follows on what was seen: the next one; one seen before; one before which others are missing; or another one than was
 * seen under this number, which means that the log was replaced.
 * @typedef {'next' | 'duplicate' | 'hole' | 'conflict'} Following
 */

/** Keeps the position of a reader and the nonces of the last events, so that each event is let through once and in order. */
export class EventSequence {
  /** After a server lost the end of its log, they show that the new log is another one. */
  static memory = 512;

  /** @type {Map<number, string>} */
  #nonces = new Map();
  /** @type {Cursor | undefined} */
  #position;

  /** The last event let through, or where the reader began. */
  get position() {
    return this.#position;
  }

  /**
   * @param {Cursor} cursor
   * @returns {Following}
   */
  check(cursor) {
    const at = this.#position;
    if (!at || cursor.seq === at.seq + 1) {
      return 'next';
    }

    if (cursor.seq > at.seq) {
      return 'hole';
    }

    const known = this.#nonces.get(cursor.seq);
    return known === undefined || known === cursor.nonce ? 'duplicate' : 'conflict';
  }

  /**
   * Lets an event through.
   * @param {Cursor} cursor
   */
  advance(cursor) {
    this.#position = cursor;
    this.#nonces.set(cursor.seq, cursor.nonce);
    this.#nonces.delete(cursor.seq - EventSequence.memory);
  }

  /**
   * Starts again at a place, with nothing known of what is before it.
   * @param {Cursor | undefined} cursor
   */
  restart(cursor) {
    this.#nonces.clear();
    this.#position = cursor;
    if (cursor && cursor.seq > 0) {
      this.#nonces.set(cursor.seq, cursor.nonce);
    }
  }
}
