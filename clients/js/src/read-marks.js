/** @import { Clock } from '../index.js' */

/** How far the visitor has read: the highest mark, told at once and then at most once a second, and again on each new socket. */
export class OwnReadMark {
  static pause = 1_000;

  #clock;
  #send;
  #mark = 0;
  #told = 0;
  #toldAt = -Infinity;
  /** @type {unknown} */
  #timer;

  /**
   * @param {Clock} clock
   * @param {(seq: number) => boolean} send Whether it went out.
   */
  constructor(clock, send) {
    this.#clock = clock;
    this.#send = send;
  }

  /** @param {number} seq */
  raise(seq) {
    if (Number.isSafeInteger(seq) && seq > this.#mark) {
      this.#mark = seq;
      this.#tell();
    }
  }

  /** Nothing is told yet on a new socket. */
  repeat() {
    this.#told = 0;
    this.#toldAt = -Infinity;
    this.#tell();
  }

  /** What was read is of a dialog or a log that is no more. */
  reset() {
    this.#mark = this.#told = 0;
    this.close();
  }

  close() {
    this.#clock.clearTimeout(this.#timer);
  }

  #tell() {
    this.#clock.clearTimeout(this.#timer);
    if (this.#mark <= this.#told) {
      return;
    }

    const wait = this.#toldAt + OwnReadMark.pause - this.#clock.now();
    if (wait > 0) {
      this.#timer = this.#clock.setTimeout(() => this.#tell(), wait);
    } else if (this.#send(this.#mark)) {
      this.#told = this.#mark;
      this.#toldAt = this.#clock.now();
    }
  }
}

/** The visitor's stored messages that nobody on the other side is known to have read. */
export class UnreadMessages {
  #tell;
  /** @type {{ clientId: string, seq: number }[]} */
  #unread = [];
  #mark = 0;

  /** @param {(clientId: string, seq: number) => void} tell Told of each that is read. */
  constructor(tell) {
    this.#tell = tell;
  }

  /**
   * @param {string} clientId
   * @param {number} seq
   */
  add(clientId, seq) {
    this.#unread.push({ clientId, seq });
    this.#settle();
  }

  /** @param {number} seq */
  readUpTo(seq) {
    this.#mark = Math.max(this.#mark, seq);
    this.#settle();
  }

  reset() {
    this.#unread = [];
    this.#mark = 0;
  }

  #settle() {
    const read = this.#unread.filter(({ seq }) => seq <= this.#mark);
    if (read.length > 0) {
      this.#unread = this.#unread.filter(({ seq }) => seq > this.#mark);
      read.forEach(({ clientId, seq }) => this.#tell(clientId, seq));
    }
  }
}
