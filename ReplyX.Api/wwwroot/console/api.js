// Calls to the Api. The operator's token is kept in memory only; the session cookie, which no script sees, gets the next one.
import { delay, systemClock } from '../client/src/clock.js';
import { ReplyXError, isPassing, noAnswer, readProblem } from '../client/src/problems.js';

/** A refusal. `status` is 0 where nothing answered. */
export class ApiError extends ReplyXError {
  /** What is wrong, by field: `{field: text}`. */
  get errors() {
    return this.field === undefined ? {} : { [this.field]: this.message };
  }

  /** Whether the same call may succeed later. */
  get isPassing() {
    return isPassing(this);
  }

  static of(problem) {
    return new ApiError(problem.code, problem.message, problem);
  }
}

// Clocks differ and calls take time: a token with less left than this is renewed first.
const margin = 15_000;
const attemptTimeout = 20_000;
const refused = new Set(['token_missing', 'token_invalid', 'token_expired', 'token_revoked', 'session_ended', 'cross_site']);

let token;
let expiresAt = 0;
let renewal;
let onLost = () => {};

/** Called when neither the token nor the cookie opens anything any more. */
export function whenSessionIsLost(listener) {
  onLost = listener;
}

export function holdToken(answer) {
  token = answer?.token;
  expiresAt = answer ? Date.parse(answer.token_expires_at) : 0;
}

const isAlive = () => token !== undefined && expiresAt - Date.now() > margin;

/**
 * A token for a socket or a call; a new one with `fresh`. Throws ApiError; where the session is over, after that was told.
 */
export async function operatorToken({ fresh = false } = {}) {
  if (!fresh && isAlive()) return token;
  renewal ??= renew().finally(() => { renewal = undefined; });
  return (await renewal).token;
}

/** Gets a token by the cookie, whose life begins anew with that. What it answers is what a sign-in answers. */
export async function renew() {
  try {
    const answer = await refresh().catch((error) => {
      // A browser that takes no cookies stays signed in as long as the page is open.
      if (error.code !== 'token_missing' || !isAlive()) throw error;
      return refresh(token);
    });
    holdToken(answer);
    return answer;
  } catch (error) {
    if (refused.has(error.code)) {
      holdToken(undefined);
      onLost(error);
    }
    throw error;
  }
}

const refresh = (bearer) => once('POST', '/api/operator/refresh', undefined, bearer);

async function call(method, path, body) {
  try {
    return await once(method, path, body, await operatorToken());
  } catch (error) {
    if (error.status !== 401 || !refused.has(error.code)) throw error;
  }
  return once(method, path, body, await operatorToken({ fresh: true }));
}

// Reading may be repeated, so a moment's trouble is nobody's concern.
async function read(path) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call('GET', path);
    } catch (error) {
      if (attempt === 3 || !error.isPassing || (error.retryAfterMs ?? 0) > 5_000) throw error;
      await delay(systemClock, error.retryAfterMs ?? 300 * attempt, new AbortController().signal);
    }
  }
}

async function once(method, path, body, bearer) {
  const ending = new AbortController();
  const timer = setTimeout(() => ending.abort(), attemptTimeout);
  try {
    const response = await fetch(path, {
      method,
      signal: ending.signal,
      cache: 'no-store',
      credentials: 'same-origin',
      referrerPolicy: 'no-referrer',
      headers: {
        Accept: 'application/json',
        // Only a page of ours can send it along: what the cookie alone opens asks for it.
        'X-ReplyX-Request': '1',
        ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw ApiError.of(await readProblem(response, Date.now()));
    return response.status === 204 ? null : await response.json();
  } catch (error) {
    // What fetch throws is left out: it may tell of the request.
    throw error instanceof ApiError ? error : ApiError.of(noAnswer('Nothing answered.'));
  } finally {
    clearTimeout(timer);
  }
}

export const api = {
  get: read,
  post: (path, body = {}) => call('POST', path, body),
  put: (path, body = {}) => call('PUT', path, body),
  patch: (path, body = {}) => call('PATCH', path, body),
  delete: (path) => call('DELETE', path),
  /** Without a token: sign-in, invitations. */
  open: { get: (path) => once('GET', path), post: (path, body = {}) => once('POST', path, body) },
};
