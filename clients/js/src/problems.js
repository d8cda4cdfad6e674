/** @import { ErrorDetails, HandoffState } from '../index.js' */

/** The server's refusal, or what this library has to say. Made from chosen members only, so that no token gets in. */
export class ReplyXError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {ErrorDetails} [more]
   */
  constructor(code, message, more = {}) {
    super(message);
    this.name = 'ReplyXError';
    this.code = code;
    this.status = more.status ?? 0;
    this.mayHaveHappened = more.mayHaveHappened ?? false;
    this.retryAfterMs = more.retryAfterMs;
    this.field = more.field;
    this.handoff = more.handoff;
    this.traceId = more.traceId;
    this.closeCode = more.closeCode;
  }
}

/** @param {string} message */
export const noAnswer = (message) => new ReplyXError('no_answer', message, { mayHaveHappened: true });

/**
 * Whether the same call may succeed later: nothing answered, or the server has no time or is in trouble.
 * @param {ReplyXError} error
 */
export const isPassing = (error) => error.code === 'no_answer' || [408, 429].includes(error.status) || error.status >= 500;

/**
 * Whether the guest token is good for nothing any more, so that only starting without it helps.
 * @param {ReplyXError} error
 */
export const isTokenRefused = (error) => error.code === 'token_expired' || error.code === 'token_invalid';

/**
 * Reads an answer that is no success (RFC 9457). What is no problem details, a proxy's page say, gives its status only.
 * @param {Response} response
 * @param {number} now
 * @returns {Promise<ReplyXError>}
 */
export async function readProblem(response, now) {
  const body = await response.json().catch(() => null);
  const problem = /** @type {Record<string, unknown>} */ (body !== null && typeof body === 'object' ? body : {});
  const text = (/** @type {string} */ name) => (typeof problem[name] === 'string' ? /** @type {string} */ (problem[name]) : undefined);
  /** @type {ErrorDetails} */
  const more = { status: response.status, mayHaveHappened: response.status >= 500 };
  const retryAfterMs = readRetryAfter(response.headers.get('Retry-After'), now);
  if (retryAfterMs !== undefined) more.retryAfterMs = retryAfterMs;
  const field = text('field');
  if (field !== undefined) more.field = field;
  const handoff = text('handoff');
  if (handoff !== undefined) more.handoff = /** @type {HandoffState} */ (handoff);
  const traceId = text('trace_id');
  if (traceId !== undefined) more.traceId = traceId;
  const message = text('detail') ?? text('title') ?? `The server answered ${response.status}.`;
  return new ReplyXError(text('code') ?? 'http_error', message, more);
}

/**
 * Reads `Retry-After`, which is seconds or a date. A page of another origin may not see it.
 * @param {string | null} value
 * @param {number} now
 * @returns {number | undefined}
 */
function readRetryAfter(value, now) {
  if (value === null) {
    return undefined;
  }

  const wait = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
