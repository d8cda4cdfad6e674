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

test('every character of the text is kept, in order', () => {
  for (const text of ['', 'a', 'a https://x.example b', 'https://x.example', 'x\n\nhttps://x.example\n<b>', 'привет почта@пример.рф !', 'https://a.example https://b.example']) {
    assert.equal(linkParts(text).map((part) => part.text).join(''), text);
  }
});

test('eight thousand characters of anything take no time', { timeout: 5_000 }, () => {
  for (const text of ['a@', 'www.', 'https://x.example/(', '((((((((', 'a.a.a@a.', 'https://x.example))))']) {
    linkParts(text.repeat(Math.floor(8_000 / text.length)));
  }
});
