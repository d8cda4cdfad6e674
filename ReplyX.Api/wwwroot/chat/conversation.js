// The state of the conversation: what the client tells, in the form in which the page shows it.
import { isMessage } from './rows.js';

const olderPage = 100;
// The server says when messages are late, and not when they are no more: who hears of none believes it for this long.
const troubleLasts = 30_000;

export class Conversation {
  #client;
  #memory;
  #listeners = new Set();
  #isTelling = false;
  #isLoadingOlder = false;
  #troubleTimer;

  events = [];
  pending = [];
  typing = [];
  /** The assistant's answer as far as it has come: `{ replyTo, text }`. */
  draft = null;
  connection = { state: 'idle' };
  trouble = false;
  handoff = 'none';
  operator = undefined;
  /** How far others have read the visitor's messages. */
  readByOthers = 0;
  /** How far the visitor has read. */
  readByVisitor = 0;
  /** The first event that was new when the chat was opened. */
  unreadFrom = 0;
  isLoaded;
  olderFailed = false;
  /** The last message of others, for who cannot see it. */
  news = null;
  isSeen = false;

  /**
   * @param client A ReplyXClient.
   * @param memory `{ get(), set(value) }`: how far the visitor has read, beyond a reload.
   */
  constructor(client, memory) {
    this.#client = client;
    this.#memory = memory;
    this.isLoaded = client.dialogId === undefined;
    this.readByVisitor = this.#remembered();
    client.on('event', (event) => this.#take(event));
    client.on('reset', () => this.#reset());
    client.on('state', (state) => this.#mark(state));
    client.on('connection', (change) => this.#connect(change));
    client.on('handoff', (handoff) => this.#set({ handoff }));
    client.on('typing', (change) => this.#type(change));
    client.on('read', (mark) => this.#read(mark));
    client.on('delta', (delta) => this.#stream(delta));
    client.on('error', ({ code }) => {
      if (code === 'backplane_unavailable') this.#worry();
    });
  }

  get hasOlder() {
    return this.#client.hasOlder;
  }

  get hasDialog() {
    return this.#client.dialogId !== undefined;
  }

  get unread() {
    let count = 0;
    for (let i = this.events.length - 1; i >= 0 && this.events[i].seq > this.readByVisitor; i--) {
      if (isMessage(this.events[i]) && this.events[i].sender !== 'user') count++;
    }

    return count;
  }

  get lastSeq() {
    return this.events.at(-1)?.seq ?? 0;
  }

  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  send(text) {
    this.unreadFrom = 0;
    void this.#client.send(text);
  }

  retry(clientId) {
    this.#client.retry(clientId);
  }

  discard(clientId) {
    this.#client.discard(clientId);
  }

  keystroke(isEmpty) {
    this.#client.typing(!isEmpty);
  }

  goOn() {
    this.#client.open();
  }

  /** The visitor looks at the conversation, or does no more. */
  look(isSeen) {
    if (isSeen === this.isSeen) return;
    this.isSeen = isSeen;
    if (isSeen) {
      const first = this.events.find((event) => event.seq > this.readByVisitor && isMessage(event) && event.sender !== 'user');
      this.#set({ unreadFrom: first && this.readByVisitor > 0 ? first.seq : 0 });
    }
  }

  /** The visitor has seen all that there is. */
  markRead() {
    const seq = this.lastSeq;
    if (seq <= this.readByVisitor) return;
    this.#client.markRead(seq);
    this.#raise(seq);
  }

  async loadOlder() {
    if (this.#isLoadingOlder || !this.hasOlder || this.olderFailed) return;
    this.#isLoadingOlder = true;
    try {
      const older = await this.#client.loadOlder(olderPage);
      if (older.length > 0) this.#set({ events: [...older, ...this.events] });
      else this.#tell();
    } catch {
      this.#set({ olderFailed: true });
    } finally {
      this.#isLoadingOlder = false;
    }
  }

  retryOlder() {
    this.olderFailed = false;
    this.#tell();
    void this.loadOlder();
  }

  async requestHuman() {
    await this.#begin();
    await this.#client.requestHuman();
  }

  async cancelHuman() {
    await this.#client.cancelHuman();
  }

  /** Name and e-mail: told at once where there is a dialog, else as soon as there is one. */
  identify(visitor) {
    return this.#client.identify(visitor);
  }

  /** The page that the visitor is on. */
  visit(page) {
    // Told again with the next socket, if it does not work now.
    this.#client.page(page).catch(() => {});
  }

  #begin() {
    if (this.connection.state === 'connected') return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = this.#client.on('connection', ({ state, error }) => {
        if (state === 'connected' || state === 'ended') {
          stop();
          if (state === 'connected') resolve();
          else reject(error);
        }
      });
      this.#client.start();
    });
  }

  #take(event) {
    const clientId = event.client_id;
    const pending = clientId ? this.pending.filter((message) => message.clientId !== clientId) : this.pending;
    const change = { events: [...this.events, event], pending, isLoaded: true, ...this.#calm() };
    if (event.type === 'message') {
      if (event.sender === 'manager') change.operator = event.author ?? this.operator;
      if (event.sender === 'user') change.readByVisitor = Math.max(this.readByVisitor, event.seq);
    } else if (event.type === 'handoff_started') {
      change.operator = event.operator;
    } else if (event.type === 'handoff_released') {
      change.operator = undefined;
    }

    // What the history brings is no news.
    if (this.connection.state === 'connected' && event.sender !== 'user') change.news = event;
    this.#set(change);
  }

  #reset() {
    // Another log of the same dialog begins at one again: how far the old one was read says nothing of it.
    if (this.events[0]?.dialog_id === this.#client.dialogId) this.#memory.set(null);
    const readByVisitor = this.#remembered();
    this.#set({ events: [], typing: [], unreadFrom: 0, readByOthers: 0, readByVisitor, operator: undefined, news: null });
  }

  #worry() {
    clearTimeout(this.#troubleTimer);
    this.#troubleTimer = setTimeout(() => this.#set({ trouble: false }), troubleLasts);
    this.#set({ trouble: true });
  }

  /** What comes shows that it is over. */
  #calm() {
    clearTimeout(this.#troubleTimer);
    return { trouble: false };
  }

  #mark(state) {
    if (state.state === 'read') {
      this.#set({ readByOthers: Math.max(this.readByOthers, state.seq) });
      return;
    }

    const others = this.pending.filter((message) => message.clientId !== state.clientId);
    const known = this.pending.find((message) => message.clientId === state.clientId);
    if (state.state === 'discarded') {
      this.#set({ pending: others });
    } else if (state.state === 'sent') {
      const isHere = this.events.some((event) => event.client_id === state.clientId);
      this.#set({
        pending: isHere ? others : this.pending.map((message) => (message === known ? { ...message, state: 'sent' } : message)),
        ...this.#calm(),
      });
    } else {
      const at = known?.at ?? this.#client.pending.find((message) => message.clientId === state.clientId)?.createdAt ?? Date.now();
      const message = { clientId: state.clientId, text: state.text, state: state.state, at, error: state.error };
      this.#set({ pending: this.#inOrder(known ? this.pending.map((other) => (other === known ? message : other)) : [...this.pending, message]) });
    }
  }

  // As they were written: after a reload they are told in any order. Those that are stored come first.
  #inOrder(pending) {
    const order = new Map(this.#client.pending.map(({ clientId }, i) => [clientId, i]));
    return pending.sort((a, b) => (order.get(a.clientId) ?? -1) - (order.get(b.clientId) ?? -1));
  }

  #connect(change) {
    const isUp = change.state === 'connected';
    this.#set({
      connection: change,
      typing: isUp ? this.typing : [],
      ...(isUp || change.state === 'ended' ? this.#calm() : {}),
      ...(isUp || change.state === 'ended' || change.state === 'idle' ? { isLoaded: true } : {}),
    });

