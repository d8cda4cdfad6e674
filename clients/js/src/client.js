/** @import { ClientEvents, ClientOptions, HandoffState, Page, ReadMark, SendResult, StoredEvent, Visitor } from '../index.js' */
/** @import { Note } from './tabs.js' */
import { systemClock } from './clock.js';
import { Connection } from './connection.js';
import { Deltas } from './deltas.js';
import { Emitter } from './emitter.js';
import { Transport } from './http.js';
import { Lifecycle } from './lifecycle.js';
import { Outbox } from './outbox.js';
import { ReplyXError } from './problems.js';
import { OwnReadMark, UnreadMessages } from './read-marks.js';
import { Sender } from './sender.js';
import { Session } from './session.js';
import { Store, memoryStorage, pageStorage } from './storage.js';
import { Tabs } from './tabs.js';
import { Timeline } from './timeline.js';
import { newClientId, refusalOf } from './texts.js';
import { OthersTyping, OwnTyping } from './typing.js';
import { scopeOf } from './scope.js';
import { VisitorNote, checkedPage, checkedVisitor } from './visitor-note.js';

/** A visitor's side of one ReplyX chat. Its parts do the work; here they are put together. */
export class ReplyXClient {
  #events = new Emitter();
  #closing = new AbortController();
  #tabs;
  #session;
  #timeline;
  #outbox;
  #sender;
  #connection;
  #lifecycle;
  #ownTyping;
  #othersTyping;
  #deltas;
  #readMark;
  #unread;
  /** @type {HandoffState} */
  #handoff = 'none';
  #isHandoffKnown = false;
  /** How far each side is known to have read. @type {Map<string, number>} */
  #marks = new Map();
  #isOpen = false;
  #isStarted = false;

