// An operator's socket. The connection is the visitors' (clients/js): cursor, jitter, heartbeat, close codes, token refresh.
import { systemClock } from '../client/src/clock.js';
import { Connection } from '../client/src/connection.js';
import { Lifecycle } from '../client/src/lifecycle.js';
import { config } from '../ui/config.js';
import { operatorToken } from './api.js';

const socketAddress = (path) => config.realtime_url.replace(/\/$/u, '') + path;

/** Tokens are the operator's; what is listened to is an address that does not change. */
export class OperatorSubject {
  /** @param onGone Called when there is no such dialog any more. */
  constructor(path, onGone = () => {}) {
    this.dialog = { realtimeUrl: socketAddress(path) };
    this.onGone = onGone;
  }

  async begin() {}

  token(need) {
    return operatorToken({ fresh: need === 'fresh' });
  }

  forgetDialog() {
    this.dialog = undefined;
    this.onGone();
  }
}

/** Keeps a socket open until `close()`. `listener` has some of `changed`, `greeted`, `frame`, `lost`. */
export class OperatorConnection {
  #connection;
  #lifecycle;
  #isClosed = false;
  #asked = false;

  constructor({ subject, timeline, listener }) {
    const ignore = () => {};
    this.#connection = new Connection({
      session: subject,
      timeline,
      WebSocket: globalThis.WebSocket,
      clock: systemClock,
      random: Math.random,
      listener: {
        greeted: ignore, frame: ignore, lost: ignore,
        isWanted: () => false,
        ...listener,
        changed: (change) => {
          listener.changed?.(change);
          if (change.state === 'connected') this.#asked = false;
          if (change.error?.code === 'authentication_failed') void this.#askOnce();
        },
      },
    });
    this.#lifecycle = new Lifecycle({}, () => this.#connection.wake());
  }

  get socket() {
    return this.#connection.socket;
  }

  open() {
    this.#lifecycle.begin();
    this.#connection.run();
  }

  close() {
    this.#isClosed = true;
    this.#lifecycle.end();
    this.#connection.close();
  }

  /** A refused token is one that was taken back: either the session is over, which api.js tells, or there is a new one. */
  async #askOnce() {
    if (this.#asked || this.#isClosed) return;
    this.#asked = true;
    try {
      await operatorToken({ fresh: true });
      this.#connection.run();
    } catch {
      // The sign-in page is there, or the page says that it is cut off.
    }
  }
}
