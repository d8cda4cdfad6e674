/** @import { Clock } from '../index.js' */
import { closeCodes, finalError } from './close-codes.js';
import { ReplyXError } from './problems.js';

/**
 * How a socket ended.
 * @typedef {object} Ending
 * @property {string} reason
 * @property {number} [closeCode]
 * @property {ReplyXError} [error] Why there is to be no other one.
 * @property {boolean} [tokenExpired]
 * @property {boolean} [resume] It was dropped in order to resume, which is done at once.
 * @property {number} [delayMs] How long the server wants a client to stay away.
 * @property {number} [retryAfterMs] How long the Api wants a client to wait at least.
 */

/** One socket, from its opening to its end, which comes once and as a value. */
export class LiveSocket {
  static protocol = 'replyx.v1';
  static tokenPrefix = 'replyx.token.';
  static connectTimeout = 15_000;
  static heartbeat = 25_000;
  static silenceLimit = 40_000;
  /** How soon a socket must answer after the page came back from sleep or the network from an outage. */
  static probeTimeout = 5_000;

  #socket;
  #clock;
  #onFrame;
  #onEnd;
  #heartbeat = LiveSocket.heartbeat;
  #lastHeard;
  #lastPing;
  #deadAt;
  /** @type {number | undefined} */
  #delayMs;
  /** @type {unknown} */
  #timer;
  #isOpen = false;
  #isEnded = false;
  /** When the server greeted; undefined before. @type {number | undefined} */
  greetedAt;

  /**
   * @param {object} options
   * @param {new (url: string, protocols: string[]) => WebSocket} options.WebSocket
   * @param {string} options.url
   * @param {string} options.token
   * @param {string} options.cursor
   * @param {Clock} options.clock
   * @param {(frame: Record<string, any>) => void} options.onFrame
   * @param {(ending: Ending) => void} options.onEnd
   */
  constructor({ WebSocket, url, token, cursor, clock, onFrame, onEnd }) {
    this.#clock = clock;
    this.#onFrame = onFrame;
    this.#onEnd = onEnd;
    this.#lastHeard = this.#lastPing = clock.now();
    this.#deadAt = this.#lastHeard + LiveSocket.connectTimeout;
    this.#socket = new WebSocket(addressOf(url, cursor), [LiveSocket.protocol, LiveSocket.tokenPrefix + token]);
    this.#socket.onopen = () => { this.#isOpen = true; };
    this.#socket.onmessage = (event) => this.#receive(event.data);
    this.#socket.onclose = (event) => this.#end(this.#closed(event.code));
    this.#socket.onerror = () => this.#failed();
    this.#schedule();
  }

  /** @param {Record<string, unknown>} frame */
  send(frame) {
    this.#write(JSON.stringify(frame));
  }

  /**
   * The server has greeted: heartbeats begin.
   * @param {unknown} heartbeatSeconds
   */
  greeted(heartbeatSeconds) {
    this.greetedAt = this.#clock.now();
    if (typeof heartbeatSeconds === 'number' && heartbeatSeconds > 0) {
      this.#heartbeat = Math.min(LiveSocket.heartbeat, heartbeatSeconds * 1000);
    }

    this.#hear();
    this.#schedule();
  }

  /** The server is about to close. @param {unknown} delayMs */
  reconnectIn(delayMs) {
    this.#delayMs = typeof delayMs === 'number' && delayMs >= 0 ? delayMs : undefined;
  }

  /** Wants a sign of life now. */
  probe() {
    if (this.greetedAt !== undefined && !this.#isEnded) {
      this.#deadAt = Math.min(this.#deadAt, this.#clock.now() + LiveSocket.probeTimeout);
      this.#ping();
      this.#schedule();
    }
  }

  /**
   * Drops it. The server learns of it if it can still be reached.
   * @param {Ending} ending
   */
  abort(ending) {
    this.#end(ending);
  }

  /** @param {unknown} data */
  #receive(data) {
    this.#hear();
    if (typeof data !== 'string' || data === '__pong__') {
      return;
    }

    // Timers of a hidden page come late; what is heard is an occasion to be on time.
    this.#tick();
    const frame = parse(data);
    if (frame && !this.#isEnded) {
      this.#onFrame(frame);
    }
  }

  #hear() {
    this.#lastHeard = this.#clock.now();
    if (this.greetedAt !== undefined) {
      this.#deadAt = this.#lastHeard + LiveSocket.silenceLimit;
    }
  }

  #tick() {
    const now = this.#clock.now();
    if (this.#isEnded) {
      return;
    }

    if (now >= this.#deadAt) {
      this.#end({ reason: this.greetedAt === undefined ? 'the server did not greet in time' : 'the server fell silent' });
      return;
    }

    if (this.greetedAt !== undefined && now - this.#lastPing >= this.#heartbeat) {
      this.#ping();
    }
  }

  #schedule() {
    this.#clock.clearTimeout(this.#timer);
    if (!this.#isEnded) {
      const pingAt = this.greetedAt === undefined ? Infinity : this.#lastPing + this.#heartbeat;
      const wait = Math.max(0, Math.min(this.#deadAt, pingAt) - this.#clock.now());
      this.#timer = this.#clock.setTimeout(() => {
        this.#tick();
        this.#schedule();
      }, wait);
    }
  }

  #ping() {
    this.#lastPing = this.#clock.now();
    this.#write('__ping__');
  }

  /** @param {string} text */
  #write(text) {
    if (!this.#isEnded && this.#socket.readyState === 1) {
      this.#socket.send(text);
    }
  }

  /**
   * @param {number} code
   * @returns {Ending}
   */
  #closed(code) {
    const error = finalError(code);
    return {
      reason: code === closeCodes.abnormal ? 'the connection broke off' : `closed with ${code}`,
      closeCode: code,
      tokenExpired: code === closeCodes.tokenExpired,
      ...(error ? { error } : {}),
      ...(this.#delayMs === undefined ? {} : { delayMs: this.#delayMs }),
    };
  }

  /** A browser tells of the end next, with a code. Node does not where no socket came about. */
  #failed() {
    if (!this.#isOpen) {
      this.#end({ reason: 'no socket came about', closeCode: closeCodes.abnormal });
    }
  }

  /** @param {Ending} ending */
  #end(ending) {
    if (this.#isEnded) {
      return;
    }

    this.#isEnded = true;
    this.#clock.clearTimeout(this.#timer);
    const socket = this.#socket;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.onerror = () => {};
    if (socket.readyState < 2) {
      socket.close(closeCodes.normal);
    }

    this.#onEnd(ending);
  }
}

/**
 * @param {string} url
 * @param {string} cursor
 */
function addressOf(url, cursor) {
  const address = new URL(url);
  address.protocol = address.protocol.replace('http', 'ws');
  address.searchParams.set('cursor', cursor);
  return address.href;
}

/**
 * @param {string} text
 * @returns {Record<string, any> | undefined}
 */
function parse(text) {
  try {
    const frame = JSON.parse(text);
    return typeof frame?.type === 'string' ? frame : undefined;
  } catch {
    return undefined;
  }
}
