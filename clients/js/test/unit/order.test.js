import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCursor } from '../../src/cursor.js';
import { EventSequence } from '../../src/sequence.js';
import { FakeBrowser, seqs, statesOf, texts } from '../fakes/browser.js';
import { withSeed } from '../seed.js';

const at = (text) => parseCursor(text);

/** A browser whose page is connected, and all of it closed with the test. */
async function connected(t, { events = [], ...options } = {}) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page(options);
  page.chat.start();
  await browser.clock.advance(0);
  assert.equal(page.chat.connection, 'connected');
  events.forEach((text) => browser.server.say(text));
  await browser.clock.advance(0);
  return { browser, page, server: browser.server, clock: browser.clock };
}

test('cursors are a number, a dash and a nonce', () => {
  assert.deepEqual(at('12-9f3c'), { seq: 12, nonce: '9f3c', text: '12-9f3c' });
  for (const bad of [undefined, 7, '', '12', '-a', '12-', '12-a b', '1e3-a', `${2 ** 53}-a`, ' 1-a']) {
    assert.equal(at(bad), undefined, String(bad));
  }
});

test('the next event is let through, and others are told apart', () => {
  const sequence = new EventSequence();
  sequence.restart(at('3-c'));
  assert.equal(sequence.check(at('3-c')), 'duplicate');
  assert.equal(sequence.check(at('3-x')), 'conflict');
  assert.equal(sequence.check(at('1-x')), 'duplicate');
  assert.equal(sequence.check(at('4-d')), 'next');
  assert.equal(sequence.check(at('5-e')), 'hole');
  sequence.advance(at('4-d'));
  assert.equal(sequence.check(at('5-e')), 'next');
  assert.equal(sequence.check(at('4-x')), 'conflict');
});

test('the history comes first, and the socket goes on from it', async (t) => {
  const { page, server } = await connected(t, { events: ['One', 'Two'] });
  assert.deepEqual(texts(page), ['Welcome!', 'One', 'Two']);
  assert.deepEqual(server.requests.map((request) => request.kind), ['start', 'history']);
  assert.equal(server.sockets[0].cursor, '1-n1');
  assert.deepEqual(server.sockets[0].protocols[0], 'replyx.v1');
});

test('what came while there was no socket comes with the next one, once', async (t) => {
  const { page, server, clock } = await connected(t, { events: ['One'] });
  server.cut();
  server.say('Two');
  server.say('Three');
  await clock.advance(1000);
  assert.deepEqual(texts(page), ['Welcome!', 'One', 'Two', 'Three']);
  assert.equal(server.sockets[1].cursor, '2-n2');
  assert.equal(server.count('history'), 1);
});

test('an event that comes again is dropped', async (t) => {
  const { page, server, clock } = await connected(t, { events: ['One'] });
  server.open[0].say(server.dialog.log[1]);
  server.open[0].say(server.dialog.log[0]);
  await clock.advance(0);
  assert.deepEqual(seqs(page), [1, 2]);
  assert.equal(server.sockets.length, 1);
});

test('a hole makes the client come back at once, and what was missing comes before the rest', async (t) => {
  const { page, server, clock } = await connected(t);
  server.open[0].drops.add(2);
  server.say('Missed');
  server.say('Next');
  await clock.advance(0);
  assert.deepEqual(texts(page), ['Welcome!', 'Missed', 'Next']);
  assert.equal(server.sockets.length, 2);
  assert.equal(server.sockets[1].cursor, '1-n1');
});

test('a hole that stays is filled from the history', async (t) => {
  const { page, server, clock } = await connected(t);
  server.open[0].drops.add(2);
  server.socketHarm = [{ drops: [2] }];
  server.say('Missed');
  server.say('Next');
  await clock.advance(0);
  assert.deepEqual(texts(page), ['Welcome!', 'Missed', 'Next']);
  assert.equal(server.requests.at(-1).query.after, '1-n1');
});

test('not recovered: the history is read on while live events wait, page after page', async (t) => {
  const { page, server, clock } = await connected(t);
  server.cut();
  for (let i = 0; i < 450; i++) {
    server.say(`Missed ${i}`);
  }

  server.recovers = false;
  let said = false;
  page.chat.on('connection', (change) => {
    if (change.state === 'connected' && !said) {
      said = true;
      server.say('Live meanwhile');
    }
  });
  await clock.advance(1000);
  assert.deepEqual(seqs(page), Array.from({ length: 452 }, (_, i) => i + 1));
  assert.equal(texts(page).at(-1), 'Live meanwhile');
  assert.equal(page.chat.connection, 'connected');
  assert.equal(page.resets, 0);
  assert.equal(server.sockets.length, 2);
});

test('another log under the same numbers: what was shown is void, and what is there now follows', async (t) => {
  const { page, server, clock } = await connected(t, { events: ['Old one', 'Old two'] });
  server.cut();
  server.regrow(server.dialog, ['New zero', 'New one', 'New two', 'New three']);
  await clock.advance(1000);
  assert.equal(page.resets, 1);
  assert.deepEqual(texts(page), ['New zero', 'New one', 'New two', 'New three']);
  server.say('On');
  await clock.advance(0);
  assert.equal(texts(page).at(-1), 'On');
});

