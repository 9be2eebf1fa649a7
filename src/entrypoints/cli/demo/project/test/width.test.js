import assert from 'node:assert/strict';
import { test } from 'node:test';
import { width } from '../src/width.js';

test('a letter takes one column', () => {
  assert.equal(width('widgets'), 7);
});

test('nothing takes no column', () => {
  assert.equal(width(''), 0);
});
