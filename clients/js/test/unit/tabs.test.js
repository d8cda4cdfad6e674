import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeBrowser, fakeChannels, statesOf, texts } from '../fakes/browser.js';
import { withSeed } from '../seed.js';

async function tabs(t, count, options = {}) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const pages = [];
  for (let i = 0; i < count; i++) {
    pages.push(browser.page(options));
    pages[i].chat.start();
    await browser.clock.advance(0);
    assert.equal(pages[i].chat.connection, 'connected');
  }

  return { browser, pages, server: browser.server, clock: browser.clock };
}

const messagesOf = (socket) => socket.heard.filter((frame) => frame.includes('"message"')).length;
const without = { environment: { locks: null, BroadcastChannel: null } };

test('tabs that begin at once begin one dialog', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const pages = [browser.page(), browser.page(), browser.page()];
  const sending = pages.map((page, i) => page.chat.send(`From ${i}`));
  await browser.clock.advance(1000);
  assert.deepEqual((await Promise.all(sending)).map((sent) => sent.error), [undefined, undefined, undefined]);
  assert.equal(browser.server.count('start'), 1);
  assert.equal(browser.server.dialogs.size, 1);
  assert.equal(new Set(pages.map((page) => page.chat.dialogId)).size, 1);
});

test('a message goes out over one socket, and all tabs see its states', async (t) => {
  const { pages, server, clock } = await tabs(t, 3);
  const sending = pages[2].chat.send('From the third', { clientId: 'a' });
  await clock.advance(0);
  assert.equal((await sending).seq, 2);
  server.open.forEach((socket) => socket.say({ type: 'read', sender: 'manager', last_read: 2 }));
  await clock.advance(0);
  for (const page of pages) {
    assert.deepEqual(statesOf(page, 'a'), ['sending', 'sent', 'read']);
    assert.deepEqual(texts(page), ['Welcome!', 'From the third']);
    assert.deepEqual(page.chat.pending, []);
  }

  assert.deepEqual(server.sockets.map(messagesOf), [1, 0, 0]);
});

test('a failure and what is done about it is seen in all tabs', async (t) => {
  const { pages, server, clock } = await tabs(t, 2);
  server.refuseMessages = () => ({ code: 'bad_text' });
  void pages[1].chat.send('No', { clientId: 'a' });
  void pages[1].chat.send('Nor this', { clientId: 'b' });
  await clock.advance(0);
  server.refuseMessages = undefined;
  pages[0].chat.retry('a');
  pages[0].chat.discard('b');
  await clock.advance(0);
  for (const page of pages) {
    assert.deepEqual(statesOf(page, 'a'), ['sending', 'failed', 'sending', 'sent']);
    assert.deepEqual(statesOf(page, 'b'), ['sending', 'failed', 'discarded']);
  }
});

test('when the tab that sends is closed, another one goes on', async (t) => {
  const { pages, server, clock } = await tabs(t, 2);
  server.mutedAcks = 1;
  server.open.forEach((socket) => { socket.deliver = () => {}; });
  const sending = pages[1].chat.send('Handed on', { clientId: 'a' });
  await clock.advance(0);
  pages[0].chat.close();
  await clock.advance(0);
  assert.equal((await sending).duplicate, true);
  assert.deepEqual(server.sockets.map(messagesOf), [1, 1]);
  assert.equal(server.dialog.log.filter((event) => event.client_id === 'a').length, 1);
});

test('a tab that sends but is frozen loses the lead', async (t) => {
  const { browser, pages, server, clock } = await tabs(t, 2);
  // What is said to the first tab, and by it, gets nowhere.
  const [frozen] = server.sockets;
  frozen.send = () => {};
  const post = browser.Channel.prototype.postMessage;
  t.mock.method(browser.Channel.prototype, 'postMessage', function (note) {
    if (note.kind !== 'who' && note.kind !== 'here') {
      post.call(this, note);
    }
  });
  const sending = pages[1].chat.send('Waiting', { clientId: 'a' });
  await clock.advance(5_000);
  assert.deepEqual(statesOf(pages[1], 'a'), ['sending']);
  await clock.advance(2_000);
  assert.equal((await sending).error, undefined);
  assert.deepEqual(server.sockets.map(messagesOf), [0, 1]);
});

test('a tab that sends and is alive keeps the lead, however long the server is in trouble', async (t) => {
  const { pages, server, clock } = await tabs(t, 2);
  server.refuseMessages = () => ({ code: 'backplane_unavailable' });
  void pages[1].chat.send('Waiting', { clientId: 'a' });
  await clock.advance(30_000);
  assert.equal(messagesOf(server.sockets[1]), 0);
  assert.ok(messagesOf(server.sockets[0]) > 10);
});

test('without locks and channels a second tab sends what the first left, and both get along', async (t) => {
  const { browser, pages, server, clock } = await tabs(t, 1, without);
  server.mutedAcks = 1;
  server.open[0].deliver = () => {};
  const sending = [pages[0].chat.send('One', { clientId: 'a' }), pages[0].chat.send('Two', { clientId: 'b' })];
  await clock.advance(10);
  const second = browser.page(without);
  second.chat.open();
  await clock.advance(30_000);
  assert.deepEqual((await Promise.all(sending)).map((sent) => sent.seq), [2, 3]);
  assert.deepEqual(server.dialog.log.map((event) => event.client_id), [undefined, 'a', 'b']);
  assert.deepEqual(second.chat.pending, []);
});

