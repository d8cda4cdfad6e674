import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeBrowser, statesOf, texts } from '../fakes/browser.js';
import { withSeed } from '../seed.js';

const hour = 60 * 60_000;

async function connected(t, options) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page(options);
  page.chat.start();
  await browser.clock.advance(0);
  return { browser, page, server: browser.server, clock: browser.clock };
}

const stored = (server, text) => server.dialog.log.filter((event) => event.text === text).length;

test('its state comes out within the call, and then what becomes of it', async (t) => {
  const { page, server, clock } = await connected(t);
  const sending = page.chat.send('Hello!', { clientId: 'a' });
  assert.deepEqual(page.states, [{ clientId: 'a', state: 'sending', text: 'Hello!' }]);
  assert.equal(page.chat.pending[0].state, 'sending');
  await clock.advance(0);
  const sent = await sending;
  assert.deepEqual([sent.seq, sent.duplicate], [2, false]);
  server.open[0].say({ type: 'read', sender: 'user', last_read: 2 });
  await clock.advance(0);
  assert.deepEqual(statesOf(page, 'a'), ['sending', 'sent']);
  server.open[0].say({ type: 'read', sender: 'manager', last_read: 2 });
  server.open[0].say({ type: 'read', sender: 'assistant', last_read: 2 });
  await clock.advance(0);
  assert.deepEqual(statesOf(page, 'a'), ['sending', 'sent', 'read']);
  assert.deepEqual(page.chat.pending, []);
});

test('one message at a time goes out, in order', async (t) => {
  const { page, server, clock } = await connected(t);
  server.mutedAcks = 1;
  const [socket] = server.open;
  socket.deliver = () => {};
  for (const text of ['One', 'Two', 'Three']) {
    void page.chat.send(text);
  }

  await clock.advance(1000);
  assert.equal(socket.heard.filter((frame) => frame.includes('"message"')).length, 1);
});

test('a message without an answer is sent again under its key on a new socket', async (t) => {
  const { page, server, clock } = await connected(t);
  server.mutedAcks = 1;
  server.open[0].deliver = () => {};
  const sending = page.chat.send('Hello!', { clientId: 'a' });
  await clock.advance(16_000);
  const sent = await sending;
  assert.equal(server.sockets.length, 2);
  assert.equal(stored(server, 'Hello!'), 1);
  assert.equal(sent.seq, 2);
});

test('a message goes out after a reload under its key, and is stored once', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  server.mutedAcks = 1;
  server.open[0].deliver = () => {};
  const sending = page.chat.send('Before the reload', { clientId: 'a' });
  await clock.advance(10);
  page.chat.close();
  const kept = await sending;
  assert.deepEqual([kept.error.code, kept.error.mayHaveHappened], ['closed', true]);

  const next = browser.page();
  next.chat.open();
  assert.equal(next.chat.pending[0].text, 'Before the reload');
  await clock.advance(100);
  assert.deepEqual(statesOf(next, 'a'), ['sending', 'sent']);
  assert.equal(stored(server, 'Before the reload'), 1);
  assert.equal([...Array(browser.storage.length).keys()].some((i) => browser.storage.key(i).includes('message:')), false);
});

test('a visitor without a dialog gets one for the first message, and asks for none before', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page();
  page.chat.open();
  await browser.clock.advance(60_000);
  assert.equal(browser.server.requests.length, 0);
  const sending = page.chat.send('Hello!');
  await browser.clock.advance(0);
  assert.equal((await sending).seq, 2);
  assert.deepEqual(texts(page), ['Welcome!', 'Hello!']);
});

test('while starts fail it tries again, and sends once', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const { server, clock } = browser;
  server.harm.start = ['fail', { status: 503, code: 'store_unavailable', retryAfter: 2 }, 'lose'];
  const page = browser.page();
  const sending = page.chat.send('Hello!');
  await clock.advance(1_600);
  assert.equal(server.count('start'), 2);
  await clock.advance(60_000);
  assert.equal((await sending).error, undefined);
  // The start whose answer was lost is found again by its key.
  assert.equal(server.dialogs.size, 1);
  assert.equal([...server.dialogs.values()].flatMap((dialog) => dialog.log).filter((event) => event.text === 'Hello!').length, 1);
});

