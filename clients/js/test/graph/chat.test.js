import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Operator, Visitor, kept, skip, until } from './services.js';

const connected = (page) => until('the page to be connected', () => page.chat.connection === 'connected');
// A message's answer and its event come in any order.
const received = (page, count) => until(`${count} events`, () => page.events.length >= count);
const got = (page, text) => until(`"${text}" to come`, () => page.events.find((event) => event.text === text));

test('a dialog begins with the first message, and its answer comes', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const page = visitor.page();
  page.chat.open();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(page.chat.dialogId, undefined);
  assert.equal(visitor.storage.length, 0);

  const sent = await page.chat.send('Hello!', { clientId: 'hello' });
  assert.equal(sent.error, undefined);
  await received(page, 2);
  assert.deepEqual(page.events.map((event) => [event.seq, event.sender]), [[1, 'assistant'], [2, 'user']]);
  assert.equal(page.events[1].client_id, 'hello');
  assert.equal(sent.cursor, page.events[1].cursor);
  assert.deepEqual(page.states.map((state) => state.state), ['sending', 'sent']);

  const anna = await Operator.signIn();
  await anna.say(page.chat.dialogId, 'How can I help?');
  const answer = await got(page, 'How can I help?');
  assert.deepEqual([answer.seq, answer.sender, answer.author], [3, 'manager', 'Anna']);
  assert.equal(page.chat.cursor, answer.cursor);
  assert.deepEqual(page.errors, []);
});

test('a reload finds the same dialog, without a second welcome', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const first = visitor.page();
  await first.chat.send('Before the reload');
  const dialog = first.chat.dialogId;
  first.chat.close();

  const second = visitor.page();
  second.chat.open();
  await connected(second);
  assert.equal(second.chat.dialogId, dialog);
  assert.deepEqual(second.events.map((event) => event.seq), [1, 2]);
  assert.equal(second.connection.find((change) => change.state === 'connected').recovered, true);
});

test('a start whose answer is lost, and a page that is reloaded amid it, send the message once', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const text = `Once ${crypto.randomUUID()}`;
  let lost = 0;
  const losing = async (url, init) => {
    const response = await fetch(url, init);
    if (new URL(url).pathname === '/api/widget/dialogs' && lost === 0) {
      lost++;
      throw new TypeError('the answer was lost');
    }

    return response;
  };
  const first = visitor.page({ fetch: losing });
  void first.chat.send(text, { clientId: 'once' });
  await until('the answer to be lost', () => lost === 1);
  first.chat.close();

  const second = visitor.page();
  second.chat.open();
  await until('the message to be sent', () => second.states.find((state) => state.state === 'sent'));
  const anna = await Operator.signIn();
  const listed = (await anna.call('GET', '/api/dialogs?limit=100')).items.filter((dialog) => dialog.last?.preview === text);
  assert.equal(listed.length, 1);
  assert.equal((await anna.history(second.chat.dialogId)).filter((event) => event.text === text).length, 1);
});

test('a message whose answer is lost is stored once', { skip }, async (t) => {
  const visitor = new Visitor(t);
  let deaf = 1;
  class Deaf extends WebSocket {
    set onmessage(listener) {
      super.onmessage = listener && ((event) => {
        if (deaf > 0 && /"client_id":"deaf"/.test(event.data)) {
          // Neither the answer nor the event itself gets through, and then the connection is gone.
          if (event.data.includes('"type":"ack"')) {
            deaf--;
            this.close();
            this.onclose?.({ code: 1006 });
          }

          return;
        }

        listener(event);
      });
    }

    get onmessage() {
      return super.onmessage;
    }
  }
  const page = visitor.page({ WebSocket: Deaf });
  const sent = await page.chat.send('Stored once', { clientId: 'deaf' });
  assert.equal(deaf, 0);
  assert.equal(sent.error, undefined);
  assert.equal(sent.seq, 2);
  const anna = await Operator.signIn();
  assert.equal((await anna.history(page.chat.dialogId)).filter((event) => event.text === 'Stored once').length, 1);
  await received(page, 2);
  assert.deepEqual(page.events.map((event) => event.seq), [1, 2]);
});