test('a dialog that one tab finds expired is gone in the others', async (t) => {
  const { pages, server, clock } = await tabs(t, 2);
  const [old] = server.dialogs.keys();
  server.refuseMessages = () => {
    server.dialogs.delete(old);
    server.refuseMessages = undefined;
    return { code: 'no_such_dialog' };
  };
  void pages[1].chat.send('Hello!');
  await clock.advance(5000);
  assert.equal(pages[0].chat.dialogId, pages[1].chat.dialogId);
  assert.notEqual(pages[0].chat.dialogId, old);
  for (const page of pages) {
    assert.deepEqual(texts(page), ['Welcome!', 'Hello!']);
    assert.equal(page.resets, 1);
  }
});

test('a tab whose connection ended for good lets another one send', async (t) => {
  const { pages, server, clock } = await tabs(t, 2);
  server.sockets[0].end(4003);
  await clock.advance(0);
  assert.equal(pages[0].chat.connection, 'ended');
  const sending = pages[1].chat.send('Still here', { clientId: 'a' });
  await clock.advance(0);
  assert.equal((await sending).error, undefined);
  assert.equal(messagesOf(server.sockets[1]), 1);
  assert.equal(pages[0].chat.connection, 'ended');
});

for (const [name, environment] of [['with locks', {}], ['with late notes', 'late'], ['without', without.environment]]) {
  test(`tabs that come, go and lose their sockets send each message once and each tab's in order, ${name}`, withSeed(async (random) => {
    const browser = new FakeBrowser();
    const { server, clock } = browser;
    if (environment === 'late') {
      browser.Channel = fakeChannels(clock, random);
    }

    const open = (author) => {
      const page = browser.page({ environment: { random, ...(environment === 'late' ? {} : environment) } });
      page.chat.open();
      return { author, page };
    };
    const authors = ['x', 'y', 'z'].map((author) => open(author));
    const numbers = { x: 0, y: 0, z: 0 };
    authors[0].page.chat.start();
    await clock.advance(100);
    try {
      for (let i = 0; i < 150; i++) {
        const which = Math.floor(random() * 3);
        const { author, page } = authors[which];
        void page.chat.send(`${author} ${numbers[author]}`, { clientId: `${author}-${numbers[author]++}` });
        const dice = random();
        if (dice < 0.15) {
          server.open[Math.floor(random() * server.open.length)]?.end(1006);
        } else if (dice < 0.3) {
          server.mutedAcks++;
        } else if (dice < 0.45) {
          page.chat.close();
          authors[which] = open(author);
        }

        await clock.advance(Math.floor(random() * 200));
      }

      await clock.advance(180_000);
      for (const { author, page } of authors) {
        assert.deepEqual(page.chat.pending, []);
        const own = server.dialog.log.filter((event) => event.client_id?.startsWith(author)).map((event) => event.client_id);
        assert.deepEqual(own, Array.from({ length: numbers[author] }, (_, i) => `${author}-${i}`));
      }
    } finally {
      browser.close();
    }
  }));
}

test('a browser that refuses its locks is taken for one without', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const locks = { request: () => Promise.reject(new DOMException('', 'SecurityError')) };
  const page = browser.page({ environment: { locks } });
  const sending = page.chat.send('Hello!');
  await browser.clock.advance(0);
  assert.equal((await sending).seq, 2);
});

test('word of a message that comes later than the message itself changes nothing', async (t) => {
  const { browser, pages, server, clock } = await tabs(t, 2);
  const late = new browser.Channel('replyx:api.test:widget:demo');
  t.after(() => late.close());
  const sending = pages[1].chat.send('Hello!', { clientId: 'a' });
  await clock.advance(0);
  await sending;
  late.postMessage({ kind: 'message', entry: { clientId: 'a', text: 'Hello!', order: 1, createdAt: 1 } });
  late.postMessage({ kind: 'stored', clientId: 'b', seq: 3, cursor: '3-x', duplicate: false });
  late.postMessage({ kind: 'message', entry: { clientId: 'b', text: 'Other', order: 2, createdAt: 2 } });
  await clock.advance(1_000);
  assert.deepEqual(pages.map((page) => page.chat.pending), [[], []]);
  assert.deepEqual(pages.map((page) => statesOf(page, 'a')), [['sending', 'sent'], ['sending', 'sent']]);
  assert.deepEqual(server.sockets.map(messagesOf), [1, 0]);
});

test('a page that comes back from the browser\'s cache finds the dialog that another one began meanwhile', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  // As the browser keeps it: nothing that others tell comes to it.
  const kept = browser.page({ environment: { BroadcastChannel: null } });
  kept.chat.open();
  await browser.clock.advance(0);
  const other = browser.page();
  void other.chat.send('Begun elsewhere');
  await browser.clock.advance(0);
  other.chat.close();
  assert.equal(kept.chat.dialogId, undefined);

  browser.window.dispatchEvent(new Event('pageshow'));
  await browser.clock.advance(0);
  assert.equal(kept.chat.connection, 'connected');
  assert.deepEqual(texts(kept), ['Welcome!', 'Begun elsewhere']);
});

test('a token that one tab renewed serves the others', async (t) => {
  const { pages, server, clock } = await tabs(t, 2);
  await clock.sleep(3600_000);
  await pages[0].chat.identify({ name: 'Ann' });
  await pages[1].chat.identify({ email: 'ann@example.com' });
  assert.equal(server.count('token'), 1);
  assert.deepEqual(new Set(server.requests.filter(({ kind }) => kind === 'visitor').map(({ bearer }) => server.dialogOf(bearer).expired)), new Set([false]));
});