test('a refused message stays as failed, over a reload too, until it is sent again or given up', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  server.refuseMessages = (frame) => (frame.text.startsWith('Bad') ? { code: 'bad_text' } : undefined);
  const results = [page.chat.send('Bad one', { clientId: 'a' }), page.chat.send('Good one', { clientId: 'b' })];
  await clock.advance(0);
  const [bad, good] = await Promise.all(results);
  assert.deepEqual([bad.error.code, good.error], ['bad_text', undefined]);
  assert.deepEqual(statesOf(page, 'a'), ['sending', 'failed']);
  page.chat.close();

  const next = browser.page();
  next.chat.open();
  await clock.advance(0);
  assert.deepEqual(next.chat.pending.map((message) => [message.state, message.error.code]), [['failed', 'bad_text']]);
  server.refuseMessages = undefined;
  next.chat.retry('a');
  await clock.advance(0);
  assert.deepEqual(statesOf(next, 'a'), ['failed', 'sending', 'sent']);
  assert.equal(stored(server, 'Bad one'), 1);
});

test('trouble of the server is waited out, as long as it asks for, and the order is kept', async (t) => {
  const { page, server, clock } = await connected(t);
  let refusals = 2;
  server.refuseMessages = () => (refusals-- > 0 ? { code: 'backplane_unavailable', retry_after_ms: 3000 } : undefined);
  const sending = [page.chat.send('One'), page.chat.send('Two')];
  await clock.advance(5_900);
  assert.equal(stored(server, 'One'), 0);
  await clock.advance(200);
  assert.deepEqual((await Promise.all(sending)).map((sent) => sent.seq), [2, 3]);
});

test('after an hour the history is asked before a message goes out again', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  server.mutedAcks = 2;
  server.open[0].deliver = () => {};
  void page.chat.send('Got through', { clientId: 'a' });
  await clock.advance(10);
  page.chat.close();
  server.dialog.keys.clear();

  await clock.sleep(2 * hour);
  server.say('Later');
  server.tokenLife = 100 * hour;
  const next = browser.page({ historySize: 1 });
  next.chat.open();
  await clock.advance(1000);
  assert.deepEqual(statesOf(next, 'a'), ['sending', 'sent']);
  assert.equal(stored(server, 'Got through'), 1);
});

test('and one that the history does not have is sent as a new one', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  server.open[0].muted = true;
  void page.chat.send('Never arrived', { clientId: 'a' });
  await clock.advance(10);
  page.chat.close();
  await clock.sleep(2 * hour);
  const next = browser.page();
  next.chat.open();
  await clock.advance(1000);
  assert.deepEqual(statesOf(next, 'a'), ['sending', 'sent']);
  assert.equal(stored(server, 'Never arrived'), 1);
});

test('a dialog that expired is begun anew, and what waits goes there', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  page.chat.close();
  const [old] = server.dialogs.keys();
  server.dialogs.delete(old);
  const next = browser.page();
  next.chat.open();
  await clock.advance(1000);
  assert.equal(next.chat.dialogId, undefined);
  const sending = next.chat.send('Hello again!');
  await clock.advance(1000);
  assert.equal((await sending).seq, 2);
  assert.notEqual(next.chat.dialogId, old);
  assert.equal(server.requests.at(-2).bearer, 'guest.1');
});

test('a dialog that is told to have expired amid a send is begun anew, too', async (t) => {
  const { page, server, clock } = await connected(t);
  const [old] = server.dialogs.keys();
  server.refuseMessages = () => {
    server.dialogs.delete(old);
    server.refuseMessages = undefined;
    return { code: 'no_such_dialog' };
  };
  const sending = page.chat.send('Hello!', { clientId: 'a' });
  await clock.advance(1000);
  assert.equal((await sending).seq, 2);
  assert.equal(page.resets, 1);
  assert.deepEqual(texts(page), ['Welcome!', 'Hello!']);
});

test('a guest whom the server knows no more becomes a new one; what may be stored in the old dialog fails', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  server.mutedAcks = 1;
  server.open[0].deliver = () => {};
  void page.chat.send('On its way', { clientId: 'a' });
  void page.chat.send('Not yet', { clientId: 'b' });
  await clock.advance(10);
  page.chat.close();
  server.validGuests.clear();
  await clock.sleep(2 * hour);
  const next = browser.page();
  next.chat.open();
  await clock.advance(5000);
  assert.deepEqual(statesOf(next, 'a'), ['sending', 'failed']);
  assert.deepEqual(statesOf(next, 'b'), ['sending', 'sent']);
  const [pending] = next.chat.pending;
  assert.deepEqual([pending.error.code, pending.error.mayHaveHappened], ['guest_lost', true]);
});