  /** @param {ClientOptions} options */
  constructor(options) {
    const environment = options.environment ?? {};
    const clock = environment.clock ?? systemClock;
    const random = environment.random ?? Math.random;
    const root = new URL(options.api ?? globalThis.location.origin, globalThis.location?.href);
    const start = startOf(options);
    const scope = options.storageKey ?? scopeOf(root, start);

    const storage = options.storage ?? pageStorage();
    const store = new Store(storage ?? memoryStorage(), `replyx:${scope}:`);
    const areTabsOne = storage !== undefined && options.tabs !== false;
    const locks = environment.locks === undefined ? globalThis.navigator?.locks : environment.locks;
    const Channel = environment.BroadcastChannel === undefined ? globalThis.BroadcastChannel : environment.BroadcastChannel;
    this.#tabs = new Tabs({
      name: `replyx:${scope}`,
      locks: (areTabsOne && locks) || undefined,
      Channel: (areTabsOne && Channel) || undefined,
      clock,
      onNote: (note) => this.#hear(note),
      onLead: () => this.#lead(),
    });

    const fetch = options.fetch ?? globalThis.fetch;
    const transport = new Transport(root, fetch, clock, random, this.#closing.signal);
    const note = new VisitorNote(options.locale);
    this.#session = new Session({ transport, store, tabs: this.#tabs, clock, start, note, onLost: (what) => this.#lost(what) });
    this.#timeline = new Timeline({
      session: this.#session,
      historySize: options.historySize ?? 50,
      onEvent: (event) => this.#take(event),
      onReset: () => {
        this.#deltas.endAll();
        this.#forgetMarks();
        this.#events.emit('reset', undefined);
      },
      onRead: (read) => this.#learnRead(read),
    });
    this.#outbox = new Outbox({ store, tabs: this.#tabs, clock, tell: (state) => this.#events.emit('state', state) });
    this.#sender = new Sender({
      outbox: this.#outbox,
      session: this.#session,
      tabs: this.#tabs,
      clock,
      lastSeq: () => this.#timeline.position?.seq ?? 0,
    });
    this.#connection = new Connection({
      session: this.#session,
      timeline: this.#timeline,
      WebSocket: options.WebSocket ?? globalThis.WebSocket,
      clock,
      random,
      listener: {
        changed: (change) => {
          if (change.state === 'connecting') {
            this.#tabs.join();
          }

          this.#events.emit('connection', change);
          if (change.error) {
            this.#end(change.error);
          }
        },
        greeted: (socket, greeting) => {
          this.#learnRead(greeting['read'] ?? {});
          this.#sender.begin(socket);
          this.#readMark.repeat();
          void this.#learnHandoff();
        },
        frame: (frame) => this.#handle(frame),
        lost: (ending) => {
          if (ending.closeCode === 1009) {
            this.#sender.tooBig();
          }

          this.#sender.end();
          this.#ownTyping.reset();
          this.#othersTyping.stopAll();
          this.#deltas.endAll();
        },
        isWanted: () => this.#isStarted || this.#outbox.head !== undefined,
      },
    });
    this.#lifecycle = new Lifecycle(environment, () => {
      // A page that the browser kept aside was told nothing meanwhile: what others began and wrote lies in the storage.
      this.#outbox.load();
      this.#hear({ kind: 'session' });
      this.#connection.wake();
    });
    this.#ownTyping = new OwnTyping(clock, (type) => this.#connection.socket?.send({ type }));
    this.#othersTyping = new OthersTyping(clock, (change) => this.#events.emit('typing', change));
    this.#deltas = new Deltas((delta) => this.#events.emit('delta', delta));
    this.#readMark = new OwnReadMark(clock, (seq) => {
      const { socket } = this.#connection;
      socket?.send({ type: 'read', seq });
      return socket !== undefined;
    });
    this.#unread = new UnreadMessages((clientId, seq) => this.#events.emit('state', { clientId, state: 'read', seq }));
  }

  get dialogId() {
    return this.#session.dialog?.id;
  }

  get connection() {
    return this.#connection.state;
  }

  get handoff() {
    return this.#handoff;
  }

  get cursor() {
    return this.#timeline.position?.text;
  }

  get hasOlder() {
    return this.#timeline.hasOlder;
  }

  get pending() {
    return this.#outbox.pending;
  }

  /**
   * @template {keyof ClientEvents} K
   * @param {K} type
   * @param {(event: ClientEvents[K]) => void} listener
   */
  on(type, listener) {
    return this.#events.on(type, listener);
  }

  open() {
    if (this.#closing.signal.aborted) {
      return;
    }

    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#outbox.load();
      this.#lifecycle.begin();
    }

    this.#connection.run();
  }

  start() {
    this.#isStarted = true;
    this.open();
  }

  /**
   * @param {string} text
   * @param {{ clientId?: string }} [options]
   * @returns {Promise<SendResult>}
   */
  async send(text, { clientId = newClientId() } = {}) {
    const refusal = this.#closing.signal.aborted ? new ReplyXError('closed', 'The chat is closed.') : refusalOf(text, clientId);
    if (refusal) {
      return { clientId, error: refusal };
    }

    this.open();
    this.#ownTyping.stop();
    const result = this.#outbox.add(clientId, text);
    this.#go();
    return await result;
  }

  /** @param {string} clientId */
  retry(clientId) {
    this.open();
    this.#outbox.retry(clientId);
    this.#go();
  }

  /** @param {string} clientId */
  discard(clientId) {
    this.#outbox.discard(clientId);
  }

  typing(active = true) {
    if (active && this.#connection.socket) {
      this.#ownTyping.keystroke();
    } else if (!active) {
      this.#ownTyping.stop();
    }
  }

  /** @param {number} seq */
  markRead(seq) {
    if (!this.#closing.signal.aborted) {
      this.#readMark.raise(seq);
    }
  }

  /**
   * @param {number} [limit]
   * @returns {Promise<readonly StoredEvent[]>}
   */
  async loadOlder(limit = 50) {
    const events = await this.#timeline.older(limit);
    for (const event of events) {
      this.#noteOwn(event);
    }

    return events;
  }

  requestHuman() {
    return this.#session.handoff('request', newClientId());
  }

  cancelHuman() {
    return this.#session.handoff('cancel', newClientId());
  }

  /** @param {Visitor} visitor */
  async identify(visitor) {
    await this.#session.tell('visitor', checkedVisitor(visitor));
  }

  /** @param {Page} page */
  async page(page) {
    const checked = checkedPage(page);
    if (checked) {
      await this.#session.tell('page', checked);
    }
  }

  close() {
    if (this.#closing.signal.aborted) {
      return;
    }

    this.#ownTyping.stop();
    this.#closing.abort();
    this.#connection.close();
    this.#sender.end();
    this.#othersTyping.stopAll();
    this.#readMark.close();
    this.#lifecycle.end();
    this.#tabs.close();
    this.#outbox.close();
    this.#events.clear();
  }

  /** There may be something to send, or a dialog to begin for it. */
  #go() {
    this.#connection.run();
    this.#sender.pump();
  }

  /** This tab sends from now on: what others wrote lies in the storage. */
  #lead() {
    this.#outbox.load();
    this.#sender.pump();
  }

  /**
   * What another tab says.
   * @param {Note} note
   */
  #hear(note) {
    if (!this.#isOpen) {
      return;
    }

    if (note.kind === 'session') {
      const before = this.dialogId;
      this.#session.read();
      if (before !== this.dialogId) {
        this.#forget();
        this.#connection.restart();
      }
    } else {
      this.#outbox.hear(note);
    }

    if (this.connection !== 'ended') {
      this.#go();
    }
  }

  /**
   * A stored event comes out.
   * @param {StoredEvent} event
   */
  #take(event) {
    if (event.type === 'message') {
      this.#othersTyping.stop(event.sender);
      if (event.reply_to !== undefined) {
        this.#deltas.end(event.reply_to);
      }
    } else if (event.type === 'handoff_started') {
      this.#deltas.endAll();
    }

    this.#events.emit('event', event);
    this.#noteOwn(event);
    if (event.type === 'message' && event.sender === 'manager') {
      // Who answers has read what came before.
      this.#handleRead({ sender: 'manager', seq: event.seq });
    }

    if (event.type !== 'message' && event.handoff) {
      this.#setHandoff(event.handoff);
    }
  }

  /** @param {HandoffState} handoff */
  #setHandoff(handoff) {
    this.#isHandoffKnown = true;
    if (this.#handoff !== handoff) {
      this.#handoff = handoff;
      this.#events.emit('handoff', handoff);
    }
  }

  /** Where the part of the history that is loaded tells nothing of it, the Api is asked. */
  async #learnHandoff() {
    if (this.#isHandoffKnown || !this.#timeline.hasOlder) {
      return;
    }

    try {
      const handoff = await this.#session.handoff('status');
      if (!this.#isHandoffKnown) {
        this.#setHandoff(handoff);
      }
    } catch {
      // It is asked again with the next socket.
    }
  }

  /**
   * The visitor's own message is stored, whether or not its sending was answered.
   * @param {StoredEvent} event
   */
  #noteOwn(event) {
    if (event.type === 'message' && event.sender === 'user' && event.client_id !== undefined) {
      const own = this.#outbox.get(event.client_id);
      if (!own || own.text === event.text) {
        this.#sender.acknowledged(event.client_id, event.cursor, false);
      }

      this.#unread.add(event.client_id, event.seq);
    }
  }

  /** @param {Record<string, any>} frame */
  #handle(frame) {
    switch (frame['type']) {
      case 'ack':
        this.#sender.acknowledged(frame['client_id'], frame['cursor'], frame['duplicate'] === true);
        break;
      case 'error':
        this.#handleError(frame);
        break;
      case 'read':
        this.#handleRead(/** @type {ReadMark} */ ({ sender: frame['sender'], seq: frame['last_read'] }));
        break;
      case 'typing_start':
        this.#othersTyping.start(frame['sender'], frame['author']);
        break;
      case 'typing_stop':
        this.#othersTyping.stop(frame['sender']);
        break;
      case 'message_delta':
        if (typeof frame['text'] === 'string') {
          this.#deltas.take(frame['reply_to'], frame['sender'], frame['offset'], frame['text']);
        }

        break;
      case 'message_delta_end':
        this.#deltas.end(frame['reply_to']);
        break;
    }
  }

  /** @param {Record<string, any>} frame */
  #handleError(frame) {
    const retryAfterMs = frame['retry_after_ms'];
    const more = typeof retryAfterMs === 'number' ? { retryAfterMs } : {};
    const error = new ReplyXError(String(frame['code']), String(frame['message'] ?? ''), more);
    if (error.code === 'no_such_dialog') {
      this.#session.forgetDialog();
      this.#connection.restart();
    } else if (typeof frame['client_id'] === 'string') {
      this.#sender.refused(frame['client_id'], error);
    } else {
      this.#events.emit('error', error);
    }
  }

  /**
   * How far each side has read, as the history or the server's greeting says.
   * @param {Record<string, number>} read
   */
  #learnRead(read) {
    for (const [sender, seq] of Object.entries(read)) {
      this.#handleRead(/** @type {ReadMark} */ ({ sender, seq }));
    }
  }

  /** @param {ReadMark} mark */
  #handleRead(mark) {
    if (typeof mark.seq !== 'number' || mark.seq <= (this.#marks.get(mark.sender) ?? 0)) {
      return;
    }

    this.#marks.set(mark.sender, mark.seq);
    if (mark.sender !== 'user') {
      this.#unread.readUpTo(mark.seq);
    }

    this.#events.emit('read', mark);
  }

  /** @param {'dialog' | 'guest'} what */
  #lost(what) {
    if (what === 'guest') {
      // In the old dialog, which nobody here can read any more, they may be stored.
      const error = new ReplyXError('guest_lost', 'The server knows this visitor no more.', { mayHaveHappened: true });
      this.#outbox.refuseAll(error, (entry) => entry.first !== undefined);
    }

    this.#forget();
  }

  /** What came out is of a dialog that is no more. */
  #forget() {
    this.#timeline.clear();
    this.#forgetMarks();
  }

  /** Numbers and steps are of a log that is no more. */
  #forgetMarks() {
    this.#unread.reset();
    this.#marks.clear();
    this.#readMark.reset();
    this.#setHandoff('none');
    this.#isHandoffKnown = false;
  }

  /**
   * The connection ended for good, and nothing is sent any more unless the visitor asks for it.
   * @param {ReplyXError} error
   */
  #end(error) {
    if (this.#tabs.leads) {
      this.#outbox.refuseAll(new ReplyXError(error.code, error.message, { mayHaveHappened: true }));
    }

    this.#tabs.leave();
    this.#events.emit('error', error);
  }
}

/** @param {ClientOptions} options */
function startOf({ assistantId, siteToken }) {
  if ((assistantId === undefined) === (siteToken === undefined)) {
    throw new TypeError('Either assistantId or siteToken is needed.');
  }

  return siteToken === undefined ? { assistant_id: /** @type {string} */ (assistantId) } : { site_token: siteToken };
}
