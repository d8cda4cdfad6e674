import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeBrowser } from '../../../clients/js/test/fakes/browser.js';
import { Conversation } from '../../../ReplyX.Api/wwwroot/chat/conversation.js';

function opened(t, { kept = null } = {}) {
  const browser = new FakeBrowser();
  t.after(() => browser.close());
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const memory = { kept, get() { return this.kept; }, set(value) { this.kept = value; } };
  const { server, clock } = browser;
  const open = () => new Conversation(browser.page().chat, memory);
  const say = async (frame) => {
    server.open.forEach((socket) => socket.say(frame));
    await clock.advance(0);
  };
  return { conversation: open(), open, memory, server, clock, say };
}

async function begun(t, options) {
  const chat = opened(t, options);
  chat.conversation.send('Hello');
  await chat.clock.advance(0);
  return chat;
}

const late = { type: 'error', code: 'backplane_unavailable', message: 'Messages are delayed.' };
const delta = (offset, text) => ({ type: 'message_delta', dialog_id: 101, sender: 'assistant', reply_to: 2, offset, text });

test('what is said of the visitor before there is a dialog is one with what follows', async (t) => {
  const { conversation, server, clock } = opened(t);
  await conversation.identify({ name: 'Vera' });
  await conversation.identify({ email: 'vera@example.com' });
  conversation.visit({ url: 'https://shop.example/boots' });
  assert.equal(server.requests.length, 0);
  conversation.send('It is me');
  await clock.advance(0);

  const { visitor, page } = server.requests[0].body;
  assert.deepEqual([visitor, page], [{ name: 'Vera', email: 'vera@example.com' }, { url: 'https://shop.example/boots' }]);
});

test('an answer that is being written stays through what others say', async (t) => {
  const { conversation, server, clock, say } = await begun(t);
  await say(delta(0, 'We have '));
  server.say('A word in between', 'assistant');
  await clock.advance(0);
  await say(delta(8, 'three.'));
  assert.deepEqual(conversation.draft, { replyTo: 2, text: 'We have three.' });

  server.append(server.dialog, { sender: 'assistant', text: 'We have three.', reply_to: 2 });
  await clock.advance(0);
  assert.equal(conversation.draft, null);
  await say(delta(0, 'And '));
  server.cut();
  await clock.advance(0);
  assert.equal(conversation.draft, null);
});

test('messages are late until one comes', async (t) => {
  const { conversation, server, clock, say } = await begun(t);
  await say({ ...late, code: 'bad_seq' });
  assert.equal(conversation.trouble, false);
  await say(late);
  assert.equal(conversation.trouble, true);
  server.say('Here I am');
  await clock.advance(0);
  assert.equal(conversation.trouble, false);
});

test('or one goes out, or none is heard of it for a while', async (t) => {
  const { conversation, clock, say } = await begun(t);
  await say(late);
  t.mock.timers.tick(20_000);
  await say(late);
  t.mock.timers.tick(20_000);
  assert.equal(conversation.trouble, true);
  t.mock.timers.tick(10_000);
  assert.equal(conversation.trouble, false);

  await say(late);
  conversation.send('Still there?');
  await clock.advance(0);
  assert.equal(conversation.trouble, false);
});

test('how far another log was read says nothing of this one', async (t) => {
  const { conversation, memory, server, clock } = await begun(t);
  ['One', 'Two', 'Three'].forEach((text) => server.say(text));
  await clock.advance(0);
  conversation.markRead();
  assert.deepEqual(memory.kept, { dialog: 101, seq: 5 });

  server.cut();
  server.regrow(server.dialog, ['New one', 'New two']);
  await clock.advance(1_000);
  assert.deepEqual([conversation.readByVisitor, conversation.unread], [0, 2]);
  conversation.markRead();
  assert.deepEqual([conversation.readByVisitor, memory.kept.seq], [2, 2]);
});

test('nor does it for who was away meanwhile', async (t) => {
  const { open, server, clock } = await begun(t, { kept: { dialog: 101, seq: 9 } });
  server.cut();
  server.regrow(server.dialog, ['New one', 'New two']);
  const returned = open();
  returned.goOn();
  await clock.advance(1_000);
  assert.deepEqual([returned.readByVisitor, returned.unread], [0, 2]);
});
