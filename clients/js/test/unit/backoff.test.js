import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Backoff } from '../../src/backoff.js';
import { withSeed } from '../seed.js';

test('each wait is between the shortest and three times the one before, and never above the longest', withSeed((random) => {
  const backoff = new Backoff(random);
  let before = 250;
  for (let i = 0; i < 10_000; i++) {
    const wait = backoff.next();
    assert.ok(wait >= 250 && wait <= Math.min(before * 3, 15_000), `${wait} after ${before}`);
    before = wait;
  }
}));

test('the waits of many clients spread', withSeed((random) => {
  const clients = Array.from({ length: 200 }, () => new Backoff(random));
  const fourth = clients.map((backoff) => [1, 2, 3, 4].map(() => backoff.next())[3]);
  assert.ok(new Set(fourth.map((wait) => Math.floor(wait / 100))).size > 20, `${fourth}`);
}));

test('without luck it is the shortest, with all of it it grows threefold up to the longest', () => {
  const lucky = new Backoff(() => 0);
  assert.deepEqual([lucky.next(), lucky.next()], [250, 250]);
  const unlucky = new Backoff(() => 1);
  assert.deepEqual(Array.from({ length: 6 }, () => unlucky.next()), [750, 2250, 6750, 15_000, 15_000, 15_000]);
});

test('after a reset it begins at the shortest again', () => {
  const backoff = new Backoff(() => 1);
  assert.equal(backoff.isFresh, true);
  backoff.next();
  backoff.next();
  assert.equal(backoff.isFresh, false);
  backoff.reset();
  assert.equal(backoff.isFresh, true);
  assert.equal(backoff.next(), 750);
});
