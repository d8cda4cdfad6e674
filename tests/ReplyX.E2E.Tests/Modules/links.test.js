import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linkParts } from '../../../ReplyX.Api/wwwroot/ui/links.js';

const links = (text) => linkParts(text).filter((part) => part.href).map((part) => [part.text, part.href]);

test('addresses of pages and of people become links', () => {
  assert.deepEqual(links('See https://example.com/a?b=c#d, www.example.org/x or write to me@example.com.'), [
    ['https://example.com/a?b=c#d', 'https://example.com/a?b=c#d'],
    ['www.example.org/x', 'https://www.example.org/x'],
    ['me@example.com', 'mailto:me@example.com'],
  ]);
});

test('a sentence and its brackets are none of the link', () => {
  for (const [text, link] of [
    ['(https://example.com)', 'https://example.com'],
    ['Is it https://example.com/?', 'https://example.com/'],
    ['https://example.com/a_(b)', 'https://example.com/a_(b)'],
    ['(see https://example.com/a_(b))', 'https://example.com/a_(b)'],
    ['«https://example.com»', 'https://example.com'],
    ['https://example.com/…', 'https://example.com/'],
  ]) {
    assert.deepEqual(links(text).map(([found]) => found), [link], text);
  }
});

test('what could do harm stays text', () => {
  for (const text of [
    'javascript:alert(1)', 'JaVaScRiPt://example.com/%0aalert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:x', 'file:///etc/passwd',
    'https://bank.example@elsewhere.example/', 'https://user:pass@example.com', 'https://', 'http://[', 'ftp://example.com', 'x@y',
  ]) {
    assert.deepEqual(links(text).filter(([, href]) => !href.startsWith('mailto:')), [], text);
  }
});

test('what reverses the direction of reading ends a link', () => {
  assert.deepEqual(links('https://evil.example/\u202egpj.exe ok').map(([found]) => found), ['https://evil.example/']);
  assert.deepEqual(links('see https://shop.example/\u2067x').map(([found]) => found), ['https://shop.example/']);
});

test('every character of the text is kept, in order', () => {
  for (const text of ['', 'a', 'a https://x.example b', 'https://x.example', 'x\n\nhttps://x.example\n<b>', 'привет почта@пример.рф !', 'https://a.example https://b.example']) {
    assert.equal(linkParts(text).map((part) => part.text).join(''), text);
  }
});

test('an address that begins amid a word is none', () => {
  assert.deepEqual(links('me@example.com@example.org').map(([found]) => found), ['me@example.com']);
});

// Time that grows with the square of the length is 64 times as much for eight times the text.
test('eight times the text takes about eight times the time, whatever is in it', () => {
  const took = (text) => Math.min(...Array.from({ length: 5 }, () => {
    const from = performance.now();
    linkParts(text);
    return performance.now() - from;
  }));
  for (const shape of [
    (n) => `https://a.example/${')'.repeat(n)}`,
    (n) => `https://a.example/${'(.'.repeat(n / 2)}${').'.repeat(n / 2)}`,
    (n) => `${'a'.repeat(n / 2)}@${'a'.repeat(n / 2)}`,
    (n) => `a@${'a.'.repeat(n / 2)}`,
    (n) => 'a'.repeat(n),
    (n) => 'a@'.repeat(n / 2),
    (n) => 'www.'.repeat(n / 4),
  ]) {
    took(shape(4_000));
    const [few, many] = [took(shape(4_000)), took(shape(32_000))];
    assert.ok(many < 24 * few, `${shape(8)}: ${few} ms and ${many} ms`);
  }
});