test('the history is paged backwards without a gap', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const first = visitor.page();
  await first.chat.send('First');
  const anna = await Operator.signIn();
  for (let i = 0; i < 70; i++) {
    await anna.say(first.chat.dialogId, `Line ${i}`);
  }

  first.chat.close();
  const page = visitor.page({ historySize: 20 });
  page.chat.open();
  await connected(page);
  assert.equal(page.events.length, 20);
  let all = [...page.events];
  while (page.chat.hasOlder) {
    all = [...await page.chat.loadOlder(15), ...all];
  }

  assert.deepEqual(all.map((event) => event.seq), Array.from({ length: 72 }, (_, i) => i + 1));
  assert.deepEqual(await page.chat.loadOlder(), []);
});

test('typing, reading and the handoff reach the other side', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const page = visitor.page();
  await page.chat.send('Is anybody there?', { clientId: 'there' });
  const anna = await Operator.signIn();
  const { realtimeUrl } = kept(visitor.storage, 'visitor').value.dialog;
  const watching = await anna.watch(t, page.chat.dialogId, realtimeUrl);

  page.chat.typing();
  page.chat.typing();
  page.chat.typing();
  await until('the visitor to be seen typing', () => watching.heard.some((frame) => frame.type === 'typing_start'));
  page.chat.typing(false);
  await until('the visitor to be seen pausing', () => watching.heard.some((frame) => frame.type === 'typing_stop'));
  assert.equal(watching.heard.filter((frame) => frame.type === 'typing_start').length, 1);
  watching.send({ type: 'typing_start' });
  await until('the operator to be seen typing', () => page.typing.some((change) => change.active && change.sender === 'manager'));
  await anna.say(page.chat.dialogId, 'Here I am.');
  const answer = await got(page, 'Here I am.');
  assert.equal(page.typing.at(-1).active, false);

  watching.send({ type: 'read', seq: 2 });
  await until('the message to be read', () => page.states.find((state) => state.clientId === 'there' && state.state === 'read'));
  page.chat.markRead(answer.seq);
  const isMark = (frame) => frame.type === 'read' && frame.sender === 'user' && frame.last_read === answer.seq;
  await until('the answer to be read', () => watching.heard.find(isMark));

  assert.equal(await page.chat.requestHuman(), 'requested');
  await until('the request', () => page.events.find((event) => event.type === 'handoff_requested'));
  await assert.rejects(page.chat.requestHuman(), { name: 'ReplyXError', status: 409, code: 'handoff_wrong_state', handoff: 'requested' });
  await anna.call('POST', `/api/dialogs/${page.chat.dialogId}/handoff/takeover`, { client_id: 'takeover' });
  const started = await until('the handoff', () => page.events.find((event) => event.type === 'handoff_started'));
  assert.deepEqual([started.handoff, started.operator, page.chat.handoff], ['active', 'Anna', 'active']);
});

test('refusals are typed, and no token is in any', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const page = visitor.page();
  const tooLong = await page.chat.send('x'.repeat(8001), { clientId: 'long' });
  assert.equal(tooLong.error.code, 'bad_text');
  assert.equal(page.chat.pending[0].state, 'failed');
  assert.equal((await page.chat.send('\ud800')).error.code, 'malformed_text');
  assert.equal((await page.chat.send('  \n')).error.code, 'bad_text');
  page.chat.discard('long');
  assert.deepEqual(page.chat.pending, []);

  const lost = new Visitor(t).page({ assistantId: 'nobody' });
  const refused = await lost.chat.send('Hello?');
  assert.deepEqual([refused.error.code, lost.errors[0].code, lost.errors[0].status], ['assistant_not_found', 'assistant_not_found', 404]);
  assert.equal(lost.chat.connection, 'ended');
  assert.match(lost.errors[0].traceId, /^[0-9a-f]{32}$/);
  const said = JSON.stringify([tooLong, refused, lost.errors, page.states, page.connection, refused.error.stack]);
  assert.doesNotMatch(said, /eyJ/);
});

