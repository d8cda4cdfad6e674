import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeBrowser, seqs } from '../fakes/browser.js';

async function connected(t, options) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page(options);
  page.chat.start();
  await browser.clock.advance(0);
  return { browser, page, server: browser.server, clock: browser.clock };
}

for (const [code, error] of [
  [1000, 'closed_by_server'], [4002, 'authentication_failed'], [4003, 'origin_refused'], [4004, 'dialog_not_found'],
]) {
  test(`${code} ends the chat, and says why`, async (t) => {
    const { page, server, clock } = await connected(t);
    server.open[0].muted = true;
    const sending = page.chat.send('Too late', { clientId: 'a' });
    server.cut(code);
    await clock.advance(120_000);
    assert.equal(server.sockets.length, 1);
    assert.equal(page.chat.connection, 'ended');
    assert.deepEqual(page.errors.map((problem) => [problem.code, problem.closeCode]), [[error, code]]);
    assert.equal(page.connection.at(-1).error, page.errors[0]);
    assert.equal((await sending).error.code, error);
    assert.deepEqual(page.chat.pending.map((message) => message.state), ['failed']);

    // The visitor may try again: the message goes out under its old key.
    page.chat.retry('a');
    await clock.advance(0);
    assert.equal(page.chat.connection, 'connected');
    assert.deepEqual(page.states.map((state) => state.state), ['sending', 'failed', 'sending', 'sent']);
  });
}

for (const code of [1001, 1006, 1008, 1009, 1011, 1012, 1013, 4001, 4008, 4010, 4999]) {
  test(`after ${code} it comes back with its cursor`, async (t) => {
    const { page, server, clock } = await connected(t);
    server.cut(code);
    await clock.advance(499);
    assert.equal(server.sockets.length, 1);
    await clock.advance(1);
    assert.equal(server.sockets.length, 2);
    assert.equal(server.sockets[1].cursor, '1-n1');
    assert.deepEqual(page.connection.map((change) => change.state), ['connecting', 'connected', 'reconnecting', 'connected']);
    assert.equal(page.connection[2].closeCode, code);
    assert.equal(server.count('token'), code === 4001 ? 1 : 0);
  });
}

test('waits grow while nothing answers, and begin anew after a socket that held', async (t) => {
  const { page, server, clock } = await connected(t, { environment: { random: () => 1 } });
  server.socketHarm = ['refuse', 'refuse', 'refuse', 'refuse', 'refuse'];
  server.cut();
  await clock.advance(60_000);
  assert.equal(page.chat.connection, 'connected');
  await clock.advance(5_000);
  server.cut();
  await clock.advance(0);
  const waits = page.connection.filter((change) => change.retryInMs).map((change) => change.retryInMs);
  assert.deepEqual(waits, [750, 2250, 6750, 15_000, 15_000, 15_000, 750]);
});

test('a node that stops says when to come back', async (t) => {
  const { page, server, clock } = await connected(t);
  server.open[0].say({ type: 'reconnect', delay_ms: 4200 });
  await clock.advance(0);
  server.cut(1012);
  await clock.advance(4_199);
  assert.equal(server.sockets.length, 1);
  await clock.advance(1);
  assert.equal(server.sockets.length, 2);
  assert.equal(page.connection[2].retryInMs, 4200);
});

test('the network that is back, and a page that is seen again, end a wait', async (t) => {
  for (const wake of [
    (browser) => browser.window.dispatchEvent(new Event('online')),
    (browser) => browser.window.dispatchEvent(new Event('pageshow')),
    (browser) => browser.document.dispatchEvent(new Event('visibilitychange')),
  ]) {
    const { browser, page, server, clock } = await connected(t, { environment: { random: () => 1 } });
    server.cut();
    await clock.advance(10);
    assert.equal(page.chat.connection, 'reconnecting');
    browser.document.visibilityState = 'hidden';
    browser.document.dispatchEvent(new Event('visibilitychange'));
    await clock.advance(0);
    assert.equal(page.chat.connection, 'reconnecting');
    browser.document.visibilityState = 'visible';
    wake(browser);
    await clock.advance(0);
    assert.equal(page.chat.connection, 'connected');
  }
});

test('heartbeats go out, and a socket that falls silent is dropped', async (t) => {
  const { page, server, clock } = await connected(t);
  await clock.advance(130_000);
  const [socket] = server.sockets;
  assert.equal(socket.heard.filter((frame) => frame === '__ping__').length, 5);
  assert.equal(page.chat.connection, 'connected');
  socket.muted = true;
  await clock.advance(40_000 - 5_000);
  assert.equal(server.sockets.length, 1);
  await clock.advance(5_500);
  assert.equal(server.sockets.length, 2);
  assert.equal(socket.closedByClient, true);
  assert.equal(page.connection.find((change) => change.state === 'reconnecting').reason, 'the server fell silent');
});

