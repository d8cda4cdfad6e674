import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeBrowser } from '../fakes/browser.js';

async function connected(t) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page();
  page.chat.start();
  await browser.clock.advance(0);
  const { server, clock } = browser;
  const write = async (offset, text, replyTo = 2) => {
    server.open[0].say({ type: 'message_delta', dialog_id: 101, sender: 'assistant', reply_to: replyTo, offset, text });
    await clock.advance(0);
  };
  return { page, server, clock, write };
}

const piece = (offset, text, replyTo = 2) => ({ replyTo, sender: 'assistant', offset, text });
const end = (replyTo = 2) => ({ replyTo, ended: true });

test('an answer comes out as it is written, and ends with its message', async (t) => {
  const { page, server, clock, write } = await connected(t);
  await write(0, 'We ');
  await write(3, '🚲 have');
  server.append(server.dialog, { sender: 'assistant', text: 'We 🚲 have.', reply_to: 2 });
  await clock.advance(0);
  assert.deepEqual(page.deltas, [piece(0, 'We '), piece(3, '🚲 have'), end()]);
  assert.equal(page.events.at(-1).reply_to, 2);
});

test('who came late or missed a piece waits for the message', async (t) => {
  const { page, server, clock, write } = await connected(t);
  await write(3, 'have');
  assert.deepEqual(page.deltas, []);
  await write(0, 'We ');
  await write(8, 'three');
  await write(7, ' ');
  assert.deepEqual(page.deltas, [piece(0, 'We ')]);
  server.append(server.dialog, { sender: 'assistant', text: 'We have three', reply_to: 2 });
  await clock.advance(0);
  assert.deepEqual(page.deltas, [piece(0, 'We '), end()]);
});

test('an answer that begins anew replaces what was written of it', async (t) => {
  const { page, write } = await connected(t);
  await write(0, 'We have');
  await write(0, 'Three ');
  await write(6, 'bicycles');
  await write(7, 'late word of the first');
  assert.deepEqual(page.deltas, [piece(0, 'We have'), piece(0, 'Three '), piece(6, 'bicycles')]);
});

test('an answer that is given up ends once', async (t) => {
  const { page, server, clock, write } = await connected(t);
  await write(0, 'We have');
  server.open[0].say({ type: 'message_delta_end', dialog_id: 101, reply_to: 2 });
  server.open[0].say({ type: 'message_delta_end', dialog_id: 101, reply_to: 2 });
  server.open[0].say({ type: 'message_delta_end', dialog_id: 101, reply_to: 9 });
  await clock.advance(0);
  assert.deepEqual(page.deltas, [piece(0, 'We have'), end()]);
});

for (const [what, happens] of [
  ['an operator', (server) => server.append(server.dialog, { type: 'handoff_started', handoff: 'active', operator: 'Anna' })],
  ['the end of the socket', (server) => server.cut()],
]) {
  test(`${what} ends what is written`, async (t) => {
    const { page, server, clock, write } = await connected(t);
    await write(0, 'We have');
    await write(0, 'And', 3);
    happens(server);
    await clock.advance(0);
    assert.deepEqual(page.deltas.slice(2), [end(), end(3)]);
  });
}
