/** @import { Clock, HandoffState, StoredEvent } from '../index.js' */
/** @import { Call, Transport } from './http.js' */
/** @import { Store } from './storage.js' */
/** @import { Tabs } from './tabs.js' */
/** @import { Topic, VisitorNote } from './visitor-note.js' */
import { ReplyXError, isTokenRefused } from './problems.js';
import { newClientId } from './texts.js';
import { newTraceId } from './trace.js';

/**
 * @typedef {{ id: number, token: string, expiresAt: number, realtimeUrl: string }} Dialog
 * @typedef {{ guestToken: string, guestSince: number, startedBy: string, dialog?: Dialog }} Visitor
 * @typedef {{ items: StoredEvent[], cursor: string, has_more: boolean, reset?: boolean, read?: Record<string, number> }} Page
 */

/** Who the visitor is and which dialog they have: the tokens, kept for the next page and renewed. All calls to the Api are here. */
export class Session {
  /** A token with less left than this is renewed before it is used: clocks differ and calls take time. */
  static margin = 10_000;
  /** For how long a renewed token is not renewed again: who learns of an expiry at the same time shares one renewal. */
  static renewalReuse = 5_000;
  /** A guest token lives a year from the last start, so a visitor who comes back starts anew now and then. */
  static guestRenewal = 30 * 24 * 60 * 60_000;
  /** For how long a start of a new guest is repeated under its key: the server keeps it for ten minutes. */
  static startKeyLife = 9 * 60_000;

  #transport;
  #store;
  #tabs;
  #clock;
  #start;
  #note;
  #path;
  #onLost;
  /** @type {Visitor | undefined} */
  #visitor;
  /** @type {Promise<string> | undefined} */
  #renewal;
  #renewedAt = -Infinity;
  #telling = Promise.resolve();
  /** Of the start that was not answered yet: its attempts are one trace. @type {string | undefined} */
  #startTrace;

  /**
   * @param {object} options
   * @param {Transport} options.transport
   * @param {Store} options.store
   * @param {Tabs} options.tabs
   * @param {Clock} options.clock
   * @param {{ assistant_id: string } | { site_token: string }} options.start
   * @param {VisitorNote} options.note
   * @param {(what: 'dialog' | 'guest') => void} options.onLost What was there is no more: the dialog, or even the visitor's name.
   */
  constructor({ transport, store, tabs, clock, start, note, onLost }) {
    this.#transport = transport;
    this.#store = store;
    this.#tabs = tabs;
    this.#clock = clock;
    this.#start = start;
    this.#note = note;
    this.#onLost = onLost;
    this.#path = 'site_token' in start ? '/api/site/dialogs' : '/api/widget/dialogs';
    this.read();
  }

  get dialog() {
    return this.#visitor?.dialog;
  }

  /** A site token that was rotated took the tokens with it that came by the old one; the guest's opens the dialog again. */
  get #isStale() {
    return this.#visitor !== undefined
      && (this.#visitor.startedBy !== this.#startedBy || this.#clock.now() - this.#visitor.guestSince > Session.guestRenewal);
  }

  get #startedBy() {
    return Object.values(this.#start).join();
  }

  /** Reads what this tab or another one kept. */
  read() {
    this.#visitor = asVisitor(this.#store.get('visitor'));
  }

