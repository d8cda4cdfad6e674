import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkedPage, checkedVisitor } from '../../src/visitor-note.js';
import { FakeBrowser, statesOf } from '../fakes/browser.js';

function opened(t, options = {}) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  const page = browser.page(options);
  return { browser, page, server: browser.server, clock: browser.clock, started: () => browser.server.requests.filter(({ kind }) => kind === 'start') };
}

const told = (server, kind) => server.requests.filter((request) => request.kind === kind).map(({ body }) => body);

test('what is said before there is a dialog goes with its start, and only with it', async (t) => {
  const { page, server, clock, started } = opened(t, { locale: 'en-GB' });
  await page.chat.identify({ name: ' Ann ' });
  await page.chat.identify({ email: 'ann@example.com' });
  await page.chat.page({ url: 'https://u:p@shop.example/a?b=1#secret', title: 'A\nshirt', referrer: 'android-app://x' });
  assert.equal(server.requests.length, 0);
  void page.chat.send('Hello');
  await clock.advance(0);

  const { client_id: key, ...body } = started()[0].body;
  assert.match(key, /^[0-9a-f]{32}$/);
  assert.deepEqual(body, {
    assistant_id: 'demo', locale: 'en-GB', visitor: { name: 'Ann', email: 'ann@example.com' }, page: { url: 'https://shop.example/a?b=1', title: 'A shirt' },
  });
  assert.deepEqual([server.count('visitor'), server.count('page')], [0, 0]);
});

test('in a dialog it is told at once, and what is no news is not', async (t) => {
  const { page, server, clock } = opened(t);
  page.chat.start();
  await clock.advance(0);
  await page.chat.identify({ name: 'Ann' });
  await page.chat.page({ url: 'https://shop.example/' });
  await page.chat.page({ url: 'https://shop.example/#top' });
  await page.chat.page({ url: 'file:///home/ann/page.html' });
  await page.chat.identify({ email: '' });

  assert.deepEqual(told(server, 'visitor'), [{ name: 'Ann' }, { name: 'Ann', email: '' }]);
  assert.deepEqual(told(server, 'page'), [{ url: 'https://shop.example/' }]);
});

test('what is said while the dialog begins is told after it', async (t) => {
  const { page, server, clock } = opened(t);
  page.chat.start();
  await Promise.resolve();
  assert.equal(server.count('start'), 1);
  await page.chat.identify({ name: 'Ann' });
  await clock.advance(0);

  assert.equal(server.requests[0].body.visitor, undefined);
  assert.deepEqual(told(server, 'visitor'), [{ name: 'Ann' }]);
});

test('a page that comes back to its dialog tells where it is', async (t) => {
  const { browser, page, server, clock, started } = opened(t);
  page.chat.start();
  await clock.advance(0);
  page.chat.close();
  const next = browser.page();
  void next.chat.page({ url: 'https://shop.example/next' });
  next.chat.open();
  await clock.advance(0);

  assert.equal(started().length, 1);
  assert.deepEqual(told(server, 'page'), [{ url: 'https://shop.example/next' }]);
});

test('what the server does not take of it keeps nobody from the chat', async (t) => {
  const { page, server, clock, started } = opened(t, { locale: 'x' });
  await page.chat.identify({ name: 'Ann' });
  server.harm.start.push({ status: 400, code: 'invalid_field', field: 'locale' });
  page.chat.start();
  await clock.advance(0);

  assert.equal(page.chat.connection, 'connected');
  assert.deepEqual(started().map(({ body }) => Object.keys(body).sort()), [['assistant_id', 'client_id', 'locale', 'visitor'], ['assistant_id', 'client_id']]);

  server.harm.visitor.push({ status: 400, code: 'invalid_field', field: 'name' });
  await assert.rejects(page.chat.identify({ name: 'Bob' }), { code: 'invalid_field' });
  await page.chat.page({ url: 'https://shop.example/' });
  assert.deepEqual(told(server, 'page').length, 1);
});

