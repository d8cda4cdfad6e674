// One open dialog: its events, its socket, and the operator's own messages on their way.
import { systemClock } from '../client/src/clock.js';
import { Outbox } from '../client/src/outbox.js';
import { OwnReadMark } from '../client/src/read-marks.js';
import { Sender } from '../client/src/sender.js';
import { Store, memoryStorage } from '../client/src/storage.js';
import { Timeline } from '../client/src/timeline.js';
import { newClientId } from '../client/src/texts.js';
import { OthersTyping, OwnTyping } from '../client/src/typing.js';
import { ReplyXError } from '../client/src/problems.js';
import { createStore } from '../ui/store.js';
import { api } from './api.js';
import { OperatorConnection, OperatorSubject } from './socket.js';

const historySize = 60;
// One tab writes what it sends, so nobody else is to be told of it.
const alone = { leads: true, post() {}, challenge() {} };

export class DialogFeed {
  #connection;
  #timeline;
  #outbox;
  #sender;
  #ownTyping;
  #othersTyping;
  #readMark;
  #tookOver = false;
  #takingOver;
  /** What the server has stored and whose event has not come yet: it must not vanish in between. */
  #stored = [];

  /**
   * @param id The dialog's id.
   * @param me The operator.
   * @param storage Keeps what is on its way over a reload.
   */
  constructor(id, me, storage = globalThis.sessionStorage ?? memoryStorage()) {
    this.id = id;
    this.me = me;
    this.state = createStore({
      isLoaded: false, connection: 'idle', error: null, isGone: false,
      events: [], hasOlder: false, isLoadingOlder: false, pending: [],
      typing: [], delta: null, read: {}, handoff: null, holder: null,
      view: null,
    });
    const subject = new OperatorSubject(`/ws/dialogs/${id}`, () => this.#set({ isGone: true }));
    const history = (range) => this.#history(range);
    const session = { get dialog() { return subject.dialog && { id }; }, history };
    this.#timeline = new Timeline({
      session, historySize,
      onEvent: (event) => this.#take(event),
      onReset: () => this.#set({ events: [], delta: null }),
      onRead: (marks) => this.#takeRead(marks),
    });
    const load = this.#timeline.load.bind(this.#timeline);
    this.#timeline.load = async () => {
      await load();
      this.#set({ isLoaded: true, hasOlder: this.#timeline.hasOlder });
    };
    this.#outbox = new Outbox({
      store: new Store(storage, `replyx:reply:${me.id}:${id}:`), tabs: alone, clock: systemClock,
      tell: (change) => this.#tell(change),
    });
    this.#sender = new Sender({
      outbox: this.#outbox, session, tabs: alone, clock: systemClock, lastSeq: () => this.#timeline.position?.seq ?? 0,
    });
    this.#ownTyping = new OwnTyping(systemClock, (type) => this.#connection.socket?.send({ type }));
    this.#othersTyping = new OthersTyping(systemClock, ({ sender, author, active }) => this.#set(({ typing }) => ({
      typing: [...typing.filter((one) => one.sender !== sender), ...(active ? [{ sender, author }] : [])],
    })));
    this.#readMark = new OwnReadMark(systemClock, (seq) => {
      const { socket } = this.#connection;
      socket?.send({ type: 'read', seq });
      return socket !== undefined;
    });
    this.#connection = new OperatorConnection({
      subject,
      timeline: this.#timeline,
      listener: {
        changed: ({ state, error }) => this.#set({ connection: state, error: error ?? null }),
        greeted: (socket, greeting) => {
          this.#takeRead(greeting.read);
          void this.#learnView();
          this.#set({ hasOlder: this.#timeline.hasOlder });
          this.#sender.begin(socket);
          this.#readMark.repeat();
        },
        frame: (frame) => this.#handle(frame),
        lost: ({ closeCode }) => {
          if (closeCode === 1009) this.#sender.tooBig();
          this.#sender.end();
          this.#ownTyping.reset();
          this.#othersTyping.stopAll();
          this.#set({ delta: null });
        },
      },
    });
  }

  open() {
    this.#outbox.load();
    this.#showPending();
    this.#connection.open();
    void this.#learnView();
  }

  close() {
    this.#ownTyping.stop();
    this.#connection.close();
    this.#sender.end();
    this.#othersTyping.stopAll();
    this.#readMark.close();
    this.#outbox.close();
  }

  /** Closes, and calls `onClosed`, as soon as nothing is on its way: a message does not stay behind because its tab was closed. */
  retire(onClosed) {
    const isSending = ({ pending, isGone }) => !isGone && pending.some(({ state }) => state === 'sending');
    const closeIfDone = (state) => {
      if (isSending(state)) return;
      end();
      this.close();
      onClosed();
    };
    this.#ownTyping.stop();
    const end = this.state.subscribe(closeIfDone);
    closeIfDone(this.state.get());
  }

  /** Whether this operator holds the dialog. */
  get isMine() {
    const { handoff, holder } = this.state.get();
    return handoff === 'active' && (this.#tookOver || isHeldBy(this.me, holder));
  }

  /**
   * Holds the dialog from now on. Where nobody asked for a person, that is done first: who is faster than a colleague is decided by the
   * server, and the other one is told. Whoever asks while that is under way is answered with it.
   * @throws {ApiError}
   */
  async takeOver() {
    if (this.isMine) return;
    this.#takingOver ??= this.#requestAndTake().finally(() => { this.#takingOver = undefined; });
    await this.#takingOver;
  }

  async #requestAndTake() {
    if (this.state.get().handoff !== 'requested') {
      await this.#step('request').catch((error) => {
        // Somebody asked meanwhile.
        if (error.code !== 'handoff_wrong_state' || error.handoff !== 'requested') throw error;
      });
    }
    const status = await this.#step('takeover');
    this.#tookOver = true;
    this.#set({ handoff: status.handoff, holder: { id: this.me.id, name: status.operator ?? this.me.name } });
  }

  /** @throws {ApiError} */
  async release() {
    const status = await this.#step('release');
    this.#tookOver = false;
    this.#set({ handoff: status.handoff, holder: null });
  }

  /** Sends a message; `pending` shows what becomes of it. */
  send(text) {
    this.#ownTyping.reset();
    void this.#outbox.add(newClientId(), text);
    this.#sender.pump();
  }

  retry(clientId) {
    this.#outbox.retry(clientId);
    this.#sender.pump();
  }

  discard(clientId) {
    this.#outbox.discard(clientId);
    this.#showPending();
  }

  typing(isActive) {
    if (isActive && this.#connection.socket) this.#ownTyping.keystroke();
    else if (!isActive) this.#ownTyping.stop();
  }

  /** The operator has seen everything up to here. */
  markRead() {
    const last = this.state.get().events.at(-1);
    if (last) this.#readMark.raise(last.seq);
  }

  async loadOlder() {
    if (!this.#timeline.hasOlder || this.state.get().isLoadingOlder) return;
    this.#set({ isLoadingOlder: true });
    try {
      const older = await this.#timeline.older(historySize);
      this.#set(({ events }) => ({ events: [...older, ...events] }));
    } catch {
      // The next scroll asks again.
    } finally {
      this.#set({ isLoadingOlder: false, hasOlder: this.#timeline.hasOlder });
    }
  }

  #set(changes) {
    this.state.set((state) => ({ ...state, ...(typeof changes === 'function' ? changes(state) : changes) }));
  }

  #history({ after, before, limit }) {
    const query = new URLSearchParams({ limit });
    if (after !== undefined) query.set('after', after);
    if (before !== undefined) query.set('before', before);
    return api.get(`/api/dialogs/${this.id}/messages?${query}`);
  }

  #tell({ clientId, state, seq }) {
    const sent = this.state.get().pending.find((one) => one.clientId === clientId);
    if (state === 'sent' && sent && seq > (this.#timeline.position?.seq ?? 0)) this.#stored.push({ ...sent, state, seq });
    this.#showPending();
  }

  #showPending() {
    this.#set({ pending: [...this.#stored, ...this.#outbox.pending] });
  }

  /** What no event says: who the visitor is, and by which id somebody holds the dialog, whose name may be another one by now. */
  async #learnView() {
    try {
      const view = await api.get(`/api/dialogs/${this.id}`);
      this.#set(({ events }) => {
        // An event that came while the view was on its way is newer.
        const isOld = (view.last?.seq ?? 0) < (events.findLast((event) => event.handoff)?.seq ?? 0);
        return isOld ? { view } : { view, handoff: view.handoff, holder: view.operator ? { id: view.operator_id, name: view.operator } : null };
      });
      this.#takeRead(view.read);
    } catch (error) {
      if (error.code === 'dialog_not_found') this.#set({ isGone: true });
    }
  }

  #step(name) {
    return api.post(`/api/dialogs/${this.id}/handoff/${name}`, { client_id: newClientId() });
  }

  #take(event) {
    if (event.type === 'message') {
      this.#othersTyping.stop(event.sender);
      const own = event.client_id === undefined ? undefined : this.#outbox.get(event.client_id);
      if (own && event.sender === 'manager' && own.text === event.text) this.#sender.acknowledged(event.client_id, event.cursor, false);
    } else if (event.handoff) {
      const { holder: before, isLoaded } = this.state.get();
      // The event has the name only, so an id that is known of it is kept until the server is asked.
      const holder = event.type === 'handoff_started' ? { id: before?.name === event.operator ? before?.id : undefined, name: event.operator } : null;
      if (!isHeldBy(this.me, holder)) this.#tookOver = false;
      this.#set({ handoff: event.handoff, holder });
      if (holder && isLoaded) void this.#learnView();
    }
    this.#stored = this.#stored.filter(({ seq }) => seq > event.seq);
    this.#set(({ events, delta, pending }) => ({
      events: [...events, event],
      pending: pending.filter(({ seq }) => seq === undefined || seq > event.seq),
      delta: event.type === 'message' && delta && event.reply_to === delta.replyTo ? null : delta,
    }));
  }

  #handle(frame) {
    switch (frame.type) {
      case 'ack':
        this.#sender.acknowledged(frame.client_id, frame.cursor, frame.duplicate === true);
        break;
      case 'error':
        if (typeof frame.client_id === 'string') {
          const more = typeof frame.retry_after_ms === 'number' ? { retryAfterMs: frame.retry_after_ms } : {};
          this.#sender.refused(frame.client_id, new ReplyXError(String(frame.code), String(frame.message ?? ''), more));
        }
        break;
      case 'read':
        this.#takeRead({ [frame.sender]: frame.last_read });
        break;
      case 'typing_start':
        this.#othersTyping.start(frame.sender, frame.author);
        break;
      case 'typing_stop':
        this.#othersTyping.stop(frame.sender);
        break;
      case 'message_delta':
        this.#takeDelta(frame);
        break;
      case 'message_delta_end':
        this.#set(({ delta }) => ({ delta: delta?.replyTo === frame.reply_to ? null : delta }));
        break;
    }
  }

  // A part that does not follow on what is here is of no use: the whole message comes.
  #takeDelta({ reply_to: replyTo, offset, text }) {
    this.#set(({ delta }) => {
      const known = delta?.replyTo === replyTo ? delta.text : '';
      if (offset > known.length || (offset === 0 && known !== '')) return {};
      return { delta: { replyTo, text: known.slice(0, offset) + text } };
    });
  }

  #takeRead(marks) {
    if (!marks) return;
    this.#set(({ read }) => {
      const next = { ...read };
      for (const [side, seq] of Object.entries(marks)) next[side] = Math.max(next[side] ?? 0, seq ?? 0);
      return { read: next };
    });
  }
}

/** An operator is told by the id, and by the name where the server gives no id. */
export const isHeldBy = (me, holder) => Boolean(holder) && (holder.id === undefined ? holder.name === me.name : holder.id === me.id);
