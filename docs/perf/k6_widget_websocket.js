// The load test of the widget's sockets, for k6. Visitors start dialogs over HTTP, open the widget's WebSocket twice (two tabs),
// write, and account for every message in both tabs: lost, twice, out of order, and how long it took.
//
//   k6 run docs/perf/k6_widget_websocket.js
//
// How to run it, and what to do when it fails: load-test.md, beside this file.
import http from 'k6/http';
import { Counter, Rate, Trend } from 'k6/metrics';
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';

const API_URL = trimmed(__ENV.API_URL || 'http://localhost:5080');

// Where sockets are opened; not given, it is what the Api answers.
const REALTIME_URL = trimmed(__ENV.REALTIME_URL || '');
const ASSISTANT_ID = __ENV.ASSISTANT_ID || 'demo';

// Given, every second visitor comes by the chat page that is embedded with it, and the others by the widget.
const SITE_TOKEN = __ENV.SITE_TOKEN || '';

// 1 is 50 visitors with 100 sockets, and twice as many at the peak.
const SCALE = number('SCALE', 1);

// 1 is six and a half minutes, with two seconds between a visitor's messages; less is for trying it out.
const TIME_SCALE = number('TIME_SCALE', 1);

const VISITORS = Math.max(1, Math.round(50 * SCALE));
const TABS = 2;
const MESSAGES = 12;
const PAUSE_MS = 2000 * TIME_SCALE;
const GREETING_LIMIT_MS = 10000;
const SETTLE_LIMIT_MS = 10000;
const CONVERSATION_LIMIT_MS = 90000;

// The protocol's: docs/websocket/protocol.md and delivery.md.
const HEARTBEAT_MS = 25000;
const SHORTEST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15000;
const FINAL_CODES = [1000, 4002, 4003, 4004];

const started = new Rate('dialogs_started');
const connects = new Rate('ws_connects');
const latency = new Trend('delivery_latency', true);
const sent = new Counter('messages_sent');
const delivered = new Counter('messages_delivered');
const lost = new Counter('messages_lost');
const duplicated = new Counter('messages_duplicated');
const disordered = new Counter('messages_disordered');
const returns = new Counter('ws_returns');

export const options = {
  scenarios: {
    visitors: {
      executor: 'ramping-vus',
      startVUs: 0,
      stages: [
        stage(60, VISITORS), // ramp
        stage(180, VISITORS), // hold
        stage(30, 2 * VISITORS), // to the peak
        stage(60, 2 * VISITORS), // peak
        stage(60, 0), // down
      ],

      // A conversation that has begun is judged, or what it lost would be seen by nobody.
      gracefulRampDown: `${CONVERSATION_LIMIT_MS / 1000 + 30}s`,
      gracefulStop: `${CONVERSATION_LIMIT_MS / 1000 + 30}s`,
    },
  },
  thresholds: {
    dialogs_started: ['rate>=0.95'],
    ws_connects: ['rate>=0.95'],
    delivery_latency: ['p(99)<100'],
    messages_lost: ['count==0'],
    messages_duplicated: ['count==0'],
    messages_disordered: ['count==0'],

    // A run in which nobody got anything would meet all the others.
    messages_delivered: ['count>0'],
  },
};

/**
 * @typedef {{ id: number, token: string, guest_token: string, realtime_url: string }} StartedDialog
 * @typedef {{ clientId: string, text: string, sentAt: number, seq: number }} SentMessage
 * @typedef {{ seq: number, clientId: string, text: string }} Arrival
 * @typedef {{ type: string, seq?: number, cursor?: string, text?: string, client_id?: string, recovered?: boolean, code?: string, delay_ms?: number, retry_after_ms?: number }} ServerFrame
 */

// A virtual user is one visitor, who keeps the guest token, comes back to the same dialog, and finds its history.
let guestToken = '';

export function setup() {
  const ready = http.get(`${API_URL}/health/ready`);
  if (ready.status !== 200) {
    throw new Error(`${API_URL}/health/ready answered ${ready.status} ${ready.error}: is ReplyX running, and is API_URL right?`);
  }
}

export default async function () {
  const mode = SITE_TOKEN && __VU % 2 === 0 ? 'site' : 'widget';
  const dialog = await start(mode);
  const cursor = dialog && (await loadHistory(mode, dialog));
  started.add(Boolean(cursor));
  if (!dialog || !cursor) {
    await pause(SHORTEST_WAIT_MS * 4);
    return;
  }

  await new Conversation(dialog, cursor).run();
}

