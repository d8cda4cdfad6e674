/** @import { Clock, ConnectionChange, ConnectionState, StoredEvent } from '../index.js' */
/** @import { Dialog } from './session.js' */
/** @import { Ending } from './socket.js' */
/** @import { Fate } from './timeline.js' */
/** @import { Cursor } from './cursor.js' */
import { Backoff } from './backoff.js';
import { delay } from './clock.js';
import { ReplyXError, isPassing } from './problems.js';
import { LiveSocket } from './socket.js';

/** @typedef {new (url: string, protocols: string[]) => WebSocket} SocketClass */

/**
 * Whose socket it is: a visitor's (session.js), or an operator's.
 * @typedef {object} Subject
 * @property {Pick<Dialog, 'realtimeUrl'> | undefined} dialog Where its events come from; undefined as long as there is nothing to connect to.
 * @property {() => Promise<void>} begin Sees to it that there is a dialog.
 * @property {(need: 'any' | 'fresh') => Promise<string>} token
 * @property {() => void} forgetDialog The dialog is no more.
 */

/**
 * What the socket's stored events go to: a dialog's (timeline.js), or a list's.
 * @typedef {object} Events
 * @property {boolean} isLoaded
 * @property {Cursor | undefined} position
 * @property {() => Promise<void>} load
 * @property {() => Promise<void>} reload
 * @property {(event: StoredEvent) => Fate} offer
 */

/**
 * What the connection has to tell the client.
 * @typedef {object} Listener
 * @property {(change: ConnectionChange) => void} changed
 * @property {(socket: LiveSocket, greeting: Record<string, any>) => void} greeted The socket is up, and what was missed is here or follows.
 * @property {(frame: Record<string, any>) => void} frame All but stored events and what concerns the socket itself, types of later versions included.
 * @property {(ending: Ending) => void} lost
 * @property {() => boolean} isWanted Whether there is reason to begin a dialog.
 */

/** The lasting connection: dialog, token, history, socket, and another socket whenever that one is lost. */
export class Connection {
  /** How long a socket must hold for the next loss to start again at the shortest wait. */
  static stableAfter = 5_000;

  /** @type {ConnectionState} */
  state = 'idle';

  #session;
  #timeline;
  #listener;
  #WebSocket;
  #clock;
  #backoff;
  #isClosed = false;
  #isRunning = false;
  /** Ends the present wait, or the next one. */
  #wake = new AbortController();
  /** @type {LiveSocket | undefined} */
  #socket;
  #tokenIsBad = false;
  /** @type {number | undefined} The position after which a hole was seen last. */
  #lastHole;

  /**
   * @param {object} options
   * @param {Subject} options.session
   * @param {Events} options.timeline
   * @param {Listener} options.listener
   * @param {SocketClass | undefined} options.WebSocket
   * @param {Clock} options.clock
   * @param {() => number} options.random
   */
  constructor({ session, timeline, listener, WebSocket, clock, random }) {
    this.#session = session;
    this.#timeline = timeline;
    this.#listener = listener;
    this.#WebSocket = WebSocket;
    this.#clock = clock;
    this.#backoff = new Backoff(random);
  }

  /** The socket, once it is greeted. */
  get socket() {
    return this.#socket?.greetedAt === undefined ? undefined : this.#socket;
  }

  /** Runs, unless it does. Where it waits for somebody to want a dialog, it looks again. */
  run() {
    if (this.#isClosed) {
      return;
    }

    if (!this.#isRunning) {
      this.#isRunning = true;
      void this.#run();
    } else if (this.state === 'idle') {
      this.#wake.abort();
    }
  }

  /** Tries at once, where it waits; where there is a socket, wants to know whether it still lives. */
  wake() {
    this.#wake.abort();
    this.#socket?.probe();
  }

  /** The dialog is another one, or there is none: the socket is of no use any more. */
  restart() {
    this.#wake.abort();
    this.#socket?.abort({ reason: 'the dialog is another one', resume: true });
  }