test('a refused dialog token is renewed, and a refused guest starts anew', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const first = visitor.page();
  await first.chat.send('With good tokens');
  const dialog = first.chat.dialogId;
  first.chat.close();
  const { key, value } = kept(visitor.storage, 'visitor');

  visitor.storage.setItem(key, JSON.stringify({ ...value, dialog: { ...value.dialog, token: 'bad' } }));
  const second = visitor.page();
  second.chat.open();
  await connected(second);
  assert.equal(second.chat.dialogId, dialog);
  assert.equal(second.events.length, 2);
  second.chat.close();

  visitor.storage.setItem(key, JSON.stringify({ ...value, guestToken: 'bad', dialog: { ...value.dialog, token: 'bad' } }));
  const third = visitor.page();
  third.chat.open();
  const sent = await third.chat.send('As somebody new');
  assert.equal(sent.error, undefined);
  assert.notEqual(third.chat.dialogId, dialog);
  await received(third, 2);
  assert.deepEqual(third.events.map((event) => event.seq), [1, 2]);
});

test('a token that runs out is replaced on the open socket', { skip }, async (t) => {
  const visitor = new Visitor(t);
  const sockets = [];
  class Watched extends WebSocket {
    refreshed = 0;

    constructor(...args) {
      super(...args);
      sockets.push(this);
      this.addEventListener('message', (event) => void (this.refreshed += event.data.includes('"type":"refreshed"') ? 1 : 0));
    }
  }
  const page = visitor.page({ WebSocket: Watched });
  await page.chat.send('Hello!');
  sockets[0].onmessage({ data: '{"type":"token_expiring"}' });
  await until('the token to be taken', () => sockets[0].refreshed === 1);
  assert.equal(sockets.length, 1);
});

test('two tabs send each message once, and both see what becomes of it', { skip }, async (t) => {
  const { FakeLocks, fakeChannels } = await import('../fakes/browser.js');
  const environment = { locks: new FakeLocks(), BroadcastChannel: fakeChannels() };
  const visitor = new Visitor(t);
  const [one, two] = [visitor.page({ environment }), visitor.page({ environment })];
  one.chat.open();
  two.chat.open();
  const sent = await Promise.all([one, two, one, two].map((page, i) => page.chat.send(`Message ${i}`, { clientId: `m${i}` })));
  assert.deepEqual(sent.map((result) => result.error), [undefined, undefined, undefined, undefined]);
  assert.equal(one.chat.dialogId, two.chat.dialogId);
  for (const page of [one, two]) {
    await until('all events', () => page.events.length === 5);
    assert.deepEqual(page.events.map((event) => event.seq), [1, 2, 3, 4, 5]);
    for (let i = 0; i < 4; i++) {
      const states = page.states.filter((state) => state.clientId === `m${i}`).map((state) => state.state);
      assert.deepEqual(states, ['sending', 'sent']);
    }
  }

  assert.equal(sent.some((result) => result.duplicate), false);
});

test('on a site, a rotated token ends the chat, and the new one finds the same dialog', { skip }, async (t) => {
  const anna = await Operator.signIn();
  const { site_token: siteToken } = await anna.call('POST', '/api/site-token', { site_id: 'demo' });
  const visitor = new Visitor(t);
  const page = visitor.page({ siteToken });
  await page.chat.send('On the site');
  const dialog = page.chat.dialogId;

  const { site_token: fresh } = await anna.call('POST', '/api/site-token/rotate', { site_id: 'demo' });
  await until('the chat to end', () => page.chat.connection === 'ended');
  assert.deepEqual([page.errors[0].code, page.errors[0].closeCode], ['authentication_failed', 4002]);
  const again = visitor.page({ siteToken });
  again.chat.open();
  await until('the chat to end', () => again.chat.connection === 'ended');
  assert.equal(again.errors[0].code, 'site_token_rotated');

  const mended = visitor.page({ siteToken: fresh });
  mended.chat.open();
  await connected(mended);
  assert.equal(mended.chat.dialogId, dialog);
  assert.deepEqual(mended.events.map((event) => event.text).slice(1), ['On the site']);
});