/** The visitor's tabs on one dialog: one message at a time, from one tab after the other, and at the end the account. */
class Conversation {
  /**
   * @param {StartedDialog} dialog
   * @param {string} cursor
   */
  constructor(dialog, cursor) {
    this.name = `${__VU}-${__ITER}-${Date.now().toString(36)}`;

    /** @type {SentMessage[]} */
    this.messages = [];
    this.tabs = Array.from({ length: TABS }, () => new Tab(this, dialog, cursor));
    this.isOver = false;
  }

  async run() {
    const limit = setTimeout(() => this.end(), CONVERSATION_LIMIT_MS);
    this.tabs.forEach((tab) => tab.open());
    await this.until(() => this.tabs.every((tab) => tab.isOpen), CONVERSATION_LIMIT_MS);
    for (let i = 0; i < MESSAGES && !this.isOver; i++) {
      await this.say(this.tabs[i % TABS], i);
      await pause(PAUSE_MS * (0.5 + Math.random()));
    }

    await this.until(() => this.tabs.every((tab) => tab.hasAll(this.messages)), SETTLE_LIMIT_MS);
    clearTimeout(limit);
    this.end();
    this.judge();
  }

  /**
   * Sends a message and waits for its acknowledgement: the next one is stored behind it.
   * @param {Tab} tab
   * @param {number} number
   */
  async say(tab, number) {
    const message = { clientId: `${this.name}-${number}`, text: `Message ${number} of ${this.name}. ${'x'.repeat(160)}`, sentAt: Date.now(), seq: 0 };
    this.messages.push(message);
    sent.add(1);
    tab.send(message);
    await this.until(() => message.seq > 0 || !tab.unanswered, CONVERSATION_LIMIT_MS);
  }

  end() {
    this.isOver = true;
    this.tabs.forEach((tab) => tab.close());
  }

  /**
   * Waits until something is so, for as long as the conversation goes on.
   * @param {() => boolean} isSo
   * @param {number} limit
   */
  async until(isSo, limit) {
    const deadline = Date.now() + limit;
    while (!isSo() && !this.isOver && Date.now() < deadline) {
      await pause(20);
    }
  }

  judge() {
    const numbers = this.messages.map((message) => message.seq).concat(...this.tabs.map((tab) => tab.arrivals.map((arrival) => arrival.seq)));
    const top = numbers.reduce((highest, seq) => Math.max(highest, seq), 0);
    for (const tab of this.tabs.filter((one) => one.wasOpen)) {
      const verdict = tab.judge(top, this.messages);

      // Zeros, too: a threshold is to have something to go by.
      lost.add(verdict.lost);
      duplicated.add(verdict.duplicated);
      disordered.add(verdict.disordered);
      if (verdict.lost + verdict.duplicated + verdict.disordered > 0) {
        console.error(`dialog ${tab.dialogId}: ${JSON.stringify(verdict)}, from ${tab.start} to ${top}, came ${tab.arrivals.map((one) => one.seq)}`);
      }
    }
  }
}

/** One socket on a dialog. It comes back from its cursor when it is cut, and writes down everything that came. */
class Tab {
  /**
   * @param {Conversation} conversation
   * @param {StartedDialog} dialog
   * @param {string} cursor
   */
  constructor(conversation, dialog, cursor) {
    this.conversation = conversation;
    this.dialogId = dialog.id;
    this.url = socketUrl(dialog.realtime_url);
    this.token = dialog.token;
    this.cursor = cursor;
    this.start = Number(cursor.split('-')[0]);

    /** @type {Arrival[]} */
    this.arrivals = [];

    /** @type {Set<string>} */
    this.keys = new Set();

    /** @type {SentMessage | null} */
    this.unanswered = null;

    /** @type {WebSocket | null} */
    this.socket = null;
    this.isOpen = false;
    this.wasOpen = false;
    this.isClosed = false;
    this.wait = SHORTEST_WAIT_MS;
    this.hint = 0;
  }