test('a socket that never greets is dropped', async (t) => {
  const { server, clock } = await connected(t);
  server.socketHarm = ['mute'];
  server.cut();
  await clock.advance(500 + 14_999);
  assert.equal(server.sockets.length, 2);
  await clock.advance(16_000);
  assert.equal(server.sockets.length, 3);
});

test('after sleep a dead socket is found in seconds, and at once where it was silent for too long', async (t) => {
  const { browser, server, clock } = await connected(t);
  server.open[0].muted = true;
  await clock.advance(1_000);
  browser.window.dispatchEvent(new Event('online'));
  await clock.advance(5_000);
  assert.equal(server.sockets[0].closedByClient, true);
  await clock.advance(1_000);
  assert.equal(server.open.length, 1);
  await clock.sleep(3600_000 * 0.5);
  assert.equal(server.sockets[1].closedByClient, true);
});

test('a socket that answers after sleep is kept', async (t) => {
  const { browser, server, clock } = await connected(t);
  browser.window.dispatchEvent(new Event('online'));
  await clock.advance(20_000);
  assert.equal(server.sockets.length, 1);
});

test('a token that runs out soon is replaced before it is used, and on the open socket when the server says so', async (t) => {
  const { page, server, clock } = await connected(t);
  server.open[0].say({ type: 'token_expiring', expires_at: '2026-01-01T01:00:00.000Z' });
  server.open[0].say({ type: 'token_expiring', expires_at: '2026-01-01T01:00:00.000Z' });
  await clock.advance(0);
  assert.equal(server.count('token'), 1);
  assert.equal(server.requests.at(-1).bearer, 'guest.1');
  assert.equal(server.open[0].heard.filter((frame) => frame.includes('"refresh"')).length > 0, true);

  await clock.sleep(3600_000 - 5_000);
  await clock.advance(2_000);
  assert.equal(server.count('token'), 2);
  assert.equal(page.chat.connection, 'connected');
  assert.deepEqual(server.sockets.map((socket) => server.dialogOf(socket.token).expired).at(-1), false);
});

test('while no token is to be had it tries again', async (t) => {
  const { page, server, clock } = await connected(t);
  server.harm.token = ['fail', 'hang', { status: 429, code: 'rate_limited', retryAfter: 7 }];
  server.cut(4001);
  await clock.advance(500 + 0);
  assert.equal(server.count('token'), 1);
  await clock.advance(40_000);
  assert.equal(server.count('token'), 4);
  assert.equal(page.chat.connection, 'connected');
  assert.ok(page.connection.some((change) => change.retryInMs === 7000));
});

test('a history that does not answer is asked again before any socket is opened', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  browser.server.harm.history = ['fail', { status: 503, code: 'store_unavailable' }];
  const page = browser.page();
  page.chat.start();
  await browser.clock.advance(700);
  assert.equal(browser.server.sockets.length, 0);
  await browser.clock.advance(3_000);
  assert.deepEqual(seqs(page), [1]);
  assert.equal(page.chat.connection, 'connected');
});

test('where there is no WebSocket it says so', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page({ WebSocket: null });
  const given = globalThis.WebSocket;
  t.after(() => { globalThis.WebSocket = given; });
  globalThis.WebSocket = undefined;
  const bare = browser.page({ WebSocket: undefined });
  bare.chat.start();
  await browser.clock.advance(0);
  assert.equal(bare.errors[0].code, 'no_websocket');
  page.chat.close();
});

test('a listener that throws costs nobody an event', async (t) => {
  const { page, server, clock } = await connected(t);
  const seen = [];
  const thrown = [];
  const listeners = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(error.message));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    listeners.forEach((listener) => process.on('uncaughtException', listener));
  });
  page.chat.on('event', () => { throw new Error('the page is at fault'); });
  const off = page.chat.on('event', (event) => seen.push(event.seq));
  server.say('One');
  await clock.advance(0);
  off();
  server.say('Two');
  await clock.advance(0);
  assert.deepEqual([seen, seqs(page)], [[2], [1, 2, 3]]);
  assert.deepEqual(thrown, ['the page is at fault', 'the page is at fault']);
});

test('typing is told at most every three seconds, and ends by itself', async (t) => {
  const { page, server, clock } = await connected(t);
  const told = () => server.open[0].heard.map((frame) => /typing_\w+/.exec(frame)?.[0]).filter(Boolean);
  for (let i = 0; i < 40; i++) {
    page.chat.typing();
    await clock.advance(100);
  }

  assert.deepEqual(told(), ['typing_start', 'typing_start']);
  await clock.advance(5_000);
  assert.deepEqual(told(), ['typing_start', 'typing_start', 'typing_stop']);
  page.chat.typing();
  void page.chat.send('Hello!');
  page.chat.typing(false);
  await clock.advance(10_000);
  assert.deepEqual(told().slice(3), ['typing_start', 'typing_stop']);
});

