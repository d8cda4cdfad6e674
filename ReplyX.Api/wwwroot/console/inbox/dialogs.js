// The account's dialogs as the list shows them: pages from the Api, kept up by the list's socket.
import { createStore } from '../../ui/store.js';
import { api } from '../api.js';
import { ListFeed } from '../list-feed.js';
import { matches, sortFor } from './filters.js';

const pageSize = 60;

export class Dialogs {
  #feed;
  #listeners = new Set();
  /** Grows with each other view, so that an answer to the view before is known. */
  #edition = 0;

  constructor(me) {
    this.me = me;
    this.state = createStore({
      connection: 'idle', isLoaded: false, isLoading: false, error: null,
      view: { filter: 'all', query: '', siteId: '' },
      dialogs: new Map(), shown: [], nextOffset: null,
    });
    this.#feed = new ListFeed({
      load: () => this.#load(),
      onEvent: (event) => this.#take(event),
      onNote: (note) => this.#note(note),
      onConnection: ({ state }) => this.#set({ connection: state }),
    });
  }

  open() {
    this.#feed.open();
  }

  close() {
    this.#feed.close();
  }

  get(id) {
    return this.state.get().dialogs.get(id);
  }

  /** Told of each live event with the dialog as it was before and is now. */
  onEvent(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Shows another part of the dialogs. */
  show(changes) {
    const view = { ...this.state.get().view, ...changes };
    this.#set({ view, nextOffset: null, isLoaded: false, shown: [] });
    void this.#load().catch(() => {});
  }

  retry() {
    void this.#load().catch(() => {});
  }

  async loadMore() {
    const { nextOffset, isLoading } = this.state.get();
    if (nextOffset === null || isLoading) return;
    const edition = this.#edition;
    this.#set({ isLoading: true });
    try {
      const page = await this.#page(nextOffset);
      if (edition === this.#edition) this.#show(page, nextOffset);
    } catch {
      // The next scroll asks again.
    } finally {
      if (edition === this.#edition) this.#set({ isLoading: false });
    }
  }

  /** The operator reads it here: colleagues hear it from the server, this list at once. */
  markRead(id) {
    const dialog = this.get(id);
    if (dialog?.unread > 0) this.#put({ ...dialog, unread: 0 });
  }

  /** What an open dialog knows better. */
  update(id, changes) {
    const dialog = this.get(id);
    if (dialog) this.#put({ ...dialog, ...changes });
  }

  async #load() {
    const edition = ++this.#edition;
    this.#set({ isLoading: true, error: null });
    try {
      const page = await this.#page(0);
      if (edition === this.#edition) this.#show(page, 0);
      return page.cursor;
    } catch (error) {
      if (edition === this.#edition) this.#set({ error });
      throw error;
    } finally {
      if (edition === this.#edition) this.#set({ isLoading: false });
    }
  }

  #page(offset) {
    const { filter, query, siteId } = this.state.get().view;
    const parameters = new URLSearchParams({ limit: pageSize, offset, filter });
    if (query.trim()) parameters.set('q', query.trim());
    if (siteId) parameters.set('site_id', siteId);
    return api.get(`/api/dialogs?${parameters}`);
  }

  #show({ items, next_offset: next }, offset) {
    const { dialogs } = this.state.get();
    const known = offset === 0 ? keepOpen(dialogs, this.isOpen) : new Map(dialogs);
    for (const item of items) {
      const before = dialogs.get(item.id);
      // An event that came while the page was on its way is newer.
      known.set(item.id, before && (before.last?.seq ?? 0) > (item.last?.seq ?? 0) ? before : item);
    }
    this.#set({ dialogs: known, isLoaded: true, error: null, nextOffset: next ?? null });
  }

  /** Which dialogs stay known although the list does not show them. */
  isOpen = () => false;

  #take(event) {
    const id = event.dialog_id;
    const before = this.get(id);
    const now = { ...(before ?? { id, created_at: event.timestamp, unread: 0 }), ...changesOf(event, before) };
    this.#put(now);
    if (!before || (now.handoff === 'active' && !now.operator)) void this.#learn(id);
    for (const listener of [...this.#listeners]) listener(event, before, now);
  }

  // That it was read, or who the visitor is: no event of the dialog, so its place in the list stays.
  #note({ dialog_id: id, unread, visitor, page }) {
    const dialog = this.get(id);
    if (!dialog) return;
    const changes = Object.fromEntries(Object.entries({ unread, visitor, page }).filter(([, value]) => value !== undefined));
    this.#put({ ...dialog, ...changes });
  }

  async #learn(id) {
    try {
      const view = await api.get(`/api/dialogs/${id}`);
      const known = this.get(id);
      this.#put(known && (known.last?.seq ?? 0) > (view.last?.seq ?? 0) ? { ...view, ...known, visitor: view.visitor, page: view.page, site_id: view.site_id } : view);
    } catch {
      // What the event told is shown.
    }
  }

  #put(dialog) {
    this.#set(({ dialogs }) => ({ dialogs: new Map(dialogs).set(dialog.id, dialog) }));
  }

  #set(changes) {
    this.state.set((state) => {
      const next = { ...state, ...(typeof changes === 'function' ? changes(state) : changes) };
      if (next.dialogs !== state.dialogs || next.view !== state.view) {
        const { view, dialogs } = next;
        next.shown = [...dialogs.values()].filter((dialog) => matches(dialog, view, this.me)).sort(sortFor(view.filter));
      }
      return next;
    });
  }
}

const keepOpen = (dialogs, isOpen) => new Map([...dialogs].filter(([id]) => isOpen(id)));

/** What an event of the list changes. */
function changesOf(event, before) {
  const { handoff, visitor, page, mode, site_id: siteId } = event;
  const isHeld = handoff === 'active';
  return {
    handoff,
    // Named when somebody takes it over, and held by them until the handoff is another one.
    operator: isHeld ? event.operator ?? before?.operator ?? null : null,
    operator_id: isHeld ? event.operator_id ?? before?.operator_id : undefined,
    last: { seq: event.last_seq, event: event.event, sender: event.sender, preview: event.preview, timestamp: event.timestamp },
    unread: event.unread,
    waiting_since: event.waiting_since,
    // With the first event of a dialog that the list did not have.
    ...Object.fromEntries(Object.entries({ visitor, page, mode, site_id: siteId }).filter(([, value]) => value !== undefined)),
  };
}
