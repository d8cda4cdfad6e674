// The parts of k6's modules that the load test uses, on Node.js: https://grafana.com/docs/k6/latest/javascript-api/
// One module stands for all of them, since none has a name that another has, too.
import Socket from 'ws';

export const metrics = new Map();

/** A metric of one name is one metric, whichever virtual user makes it. */
class Metric {
  constructor(name) {
    if (metrics.has(name)) {
      return metrics.get(name);
    }

    this.values = [];
    metrics.set(name, this);
  }

  add(value) {
    this.values.push(Number(value));
  }

  get count() {
    return this.values.reduce((sum, value) => sum + value, 0);
  }

  get rate() {
    return this.values.length > 0 ? this.count / this.values.length : 0;
  }

  quantile(percent) {
    const sorted = this.values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
  }
}

export class Counter extends Metric {}
export class Rate extends Metric {}
export class Trend extends Metric {}

const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
export { clearInterval, clearTimeout, setInterval, setTimeout };

export class WebSocket {
  static CONNECTING = 0;
  static OPEN = 1;
  static CLOSING = 2;
  static CLOSED = 3;

  #socket;

  constructor(url, protocols, params = {}) {
    if (!/^wss?:/.test(url) || protocols) {
      throw new Error(`WebSocket requires url with scheme ws or wss, and protocols by their header: ${url}`);
    }

    const { 'Sec-WebSocket-Protocol': asked = '', ...headers } = params.headers ?? {};
    this.#socket = new Socket(url, asked.split(',').map((one) => one.trim()), { headers, perMessageDeflate: false });
  }

  get readyState() {
    return this.#socket.readyState;
  }

  addEventListener(name, listener) {
    this.#socket.addEventListener(name, (event) => listener({ type: name, data: event.data, code: event.code, error: event.message }));
  }

  send(text) {
    if (this.readyState !== WebSocket.OPEN) {
      throw new Error('InvalidStateError: the socket is not open');
    }

    this.#socket.send(text);
  }

  close(code = 1000) {
    this.#socket.close(code);
  }
}

class Answer {
  constructor(status, body, error = '') {
    Object.assign(this, { status, body, error });
  }

  json(name) {
    const value = JSON.parse(this.body);
    return name ? value[name] : value;
  }
}

export default {
  // k6 waits for it, which only a process of its own could do here: enough for setup, where it says whether a service is there.
  get: () => new Answer(200, ''),

  async asyncRequest(method, url, body, { headers }) {
    try {
      const answer = await fetch(url, { method, body, headers });
      return new Answer(answer.status, await answer.text());
    } catch (error) {
      return new Answer(0, null, String(error.cause ?? error));
    }
  },
};
