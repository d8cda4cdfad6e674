import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transport } from '../../src/http.js';
import { ReplyXError } from '../../src/problems.js';
import { memoryStorage, ReplyXClient } from '../../index.js';
import { FakeClock } from '../fakes/clock.js';

const answer = (status, body, headers) => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });

function transport(...answers) {
  const clock = new FakeClock();
  const calls = [];
  const closing = new AbortController();
  const fetch = async (url, init) => {
    calls.push({ url, ...init });
    const next = answers.shift();
    return typeof next === 'function' ? next(init) : next;
  };
  return { clock, calls, closing, sending: new Transport(new URL('https://api.test/base/'), fetch, clock, () => 0, closing.signal) };
}

const call = { method: 'POST', path: '/api/x', token: 'secret', body: { a: 1 } };

/** What became of it, so that nobody has to wait for it while the clock stands still. */
const outcome = (promise) => promise.then((value) => ({ value }), (error) => ({ error }));

test('a call is what the Api wants', async () => {
  const { calls, sending } = transport(answer(200, { ok: true }));
  assert.deepEqual(await sending.send(call), { ok: true });
  const [{ url, method, headers, body, credentials, cache }] = calls;
  assert.deepEqual([url, method, body, credentials, cache], ['https://api.test/base/api/x', 'POST', '{"a":1}', 'omit', 'no-store']);
  const { traceparent: _, ...others } = headers;
  assert.deepEqual(others, { Accept: 'application/json', Authorization: 'Bearer secret', 'Content-Type': 'application/json' });
});

test('problem details become a typed error', async () => {
  const { sending } = transport(answer(409, {
    type: 'https://replyx.dev/problems/handoff_wrong_state', title: 'No.', detail: 'In detail.', status: 409,
    code: 'handoff_wrong_state', handoff: 'active', field: 'text', trace_id: 'abc',
  }));
  const { error } = await outcome(sending.send(call));
  assert.ok(error instanceof ReplyXError && error instanceof Error);
  const { name, message, code, status, handoff, field, traceId, mayHaveHappened } = error;
  assert.deepEqual({ name, message, code, status, handoff, field, traceId, mayHaveHappened }, {
    name: 'ReplyXError', message: 'In detail.', code: 'handoff_wrong_state', status: 409, handoff: 'active', field: 'text', traceId: 'abc',
    mayHaveHappened: false,
  });
});

test('what is no problem details gives its status only', async () => {
  for (const body of ['<html>Bad Request</html>', '[]', 'null', '{"code":7,"detail":{}}']) {
    const { sending } = transport(answer(400, body));
    const { error } = await outcome(sending.send(call));
    assert.deepEqual([error.code, error.status, error.message], ['http_error', 400, 'The server answered 400.'], body);
  }
});

test('it is tried again while the server has no time, and waits as long as it asks', async () => {
  const { clock, calls, sending } = transport(
    answer(503, {}, { 'Retry-After': '3' }),
    () => { throw new TypeError('offline'); },
    answer(429, {}),
    answer(200, '{"broken'),
    answer(200, { ok: 1 }));
  const result = outcome(sending.send(call));
  await clock.advance(2_999);
  assert.equal(calls.length, 1);
  await clock.advance(1);
  assert.equal(calls.length, 2);
  await clock.advance(2_000);
  assert.deepEqual((await result).value, { ok: 1 });
});

test('a date in Retry-After counts too', async () => {
  const { clock, calls, sending } = transport(answer(503, {}, { 'Retry-After': 'Thu, 01 Jan 2026 00:00:05 GMT' }), answer(200, {}));
  void outcome(sending.send(call));
  await clock.advance(4_900);
  assert.equal(calls.length, 1);
  await clock.advance(200);
  assert.equal(calls.length, 2);
});

test('a refusal is not tried again, nor what the server wants nobody to wait for', async () => {
  for (const [status, headers] of [[400, {}], [401, {}], [403, {}], [404, {}], [409, {}], [503, { 'Retry-After': '60' }]]) {
    const { calls, sending } = transport(answer(status, {}, headers), answer(200, {}));
    const { error } = await outcome(sending.send(call));
    assert.deepEqual([error.status, calls.length], [status, 1]);
  }
});

test('after eight attempts it gives up', async () => {
  const { clock, calls, sending } = transport(...Array(20).fill(() => { throw new TypeError('offline'); }));
  const result = outcome(sending.send(call));
  await clock.advance(60_000);
  const { error } = await result;
  assert.deepEqual([calls.length, error.code, error.status, error.mayHaveHappened], [8, 'no_answer', 0, true]);
});

test('an answer that does not come is waited for fifteen seconds', async () => {
  const hang = ({ signal }) => new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
  });
  const { clock, calls, sending } = transport(hang, answer(200, {}));
  const result = outcome(sending.send(call));
  await clock.advance(15_300);
  assert.equal(calls.length, 2);
  assert.deepEqual((await result).value, {});
});

test('no token gets into an error, whatever fetch says', async () => {
  const { clock, sending } = transport(...Array(8).fill(() => { throw new TypeError('failed with Bearer secret'); }));
  const result = outcome(sending.send(call));
  await clock.advance(60_000);
  const { error } = await result;
  assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${error.cause}`, /secret/);
});

test('what is closed is closed', async () => {
  const { closing, calls, sending } = transport(answer(200, {}));
  closing.abort();
  assert.equal((await outcome(sending.send(call))).error.code, 'closed');
  assert.equal(calls.length, 0);
});

test('either an assistant or a site is needed', () => {
  const storage = memoryStorage();
  assert.throws(() => new ReplyXClient({ api: 'https://api.test', storage }), TypeError);
  assert.throws(() => new ReplyXClient({ api: 'https://api.test', storage, assistantId: 'a', siteToken: 'b' }), TypeError);
});
