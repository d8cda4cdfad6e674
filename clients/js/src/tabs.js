/** @import { BroadcastChannelLike, Clock, LockManagerLike } from '../index.js' */
import { ReplyXError } from './problems.js';

/**
 * What tabs tell each other. `who` and `here` are the tabs' own; the rest is the outbox's and the session's.
 * @typedef {{ kind: string, [member: string]: unknown }} Note
 */

/**
 * The tabs of one visitor's chat. One of them leads, which means that it sends what any of them wrote: the one that holds a Web Lock.
 * When it is gone the browser gives the lock to another one.
 *
 * Without Web Locks or without a channel to tell the leader what to send, every tab leads. That is safe, only wasteful: each sends one
 * message at a time and in order, and the server stores a message once, whichever of them comes with it.
 */
export class Tabs {
  /** A leader that says nothing for so long is frozen, and is not waited for. */
  static silence = 3_000;

  #name;
  #locks;
  #clock;
  #onNote;
  #onLead;
  #closing = new AbortController();
  /** @type {AbortController | undefined} This tab's wait for the lead. */
  #campaign;
  /** @type {BroadcastChannelLike | undefined} */
  #channel;
  /** @type {(() => void) | undefined} Gives the lock back. */
  #resign;
  /** @type {unknown} The wait for the leader's word. */
  #asking;
  #leads = false;

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {LockManagerLike | undefined} options.locks
   * @param {(new (name: string) => BroadcastChannelLike) | undefined} options.Channel
   * @param {Clock} options.clock
   * @param {(note: Note) => void} options.onNote
   * @param {() => void} options.onLead
   */
  constructor({ name, locks, Channel, clock, onNote, onLead }) {
    this.#name = name;
    this.#locks = locks;
    this.#clock = clock;
    this.#onNote = onNote;
    this.#onLead = onLead;
    if (Channel) {
      this.#channel = new Channel(name);
      this.#channel.onmessage = (event) => this.#hear(event.data);
      // Where there are processes and not pages, an open channel must not keep one from its end.
      /** @type {{ unref?: () => void }} */ (this.#channel).unref?.();
    }
  }

  /** Whether this tab sends. */
  get leads() {
    return this.#leads;
  }

  /** This tab can send, and is ready to lead. */
  join() {
    if (this.#closing.signal.aborted || this.#campaign) {
      return;
    }

    this.#campaign = new AbortController();
    if (this.#locks && this.#channel) {
      void this.#run(this.#campaign.signal, false);
    } else {
      this.#leads = true;
    }
  }

  /** This tab cannot send any more: another one should. */
  leave() {
    this.#campaign?.abort();
    this.#campaign = undefined;
    this.#resign?.();
    this.#leads = false;
    this.#endAsking();
  }

  /** @param {Note} note */
  post(note) {
    this.#channel?.postMessage(note);
  }

  /**
   * Does what no two tabs must do at a time.
   * @template T
   * @param {string} purpose
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async exclusively(purpose, work) {
    if (!this.#locks) {
      return await work();
    }

    try {
      return /** @type {T} */ (await this.#locks.request(`${this.#name}:${purpose}`, { signal: this.#closing.signal }, work));
    } catch (error) {
      if (error instanceof ReplyXError) {
        throw error;
      }

      if (isAbort(error)) {
        throw new ReplyXError('closed', 'The chat was closed.');
      }

      this.#locks = undefined; // The browser has locks, and gives none to this page.
      return await work();
    }
  }

  /** Asks the leader for a sign of life, and takes its place if it gives none. */
  challenge() {
    const campaign = this.#campaign?.signal;
    if (this.#leads || this.#asking !== undefined || !campaign) {
      return;
    }

    this.#asking = this.#clock.setTimeout(() => {
      this.#asking = undefined;
      void this.#run(campaign, true);
    }, Tabs.silence);
    this.post({ kind: 'who' });
  }

  close() {
    this.#closing.abort();
    this.leave();
    if (this.#channel) {
      this.#channel.onmessage = null;
      this.#channel.close();
      this.#channel = undefined;
    }
  }

  /**
   * Waits for the lock, or takes it, and leads while it has it. Who lost it to another tab queues up again.
   * @param {AbortSignal} campaign
   * @param {boolean} steal
   */
  async #run(campaign, steal) {
    while (!campaign.aborted) {
      try {
        await this.#locks?.request(`${this.#name}:lead`, steal ? { steal } : { signal: campaign }, () => this.#lead(campaign));
      } catch (error) {
        if (!isAbort(error)) {
          this.#locks = undefined;
          void this.#lead(campaign);
          return;
        }
      }

      // Left, or the lock was stolen. Who stole it stands in the queue already.
      this.#leads = false;
      if (steal) {
        return;
      }
    }
  }

  /**
   * @param {AbortSignal} campaign
   * @returns {Promise<void>} Ends when this tab gives the lead up.
   */
  #lead(campaign) {
    if (campaign.aborted) {
      return Promise.resolve();
    }

    this.#leads = true;
    this.#endAsking();
    const over = new Promise((/** @type {(value: void) => void} */ resolve) => { this.#resign = resolve; });
    this.#onLead();
    return over;
  }

  /** @param {Note} note */
  #hear(note) {
    switch (note?.kind) {
      case 'who':
        if (this.#leads) {
          this.post({ kind: 'here' });
        }

        break;
      case 'here':
        this.#endAsking();
        break;
      default:
        this.#onNote(note);
        break;
    }
  }

  #endAsking() {
    if (this.#asking !== undefined) {
      this.#clock.clearTimeout(this.#asking);
      this.#asking = undefined;
    }
  }
}

const isAbort = (/** @type {unknown} */ error) => error instanceof Error && error.name === 'AbortError';
