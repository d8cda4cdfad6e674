/** @import { StoredEvent } from '../index.js' */
/** @import { Page, Session } from './session.js' */
import { parseCursor } from './cursor.js';
import { EventSequence } from './sequence.js';

/**
 * What came of an event: taken, or seen before; or events are missing before it, or it is another one than had its number, so that the
 * socket is to be opened anew from the position.
 * @typedef {'taken' | 'duplicate' | 'hole' | 'conflict'} Fate
 */

/** The dialog's events as the page gets them: the history's latest, then all that follows, each once and in order. */
export class Timeline {
  static reloadSize = 200;

  #session;
  #historySize;
  #onEvent;
  #onReset;
  #onRead;
  #sequence = new EventSequence();
  #isLoaded = false;
  #hasOlder = false;
  /** @type {number | undefined} The number of the first event that came out. */
  #oldest;
  /** Grows whenever all that came out is void. */
  #edition = 0;

  /**
   * @param {object} options
   * @param {Pick<Session, 'history'>} options.session
   * @param {number} options.historySize
   * @param {(event: StoredEvent) => void} options.onEvent
   * @param {() => void} options.onReset All that came out is void.
   * @param {(read: Record<string, number>) => void} options.onRead How far each side has read.
   */
  constructor({ session, historySize, onEvent, onReset, onRead }) {
    this.#session = session;
    this.#historySize = historySize;
    this.#onEvent = onEvent;
    this.#onReset = onReset;
    this.#onRead = onRead;
  }

  get isLoaded() {
    return this.#isLoaded;
  }

  get hasOlder() {
    return this.#hasOlder;
  }

  get position() {
    return this.#sequence.position;
  }

  /** Loads the latest events, which come before any socket. */
  async load() {
    const edition = this.#edition;
    const page = await this.#session.history({ limit: this.#historySize, attempts: 1 });
    if (edition === this.#edition) {
      this.#show(page);
    }
  }

  /** Catches up from the history where the log could not be resumed. What is void is told. */
  async reload() {
    for (;;) {
      const edition = this.#edition;
      const at = this.#sequence.position;
      const page = await this.#session.history({ after: at?.text ?? '0-0', limit: Timeline.reloadSize, attempts: 3 });
      if (edition !== this.#edition || at !== this.#sequence.position) {
        return;
      }

      if (page.reset) {
        this.clear();
        this.#show(page);
        return;
      }

      this.#onRead(page.read ?? {});
      for (const event of page.items) {
        this.offer(event);
      }

      if (!page.has_more || at === this.#sequence.position) {
        return;
      }
    }
  }

  /**
   * @param {number} limit
   * @returns {Promise<StoredEvent[]>} The events before the first one that came out.
   */
  async older(limit) {
    const [edition, before] = [this.#edition, this.#oldest];
    if (!this.#hasOlder || before === undefined) {
      return [];
    }

    const page = await this.#session.history({ before, limit });
    if (edition !== this.#edition || before !== this.#oldest) {
      return []; // A reset, or another call for the same events, came first.
    }

    this.#hasOlder = page.has_more;
    this.#oldest = page.items[0]?.seq ?? before;
    return page.items;
  }

  /**
   * Lets an event through if it is the next one.
   * @param {StoredEvent} event
   * @returns {Fate}
   */
  offer(event) {
    const cursor = parseCursor(event.cursor);
    if (!cursor) {
      return 'duplicate';
    }

    const following = this.#sequence.check(cursor);
    if (following !== 'next') {
      return following;
    }

    this.#sequence.advance(cursor);
    this.#oldest ??= cursor.seq;
    this.#onEvent(event);
    return 'taken';
  }

  /** Forgets everything: another dialog, or another log. */
  clear() {
    const hadAny = this.#isLoaded;
    this.#edition++;
    this.#isLoaded = this.#hasOlder = false;
    this.#oldest = undefined;
    this.#sequence.restart(undefined);
    if (hadAny) {
      this.#onReset();
    }
  }

  /** @param {Page} page */
  #show(page) {
    this.#isLoaded = true;
    this.#hasOlder = page.has_more;
    this.#onRead(page.read ?? {});
    for (const event of page.items) {
      this.offer(event);
    }

    if (!this.#sequence.position) {
      this.#sequence.restart(parseCursor(page.cursor) ?? parseCursor('0-0'));
    }
  }
}