test('a start whose answer was lost finds what it began, by the next page too', async (t) => {
  const { browser, page, server, clock, started } = opened(t);
  server.harm.start.push('lose');
  page.chat.start();
  await clock.advance(0);
  page.chat.close();
  const next = browser.page();
  next.chat.start();
  await clock.advance(5_000);

  assert.equal(next.chat.connection, 'connected');
  assert.equal(server.dialogs.size, 1);
  assert.equal(new Set(started().map(({ body }) => body.client_id)).size, 1);

  // A later visitor of this browser is another guest, and who has a token needs no key.
  server.validGuests.clear();
  server.dialogs.clear();
  server.cut(4001);
  await clock.advance(20_000);
  assert.equal(server.dialogs.size, 1);
  const keys = started().map(({ body, bearer }) => [body.client_id, bearer]);
  assert.notEqual(keys.at(-1)[0], keys[0][0]);
});

test('a key that is too old for the server is not used again', async (t) => {
  const { page, server, clock, started } = opened(t);
  server.harm.start.push(...Array.from({ length: 200 }, () => 'fail'));
  page.chat.start();
  await clock.advance(11 * 60_000);

  assert.equal(new Set(started().map(({ body }) => body.client_id)).size, 2);
});

test('what others have read is known after a reload, without their reading again', async (t) => {
  const { browser, page, server, clock } = opened(t);
  page.chat.start();
  await clock.advance(0);
  void page.chat.send('One', { clientId: 'a' });
  void page.chat.send('Two', { clientId: 'b' });
  await clock.advance(0);
  server.dialog.read.manager = 2;
  page.chat.close();

  const next = browser.page();
  next.chat.open();
  await clock.advance(0);
  assert.deepEqual([statesOf(next, 'a'), statesOf(next, 'b')], [['read'], []]);
  assert.deepEqual(next.reads, [{ sender: 'manager', seq: 2 }]);

  // The greeting of the next socket says the rest, once.
  server.dialog.read.manager = 3;
  server.cut();
  await clock.advance(1_000);
  assert.equal(statesOf(next, 'b').at(-1), 'read');
  server.open[0].say({ type: 'read', sender: 'manager', last_read: 1 });
  await clock.advance(0);
  assert.deepEqual(next.reads, [{ sender: 'manager', seq: 2 }, { sender: 'manager', seq: 3 }]);
});

test('an operator who answers has read what came before', async (t) => {
  const { page, server, clock } = opened(t);
  page.chat.start();
  await clock.advance(0);
  void page.chat.send('Hello?', { clientId: 'a' });
  await clock.advance(0);
  server.say('The assistant answers.');
  await clock.advance(0);
  assert.equal(statesOf(page, 'a').at(-1), 'sent');
  server.say('Here I am.', 'manager');
  await clock.advance(0);
  assert.equal(statesOf(page, 'a').at(-1), 'read');
});

test('visitors and pages are made fit, or refused', () => {
  assert.deepEqual(checkedVisitor({ name: ' A\u202En\u0000n\n', email: ' a@b ' }), { name: 'A n n', email: 'a@b' });
  assert.deepEqual(checkedVisitor({}), {});
  assert.deepEqual(checkedVisitor({ name: 'half \uD83D of a pair' }), { name: 'half  of a pair' });
  for (const bad of [{ name: 'x'.repeat(101) }, { email: 'a' }, { email: 'a b@c' }, { email: `${'x'.repeat(250)}@example.com` }]) {
    assert.throws(() => checkedVisitor(bad), { code: 'bad_visitor' });
  }

  for (const url of ['javascript:alert(1)', 'data:text/html,x', 'about:blank', '/a', '', undefined, `https://a.example/${'x'.repeat(2_000)}`]) {
    assert.equal(checkedPage({ url }), undefined, String(url));
  }

  assert.deepEqual(checkedPage({ url: `https://a.example/b?${'x'.repeat(2_000)}`, title: ' ', referrer: 'https://c.example/#d' }),
    { url: 'https://a.example/b', referrer: 'https://c.example/' });
  assert.match(checkedPage({ url: 'https://a.example/', title: '🙂'.repeat(400) }).title, /^(🙂){249}…$/u);
});
