import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCsv } from '../src/csv.js';

test('cells are separated by commas, rows by line ends', () => {
  assert.deepEqual(parseCsv('name,stars\nada,12\n'), [
    ['name', 'stars'],
    ['ada', '12'],
  ]);
});

test('line ends of Windows are line ends', () => {
  assert.deepEqual(parseCsv('a\r\nb\r\n'), [['a'], ['b']]);
});

test('an empty cell is an empty text', () => {
  assert.deepEqual(parseCsv('a,,c'), [['a', '', 'c']]);
});
