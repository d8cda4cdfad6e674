import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Transport } from '../../src/http.js';
import { newTraceId, traceParentOf } from '../../src/trace.js';
import { FakeBrowser } from '../fakes/browser.js';
import { FakeClock } from '../fakes/clock.js';

// W3C Trace Context section 3.2, version 00, not sampled.
const pattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-00$/;

const traceOf = (header) => header.split('-')[1];
const parentOf = (header) => header.split('-')[2];

function transport(...statuses) {
  const clock = new FakeClock();
  const headers = [];
  const fetch = async (_, init) => {
    headers.push(init.headers.traceparent);
    const status = statuses.shift() ?? 200;
    return new Response('{}', { status });
  };
  return { clock, headers, sending: new Transport(new URL('https://api.test/'), fetch, clock, () => 0, new AbortController().signal) };
}

function opened(t) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page();
  return { browser, page, server: browser.server, clock: browser.clock, of: (kind) => browser.server.requests.filter((one) => one.kind === kind) };
}

test('the header is what W3C says, whatever is drawn', (t) => {
  assert.match(traceParentOf(newTraceId()), pattern);
  let drawn = 0;
  t.mock.method(globalThis.crypto, 'getRandomValues', (bytes) => bytes.fill(drawn));
  assert.equal(traceParentOf(newTraceId()), '00-00000000000000000000000000000001-0000000000000001-00');
  drawn = 255;
  assert.equal(traceParentOf(newTraceId()), `00-${'f'.repeat(32)}-${'f'.repeat(16)}-00`);
});

test('every bit that a sampler looks at first is random', () => {
  const ids = Array.from({ length: 400 }, newTraceId);
  assert.equal(new Set(ids).size, 400);
  const below = ids.filter((id) => Number.parseInt(id.slice(0, 8), 16) < 2 ** 31).length;
  assert.ok(below > 120 && below < 280, `${below} of 400 in the lower half`);
});

test('attempts of one call are one trace, each with a parent of its own', async () => {
  const { clock, headers, sending } = transport(503, 429);
  const result = sending.send({ method: 'POST', path: '/api/x', body: {} });
  await clock.advance(60_000);
  await result;

  assert.equal(headers.length, 3);
  headers.forEach((header) => assert.match(header, pattern));
  assert.equal(new Set(headers.map(traceOf)).size, 1);
  assert.equal(new Set(headers.map(parentOf)).size, 3);
});

test('the next call is another trace', async () => {
  const { headers, sending } = transport();
  for (let i = 0; i < 3; i++) await sending.send({ method: 'POST', path: '/api/x', body: {} });

  assert.equal(new Set(headers.map(traceOf)).size, 3);
});

test('what only reads or says again where the visitor is begins no trace', async () => {
  const { headers, sending } = transport();
  await sending.send({ method: 'GET', path: '/api/x' });
  await sending.send({ method: 'PUT', path: '/api/x', body: {} });

  assert.deepEqual(headers, [undefined, undefined]);
});

test('a start is one trace until it is answered, and has nothing of its key', async (t) => {
  const { page, server, clock, of } = opened(t);
  server.harm.start = ['lose', 'fail', { status: 503, code: 'backplane_unavailable' }];
  page.chat.start();
  await clock.advance(60_000);

  const starts = of('start');
  assert.equal(starts.length, 4);
  starts.forEach(({ traceparent }) => assert.match(traceparent, pattern));
  assert.equal(new Set(starts.map(({ traceparent }) => traceOf(traceparent))).size, 1);
  assert.equal(new Set(starts.map(({ traceparent }) => parentOf(traceparent))).size, 4);
  assert.ok(!starts[0].traceparent.includes(starts[0].body.client_id), 'who names the key gets the dialog');
});

test('a start without what was said of the visitor is the same trace', async (t) => {
  const { page, server, clock, of } = opened(t);
  server.harm.start = [{ status: 400, code: 'invalid_field', field: 'visitor.email' }];
  await page.chat.identify({ email: 'ann@example' });
  page.chat.start();
  await clock.advance(1_000);

  const [first, second] = of('start');
  assert.equal(traceOf(first.traceparent), traceOf(second.traceparent));
});

test('the next start is another trace', async (t) => {
  const { page, server, clock, of } = opened(t);
  page.chat.start();
  await clock.advance(1_000);
  server.dialogs.clear();
  server.open[0].deliver({ type: 'error', code: 'no_such_dialog' });
  await clock.advance(1_000);

  const starts = of('start');
  assert.equal(starts.length, 2);
  assert.notEqual(traceOf(starts[0].traceparent), traceOf(starts[1].traceparent));
});

test('a step that is repeated with a new token is the same trace, and the next step another', async (t) => {
  const { page, server, clock, of } = opened(t);
  page.chat.start();
  await clock.advance(10_000);
  server.harm.handoff = [{ status: 401, code: 'token_expired' }];
  const asked = page.chat.requestHuman();
  await clock.advance(1_000);
  await asked;
  const cancelled = page.chat.cancelHuman();
  await clock.advance(1_000);
  await cancelled;

  const steps = of('handoff').filter(({ method }) => method === 'POST').map(({ traceparent }) => traceOf(traceparent));
  assert.equal(steps.length, 3);
  assert.equal(steps[0], steps[1]);
  assert.notEqual(steps[1], steps[2]);
});
