import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { exitCode } from '../../../src/entrypoints/cli/command.ts';
import { report } from '../../../src/entrypoints/cli/commands/report.ts';
import { FIRST, soundLedger } from '../../support/ledger-damage.ts';
import { ledgerOf, Story } from '../../support/ledger-story.ts';
import { createRoot, recordTerminal, writeFiles } from './folders.ts';

const root = createRoot();
afterAll(root.remove);

let made = 0;
const fresh = (): string => join(root.path, String((made += 1)));

describe('report', () => {
  const run = async (folder: string, json = false) => {
    const terminal = recordTerminal();
    const code = await report(folder, { json }, terminal);
    return { code, text: terminal.text() };
  };
  const folder = () =>
    writeFiles(fresh(), ledgerOf(new Story().opened(1).triaged(1).opened(2).drafts).files);

  it('counts from the history, a line an agent, in eighty columns', async () => {
    const { code, text } = await run(folder());
    expect(code).toBe(exitCode.done);
    expect(text).toMatch(/^triager +0 +0 +0 +0 +0 +0 +– +0\.00 +–$/mu);
    expect(text).toContain('decided on nothing of theirs yet');
    expect(text.split('\n').filter((line) => line.length > 79)).toEqual([]);
  });

  it('is one document with --json', async () => {
    const told: unknown = JSON.parse((await run(folder(), true)).text);
    expect(told).toMatchObject({
      status: 'valid',
      total: { triager: { runs: 1, acceptance_at_first: null } },
      cycles: [{ cycle: 1, to: null }],
    });
  });

  it('says of a history that does not hold that its figures are of one', async () => {
    const files = soundLedger();
    files.set(FIRST, (files.get(FIRST) ?? '').replace('Widget', 'Gadget'));
    const { code, text } = await run(writeFiles(fresh(), files));
    expect(code).toBe(exitCode.fault);
    expect(text).toContain('does not hold');
  });
});
