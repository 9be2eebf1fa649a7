import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../src/cli.js';

test('prints the input as a table', () => {
  const result = main([], () => 'name,colour\nada,green\n');
  assert.deepEqual(result, { output: 'name  colour\nada   green', error: '', exitCode: 0 });
});
