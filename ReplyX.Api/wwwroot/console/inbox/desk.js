// What one operator has on the desk: the list, the dialogs that are open in tabs, and the drafts. One for a signed-in operator.
import { createStore } from '../../ui/store.js';
import { tabKept } from '../../ui/kept.js';
import { onSession, currentMe } from '../session.js';
import { DialogFeed } from '../dialog-feed.js';
import { Dialogs } from './dialogs.js';
import { Sites } from './sites.js';

// Each open tab is a socket. The one that was not looked at for longest makes room.
const mostOpen = 8;

class Desk {
  #feeds = new Map();
  /** Without a tab, and with something to send. */
  #retired = new Set();

  constructor(me) {
    // One for all parts of the desk, kept up to date: a name may be changed meanwhile.
    this.me = { ...me };
    this.name = `replyx:desk:${me.id}`;
    this.sites = new Sites();
    this.dialogs = new Dialogs(this.me, this.sites);
    this.dialogs.isOpen = (id) => this.#feeds.has(id);
    this.tabs = createStore([]);
    this.#drafts = tabKept.get(`${this.name}:drafts`) ?? {};
  }

  #drafts;
  #seen = [];

  open() {
    this.dialogs.open();
    for (const id of tabKept.get(`${this.name}:tabs`) ?? []) this.feed(id);
  }

  close() {
    this.dialogs.close();
    for (const feed of [...this.#feeds.values(), ...this.#retired]) feed.close();
    this.#feeds.clear();
    this.#retired.clear();
  }

  /** The live side of a dialog, which gets a tab if it has none. */
  feed(id) {
    this.#seen = [id, ...this.#seen.filter((other) => other !== id)];
    let feed = this.#feeds.get(id);
    if (!feed) {
      feed = new DialogFeed(id, this.me);
      this.#feeds.set(id, feed);
      feed.open();
      this.#setTabs([...this.tabs.get(), id]);
      if (this.#feeds.size > mostOpen) this.closeTab(this.#seen.at(-1));
    }
    return feed;
  }

  /** Closes a tab; answers which one is next to it. */
  closeTab(id) {
    const tabs = this.tabs.get();
    const at = tabs.indexOf(id);
    const feed = this.#feeds.get(id);
    this.#feeds.delete(id);
    if (feed) {
      this.#retired.add(feed);
      feed.retire(() => this.#retired.delete(feed));
    }
    this.#seen = this.#seen.filter((other) => other !== id);
    this.#setTabs(tabs.filter((other) => other !== id));
    return tabs[at + 1] ?? tabs[at - 1] ?? null;
  }

  draft(id) {
    return this.#drafts[id] ?? '';
  }

  keepDraft(id, text) {
    this.#drafts = { ...this.#drafts, [id]: text };
    if (text === '') delete this.#drafts[id];
    tabKept.set(`${this.name}:drafts`, this.#drafts);
  }

  #setTabs(tabs) {
    this.tabs.set(tabs);
    tabKept.set(`${this.name}:tabs`, tabs);
  }
}

let desk = null;

/** The desk of who is signed in. Leaving the inbox leaves it as it is; another operator gets another one. */
export function currentDesk() {
  const me = currentMe();
  if (desk?.me.id !== me.id) {
    desk?.close();
    desk = new Desk(me);
    desk.open();
  }
  return desk;
}

// Whoever is out hears nothing any more.
onSession(({ status, me }) => {
  if (status !== 'in') {
    desk?.close();
    desk = null;
  } else if (desk?.me.id === me.id) {
    Object.assign(desk.me, me);
  }
});