  open() {
    if (this.isClosed) {
      return;
    }

    // The token goes into the subprotocol, so that no log and no tag of a metric has it.
    const socket = new WebSocket(`${this.url}?cursor=${encodeURIComponent(this.cursor)}`, null, {
      headers: { 'Sec-WebSocket-Protocol': `replyx.v1, replyx.token.${this.token}` },
      tags: { name: 'dialog socket' },
    });
    this.socket = socket;
    let isGreeted = false;

    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let patience;

    /** @type {ReturnType<typeof setInterval> | undefined} */
    let heartbeat;

    socket.addEventListener('open', () => {
      patience = setTimeout(() => socket.close(), GREETING_LIMIT_MS);
    });
    socket.addEventListener('message', (event) => {
      const text = 'data' in event && typeof event.data === 'string' ? event.data : '';
      if (!text.startsWith('{')) {
        return; // __pong__
      }

      /** @type {ServerFrame} */
      const frame = JSON.parse(text);
      if (frame.type === 'connected' && !isGreeted) {
        isGreeted = true;
        clear(patience);
        heartbeat = setInterval(() => this.say('__ping__'), HEARTBEAT_MS);
        connects.add(true);
        this.greeted(frame);
      } else {
        this.take(frame);
      }
    });
    socket.addEventListener('error', () => {
      // What follows is told by the close, which comes behind every error.
    });
    socket.addEventListener('close', (event) => {
      clear(patience);
      if (heartbeat !== undefined) {
        clearInterval(heartbeat);
      }

      if (!isGreeted && !this.isClosed) {
        connects.add(false);
      }

      // k6 gives it, its types do not name it yet.
      const code = /** @type {{ code?: number }} */ (/** @type {unknown} */ (event))?.code ?? 0;
      this.ended(code);
    });
  }

  close() {
    this.isClosed = true;
    if (this.isOpen) {
      this.isOpen = false;
      this.socket?.close(1000);
    }
  }

  /** @param {SentMessage} message */
  send(message) {
    this.unanswered = message;
    this.say(JSON.stringify({ type: 'message', text: message.text, client_id: message.clientId }));
  }

  /** @param {string} text */
  say(text) {
    // What is not sent now is sent again when the socket is back.
    if (this.isOpen && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(text);
    }
  }

  /** @param {SentMessage[]} messages */
  hasAll(messages) {
    return messages.every((message) => this.keys.has(message.clientId));
  }

  /** @param {ServerFrame} frame */
  greeted(frame) {
    if (this.isClosed) {
      this.socket?.close(1000);
      return;
    }

    if (this.wasOpen) {
      returns.add(1);
    }

    if (!frame.recovered) {
      // These dialogs are short: their log holds every cursor. What is missed now counts as lost.
      console.error(`dialog ${this.dialogId}: cursor ${this.cursor} was not taken`);
    }

    this.isOpen = this.wasOpen = true;
    this.wait = SHORTEST_WAIT_MS;
    if (this.unanswered) {
      this.send(this.unanswered);
    }
  }

  /** @param {ServerFrame} frame */
  take(frame) {
    const { seq = 0, cursor = '', client_id: clientId = '' } = frame;
    if (frame.type === 'ack' && this.unanswered?.clientId === clientId) {
      this.unanswered.seq = seq;
      this.unanswered = null;
    } else if (frame.type === 'error') {
      this.refused(frame);
    } else if (frame.type === 'reconnect') {
      this.hint = frame.delay_ms ?? 0;
    } else if (seq > 0 && frame.type !== 'ack') {
      this.arrivals.push({ seq, clientId, text: frame.text ?? '' });
      if (seq > Number(this.cursor.split('-')[0])) {
        this.cursor = cursor;
      }

      const message = this.conversation.messages.find((one) => one.clientId === clientId);
      if (message && !this.keys.has(clientId)) {
        this.keys.add(clientId);
        delivered.add(1);
        latency.add(Date.now() - message.sentAt);
      }
    }
  }

  /** @param {ServerFrame} frame */
  refused(frame) {
    const message = this.unanswered;
    if (!message || frame.client_id !== message.clientId) {
      return;
    }

    if (frame.code === 'backplane_unavailable') {
      // Whether it is stored is unknown: again, with the same key.
      setTimeout(() => this.unanswered === message && this.send(message), frame.retry_after_ms ?? 1000);
    } else {
      console.error(`dialog ${this.dialogId}: ${message.clientId} was refused: ${frame.code}`);
      this.unanswered = null;
    }
  }

