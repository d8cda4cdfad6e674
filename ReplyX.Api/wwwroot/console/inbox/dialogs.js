// The account's dialogs as the list shows them: pages from the Api, kept up by the list's socket.
import { createStore } from '../../ui/store.js';
import { api } from '../api.js';
import { ListFeed } from '../list-feed.js';
import { matches, sortFor } from './filters.js';

const pageSize = 60;
// Who waits, and what is one's own: counts and alerts are about these, so they are known whatever is shown.
const concerns = ['waiting', 'mine'].map((filter) => ({ filter, query: '', siteId: '' }));
const mostInPage = 200;
// The server looks at a thousand dialogs at a time: a concern behind the latest ten thousand is found by the filter only.
const mostPages = 10;

export class Dialogs {
  #feed;
  #listeners = new Set();
  /** Grows with each other view, so that an answer to the view before is known. */
  #edition = 0;
  /** Grows with each event and note, so that a page that was asked for before is known to be older. */
  #turn = 0;
  /** The sites by which what is shown was chosen. */
  #shownOf;
  /** The turn in which a dialog was told of last, by id. */
  #touched = new Map();

  /**
   * @param me The operator.
   * @param sites The account's sites: whose assistants answer decides what is the assistant's.
   */
  constructor(me, sites) {
    this.me = me;
    this.sites = sites;
    sites.state.subscribe(() => this.#set({}));
    this.state = createStore({
      connection: 'idle', isLoaded: false, isLoading: false, error: null,
      view: { filter: 'all', query: '', siteId: '' },
      dialogs: new Map(), shown: [], nextOffset: null,
    });
    this.#feed = new ListFeed({
      load: () => this.#loadAll(),
      onEvent: (event) => this.#take(event),
      onNote: (note) => this.#note(note),
      onConnection: ({ state }) => this.#set({ connection: state }),
      onBack: () => this.retry(),
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
    void this.#loadAll().catch(() => {});
  }

  async loadMore() {
    const { nextOffset, isLoading } = this.state.get();
    if (nextOffset === null || isLoading) return;
    const [edition, since] = [this.#edition, this.#turn];
    this.#set({ isLoading: true });
    try {
      const page = await this.#page(nextOffset);
      if (edition === this.#edition) this.#show(page, nextOffset, since);
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

  /** What is shown and what concerns people. The cursor is from before both. */
  async #loadAll() {
    const cursor = await this.#load();
    await this.#loadConcerns();
    return cursor;
  }

  async #load() {
    const [edition, since] = [++this.#edition, this.#turn];
    this.#set({ isLoading: true, error: null });
    try {
      const page = await this.#page(0);
      if (edition === this.#edition) this.#show(page, 0, since);
      return page.cursor;
    } catch (error) {
      if (edition === this.#edition) this.#set({ error });
      throw error;
    } finally {
      if (edition === this.#edition) this.#set({ isLoading: false });
    }
  }

  /** A page of what is shown: the next one that is not empty, unless something else is to be shown meanwhile. */
  async #page(offset) {
    const [edition, { view }] = [this.#edition, this.state.get()];
    const first = await ask(view, offset, pageSize);
    let page = first;
    while (page.items.length === 0 && page.next_offset !== undefined && edition === this.#edition) {
      page = await ask(view, page.next_offset, pageSize);
    }
    return { ...page, cursor: first.cursor };
  }

  async #loadConcerns() {
    const since = this.#turn;
    const found = await Promise.all(concerns.map(askForAll));
    const items = found.flatMap((one) => one.items);
    const ids = new Set(items.map(({ id }) => id));
    const isComplete = found.every((one) => one.isComplete);
    this.#set(({ dialogs }) => {
      // What was a concern and is none any more is as it was before something was missed.
      const isOver = (dialog) => isComplete && !ids.has(dialog.id) && this.#isConcern(dialog) && !this.isOpen(dialog.id) && !this.#isTouched(dialog.id, since);
      const known = new Map([...dialogs].filter(([, dialog]) => !isOver(dialog)));
      for (const item of items) known.set(item.id, this.#newest(item, dialogs.get(item.id), since));
      return { dialogs: known };
    });
  }

  #show({ items, next_offset: next }, offset, since) {
    const { dialogs } = this.state.get();
    const stays = (dialog) => offset > 0 || this.isOpen(dialog.id) || this.#isConcern(dialog) || this.#isTouched(dialog.id, since);
    const known = new Map([...dialogs].filter(([, dialog]) => stays(dialog)));
    for (const item of items) known.set(item.id, this.#newest(item, dialogs.get(item.id), since));
    this.#set({ dialogs: known, isLoaded: true, error: null, nextOffset: next ?? null });
  }

  #isConcern(dialog) {
    return concerns.some((view) => matches(dialog, view, this.me, this.sites.state.get()));
  }

  /** Whether the socket told of a dialog since a turn. */
  #isTouched(id, since) {
    return (this.#touched.get(id) ?? 0) > since;
  }

  /** An item of a page, or what is known already where that came while the page was on its way. */
  #newest(item, before, since) {
    const lead = (before?.last?.seq ?? 0) - (item.last?.seq ?? 0);
    return before && (lead > 0 || (lead === 0 && this.#isTouched(item.id, since))) ? { ...item, ...before } : item;
  }

  /** Which dialogs stay known although the list does not show them. */
  isOpen = () => false;

  #take(event) {
    const id = event.dialog_id;
    if (event.type === 'dialog_removed') return this.#remove(id);
    this.#touched.set(id, ++this.#turn);
    const before = this.get(id);
    const now = { ...(before ?? { id, created_at: event.timestamp, unread: 0 }), ...changesOf(event, before) };
    this.#put(now);
    if (now.site_id !== undefined) this.sites.meet(now.site_id);
    if (!before || (now.handoff === 'active' && !now.operator)) void this.#learn(id);
    for (const listener of [...this.#listeners]) listener(event, before, now);
  }

  // That it was read, or who the visitor is: no event of the dialog, so its place in the list stays.
  #note({ type, dialog_id: id, unread, visitor, page }) {
    if (type === 'dialog_removed') return this.#remove(id);
    const dialog = this.get(id);
    if (!dialog) return;
    this.#touched.set(id, ++this.#turn);
    const changes = Object.fromEntries(Object.entries({ unread, visitor, page }).filter(([, value]) => value !== undefined));
    this.#put({ ...dialog, ...changes });
  }

  // It has reached the account's age: there is nothing left to open.
  #remove(id) {
    this.#set(({ dialogs }) => ({ dialogs: new Map([...dialogs].filter(([known]) => known !== id)) }));
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
      const sites = this.sites.state.get();
      if (next.dialogs !== state.dialogs || next.view !== state.view || sites !== this.#shownOf) {
        const { view, dialogs } = next;
        this.#shownOf = sites;
        next.shown = [...dialogs.values()].filter((dialog) => matches(dialog, view, this.me, sites)).sort(sortFor(view.filter));
      }
      return next;
    });
  }
}

function ask({ filter, query, siteId }, offset, limit) {
  const parameters = new URLSearchParams({ limit, offset, filter });
  if (query.trim()) parameters.set('q', query.trim());
  if (siteId) parameters.set('site_id', siteId);
  return api.get(`/api/dialogs?${parameters}`);
}

async function askForAll(view) {
  const items = [];
  let next = 0;
  for (let asked = 0; next !== undefined && asked < mostPages; asked++) {
    const page = await ask(view, next, mostInPage);
    items.push(...page.items);
    next = page.next_offset;
  }
  return { items, isComplete: next === undefined };
}

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