    // The log that is there now does not reach so far: it is another one than was read.
    if (isUp && this.readByVisitor > this.lastSeq) {
      this.#memory.set(null);
      this.#set({ readByVisitor: 0 });
    }
  }

  #type({ sender, author, active }) {
    const others = this.typing.filter((typist) => typist.sender !== sender);
    this.#set({ typing: active && sender !== 'user' ? [...others, { sender, author }] : others });
  }

  #read({ sender, seq }) {
    if (sender === 'user') this.#raise(seq);
    else this.#set({ readByOthers: Math.max(this.readByOthers, seq) });
  }

  #stream({ replyTo, offset, text, ended }) {
    if (!ended) this.#set({ draft: { replyTo, text: (this.draft?.replyTo === replyTo ? this.draft.text.slice(0, offset) : '') + text } });
    else if (this.draft?.replyTo === replyTo) this.#set({ draft: null });
  }

  #raise(seq) {
    if (seq > this.readByVisitor) {
      this.#memory.set({ dialog: this.#client.dialogId, seq });
      this.#set({ readByVisitor: seq });
    }
  }

  #remembered() {
    const kept = this.#memory.get();
    return kept?.dialog === this.#client.dialogId && Number.isSafeInteger(kept?.seq) ? kept.seq : 0;
  }

  #set(change) {
    Object.assign(this, change);
    this.#tell();
  }

  // A page of history is fifty events and one drawing.
  #tell() {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
