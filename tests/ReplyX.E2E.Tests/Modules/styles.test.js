import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const sheet = (path) => readFileSync(new URL(`../../../ReplyX.Api/wwwroot/${path}`, import.meta.url), 'utf8');

/** The selectors of a style sheet, each with its classes. */
function selectorsOf(path) {
  const css = sheet(path).replace(/\/\*[^]*?\*\//gu, '');
  return [...css.matchAll(/([^{}]+)\{/gu)].map(([, text]) => text.trim()).filter((text) => !text.startsWith('@'))
    .flatMap((text) => text.split(/,(?![^(]*\))/u))
    .map((text) => ({ text: text.trim(), classes: [...text.matchAll(/\.([a-z][\w-]*)/giu)].map(([, name]) => name) }))
    .filter(({ classes }) => classes.length > 0);
}

// What the shell puts around whichever part is shown.
const shells = new Set(['part']);

const classesOf = (path) => new Set(selectorsOf(path).flatMap(({ classes }) => classes));

// A style sheet that was loaded for one part of the console stays, and applies to the others too.
for (const late of ['console/settings/settings.css', 'ui/form.css', 'vendor/uplot.css']) {
  test(`${late} and the console's own style sheet have no selector that fits both`, () => {
    for (const [one, other] of [[late, 'console/console.css'], ['console/console.css', late]]) {
      const known = classesOf(other);
      const shared = selectorsOf(one).filter(({ classes }) => classes.every((name) => known.has(name) && !shells.has(name))).map(({ text }) => text);
      assert.deepEqual(shared, [], `${one} has selectors made of classes of ${other} alone`);
    }
  });
}