  /**
   * Sees to it that there is a dialog. Tabs do this one after the other, so that the second finds what the first began, and what the
   * Api answers is kept before anything is sent: a reload goes on from there.
   * @throws {ReplyXError}
   */
  async begin() {
    if (!this.dialog || this.#isStale) {
      await this.#tabs.exclusively('start', async () => {
        this.read();
        if (!this.dialog || this.#isStale) {
          await this.#begin();
        }
      });
    }

    // What was said meanwhile, or in a tab that did not begin the dialog. The chat does not wait for it.
    if (this.#note.untold.length > 0) {
      this.#tellRest().catch(() => {});
    }
  }

  async #begin() {
    const guest = this.#visitor?.guestToken;
    try {
      await this.#open(guest);
    } catch (error) {
      if (guest === undefined || !isTokenRefused(/** @type {ReplyXError} */ (error))) {
        throw error;
      }

      this.#forgetGuest();
      await this.#open(undefined);
    }
  }

  /** @param {string | undefined} guest */
  async #open(guest) {
    const members = this.#note.members;
    const key = guest === undefined ? { client_id: this.#startKey() } : {};
    const trace = this.#startTrace ??= newTraceId();
    let answer;
    try {
      answer = await this.#post(this.#path, guest, { ...this.#start, ...key, ...members }, trace);
    } catch (error) {
      if (!isOfNote(/** @type {ReplyXError} */ (error))) {
        throw error;
      }

      // What is said of a visitor must not keep them from the chat.
      this.#note.forget();
      answer = await this.#post(this.#path, guest, { ...this.#start, ...key }, trace);
    }

    this.#startTrace = undefined;
    this.#keep(answer);
    this.#store.remove('start');
    this.#note.told('visitor', members.visitor);
    this.#note.told('page', members.page);
  }

  /** A start whose answer was lost is repeated under its key, by the next page too, and finds what it began. */
  #startKey() {
    const kept = /** @type {{ key?: string, at?: number } | undefined} */ (this.#store.get('start'));
    if (typeof kept?.key === 'string' && typeof kept.at === 'number' && this.#clock.now() - kept.at < Session.startKeyLife) {
      return kept.key;
    }

    const key = newClientId();
    this.#store.set('start', { key, at: this.#clock.now() });
    return key;
  }

  /** The dialog expired before anybody wrote in it. The guest stays. */
  forgetDialog() {
    if (this.#visitor) {
      const { dialog: _, ...guest } = this.#visitor;
      this.#save(guest);
      this.#onLost('dialog');
    }
  }

  /**
   * @param {'any' | 'fresh'} need A token at hand, or a new one because that one runs out or was refused.
   * @returns {Promise<string>}
   * @throws {ReplyXError}
   */
  async token(need) {
    const dialog = this.#require();
    const now = this.#clock.now();
    if (now - this.#renewedAt < Session.renewalReuse || (need === 'any' && dialog.expiresAt - now >= Session.margin)) {
      return dialog.token;
    }

    // Another tab may have renewed it.
    const kept = asVisitor(this.#store.get('visitor'));
    if (need === 'any' && kept?.dialog?.id === dialog.id && kept.dialog.expiresAt - now >= Session.margin) {
      this.#visitor = kept;
      return kept.dialog.token;
    }

    this.#renewal ??= this.#renew(dialog).finally(() => { this.#renewal = undefined; });
    return await this.#renewal;
  }

  /**
   * @param {{ after?: string | number, before?: number, limit: number, attempts?: number }} range
   * @returns {Promise<Page>}
   * @throws {ReplyXError}
   */
  async history({ after, before, limit, attempts }) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (after !== undefined) query.set('after', String(after));
    if (before !== undefined) query.set('before', String(before));
    const page = await this.#call({ method: 'GET', path: `${this.#path}/${this.#require().id}/messages?${query}`, ...given({ attempts }) });
    if (!Array.isArray(page['items'])) {
      throw new ReplyXError('unreadable_answer', 'The history is not what the Api documents.');
    }

    return /** @type {Page} */ (page);
  }

  /**
   * Asks who answers, or takes a step to change that.
   * @param {'status' | 'request' | 'cancel'} step
   * @param {string} [clientId] The step's key.
   * @returns {Promise<HandoffState>}
   * @throws {ReplyXError}
   */
  async handoff(step, clientId) {
    const path = `/api/dialogs/${this.#require().id}/handoff/${step}`;
    const call = clientId === undefined ? { method: /** @type {const} */ ('GET'), path }
      : { method: /** @type {const} */ ('POST'), path, body: { client_id: clientId } };
    return (await this.#call(call))['handoff'];
  }

  /**
   * Tells the account who the visitor is, or where. Where there is no dialog yet, it is told when one begins.
   * @param {Topic} topic
   * @param {object} details
   * @throws {ReplyXError}
   */
  async tell(topic, details) {
    this.#note.set(topic, details);
    if (this.dialog) {
      await this.#tellRest();
    }
  }

  /** One after the other, so that nothing is told twice and the last word stays the last. */
  async #tellRest() {
    this.#telling = this.#telling.catch(() => {}).then(() => this.#tellEach());
    await this.#telling;
  }

  async #tellEach() {
    for (const { topic, details } of this.#note.untold) {
      try {
        await this.#call({ method: 'PUT', path: `${this.#path}/${this.#require().id}/${topic}`, body: details });
        this.#note.told(topic, details);
      } catch (error) {
        if (/** @type {ReplyXError} */ (error).status === 400) {
          this.#note.forget(topic);
        }

        throw error;
      }
    }
  }

  /**
   * A call with the dialog's token, and once more with a new one where it was refused.
   * @param {Call} call
   */
  async #call(call) {
    const traced = { trace: newTraceId(), ...call };
    const token = await this.token('any');
    try {
      return await this.#transport.send({ ...traced, token });
    } catch (error) {
      if (!isTokenRefused(/** @type {ReplyXError} */ (error))) {
        throw error;
      }

      const fresh = await this.token('fresh');
      if (fresh === token) {
        throw error;
      }

      return await this.#transport.send({ ...traced, token: fresh });
    }
  }

  /** @param {Dialog} dialog */
  async #renew(dialog) {
    const visitor = /** @type {Visitor} */ (this.#visitor);
    const answer = await this.#post(`${this.#path}/${dialog.id}/token`, visitor.guestToken).catch((/** @type {ReplyXError} */ error) => {
      if (!isTokenRefused(error)) {
        throw error;
      }

      this.#forgetGuest();
      throw new ReplyXError('guest_lost', 'The server knows this visitor no more.');
    });
    const renewed = { ...dialog, token: String(answer['token']), expiresAt: Date.parse(answer['token_expires_at']) };
    this.#renewedAt = this.#clock.now();
    if (this.dialog?.id === dialog.id) {
      // Other tabs find it when they need one; it is no news to them.
      this.#visitor = { .../** @type {Visitor} */ (this.#visitor), dialog: renewed };
      this.#store.set('visitor', this.#visitor);
    }

    return renewed.token;
  }

  /**
   * @param {string} path
   * @param {string | undefined} token
   * @param {unknown} [body]
   * @param {string} [trace]
   */
  #post(path, token, body, trace) {
    // One attempt: who asks for it is the connection, which waits by itself and may be woken.
    return this.#transport.send({ method: 'POST', path, attempts: 1, ...given({ token, body, trace }) });
  }

  /** The guest token is good for nothing any more. */
  #forgetGuest() {
    this.#visitor = undefined;
    this.#store.remove('visitor');
    this.#tabs.post({ kind: 'session' });
    this.#onLost('guest');
  }

  /** @param {Record<string, any>} answer */
  #keep(answer) {
    this.#save({
      guestToken: String(answer['guest_token']),
      guestSince: this.#clock.now(),
      startedBy: this.#startedBy,
      dialog: {
        id: Number(answer['id']),
        token: String(answer['token']),
        expiresAt: Date.parse(answer['token_expires_at']),
        realtimeUrl: String(answer['realtime_url']),
      },
    });
  }

  /** @param {Visitor} visitor */
  #save(visitor) {
    this.#visitor = visitor;
    this.#store.set('visitor', visitor);
    this.#tabs.post({ kind: 'session' });
  }

  #require() {
    if (!this.dialog) {
      throw new ReplyXError('no_dialog', 'There is no dialog yet.');
    }

    return this.dialog;
  }
}

/**
 * Whether a start was refused for what it says of the visitor.
 * @param {ReplyXError} error
 */
const isOfNote = ({ status, field }) => status === 400 && field !== undefined && /^(visitor|page|locale)\b/u.test(field);

/**
 * Leaves out what is undefined.
 * @template {Record<string, unknown>} T
 * @param {T} members
 * @returns {{ [K in keyof T]?: Exclude<T[K], undefined> }}
 */
function given(members) {
  return /** @type {any} */ (Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)));
}

/**
 * @param {unknown} kept
 * @returns {Visitor | undefined}
 */
function asVisitor(kept) {
  const visitor = /** @type {Visitor | undefined} */ (kept);
  return typeof visitor?.guestToken === 'string' ? visitor : undefined;
}
