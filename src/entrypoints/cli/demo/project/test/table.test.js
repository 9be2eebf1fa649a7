import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderTable } from '../src/table.js';

test('a column is as wide as its widest cell', () => {
  const table = renderTable([
    ['name', 'colour'],
    ['ada', 'green'],
    ['grace', 'red'],
  ]);
  assert.equal(table, 'name   colour\nada    green\ngrace  red');
});

test('a short row is filled up', () => {
  assert.equal(renderTable([['a', 'b'], ['c']]), 'a  b\nc');
});

test('no rows make no lines', () => {
  assert.equal(renderTable([]), '');
});