  close() {
    this.#isClosed = true;
    this.#wake.abort();
    this.#socket?.abort({ reason: 'closed' });
    this.#change({ state: 'closed' });
  }

  async #run() {
    this.#backoff.reset();
    while (!this.#isClosed) {
      this.#wake = new AbortController();
      if (!this.#session.dialog && !this.#listener.isWanted()) {
        this.#change({ state: 'idle' });
        await delay(this.#clock, undefined, this.#wake.signal);
        continue;
      }

      const before = this.#timeline.position?.text;
      const ending = await this.#once();
      if (this.#isClosed) {
        return;
      }

      this.#listener.lost(ending);
      const code = ending.closeCode === undefined ? {} : { closeCode: ending.closeCode };
      if (ending.error) {
        this.#isRunning = false;
        this.#change({ state: 'ended', reason: ending.reason, error: ending.error, ...code });
        return;
      }

      const wait = this.#waitAfter(ending, before);
      if (wait > 0) {
        this.#change({ state: 'reconnecting', reason: ending.reason, retryInMs: wait, ...code });
        await delay(this.#clock, wait, this.#wake.signal);
      }
    }
  }

  /**
   * From finding a dialog to the end of a socket.
   * @returns {Promise<Ending>}
   */
  async #once() {
    const WebSocket = this.#WebSocket;
    if (!WebSocket) {
      const error = new ReplyXError('no_websocket', 'This platform has no WebSocket; one can be given as an option.');
      return { reason: error.code, error };
    }

    this.#change({ state: this.state === 'connected' || this.state === 'reconnecting' ? 'reconnecting' : 'connecting' });
    try {
      await this.#session.begin();
      if (this.#tokenIsBad) {
        await this.#session.token('fresh');
        this.#tokenIsBad = false;
      }

      if (!this.#timeline.isLoaded) {
        await this.#timeline.load();
      }

      // Asked for last, since to load may have renewed it.
      const token = await this.#session.token('any');
      const url = this.#session.dialog?.realtimeUrl;
      const cursor = this.#timeline.position?.text;
      return url !== undefined && cursor !== undefined && !this.#isClosed
        ? await this.#serve(WebSocket, url, token, cursor)
        : { reason: 'the dialog is another one', resume: true };
    } catch (error) {
      return this.#afterProblem(error);
    }
  }