test('others type until they stop, write, are silent for long, or the socket is lost', async (t) => {
  const { page, server, clock } = await connected(t);
  const start = () => server.open[0].say({ type: 'typing_start', sender: 'manager', author: 'Anna' });
  start();
  await clock.advance(3_000);
  start();
  await clock.advance(7_000);
  assert.deepEqual(page.typing, [{ sender: 'manager', author: 'Anna', active: true }]);
  await clock.advance(1_000);
  assert.equal(page.typing.length, 2);
  start();
  server.say('Here', 'manager');
  await clock.advance(0);
  start();
  server.open[0].say({ type: 'typing_stop', sender: 'manager' });
  await clock.advance(0);
  start();
  await clock.advance(0);
  server.cut();
  await clock.advance(0);
  assert.deepEqual(page.typing.map((change) => change.active), [true, false, true, false, true, false, true, false]);
});

test('read marks go up, at most one a second, and again on a new socket', async (t) => {
  const { page, server, clock } = await connected(t);
  const told = (socket) => socket.heard.filter((frame) => frame.includes('"read"')).map((frame) => JSON.parse(frame).seq);
  for (const seq of [3, 4, 2, 5, 6]) {
    page.chat.markRead(seq);
  }

  await clock.advance(0);
  assert.deepEqual(told(server.open[0]), [3]);
  await clock.advance(1_000);
  assert.deepEqual(told(server.open[0]), [3, 6]);
  server.cut();
  await clock.advance(1_000);
  assert.deepEqual(told(server.open[0]), [6]);
  server.cut();
  page.chat.markRead(7);
  await clock.advance(2_000);
  assert.deepEqual(told(server.open[0]), [7]);
});

test('trouble that the server tells of comes out', async (t) => {
  const { page, server, clock } = await connected(t);
  server.open[0].say({ type: 'error', code: 'backplane_unavailable', message: 'Messages are delayed.' });
  await clock.advance(0);
  assert.deepEqual(page.errors.map((error) => [error.name, error.code]), [['ReplyXError', 'backplane_unavailable']]);
  assert.equal(page.chat.connection, 'connected');
});

test('closing leaves nothing behind, whatever was under way', async (t) => {
  const moments = {
    'never opened': () => {},
    idle: async ({ page }) => page.chat.open(),
    starting: async ({ page, server }) => { server.harm.start = ['hang']; page.chat.start(); },
    loading: async ({ page, server }) => { server.harm.history = ['hang']; page.chat.start(); },
    opening: async ({ page, server }) => { server.socketHarm = ['mute']; page.chat.start(); },
    connected: async ({ page }) => page.chat.start(),
    busy: async ({ page, clock, server }) => {
      page.chat.start();
      await clock.advance(0);
      server.open[0].muted = true;
      void page.chat.send('Hello!');
      page.chat.typing();
      page.chat.markRead(1);
      page.chat.markRead(2);
      server.open[0].say({ type: 'typing_start', sender: 'manager' });
    },
    waiting: async ({ page, clock, server }) => { page.chat.start(); await clock.advance(0); server.cut(); },
    'sending over HTTP': async ({ page, clock, server }) => {
      page.chat.start();
      await clock.advance(0);
      server.harm.handoff = ['fail'];
      page.chat.requestHuman().catch(() => {});
    },
  };
  for (const [moment, prepare] of Object.entries(moments)) {
    const browser = new FakeBrowser();
    const page = browser.page();
    await prepare({ page, clock: browser.clock, server: browser.server });
    await browser.clock.advance(0);
    page.chat.close();
    page.chat.close();
    const count = browser.server.sockets.length;
    await browser.clock.advance(0);
    assert.equal(browser.clock.waiting, 0, `timers after ${moment}`);
    assert.equal(browser.window.listeners + browser.document.listeners, 0, `listeners after ${moment}`);
    assert.equal(browser.Channel.count, 0, `channels after ${moment}`);
    assert.equal(browser.server.open.length, 0, `sockets after ${moment}`);
    page.chat.open();
    page.chat.start();
    page.chat.typing();
    page.chat.markRead(9);
    assert.equal((await page.chat.send('Late')).error.code, 'closed');
    await browser.clock.advance(60_000);
    assert.equal(browser.server.sockets.length, count, `sockets later after ${moment}`);
    assert.equal(browser.clock.waiting, 0, `timers later after ${moment}`);
    assert.equal(page.chat.connection, 'closed');
  }
});
