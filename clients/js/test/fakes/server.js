/**
 * A server that keeps to docs/websocket/protocol.md, in memory, and does harm when asked to. What the real one does is tested on the
 * real one; this one is there for what is hard to bring about with it.
 */
export class FakeServer {
  dialogs = new Map();
  sockets = [];
  requests = [];
  tokenLife = 3600_000;
  welcome = true;
  /** What happens to the next calls of a kind: `{ start: ['lose'] }`. */
  harm = { start: [], token: [], history: [], visitor: [], page: [] };
  /** The guests that starts made, by their keys. */
  starts = new Map();
  /** What happens to the next sockets: `refuse`, `mute` or a close code. */
  socketHarm = [];
  /** The next messages are stored and not answered. */
  mutedAcks = 0;
  refuseMessages;
  recovers = true;
  validGuests = new Set();
  #clock;
  #nextDialog = 101;
  #nextGuest = 1;
  #nextToken = 1;
  #nonce = 1;

  constructor(clock) {
    this.#clock = clock;
    const server = this;
    this.WebSocket = class extends FakeSocket {
      constructor(url, protocols) {
        super(server, url, protocols);
      }
    };
  }

  fetch = async (url, { method, headers, body, signal }) => {
    const { pathname, searchParams } = new URL(url);
    const kind = { dialogs: 'start', token: 'token', messages: 'history', visitor: 'visitor', page: 'page' }[pathname.split('/').at(-1)] ?? 'handoff';
    const bearer = headers.Authorization?.slice('Bearer '.length);
    this.requests.push({ kind, method, pathname, query: Object.fromEntries(searchParams), bearer, traceparent: headers.traceparent, body: body && JSON.parse(body) });
    await Promise.resolve();
    const harm = this.harm[kind]?.shift();
    if (harm === 'fail') {
      throw new TypeError('fetch failed, with the secret ' + bearer);
    }

    if (harm === 'hang') {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError'))));
    }

    if (harm && typeof harm === 'object') {
      return problem(harm.status, harm.code, harm.retryAfter, harm.field);
    }

    const answer = this.#answer(kind, pathname, searchParams, bearer, body && JSON.parse(body));
    if (harm === 'lose') {
      throw new TypeError('the answer was lost');
    }

    return answer;
  };

  count(kind) {
    return this.requests.filter((request) => request.kind === kind).length;
  }

  get dialog() {
    return [...this.dialogs.values()].at(-1);
  }

  get open() {
    return this.sockets.filter((socket) => socket.readyState === 1);
  }

