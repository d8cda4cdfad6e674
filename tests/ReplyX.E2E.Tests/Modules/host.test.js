import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Host, version } from '../../../ReplyX.Api/wwwroot/chat/host.js';

function embedded(handlers) {
  const told = [];
  const parent = { postMessage: (message, origin) => told.push([message, origin]) };
  const own = new EventTarget();
  const host = new Host(parent, handlers, own);
  const say = (data, { source = parent, origin = 'https://shop.example' } = {}) => own.dispatchEvent(Object.assign(new Event('message'), { source, origin, data }));
  return { host, told, say, parent };
}

test('it says that it is there, and nothing more before it knows to whom', () => {
  const { host, told } = embedded({});
  host.tell('unread', { count: 1 });
  assert.deepEqual(told, [[{ replyx: version, type: 'hello' }, '*']]);
});

test('it answers the origin that spoke first, and hears no other', () => {
  const heard = [];
  const { host, told, say } = embedded({ init: () => heard.push('init'), open: () => heard.push('open') });
  say({ replyx: version, type: 'init' });
  say({ replyx: version, type: 'open' }, { origin: 'https://other.example' });
  say({ replyx: version, type: 'open' }, { source: {} });
  say({ replyx: version + 1, type: 'open' });
  say({ replyx: version, type: 'constructor' });
  say({ replyx: version, type: 'unheard' });
  say('open');
  say(null);
  host.tell('unread', { count: 2 });
  assert.deepEqual(heard, ['init']);
  assert.deepEqual(told.at(-1), [{ replyx: version, type: 'unread', count: 2 }, 'https://shop.example']);
});

test('a page without an origin is not heard', () => {
  const heard = [];
  const { say } = embedded({ init: () => heard.push('init') });
  say({ replyx: version, type: 'init' }, { origin: 'null' });
  assert.deepEqual(heard, []);
});

test('by itself it speaks to nobody', () => {
  const host = new Host(null, {}, new EventTarget());
  host.tell('unread', { count: 1 });
  assert.equal(host.isEmbedded, false);
});