test('how far another log was read, and who answered in it, says nothing of this one', async (t) => {
  const { page, server, clock } = await connected(t);
  void page.chat.send('Old', { clientId: 'a' });
  server.append(server.dialog, { type: 'handoff_requested', handoff: 'requested' });
  ['One', 'Two', 'Three'].forEach((text) => server.say(text));
  await clock.advance(0);
  page.chat.markRead(6);
  server.open[0].say({ type: 'read', sender: 'manager', last_read: 6 });
  await clock.advance(0);
  assert.equal(page.chat.handoff, 'requested');

  server.cut();
  server.regrow(server.dialog, ['New one']);
  await clock.advance(1000);
  assert.equal(page.resets, 1);
  assert.equal(page.chat.handoff, 'none');
  void page.chat.send('New', { clientId: 'b' });
  await clock.advance(0);
  page.chat.markRead(2);
  await clock.advance(0);
  assert.deepEqual(statesOf(page, 'b'), ['sending', 'sent']);
  const [socket] = server.open;
  assert.deepEqual(socket.heard.map((frame) => JSON.parse(frame)).filter(({ type }) => type === 'read').map(({ seq }) => seq), [2]);
});

test('an event of another log on the open socket makes the client look', async (t) => {
  const { page, server, clock } = await connected(t, { events: ['Old one'] });
  server.regrow(server.dialog, ['New zero', 'New one']);
  server.open[0].say(server.dialog.log[1]);
  await clock.advance(0);
  assert.deepEqual(texts(page), ['New zero', 'New one']);
});

test('unknown types, members and frames that are no JSON harm nothing', async (t) => {
  const { page, server, clock } = await connected(t);
  server.open[0].say('{"type":"confetti","colour":"red"}');
  server.open[0].say('not json');
  server.open[0].say('null');
  server.append(server.dialog, { type: 'survey_offered', text: undefined, stars: 5 });
  server.say('After');
  await clock.advance(0);
  assert.deepEqual(page.events.map((event) => event.type), ['message', 'survey_offered', 'message']);
  assert.equal(server.sockets.length, 1);
});

test('older pages come as the answer, and end where the dialog begins', async (t) => {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const first = browser.page();
  first.chat.start();
  await browser.clock.advance(0);
  for (let i = 2; i <= 30; i++) {
    browser.server.say(`Line ${i}`);
  }

  const page = browser.page({ historySize: 10 });
  page.chat.open();
  await browser.clock.advance(0);
  assert.deepEqual(seqs(page), Array.from({ length: 10 }, (_, i) => i + 21));
  const [older, same] = await Promise.all([page.chat.loadOlder(15), page.chat.loadOlder(15)]);
  assert.deepEqual([older.length, same.length], [15, 0]);
  assert.deepEqual((await page.chat.loadOlder(15)).map((event) => event.seq), [1, 2, 3, 4, 5]);
  assert.equal(page.chat.hasOlder, false);
});

test('whatever is dropped, doubled and cut, all comes once and in order', withSeed(async (random) => {
  const browser = new FakeBrowser();
  const { server, clock } = browser;
  const page = browser.page({ environment: { random } });
  page.chat.start();
  await clock.advance(0);
  try {
    for (let i = 0; i < 300; i++) {
      const [socket] = server.open;
      const dice = random();
      if (dice < 0.1) {
        socket?.drops.add(server.dialog.log.length + 1);
      } else if (dice < 0.2) {
        server.cut(dice < 0.15 ? 1006 : 4010);
      } else if (dice < 0.25) {
        socket?.say(server.dialog.log[Math.floor(random() * server.dialog.log.length)]);
      } else if (dice < 0.3) {
        server.recovers = !server.recovers;
      } else if (dice < 0.35) {
        server.harm.history.push('fail');
      }

      server.say(`Line ${i}`);
      await clock.advance(Math.floor(random() * 400));
    }

    server.harm.history = [];
    server.say('The end');
    await clock.advance(60_000);
    assert.deepEqual(seqs(page), Array.from({ length: 302 }, (_, i) => i + 1));
    assert.equal(page.resets, 0);
  } finally {
    browser.close();
  }
}));

test('who answers is known from the events, or asked for where they do not tell', async (t) => {
  const { browser, page, server, clock } = await connected(t);
  const heard = [];
  page.chat.on('handoff', (handoff) => heard.push(handoff));
  server.append(server.dialog, { type: 'handoff_requested', handoff: 'requested' });
  server.append(server.dialog, { type: 'handoff_started', handoff: 'active', operator: 'Anna' });
  await clock.advance(0);
  assert.deepEqual([heard, page.chat.handoff], [['requested', 'active'], 'active']);
  assert.equal(server.count('handoff'), 0);

  for (let i = 0; i < 9; i++) {
    server.say(`Line ${i}`, 'manager');
  }

  server.handoff = 'active';
  const reloaded = browser.page({ historySize: 5 });
  reloaded.chat.open();
  await clock.advance(0);
  assert.equal(reloaded.chat.handoff, 'active');
  assert.equal(server.count('handoff'), 1);
});
