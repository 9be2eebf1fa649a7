import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import {
  contributionAnswer,
  waitingAnswer,
  waitingExit,
} from '../../../src/agents/process/protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'assent-example-'));
afterAll(() => rmSync(folder, { recursive: true }));

const asks = (given: unknown) => {
  const script = fileURLToPath(new URL('../../../examples/shell/asks.sh', import.meta.url));
  return spawnSync('sh', [script], { cwd: folder, input: JSON.stringify(given), encoding: 'utf8' });
};

it('the shell example asks, and goes on with the answer', () => {
  const first = asks({ checkpoint: null, answer: null });
  expect(first.status).toBe(waitingExit);
  expect(first.stderr).toBe('nobody has answered yet\n');
  const { question, checkpoint } = waitingAnswer.parse(JSON.parse(first.stdout));
  expect(question).toBe('Which colour?');
  const second = asks({ checkpoint, answer: { by: 'ann', text: 'green' } });
  expect(second.status).toBe(0);
  expect(contributionAnswer.parse(JSON.parse(second.stdout)).summary).toBe('It is green.');
  expect(readFileSync(join(folder, 'colour.txt'), 'utf8')).toBe('green\n');
});
