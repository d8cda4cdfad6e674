import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { translator } from '../../../ReplyX.Api/wwwroot/ui/text.js';

const root = new URL('../../../ReplyX.Api/wwwroot/chat/', import.meta.url);
const languages = Object.fromEntries(await Promise.all(readdirSync(fileURLToPath(new URL('i18n', root)))
  .map(async (file) => [file.replace('.js', ''), (await import(new URL(`i18n/${file}`, root))).default])));
const names = (text) => [...new Set((typeof text === 'string' ? [text] : Object.values(text)).flatMap((one) => one.match(/\{\w+\}/gu) ?? []))].sort();

for (const [language, texts] of Object.entries(languages)) {
  test(`${language} says all that English says, with the same values`, () => {
    assert.deepEqual(Object.keys(texts).sort(), Object.keys(languages.en).sort());
    for (const [key, text] of Object.entries(texts)) {
      assert.deepEqual(names(text), names(languages.en[key]), key);
      assert.ok((typeof text === 'string' ? [text] : Object.values(text)).every((one) => one.trim() !== ''), key);
    }
  });

  test(`${language} has a form for each of its plurals`, () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(texts).filter(([, one]) => typeof one === 'object')) {
      assert.deepEqual(Object.keys(text).sort(), [...forms].sort(), key);
    }
  });
}

test('every text that the page asks for is there', () => {
  for (const file of readdirSync(fileURLToPath(root)).filter((name) => name.endsWith('.js'))) {
    for (const [, key] of readFileSync(new URL(file, root), 'utf8').matchAll(/\bt\('([\w.]+)'/gu)) {
      assert.ok(key in languages.en, `${file}: ${key}`);
    }
  }
});

test('numbers choose their form', () => {
  const t = translator('ru', languages.ru, languages.en);
  assert.deepEqual([1, 2, 5, 21, 111].map((count) => t('unread.button', { count })),
    ['1 новое сообщение', '2 новых сообщения', '5 новых сообщений', '21 новое сообщение', '111 новых сообщений']);
});
