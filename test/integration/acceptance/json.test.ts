import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const run = promisify(execFile);

async function assent(...args: readonly string[]) {
  try {
    const { stdout } = await run(process.execPath, ['src/entrypoints/cli/main.ts', ...args]);
    return { code: 0, stdout };
  } catch (error) {
    const { code, stdout } = error as { readonly code: number; readonly stdout: string };
    return { code, stdout };
  }
}

describe('with --json a refusal is the one document, too', () => {
  it.each([
    [['history', 'verify', '/nowhere']],
    [['history', 'replay', '/nowhere']],
    [['history', 'show', '/nowhere']],
    [['roadmap', 'set', '/nowhere', '--item', 'A1', '--status', 'done']],
  ])('%j', async (args) => {
    const { code, stdout } = await assent(...args, '--json');
    expect(code).toBe(2);
    expect(JSON.stringify(JSON.parse(stdout))).toContain('/nowhere');
  });
});
