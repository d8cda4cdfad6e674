import { ReplyXClient, memoryStorage } from '../../index.js';
import { FakeClock } from './clock.js';
import { FakeServer } from './server.js';

/** Web Locks of one browser. */
export class FakeLocks {
  #locks = new Map();

  request(name, { signal, steal } = {}, callback) {
    return new Promise((resolve, reject) => {
      const lock = this.#locks.get(name) ?? { holder: undefined, queue: [] };
      this.#locks.set(name, lock);
      const entry = { callback, resolve, reject };
      signal?.addEventListener('abort', () => {
        if (lock.queue.includes(entry)) {
          lock.queue.splice(lock.queue.indexOf(entry), 1);
          reject(new DOMException('', 'AbortError'));
        }
      });
      if (signal?.aborted) {
        reject(new DOMException('', 'AbortError'));
        return;
      }

      if (steal && lock.holder) {
        lock.holder.reject(new DOMException('', 'AbortError'));
        lock.holder = undefined;
        lock.queue.unshift(entry);
      } else {
        lock.queue.push(entry);
      }

      this.#next(lock);
    });
  }

  #next(lock) {
    if (lock.holder || lock.queue.length === 0) {
      return;
    }

    const entry = lock.holder = lock.queue.shift();
    Promise.resolve().then(entry.callback).then(entry.resolve, entry.reject).finally(() => {
      if (lock.holder === entry) {
        lock.holder = undefined;
        this.#next(lock);
      }
    });
  }
}

/**
 * Broadcast channels of one browser. Notes come at once, or, with a clock, after a while: those of one page in order, and those of
 * several in any.
 */
export function fakeChannels(clock, random) {
  const open = new Set();
  return class FakeChannel {
    onmessage = null;
    #busyUntil = new Map();

    constructor(name) {
      this.name = name;
      open.add(this);
    }

    postMessage(message) {
      const copy = structuredClone(message);
      for (const other of open) {
        if (other !== this && other.name === this.name) {
          this.#deliver(other, copy);
        }
      }
    }

    close() {
      open.delete(this);
    }

    #deliver(other, data) {
      if (!clock) {
        queueMicrotask(() => other.onmessage?.({ data }));
        return;
      }

      const at = Math.max(this.#busyUntil.get(other) ?? 0, clock.now() + Math.floor(random() * 100));
      this.#busyUntil.set(other, at);
      clock.setTimeout(() => other.onmessage?.({ data }), at - clock.now());
    }

    static get count() {
      return open.size;
    }
  };
}

/** Counts its listeners, so that a test sees that none is left. */
export class CountingTarget extends EventTarget {
  #present = [];
  visibilityState = 'visible';

  get listeners() {
    return this.#present.length;
  }

  addEventListener(type, listener) {
    this.#present.push({ type, listener });
    super.addEventListener(type, listener);
  }

  removeEventListener(type, listener) {
    this.#present = this.#present.filter((known) => known.type !== type || known.listener !== listener);
    super.removeEventListener(type, listener);
  }
}

/** A browser with one visitor: its storage, locks and channels, and the network to a server. Its pages are closed with it. */
export class FakeBrowser {
  clock = new FakeClock();
  server = new FakeServer(this.clock);
  storage = memoryStorage();
  locks = new FakeLocks();
  Channel = fakeChannels();
  window = new CountingTarget();
  document = new CountingTarget();
  pages = [];

  /** Opens a page; what it hears is written down. */
  page(options = {}) {
    const { environment, ...rest } = options;
    const chat = new ReplyXClient({
      api: 'https://api.test',
      assistantId: 'demo',
      storage: this.storage,
      fetch: this.server.fetch,
      WebSocket: this.server.WebSocket,
      ...rest,
      environment: {
        clock: this.clock,
        random: () => 0.5,
        locks: this.locks,
        BroadcastChannel: this.Channel,
        window: this.window,
        document: this.document,
        ...environment,
      },
    });
    const page = { chat, events: [], states: [], connection: [], typing: [], deltas: [], reads: [], errors: [], resets: 0 };
    chat.on('event', (event) => page.events.push(event));
    chat.on('state', (state) => page.states.push(state));
    chat.on('connection', (change) => page.connection.push(change));
    chat.on('typing', (change) => page.typing.push(change));
    chat.on('delta', (delta) => page.deltas.push(delta));
    chat.on('read', (mark) => page.reads.push(mark));
    chat.on('error', (error) => page.errors.push(error));
    chat.on('reset', () => {
      page.resets++;
      page.events.length = 0;
    });
    this.pages.push(chat);
    return page;
  }

  close() {
    this.pages.forEach((chat) => chat.close());
  }
}

export const texts = (page) => page.events.map((event) => event.text ?? event.type);
export const seqs = (page) => page.events.map((event) => event.seq);
export const statesOf = (page, clientId) => page.states.filter((state) => state.clientId === clientId).map((state) => state.state);
