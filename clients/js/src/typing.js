/** @import { Clock, Sender, TypingChange } from '../index.js' */

/** Tells others that the visitor types: at the first keystroke, again every three seconds, and when no more come. */
export class OwnTyping {
  static repeat = 3_000;
  static pause = 5_000;

  #clock;
  #send;
  /** @type {number | undefined} When it was last told. */
  #toldAt;
  /** @type {unknown} */
  #timer;

  /**
   * @param {Clock} clock
   * @param {(type: 'typing_start' | 'typing_stop') => void} send
   */
  constructor(clock, send) {
    this.#clock = clock;
    this.#send = send;
  }

  keystroke() {
    const now = this.#clock.now();
    if (this.#toldAt === undefined || now - this.#toldAt >= OwnTyping.repeat) {
      this.#toldAt = now;
      this.#send('typing_start');
    }

    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(() => this.stop(), OwnTyping.pause);
  }

  stop() {
    if (this.#toldAt !== undefined) {
      this.#send('typing_stop');
      this.reset();
    }
  }

  /** Without a word: the message itself says it, or nobody hears it. */
  reset() {
    this.#toldAt = undefined;
    this.#clock.clearTimeout(this.#timer);
  }
}

/** Who else types. What says that they stopped may be lost, so it is believed for some seconds only. */
export class OthersTyping {
  static believed = 8_000;

  #clock;
  #tell;
  /** @type {Map<Sender, { change: TypingChange, timer: unknown }>} */
  #typists = new Map();

  /**
   * @param {Clock} clock
   * @param {(change: TypingChange) => void} tell
   */
  constructor(clock, tell) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /**
   * @param {Sender} sender
   * @param {string} [author]
   */
  start(sender, author) {
    const known = this.#typists.get(sender);
    this.#clock.clearTimeout(known?.timer);
    /** @type {TypingChange} */
    const change = { sender, active: true, ...(author === undefined ? {} : { author }) };
    this.#typists.set(sender, { change, timer: this.#clock.setTimeout(() => this.stop(sender), OthersTyping.believed) });
    if (!known) {
      this.#tell(change);
    }
  }

  /** @param {Sender} sender */
  stop(sender) {
    const known = this.#typists.get(sender);
    if (known) {
      this.#clock.clearTimeout(known.timer);
      this.#typists.delete(sender);
      this.#tell({ ...known.change, active: false });
    }
  }

  stopAll() {
    for (const sender of [...this.#typists.keys()]) {
      this.stop(sender);
    }
  }
}
