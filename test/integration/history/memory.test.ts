import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exitCode } from '../../../src/entrypoints/cli/command.ts';
import { memory } from '../../../src/entrypoints/cli/commands/memory.ts';
import { bob, ledgerOf, Story } from '../../support/ledger-story.ts';
import { createRoot, recordTerminal, writeFiles } from './folders.ts';

const root = createRoot();
afterAll(root.remove);

describe('memory', () => {
  const story = new Story()
    .opened(1, 'Parser \u001b[31mcrashes')
    .event('item.terminated', 'issue-1', { outcome: 'closed', reason: 'not before 2.0' }, bob);
  const folder = writeFiles(join(root.path, 'ledger'), ledgerOf(story.drafts).files);
  const run = async (words: string, options: Parameters<typeof memory>[2] = {}) => {
    const terminal = recordTerminal();
    await memory(folder, words, options, terminal, new Date('2026-11-21T00:00:00Z'));
    return terminal.text();
  };

  it('shows what bears on a text, and where it is from, harmless on a terminal', async () => {
    const text = await run('the parser');
    expect(text).toContain(
      'closed by bob on issue-1, 2026-11-20\n  Parser [31mcrashes: not before 2.0',
    );
  });

  it('shows nothing that does not, and all of it where nothing is asked', async () => {
    expect(await run('colours')).toContain('Nothing that bears on it.');
    expect(await run('')).toContain('not before 2.0');
  });

  it('shows nothing that has expired', async () => {
    expect(await run('the parser', { days: 0 })).toContain('Nothing that bears on it.');
  });

  it('is one document with --json', async () => {
    expect(JSON.parse(await run('the parser', { json: true }))).toMatchObject({
      words: 'the parser',
      notes: [{ kind: 'closed', by: 'bob', event: 'item.terminated' }],
    });
  });

  it('refuses with 2 where there is no folder', async () => {
    const terminal = recordTerminal();
    expect(await memory(join(root.path, 'absent'), '', {}, terminal)).toBe(exitCode.usage);
  });
});
