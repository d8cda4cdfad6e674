/** @import { Clock, MessageState, PendingMessage, SendResult } from '../index.js' */
/** @import { Cursor } from './cursor.js' */
/** @import { Store } from './storage.js' */
/** @import { Note, Tabs } from './tabs.js' */
import { ReplyXError } from './problems.js';

/**
 * When a message first went out, which is when the life of its key began; the last event known then, after which it can only be; and
 * the dialog.
 * @typedef {{ time: number, seq: number, dialog: number }} FirstSend
 */

/**
 * @typedef {object} Entry A message that is not known to be stored.
 * @property {string} clientId
 * @property {string} text
 * @property {number} order Its place among all tabs' messages.
 * @property {number} createdAt
 * @property {FirstSend | undefined} [first] When it first went out.
 * @property {{ code: string, message: string, mayHaveHappened: boolean }} [error] Why it failed.
 */

/**
 * The visitor's messages until they are stored, in the order in which they were written. Each is an item of its own in the storage, so
 * that tabs cannot overwrite each other's, and is there before it goes out, so that a reload sends it again under the same key.
 */
export class Outbox {
  static capacity = 256;
  /** How many messages are remembered that are no concern any more. */
  static memory = 1_000;

  #store;
  #tabs;
  #clock;
  #tell;
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** Stored or given up: another tab's word that it is on its way may come later than that. @type {Set<string>} */
  #settled = new Set();
  /** @type {Map<string, ((result: SendResult) => void)[]>} */
  #waiting = new Map();

  /**
   * @param {object} options
   * @param {Store} options.store
   * @param {Pick<Tabs, 'post'>} options.tabs
   * @param {Clock} options.clock
   * @param {(state: MessageState) => void} options.tell
   */
  constructor({ store, tabs, clock, tell }) {
    this.#store = store;
    this.#tabs = tabs;
    this.#clock = clock;
    this.#tell = tell;
  }

