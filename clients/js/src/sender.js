/** @import { Clock } from '../index.js' */
/** @import { LiveSocket } from './socket.js' */
/** @import { Entry, Outbox } from './outbox.js' */
/** @import { Session } from './session.js' */
/** @import { Tabs } from './tabs.js' */
import { parseCursor } from './cursor.js';
import { ReplyXError } from './problems.js';

/** Sends the outbox over the socket, one message at a time, which keeps their order whatever happens. */
export class Sender {
  /** How long a message may stay without an answer before the socket counts as dead. */
  static ackTimeout = 15_000;
  /** How long to wait before a message is repeated, where the server does not say it. */
  static resend = 1_000;
  /** How long the server knows a message's key at least. */
  static keyLifetime = 60 * 60_000;
  /** A message that waits for so long here makes this tab ask whether the one that sends is alive. */
  static patience = 3_000;
  /** Greater than every event's number. */
  static end = Number.MAX_SAFE_INTEGER;

  #outbox;
  #session;
  #tabs;
  #clock;
  #lastSeq;
  /** @type {LiveSocket | undefined} */
  #socket;
  /** @type {string | undefined} The message that waits for its answer, or is looked for. */
  #inFlight;
  #notBefore = 0;
  /** @type {unknown} */
  #timer;

  /**
   * @param {object} options
   * @param {Outbox} options.outbox
   * @param {{ dialog: { id: number } | undefined, history: Session['history'] }} options.session
   * @param {Pick<Tabs, 'leads' | 'challenge'>} options.tabs
   * @param {Clock} options.clock
   * @param {() => number} options.lastSeq The last event known.
   */
  constructor({ outbox, session, tabs, clock, lastSeq }) {
    this.#outbox = outbox;
    this.#session = session;
    this.#tabs = tabs;
    this.#clock = clock;
    this.#lastSeq = lastSeq;
  }

  /**
   * Begins with a greeted socket: what the one before left unanswered goes out again.
   * @param {LiveSocket} socket
   */
  begin(socket) {
    this.#socket = socket;
    this.#inFlight = undefined;
    this.#notBefore = 0;
    this.pump();
  }

  end() {
    this.#socket = undefined;
    this.#inFlight = undefined;
    this.#clock.clearTimeout(this.#timer);
  }

  /** Does what there is to do now. */
  pump() {
    if (this.#inFlight !== undefined && this.#outbox.isWaiting(this.#inFlight)) {
      return;
    }

    this.#inFlight = undefined;
    this.#clock.clearTimeout(this.#timer);
    const socket = this.#socket;
    const entry = this.#outbox.head;
    if (!socket || !entry) {
      return;
    }

    if (!this.#tabs.leads) {
      this.#after(Sender.patience, () => {
        this.#tabs.challenge();
        this.pump();
      });
      return;
    }

    const wait = this.#notBefore - this.#clock.now();
    if (wait > 0) {
      this.#after(wait, () => this.pump());
      return;
    }

    this.#inFlight = entry.clientId;
    if (this.#isKeyExpired(entry)) {
      void this.#resolveExpired(socket, entry);
    } else {
      this.#send(socket, entry, false);
    }
  }

  /**
   * @param {string} clientId
   * @param {string} cursor
   * @param {boolean} duplicate
   */
  acknowledged(clientId, cursor, duplicate) {
    const at = parseCursor(cursor);
    if (at) {
      this.#outbox.acknowledge(clientId, at, duplicate);
      this.pump();
    }
  }

  /**
   * The server's error about a message.
   * @param {string} clientId
   * @param {ReplyXError} error
   */
  refused(clientId, error) {
    if (error.retryAfterMs !== undefined || error.code === 'backplane_unavailable' || error.code === 'rate_limited') {
      if (clientId === this.#inFlight) {
        this.#inFlight = undefined;
        this.#notBefore = this.#clock.now() + (error.retryAfterMs ?? Sender.resend);
      }
    } else {
      this.#outbox.refuse(clientId, error);
    }

    this.pump();
  }

  /** The server closed the socket because a message was too big, and would do so again. */
  tooBig() {
    if (this.#inFlight !== undefined) {
      this.#outbox.refuse(this.#inFlight, new ReplyXError('message_too_big', 'The server takes no message of this size.'));
    }
  }

  /**
   * @param {LiveSocket} socket
   * @param {Entry} entry
   * @param {boolean} anew
   */
  #send(socket, entry, anew) {
    this.#outbox.markSent(entry, this.#lastSeq(), this.#session.dialog?.id ?? 0, anew);
    socket.send({ type: 'message', text: entry.text, client_id: entry.clientId });
    this.#after(Sender.ackTimeout, () => socket.abort({ reason: 'a message was not answered in time' }));
  }

  /** @param {Entry} entry */
  #isKeyExpired(entry) {
    return entry.first?.dialog === this.#session.dialog?.id && entry.first !== undefined
      && this.#clock.now() - entry.first.time >= Sender.keyLifetime;
  }

  /**
   * Looks in the history for a message whose key the server may have forgotten, from the end back to the last event that was known when
   * it first went out. Messages behind it wait.
   * @param {LiveSocket} socket
   * @param {Entry} entry
   */
  async #resolveExpired(socket, entry) {
    try {
      for (let before = Sender.end; ;) {
        const page = await this.#session.history({ before, limit: 200 });
        if (this.#socket !== socket) {
          return;
        }

        const found = page.items.find((item) => item.type === 'message' && item.client_id === entry.clientId && item.text === entry.text);
        if (found) {
          this.acknowledged(entry.clientId, found.cursor, true);
          return;
        }

        const first = page.items[0]?.seq;
        if (!page.has_more || first === undefined || first <= (entry.first?.seq ?? 0) + 1) {
          break;
        }

        before = first;
      }
    } catch {
      if (this.#socket === socket) {
        this.#inFlight = undefined;
        this.#notBefore = this.#clock.now() + Sender.resend;
        this.pump();
      }

      return;
    }

    if (this.#outbox.get(entry.clientId) === entry) {
      this.#send(socket, entry, true);
    } else {
      this.pump();
    }
  }

  /**
   * @param {number} wait
   * @param {() => void} act
   */
  #after(wait, act) {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setTimeout(act, wait);
  }
}