test('a guest whom the server knows no more, and whose dialog expired, begins as a new one', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  page.chat.close();
  server.dialogs.clear();
  const next = browser.page();
  next.chat.open();
  await clock.advance(1000);
  assert.equal(next.chat.dialogId, undefined);
  server.validGuests.clear();
  const sending = next.chat.send('Hello again!');
  await clock.advance(1000);
  assert.equal((await sending).seq, 2);
  assert.deepEqual(server.requests.slice(-3, -1).map((request) => request.bearer), ['guest.1', undefined]);
  assert.deepEqual(statesOf(next, next.states[0].clientId), ['sending', 'sent']);
});

test('a message that is too big for the server fails, and those behind it go on', async (t) => {
  const { page, server, clock } = await connected(t);
  server.refuseMessages = (frame) => {
    if (frame.text === 'Big') {
      server.cut(1009);
      return { code: 'never_seen', retry_after_ms: 1 };
    }

    return undefined;
  };
  const sending = [page.chat.send('Big'), page.chat.send('Small')];
  await clock.advance(2000);
  const [big, small] = await Promise.all(sending);
  assert.deepEqual([big.error.code, small.error], ['message_too_big', undefined]);
});

test('keys and texts that cannot be are refused without a call', async (t) => {
  const { page, server, clock } = await connected(t);
  for (const [text, clientId, code] of [
    ['', 'a', 'bad_text'], [' \n', 'a', 'bad_text'], ['\udc00', 'a', 'malformed_text'], ['x', 'a b', 'bad_client_id'],
    ['x', '', 'bad_client_id'], ['x', 'ж', 'bad_client_id'], ['x', 'y'.repeat(65), 'bad_client_id'],
  ]) {
    assert.equal((await page.chat.send(text, { clientId })).error.code, code, JSON.stringify([text, clientId]));
  }

  void page.chat.send('Held', { clientId: 'held' });
  assert.equal((await page.chat.send('Other', { clientId: 'held' })).error.code, 'key_in_use');
  const again = page.chat.send('Held', { clientId: 'held' });
  await clock.advance(0);
  assert.equal((await again).seq, 2);
  assert.equal(stored(server, 'Held'), 1);
});

test('where the storage takes nothing, the chat works as long as the page', async (t) => {
  const setItem = () => { throw new DOMException('', 'QuotaExceededError'); };
  const full = { length: 0, key: () => null, getItem: () => null, setItem, removeItem() {} };
  const { page, server, clock } = await connected(t, { storage: full });
  const sending = page.chat.send('Hello!');
  await clock.advance(0);
  assert.equal((await sending).seq, 2);
  server.cut();
  await clock.advance(1000);
  assert.equal(page.chat.connection, 'connected');
});

test('whatever is lost on the way, each message is stored once and in order', withSeed(async (random) => {
  const browser = new FakeBrowser();
  const { server, clock } = browser;
  let page = browser.page({ environment: { random } });
  page.chat.start();
  await clock.advance(0);
  try {
    for (let i = 0; i < 120; i++) {
      void page.chat.send(`Line ${i}`, { clientId: `k${i}` });
      const dice = random();
      if (dice < 0.15) {
        server.cut();
      } else if (dice < 0.3) {
        server.mutedAcks++;
      } else if (dice < 0.4) {
        server.socketHarm.push(['refuse', 1012, 4008, 1013, 'mute'][Math.floor(random() * 5)]);
      } else if (dice < 0.5) {
        let refusals = 1;
        server.refuseMessages = () => (refusals-- > 0 ? { code: 'backplane_unavailable' } : undefined);
      } else if (dice < 0.6) {
        page.chat.close();
        page = browser.page({ environment: { random } });
        page.chat.open();
      }

      await clock.advance(Math.floor(random() * 300));
    }

    await clock.advance(180_000);
    assert.deepEqual(page.chat.pending, []);
    const keys = server.dialog.log.filter((event) => event.sender === 'user').map((event) => event.client_id);
    assert.deepEqual(keys, Array.from({ length: 120 }, (_, i) => `k${i}`));
  } finally {
    browser.close();
  }
}));
