import { ReplyXClient, memoryStorage } from '../../index.js';

/** The Api of a graph that runs, as the test project starts one. */
export const api = process.env.REPLYX_API?.replace(/\/$/, '');
export const skip = api ? false : 'REPLYX_API names no graph';

const limit = 20_000;

/** Waits until something is so. */
export async function until(what, isSo) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await isSo();
    if (found) {
      return found;
    }

    if (Date.now() > end) {
      throw new Error(`waited ${limit} ms for ${what}`);
    }

    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A visitor with a storage of its own, whose pages are closed when the test is over. */
export class Visitor {
  storage = memoryStorage();
  #test;

  constructor(test) {
    this.#test = test;
  }

  page(options = {}) {
    const chat = new ReplyXClient({
      api,
      ...(options.siteToken ? {} : { assistantId: 'demo' }),
      storage: this.storage,
      storageKey: 'test',
      ...options,
    });
    const page = { chat, events: [], states: [], connection: [], typing: [], reads: [], errors: [], resets: 0 };
    chat.on('event', (event) => page.events.push(event));
    chat.on('state', (state) => page.states.push(state));
    chat.on('connection', (change) => page.connection.push(change));
    chat.on('typing', (change) => page.typing.push(change));
    chat.on('read', (mark) => page.reads.push(mark));
    chat.on('error', (error) => page.errors.push(error));
    chat.on('reset', () => page.resets++);
    this.#test.after(() => chat.close());
    return page;
  }
}

/** An operator, by the Api's own calls and a bare socket. */
export class Operator {
  static async signIn() {
    const operator = new Operator();
    const answer = await operator.call('POST', '/api/operator/sign-in', {
      login: 'anna@demo.replyx.dev',
      password: process.env.REPLYX_OPERATOR_PASSWORD,
    });
    operator.token = answer.token;
    return operator;
  }

  async call(method, path, body) {
    const response = await fetch(api + path, {
      method,
      headers: { ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}), 'Content-Type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    }

    return await response.json();
  }

  say(dialog, text) {
    return this.call('POST', `/api/dialogs/${dialog}/messages`, { text, client_id: crypto.randomUUID() });
  }

  async history(dialog) {
    return (await this.call('GET', `/api/dialogs/${dialog}/messages?limit=200`)).items;
  }

  /** A socket on a dialog; what it hears is written down. */
  async watch(test, dialog, visitorsUrl) {
    const url = new URL(visitorsUrl);
    url.pathname = `/ws/dialogs/${dialog}`;
    const socket = new WebSocket(url, ['replyx.v1', `replyx.token.${this.token}`]);
    const heard = [];
    socket.onmessage = ({ data }) => heard.push(JSON.parse(data));
    test.after(() => socket.close());
    await until('the operator to be connected', () => heard.some((frame) => frame.type === 'connected'));
    return { heard, send: (frame) => socket.send(JSON.stringify(frame)) };
  }
}

/** What a storage holds, by the end of its keys. */
export function kept(storage, end) {
  for (let i = 0; i < storage.length; i++) {
    const key = storage.key(i);
    if (key.endsWith(end)) {
      return { key, value: JSON.parse(storage.getItem(key)) };
    }
  }

  return undefined;
}
