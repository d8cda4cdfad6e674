/** @import { Clock } from '../index.js' */
import { Backoff } from './backoff.js';
import { delay } from './clock.js';
import { ReplyXError, isPassing, noAnswer, readProblem } from './problems.js';
import { newTraceId, traceParentOf } from './trace.js';

/**
 * @typedef {object} Call
 * @property {'GET' | 'POST' | 'PUT'} method
 * @property {string} path
 * @property {string} [token]
 * @property {unknown} [body]
 * @property {string} [trace] The trace that it belongs to, where it is not a POST's own.
 * @property {number} [attempts] How often it is tried; eight times if not given. Each call here may be repeated.
 */

/** Makes calls to the Api, and repeats them while the server has no time or does not answer. */
export class Transport {
  static attempts = 8;
  static attemptTimeout = 15_000;

  #root;
  #fetch;
  #clock;
  #random;
  #closing;

  /**
   * @param {URL} root
   * @param {typeof fetch} fetch
   * @param {Clock} clock
   * @param {() => number} random
   * @param {AbortSignal} closing
   */
  constructor(root, fetch, clock, random, closing) {
    this.#root = root.href.replace(/\/$/, '');
    this.#fetch = fetch;
    this.#clock = clock;
    this.#random = random;
    this.#closing = closing;
  }

  /**
   * @param {Call} call
   * @returns {Promise<Record<string, any>>} The answer's body.
   * @throws {ReplyXError}
   */
  async send(call) {
    const traced = { trace: newTraceId(), ...call };
    const backoff = new Backoff(this.#random);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#try(traced);
      } catch (error) {
        const problem = /** @type {ReplyXError} */ (error);
        const wait = Math.max(backoff.next(), problem.retryAfterMs ?? 0);
        if (attempt >= (call.attempts ?? Transport.attempts) || !isPassing(problem) || wait > Backoff.longest) {
          throw problem;
        }

        await delay(this.#clock, wait, this.#closing);
      }
    }
  }

  /** @param {Call & { trace: string }} call */
  async #try(call) {
    if (this.#closing.aborted) {
      throw closed();
    }

    const ending = new AbortController();
    const end = () => ending.abort();
    const timer = this.#clock.setTimeout(end, Transport.attemptTimeout);
    this.#closing.addEventListener('abort', end);
    try {
      const response = await this.#fetch.call(globalThis, this.#root + call.path, request(call, ending.signal));
      if (!response.ok) {
        throw await readProblem(response, this.#clock.now());
      }

      if (response.status === 204) {
        return {};
      }

      const body = await response.json().catch(() => null);
      if (body === null || typeof body !== 'object') {
        // Where the body broke off, the call may be made again; where it is none of the Api's, that does no harm.
        throw new ReplyXError('no_answer', 'The answer could not be read.', { mayHaveHappened: true });
      }

      return body;
    } catch (error) {
      // What fetch throws is left out: it may tell of the request.
      throw error instanceof ReplyXError ? error : this.#closing.aborted ? closed() : noAnswer('Nothing answered.');
    } finally {
      this.#clock.clearTimeout(timer);
      this.#closing.removeEventListener('abort', end);
    }
  }
}

const closed = () => new ReplyXError('closed', 'The chat was closed.', { mayHaveHappened: true });

/**
 * @param {Call & { trace: string }} call
 * @param {AbortSignal} signal
 * @returns {RequestInit}
 */
function request(call, signal) {
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (call.token !== undefined) headers['Authorization'] = `Bearer ${call.token}`;
  if (call.body !== undefined) headers['Content-Type'] = 'application/json';
  if (call.method === 'POST') headers['traceparent'] = traceParentOf(call.trace);
  return {
    method: call.method,
    headers,
    signal,
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
  };
}