  /** @param {number} code */
  ended(code) {
    this.isOpen = false;
    if (this.isClosed || FINAL_CODES.includes(code)) {
      this.isClosed = true;
      return;
    }

    // Decorrelated jitter, as every client of the protocol does it.
    this.wait = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS + Math.random() * (3 * this.wait - SHORTEST_WAIT_MS));
    setTimeout(() => this.open(), this.hint || this.wait);
    this.hint = 0;
  }

  /**
   * What this tab should have got: every number from its start to the top, once and in order, and every message as it was sent.
   * @param {number} top
   * @param {SentMessage[]} messages
   */
  judge(top, messages) {
    const verdict = { lost: 0, duplicated: 0, disordered: 0 };
    const seen = new Set();
    const texts = new Map();
    let highest = this.start;
    for (const { seq, clientId, text } of this.arrivals) {
      if (seen.has(seq)) {
        verdict.duplicated++;
        continue;
      }

      verdict.disordered += seq < highest ? 1 : 0;
      highest = Math.max(highest, seq);
      seen.add(seq);

      // One key under two numbers is one message twice.
      verdict.duplicated += clientId && texts.has(clientId) ? 1 : 0;
      texts.set(clientId, text);
    }

    for (let seq = this.start + 1; seq <= top; seq++) {
      verdict.lost += seen.has(seq) ? 0 : 1;
    }

    // Without a number, it is among none of those above; with another text, it is not what was sent.
    verdict.lost += messages.filter((message) => (texts.has(message.clientId) ? texts.get(message.clientId) !== message.text : message.seq === 0)).length;
    for (let i = 1; i < messages.length; i++) {
      verdict.disordered += messages[i].seq > 0 && messages[i].seq < messages[i - 1].seq ? 1 : 0;
    }

    return verdict;
  }
}

/**
 * @param {'widget' | 'site'} mode
 * @returns {Promise<StartedDialog | null>}
 */
async function start(mode) {
  const body = mode === 'site' ? { site_token: SITE_TOKEN } : { assistant_id: ASSISTANT_ID };
  const answer = await http.asyncRequest('POST', `${API_URL}/api/${mode}/dialogs`, JSON.stringify(body), request(guestToken, 'start a dialog'));
  if (answer.status !== 200 && answer.status !== 201) {
    // An old guest token may be why: the next try is a new guest's.
    guestToken = '';
    console.error(`a dialog was not started: ${answer.status} ${answer.error || answer.body}`);
    return null;
  }

  const dialog = /** @type {StartedDialog} */ (/** @type {unknown} */ (answer.json()));
  guestToken = dialog.guest_token;
  return dialog;
}

/**
 * A page loads the history first, and connects with the cursor that it got.
 * @param {'widget' | 'site'} mode
 * @param {StartedDialog} dialog
 * @returns {Promise<string | null>}
 */
async function loadHistory(mode, dialog) {
  const answer = await http.asyncRequest('GET', `${API_URL}/api/${mode}/dialogs/${dialog.id}/messages`, null, request(dialog.token, 'load the history'));
  if (answer.status !== 200) {
    console.error(`a history was not loaded: ${answer.status} ${answer.error || answer.body}`);
    return null;
  }

  return String(answer.json('cursor'));
}

/**
 * @param {string} token
 * @param {string} name
 */
function request(token, name) {
  /** @type {Record<string, string>} */
  const headers = { 'Content-Type': 'application/json' };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }

  return { headers, tags: { name } };
}

/** @param {string} answered */
function socketUrl(answered) {
  const url = REALTIME_URL ? answered.replace(/^[a-z]+:\/\/[^/]+/, REALTIME_URL) : answered;
  return url.replace(/^http/, 'ws');
}

/**
 * @param {number} milliseconds
 * @returns {Promise<void>}
 */
function pause(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(), milliseconds);
  });
}

/** @param {ReturnType<typeof setTimeout> | undefined} timer */
function clear(timer) {
  if (timer !== undefined) {
    clearTimeout(timer);
  }
}

/**
 * @param {number} seconds
 * @param {number} target
 */
function stage(seconds, target) {
  return { duration: `${Math.max(1, Math.round(seconds * TIME_SCALE))}s`, target };
}

/** @param {string} url */
function trimmed(url) {
  return url.replace(/\/+$/, '');
}

/**
 * @param {string} name
 * @param {number} otherwise
 */
function number(name, otherwise) {
  const value = __ENV[name] ? Number(__ENV[name]) : otherwise;
  if (!(value > 0)) {
    throw new Error(`${name} must be a number above 0, not ${__ENV[name]}`);
  }

  return value;
}