  /** @returns {readonly PendingMessage[]} */
  get pending() {
    return this.#ordered().map(({ clientId, text, createdAt, error }) => (error
      ? { clientId, text, createdAt, state: /** @type {const} */ ('failed'), error: asError(error) }
      : { clientId, text, createdAt, state: /** @type {const} */ ('sending') }));
  }

  /** The next message to send. */
  get head() {
    return this.#ordered().find((entry) => !entry.error);
  }

  /** Takes what the storage holds: from before a reload, or written or sent by another tab. */
  load() {
    for (const name of this.#store.names('message:')) {
      const entry = /** @type {Entry | undefined} */ (this.#store.get(name));
      if (typeof entry?.clientId === 'string') {
        this.#learn(entry);
      }
    }
  }

  /**
   * Whether a message waits for its answer.
   * @param {string} clientId
   */
  isWaiting(clientId) {
    const entry = this.#entries.get(clientId);
    return entry !== undefined && !entry.error;
  }

  /**
   * @param {string} clientId
   * @returns {Entry | undefined}
   */
  get(clientId) {
    return this.#entries.get(clientId);
  }

  /**
   * Adds a message.
   * @param {string} clientId
   * @param {string} text
   * @returns {Promise<SendResult>}
   */
  add(clientId, text) {
    const known = this.#entries.get(clientId);
    if (known && known.text !== text) {
      return Promise.resolve({ clientId, error: new ReplyXError('key_in_use', 'Another text with this key waits for its answer.') });
    }

    if (!known && this.#entries.size >= Outbox.capacity) {
      return Promise.resolve({ clientId, error: new ReplyXError('outbox_full', 'Too many messages wait for their answer.') });
    }

    this.#settled.delete(clientId);
    const result = this.#result(clientId);
    if (!known) {
      const order = Math.max(this.#clock.now(), 1 + Math.max(0, ...this.#ordered().map((entry) => entry.order)));
      this.#put({ clientId, text, order, createdAt: this.#clock.now() });
    } else if (known.error) {
      this.retry(clientId);
    }

    return result;
  }

  /** @param {string} clientId */
  retry(clientId) {
    const entry = this.#entries.get(clientId);
    if (entry?.error) {
      const { error: _, ...again } = entry;
      this.#put(again);
    }
  }

  /** @param {string} clientId */
  discard(clientId) {
    if (this.#entries.get(clientId)?.error) {
      this.#tabs.post({ kind: 'discarded', clientId });
      this.#discard(clientId);
    }
  }

  /**
   * Notes, before it goes out, that a message goes out.
   * @param {Entry} entry
   * @param {number} seq The last event known.
   * @param {number} dialog
   * @param {boolean} anew Whether the life of its key begins now: an earlier sending certainly came to nothing.
   */
  markSent(entry, seq, dialog, anew = false) {
    if (!entry.first || entry.first.dialog !== dialog || anew) {
      entry.first = { time: this.#clock.now(), seq, dialog };
      this.#store.set(nameOf(entry.clientId), entry);
    }
  }

  /**
   * The server has stored it.
   * @param {string} clientId
   * @param {Cursor} cursor
   * @param {boolean} duplicate
   */
  acknowledge(clientId, cursor, duplicate) {
    if (this.#entries.has(clientId)) {
      this.#tabs.post({ kind: 'stored', clientId, seq: cursor.seq, cursor: cursor.text, duplicate });
    }

    this.#stored(clientId, cursor.seq, cursor.text, duplicate);
  }

  /**
   * The server refused it for good, or this library gave it up.
   * @param {string} clientId
   * @param {ReplyXError} error
   */
  refuse(clientId, error) {
    const entry = this.#entries.get(clientId);
    if (entry && !entry.error) {
      const { code, message, mayHaveHappened } = error;
      this.#put({ ...entry, error: { code, message, mayHaveHappened } });
    }
  }

  /**
   * Refuses all that wait and fit.
   * @param {ReplyXError} error
   * @param {(entry: Entry) => boolean} [which]
   */
  refuseAll(error, which = () => true) {
    for (const entry of this.#ordered().filter((entry) => !entry.error && which(entry))) {
      this.refuse(entry.clientId, error);
    }
  }

  /**
   * What another tab has to say.
   * @param {Note} note
   */
  hear(note) {
    const clientId = String(note['clientId']);
    switch (note.kind) {
      case 'message':
        // A page that was reloaded wrote on two channels, whose notes come in any order. In the storage all is that was written before.
        this.load();
        this.#learn(/** @type {Entry} */ (note['entry']));
        break;
      case 'stored':
        this.#stored(clientId, Number(note['seq']), String(note['cursor']), note['duplicate'] === true);
        break;
      case 'discarded':
        this.#discard(clientId);
        break;
    }
  }

  /** Those who wait for an answer get none from here any more. */
  close() {
    for (const clientId of [...this.#waiting.keys()]) {
      const message = 'The chat was closed before the server answered. The message is kept.';
      this.#answer({ clientId, error: new ReplyXError('closed', message, { mayHaveHappened: true }) });
    }
  }

  #ordered() {
    return [...this.#entries.values()].sort((a, b) => a.order - b.order || (a.clientId < b.clientId ? -1 : 1));
  }

  /** @param {string} clientId */
  #result(clientId) {
    return new Promise((/** @type {(result: SendResult) => void} */ resolve) => {
      this.#waiting.set(clientId, [...(this.#waiting.get(clientId) ?? []), resolve]);
    });
  }

  /** @param {SendResult} result */
  #answer(result) {
    for (const resolve of this.#waiting.get(result.clientId) ?? []) {
      resolve(result);
    }

    this.#waiting.delete(result.clientId);
  }

  /**
   * Another tab, or the storage, has a message. Where it is known already, only that may be new when it went out, or whether it failed.
   * @param {Entry} entry
   */
  #learn(entry) {
    const known = this.#entries.get(entry.clientId);
    if (known && !known.error === !entry.error) {
      known.first = entry.first ?? known.first;
    } else if (!this.#settled.has(entry.clientId)) {
      this.#take(entry);
    }
  }

  /** @param {Entry} entry */
  #put(entry) {
    this.#store.set(nameOf(entry.clientId), entry);
    this.#tabs.post({ kind: 'message', entry });
    this.#take(entry);
  }

  /** @param {Entry} entry */
  #take(entry) {
    const { clientId, text } = entry;
    this.#entries.set(clientId, entry);
    if (entry.error) {
      const error = asError(entry.error);
      this.#tell({ clientId, state: 'failed', text, error });
      this.#answer({ clientId, error });
    } else {
      this.#tell({ clientId, state: 'sending', text });
    }
  }

  /**
   * @param {string} clientId
   * @param {number} seq
   * @param {string} cursor
   * @param {boolean} duplicate
   */
  #stored(clientId, seq, cursor, duplicate) {
    this.#settle(clientId);
    if (this.#entries.delete(clientId)) {
      this.#store.remove(nameOf(clientId));
      this.#tell({ clientId, state: 'sent', seq, cursor });
      this.#answer({ clientId, seq, cursor, duplicate });
    }
  }

  /** @param {string} clientId */
  #settle(clientId) {
    this.#settled.add(clientId);
    if (this.#settled.size > Outbox.memory) {
      this.#settled.delete(/** @type {string} */ (this.#settled.values().next().value));
    }
  }

  /** @param {string} clientId */
  #discard(clientId) {
    this.#settle(clientId);
    if (this.#entries.delete(clientId)) {
      this.#store.remove(nameOf(clientId));
      this.#tell({ clientId, state: 'discarded' });
      this.#answer({ clientId, error: new ReplyXError('discarded', 'The message was given up.') });
    }
  }
}

const nameOf = (/** @type {string} */ clientId) => `message:${clientId}`;

/** @param {NonNullable<Entry['error']>} error */
const asError = ({ code, message, mayHaveHappened }) => new ReplyXError(code, message, { mayHaveHappened });
