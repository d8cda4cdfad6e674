import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Offsets } from '../../../ReplyX.Api/wwwroot/ui/offsets.js';

const rows = (...keys) => keys.map((key) => ({ key }));

test('what was not measured counts as estimated', () => {
  const offsets = new Offsets(() => 10);
  offsets.setRows(rows('a', 'b', 'c'));
  assert.equal(offsets.total, 30);
  assert.ok(offsets.measure('b', 25));
  assert.ok(!offsets.measure('b', 25.1), 'a fraction of a pixel is no news');
  assert.deepEqual([0, 1, 2, 3].map((index) => offsets.start(index)), [0, 10, 35, 45]);
});

test('the row at a height is found, at the edges too', () => {
  const offsets = new Offsets(() => 10);
  offsets.setRows(rows('a', 'b', 'c'));
  offsets.measure('b', 25);
  assert.deepEqual([-5, 0, 9.9, 10, 34, 35, 44, 45, 1e9].map((y) => offsets.at(y)), [0, 0, 0, 1, 1, 2, 2, 2, 2]);
});

test('rows that come in above shift the others, whose heights stay known', () => {
  const offsets = new Offsets(() => 10);
  offsets.setRows(rows('b', 'c'));
  offsets.measure('c', 50);
  const before = offsets.start(offsets.indexOf('c'));
  offsets.setRows(rows('a1', 'a2', 'b', 'c'));
  assert.equal(offsets.start(offsets.indexOf('c')) - before, 20);
  assert.equal(offsets.total, 80);
  assert.equal(offsets.indexOf('gone'), -1);
});

test('without rows there is nothing', () => {
  const offsets = new Offsets(() => 10);
  assert.deepEqual([offsets.total, offsets.at(0), offsets.count, offsets.start(3)], [0, 0, 0, 0]);
});

test('it agrees with adding up, for any rows and heights', () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const offsets = new Offsets((row) => row.guess);
  const all = Array.from({ length: 2_000 }, (_, i) => ({ key: `k${i}`, guess: 5 + Math.floor(random() * 100) }));
  const heights = all.map((row) => row.guess);
  offsets.setRows(all);
  for (let i = 0; i < 500; i++) {
    const at = Math.floor(random() * all.length);
    heights[at] = 1 + Math.floor(random() * 300);
    offsets.measure(all[at].key, heights[at]);
    const index = Math.floor(random() * all.length);
    const start = heights.slice(0, index).reduce((sum, height) => sum + height, 0);
    assert.equal(offsets.start(index), start);
    assert.equal(offsets.at(start), index);
    assert.equal(offsets.at(start + heights[index] - 0.5), index);
  }
});