  append(dialog, event) {
    const seq = dialog.first + dialog.log.length;
    const stored = {
      type: 'message', dialog_id: dialog.id, id: seq, seq, cursor: `${seq}-n${this.#nonce++}`,
      timestamp: new Date(this.#clock.now()).toISOString(), ...event,
    };
    dialog.log.push(stored);
    for (const socket of this.open) {
      if (socket.dialog === dialog && socket.greeted) {
        socket.deliver(stored);
      }
    }

    return stored;
  }

  say(text, sender = 'assistant') {
    return this.append(this.dialog, { sender, text });
  }

  /** All sockets end. */
  cut(code = 1006) {
    this.open.forEach((socket) => socket.end(code));
  }

  token(dialog) {
    const token = `dialog.${dialog.id}.${this.#nextToken++}`;
    dialog.tokens.set(token, this.#clock.now() + this.tokenLife);
    return { token, token_expires_at: new Date(this.#clock.now() + this.tokenLife).toISOString() };
  }

  /** The log is lost, and grows again up to where it was. */
  regrow(dialog, texts) {
    dialog.log = [];
    dialog.first = 1;
    texts.forEach((text, i) => dialog.log.push({
      type: 'message', dialog_id: dialog.id, id: i + 1, seq: i + 1, cursor: `${i + 1}-r${this.#nonce++}`, sender: 'assistant', text,
      timestamp: '2026-01-01T00:00:00.000Z',
    }));
  }

  holds(dialog, cursor) {
    return cursor === '0-0' ? dialog.first === 1 : dialog.log.some((event) => event.cursor === cursor);
  }

  dialogOf(token) {
    for (const dialog of this.dialogs.values()) {
      const end = dialog.tokens.get(token);
      if (end !== undefined) {
        return { dialog, expired: this.#clock.now() >= end };
      }
    }

    return {};
  }

  #answer(kind, pathname, query, bearer, body) {
    switch (kind) {
      case 'start': {
        if (bearer !== undefined && !this.validGuests.has(bearer)) {
          return problem(401, 'token_invalid');
        }

        const guest = bearer ?? this.starts.get(body.client_id) ?? `guest.${this.#nextGuest++}`;
        this.starts.set(body.client_id, guest);
        this.validGuests.add(guest);
        let dialog = [...this.dialogs.values()].find((known) => known.guest === guest);
        const created = !dialog;
        if (!dialog) {
          dialog = { id: this.#nextDialog++, guest, log: [], first: 1, keys: new Map(), tokens: new Map(), read: { user: 0, manager: 0, assistant: 0 } };
          this.dialogs.set(dialog.id, dialog);
          if (this.welcome) {
            this.append(dialog, { sender: 'assistant', text: 'Welcome!' });
          }
        }

        return json(created ? 201 : 200, {
          id: dialog.id, ...this.token(dialog), guest_token: guest, cursor: dialog.log.at(-1)?.cursor ?? '0-0',
          realtime_url: `ws://realtime.test/ws/widget/dialogs/${dialog.id}`, handoff: 'none', mode: 'widget',
        });
      }

      case 'token': {
        const dialog = this.dialogs.get(Number(pathname.split('/').at(-2)));
        return !this.validGuests.has(bearer) ? problem(401, 'token_invalid')
          : dialog?.guest === bearer ? json(200, this.token(dialog))
          : problem(404, 'dialog_not_found');
      }

      case 'visitor':
      case 'page': {
        const { dialog } = this.dialogOf(bearer);
        return dialog ? new Response(null, { status: 204 }) : problem(401, 'token_invalid');
      }

      case 'history': {
        const { dialog, expired } = this.dialogOf(bearer);
        return expired ? problem(401, 'token_expired')
          : dialog ? json(200, { ...this.#page(dialog, query), read: dialog.read })
          : problem(404, 'dialog_not_found');
      }

      default:
        return json(200, { handoff: this.handoff ?? (pathname.endsWith('cancel') ? 'cancelled' : 'requested'), operator: null });
    }
  }

  #page(dialog, query) {
    const limit = Number(query.get('limit'));
    const [after, before] = [query.get('after'), query.get('before')];
    if (after !== null) {
      if (!this.holds(dialog, after)) {
        return { ...this.#backward(dialog.log, limit), reset: true };
      }

      const rest = dialog.log.filter((event) => event.seq > Number(after.split('-')[0]));
      const items = rest.slice(0, limit);
      return { items, cursor: items.at(-1)?.cursor ?? after, has_more: items.length < rest.length };
    }

    return this.#backward(before === null ? dialog.log : dialog.log.filter((event) => event.seq < Number(before)), limit);
  }

  #backward(log, limit) {
    const items = log.slice(-limit);
    return { items, cursor: items.at(-1)?.cursor ?? '0-0', has_more: items.length < log.length };
  }
}

class FakeSocket {
  readyState = 0;
  onopen = null;
  onmessage = null;
  onclose = null;
  onerror = null;
  greeted = false;
  heard = [];
  muted = false;
  /** The numbers of events that this socket is not given. */
  drops = new Set();

  constructor(server, url, protocols) {
    this.server = server;
    this.url = new URL(url);
    this.token = protocols[1].slice('replyx.token.'.length);
    this.protocols = protocols;
    server.sockets.push(this);
    queueMicrotask(() => this.#open());
  }

  get cursor() {
    return this.url.searchParams.get('cursor');
  }

  send(text) {
    this.heard.push(text);
    if (!this.muted) {
      queueMicrotask(() => this.#take(text));
    }
  }

  /** By the client. */
  close() {
    this.readyState = 3;
    this.closedByClient = true;
  }

  /** By the server, or the network. */
  end(code) {
    if (this.readyState < 2) {
      const was = this.readyState;
      this.readyState = 3;
      queueMicrotask(() => {
        if (was === 0) this.onerror?.({});
        this.onclose?.({ code });
      });
    }
  }

  say(frame) {
    queueMicrotask(() => this.readyState === 1 && this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) }));
  }

  deliver(event) {
    if (!this.drops.has(event.seq) && !this.muted) {
      this.say(event);
    }
  }

  #open() {
    if (this.readyState !== 0) {
      return;
    }

    const harm = this.server.socketHarm.shift();
    if (harm === 'refuse') {
      this.end(1006);
      return;
    }

    this.readyState = 1;
    this.muted = harm === 'mute';
    this.onopen?.({});
    const { dialog, expired } = this.server.dialogOf(this.token);
    const code = typeof harm === 'number' ? harm : expired ? 4001 : dialog ? undefined : 4002;
    if (code !== undefined) {
      this.end(code);
      return;
    }

    this.dialog = dialog;
    if (!this.muted) {
      this.greet(harm?.drops);
    }
  }

  greet(drops = []) {
    drops.forEach((seq) => this.drops.add(seq));
    const recovered = this.server.recovers && this.server.holds(this.dialog, this.cursor);
    const head = this.dialog.log.at(-1)?.cursor ?? '0-0';
    this.greeted = true;
    const cursor = recovered ? this.cursor : head;
    this.say({ type: 'connected', dialog_id: this.dialog.id, cursor, recovered, read: this.dialog.read, node: 'n', heartbeat_seconds: 25 });
    if (recovered) {
      this.dialog.log.filter((event) => event.seq > Number(this.cursor.split('-')[0])).forEach((event) => this.deliver(event));
    }
  }

  #take(text) {
    if (text === '__ping__') {
      this.say('__pong__');
      return;
    }

    const frame = JSON.parse(text);
    if (frame.type === 'refresh') {
      this.token = frame.token;
      this.say({ type: 'refreshed' });
    }

    if (frame.type !== 'message') {
      return;
    }

    const refusal = this.server.refuseMessages?.(frame);
    if (refusal) {
      this.say({ type: 'error', client_id: frame.client_id, message: 'no', ...refusal });
      return;
    }

    const known = this.dialog.keys.get(frame.client_id);
    const stored = known ?? this.server.append(this.dialog, { sender: 'user', text: frame.text, client_id: frame.client_id });
    this.dialog.keys.set(frame.client_id, stored);
    if (this.server.mutedAcks > 0) {
      this.server.mutedAcks--;
      return;
    }

    const { seq, cursor } = stored;
    this.say({ type: 'ack', client_id: frame.client_id, id: seq, seq, cursor, duplicate: known !== undefined });
  }
}

function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers });
}

function problem(status, code, retryAfter, field) {
  return json(status, { type: `https://replyx.dev/problems/${code}`, title: 'A title.', status, code, field, trace_id: 'abc' },
    retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) });
}
