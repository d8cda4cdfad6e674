import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accentProperties, contrast, parse } from '../../../ReplyX.Api/wwwroot/ui/accent.js';

const rgb = (css) => css.match(/\d+/gu).map(Number);

test('whatever the colour, text on it and beside it can be read (WCAG 2.2, 1.4.3)', () => {
  const parts = [0, 51, 102, 153, 204, 255];
  for (const dark of [false, true]) {
    const hover = dark ? [35, 40, 51] : [238, 240, 244];
    const ground = dark ? [20, 23, 29] : [255, 255, 255];
    for (const r of parts) for (const g of parts) for (const b of parts) {
      const color = `#${[r, g, b].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
      const made = accentProperties(color, dark);
      assert.ok(contrast(rgb(made['--accent']), rgb(made['--on-accent'])) >= 4.5, `${color} on its own`);
      assert.ok(contrast(rgb(made['--accent-text']), rgb(made['--accent-soft'])) >= 4.5, `${color} as text`);
      assert.ok(contrast(rgb(made['--accent-text']), hover) >= 4.5, `${color} as text on a row under the pointer`);
      assert.ok(contrast(rgb(made['--focus']), ground) >= 3, `${color} as the focus' ring`);
    }
  }
});

test('what is no colour is none', () => {
  for (const text of ['', 'red', '#fff', '#12345g', 'url(x)', null, undefined]) {
    assert.equal(parse(text), null);
    assert.equal(accentProperties(text, false), null);
  }
});
