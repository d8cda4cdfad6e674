import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pendingRows, storedRows } from '../../../ReplyX.Api/wwwroot/chat/rows.js';

const at = (minutes) => new Date(Date.UTC(2026, 2, 3, 12, 0) + minutes * 60_000).toISOString();
const message = (seq, sender, minutes = seq, more = {}) => ({ type: 'message', seq, sender, text: `${seq}`, timestamp: at(minutes), ...more });
const shape = (rows) => rows.map((row) => (row.kind === 'message' ? `${row.event.seq}${row.isFirst ? '^' : ''}${row.isLast ? '$' : ''}` : row.kind));

test('messages of one author belong together, until another speaks or time passes', () => {
  const rows = storedRows([
    message(1, 'assistant', 0), message(2, 'assistant', 1), message(3, 'user', 2), message(4, 'manager', 3, { author: 'Anna' }),
    message(5, 'manager', 4, { author: 'Boris' }), message(6, 'manager', 30, { author: 'Boris' }),
  ]);
  assert.deepEqual(shape(rows), ['day', '1^', '2$', '3^$', '4^$', '5^$', '6^$']);
});

test('each day has its line', () => {
  const rows = storedRows([message(1, 'user', 0), message(2, 'user', 1), message(3, 'user', 2 * 24 * 60)]);
  assert.deepEqual(shape(rows), ['day', '1^', '2$', 'day', '3^$']);
});

test('what is new is below its line, which is there once', () => {
  const events = [message(1, 'user', 0), message(2, 'assistant', 1), message(3, 'assistant', 2)];
  assert.deepEqual(shape(storedRows(events, 2)), ['day', '1^$', 'unread', '2^', '3$']);
  assert.deepEqual(shape(storedRows(events, 1)), ['day', 'unread', '1^$', '2^', '3$']);
  assert.ok(!shape(storedRows(events, 0)).includes('unread'));
});

test('steps of the handoff and what the system says are lines, and part messages', () => {
  const rows = storedRows([
    message(1, 'assistant', 0), { type: 'handoff_requested', seq: 2, timestamp: at(1) }, message(3, 'assistant', 2), message(4, 'system', 3),
  ]);
  assert.deepEqual(shape(rows), ['day', '1^$', 'system', '3^$', 'system']);
});

test('a message keeps its key when it is stored', () => {
  const stored = storedRows([message(1, 'assistant', 0)]);
  const [pending] = pendingRows([{ clientId: 'k1', text: 'x', state: 'sending', at: Date.parse(at(1)) }], stored);
  const row = storedRows([message(1, 'assistant', 0), message(2, 'user', 1, { client_id: 'k1' })]).at(-1);
  assert.equal(pending.key, row.key);
  assert.equal(new Set(storedRows(Array.from({ length: 500 }, (_, i) => message(i + 1, 'user', i * 300))).map(({ key }) => key)).size, 500 + new Set(Array.from({ length: 500 }, (_, i) => new Date(at(i * 300)).toDateString())).size);
});
