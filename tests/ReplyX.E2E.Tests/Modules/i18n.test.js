import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { translator } from '../../../ReplyX.Api/wwwroot/ui/text.js';

const pages = new URL('../../../ReplyX.Api/wwwroot/', import.meta.url);
const names = (text) => [...new Set((typeof text === 'string' ? [text] : Object.values(text)).flatMap((one) => one.match(/\{\w+\}/gu) ?? []))].sort();

/** A part's texts: `{language: {key: text}}`. */
async function textsOf(part) {
  const folder = new URL(`${part}/i18n/`, pages);
  return Object.fromEntries(await Promise.all(readdirSync(fileURLToPath(folder))
    .map(async (file) => [file.replace('.js', ''), (await import(new URL(file, folder))).default])));
}

/** A part's modules, and those in the folders below that have no texts of their own. */
function modulesOf(folder) {
  return readdirSync(fileURLToPath(folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) {
      const inner = new URL(`${entry.name}/`, folder);
      return entry.name === 'i18n' || readdirSync(fileURLToPath(inner)).includes('i18n') ? [] : modulesOf(inner);
    }
    return entry.name.endsWith('.js') ? [new URL(entry.name, folder)] : [];
  });
}

for (const part of ['chat', 'console', 'console/settings']) {
  const languages = await textsOf(part);

  for (const [language, texts] of Object.entries(languages)) {
    test(`${part}: ${language} says all that English says, with the same values`, () => {
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(languages.en).sort());
      for (const [key, text] of Object.entries(texts)) {
        assert.deepEqual(names(text), names(languages.en[key]), key);
        assert.ok((typeof text === 'string' ? [text] : Object.values(text)).every((one) => one.trim() !== ''), key);
      }
    });

    test(`${part}: ${language} has a form for each of its plurals`, () => {
      const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
      for (const [key, text] of Object.entries(texts).filter(([, one]) => typeof one === 'object')) {
        assert.deepEqual(Object.keys(text).sort(), [...forms].sort(), key);
      }
    });
  }

  test(`${part}: every text that the page asks for is there`, () => {
    for (const module of modulesOf(new URL(`${part}/`, pages))) {
      for (const [, key] of readFileSync(module, 'utf8').matchAll(/\bt\('([\w.]+)'/gu)) {
        assert.ok(key in languages.en, `${module.pathname}: ${key}`);
      }
    }
  });
}

test('numbers choose their form', async () => {
  const { ru, en } = await textsOf('chat');
  const t = translator('ru', ru, en);
  assert.deepEqual([1, 2, 5, 21, 111].map((count) => t('unread.button', { count })),
    ['1 новое сообщение', '2 новых сообщения', '5 новых сообщений', '21 новое сообщение', '111 новых сообщений']);
});