  /**
   * One socket, until it ends.
   * @param {SocketClass} WebSocket
   * @param {string} url
   * @param {string} token
   * @param {string} cursor
   * @returns {Promise<Ending>}
   */
  async #serve(WebSocket, url, token, cursor) {
    /** @type {Record<string, any>[]} */
    const frames = [];
    let isTaking = false;
    const take = async (/** @type {LiveSocket} */ socket) => {
      isTaking = true;
      for (let frame; (frame = frames.shift()) && this.#socket === socket;) {
        const reading = this.#take(socket, frame);
        if (reading) {
          await reading; // Only the history takes time; what the socket brings meanwhile waits here.
        }
      }

      isTaking = false;
    };
    const ending = await new Promise((/** @type {(ending: Ending) => void} */ resolve) => {
      const socket = new LiveSocket({
        WebSocket, url, token, cursor,
        clock: this.#clock,
        onFrame: (frame) => {
          frames.push(frame);
          if (!isTaking) {
            void take(socket);
          }
        },
        onEnd: (/** @type {Ending} */ ending) => {
          if (socket.greetedAt !== undefined && this.#clock.now() - socket.greetedAt >= Connection.stableAfter) {
            this.#backoff.reset();
          }

          this.#socket = undefined;
          resolve(ending);
        },
      });
      this.#socket = socket;
    });
    this.#tokenIsBad = ending.tokenExpired === true;
    return ending;
  }

  /**
   * @param {LiveSocket} socket
   * @param {Record<string, any>} frame
   * @returns {Promise<void> | undefined}
   */
  #take(socket, frame) {
    switch (frame['type']) {
      case 'connected':
        return this.#greet(socket, frame);
      case 'reconnect':
        socket.reconnectIn(frame['delay_ms']);
        return undefined;
      case 'token_expiring':
        void this.#refresh(socket);
        return undefined;
      case 'refreshed':
        return undefined;
      default:
        // An answer to a message has the message's cursor, and is no event.
        if (typeof frame['cursor'] === 'string' && frame['type'] !== 'ack') {
          return this.#offer(socket, frame);
        }

        this.#listener.frame(frame);
        return undefined;
    }
  }

  /**
   * @param {LiveSocket} socket
   * @param {Record<string, any>} frame
   * @returns {Promise<void> | undefined}
   */
  #greet(socket, frame) {
    socket.greeted(frame['heartbeat_seconds']);
    this.#change({ state: 'connected', node: String(frame['node'] ?? ''), recovered: frame['recovered'] === true });
    if (frame['recovered'] === true) {
      this.#listener.greeted(socket, frame);
      return undefined;
    }

    return this.#reload(socket).then(() => {
      if (this.#socket === socket) {
        this.#listener.greeted(socket, frame);
      }
    });
  }

  /**
   * @param {LiveSocket} socket
   * @param {Record<string, any>} frame
   * @returns {Promise<void> | undefined}
   */
  #offer(socket, frame) {
    const event = /** @type {StoredEvent} */ (frame);
    switch (this.#timeline.offer(event)) {
      case 'hole':
        if (this.#lastHole !== this.#timeline.position?.seq) {
          this.#lastHole = this.#timeline.position?.seq;
          socket.abort({ reason: 'an event was missing', resume: true });
          return undefined;
        }

        // To resume did not bring what is missing, so only the history can have it.
        return this.#reload(socket).then(() => {
          if (['hole', 'conflict'].includes(this.#timeline.offer(event))) {
            socket.abort({ reason: 'an event was missing' });
          }
        });
      case 'conflict':
        socket.abort({ reason: 'the log is another one', resume: true });
        return undefined;
      default:
        return undefined;
    }
  }

  /** @param {LiveSocket} socket */
  async #reload(socket) {
    try {
      await this.#timeline.reload();
    } catch (error) {
      socket.abort(this.#afterProblem(error));
    }
  }

  /** @param {LiveSocket} socket */
  async #refresh(socket) {
    try {
      socket.send({ type: 'refresh', token: await this.#session.token('fresh') });
    } catch {
      // Without a new token the server closes with 4001, and then there is all the time to get one.
    }
  }

  /**
   * @param {unknown} error
   * @returns {Ending}
   */
  #afterProblem(error) {
    if (!(error instanceof ReplyXError)) {
      // A bug, or a browser that allows no such socket. Only the name is told, since the rest may quote the token.
      const internal = new ReplyXError('internal_error', error instanceof Error ? error.name : 'An error without a name.');
      return { reason: internal.code, error: internal };
    }

    switch (error.code) {
      case 'dialog_not_found':
        this.#session.forgetDialog();
        return { reason: 'the dialog expired', resume: true };
      case 'guest_lost':
      case 'no_dialog':
        return { reason: 'the dialog is another one', resume: true };
      case 'closed':
        return { reason: 'closed' };
      default:
        return isPassing(error)
          ? { reason: error.code, ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }) }
          : { reason: error.code, error };
    }
  }

  /**
   * A socket that was dropped in order to resume is replaced at once, as long as that brings something; otherwise the backoff applies.
   * @param {Ending} ending
   * @param {string | undefined} before The position before it.
   */
  #waitAfter(ending, before) {
    const isWorthIt = this.#backoff.isFresh || this.#timeline.position?.text !== before;
    const own = this.#backoff.next();
    return ending.resume && isWorthIt ? 0 : ending.delayMs ?? Math.max(own, ending.retryAfterMs ?? 0);
  }

  /** @param {ConnectionChange} change */
  #change(change) {
    const isNews = change.state !== this.state || change.retryInMs !== undefined;
    this.state = change.state;
    if (isNews) {
      this.#listener.changed(change);
    }
  }
}
