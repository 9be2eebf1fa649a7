import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { QUEUE_PATH } from '../../../src/domain/ledger/projection.ts';
import { exitCode } from '../../../src/entrypoints/cli/command.ts';
import { replay } from '../../../src/entrypoints/cli/commands/history/replay.ts';
import { show } from '../../../src/entrypoints/cli/commands/history/show.ts';
import { FIRST, soundLedger } from '../../support/ledger-damage.ts';
import { ledgerOf, Story } from '../../support/ledger-story.ts';
import { createRoot, recordTerminal, writeFiles } from './folders.ts';

const root = createRoot();
afterAll(root.remove);

let made = 0;
const fresh = (): string => join(root.path, String((made += 1)));

describe('history replay', () => {
  const run = async (folder: string, options: Parameters<typeof replay>[1] = {}) => {
    const terminal = recordTerminal();
    const code = await replay(folder, options, terminal);
    return { code, text: terminal.text() };
  };

  it('rebuilds queue.json to the byte', async () => {
    const folder = writeFiles(fresh(), soundLedger());
    const out = fresh();
    const { code, text } = await run(folder, { out });
    expect(readFileSync(out)).toEqual(readFileSync(join(folder, QUEUE_PATH)));
    expect(text).toContain('byte for byte');
    expect(code).toBe(exitCode.done);
  });

  it('rebuilds it where it was lost', async () => {
    const files = soundLedger();
    const queue = files.get(QUEUE_PATH);
    files.delete(QUEUE_PATH);
    const out = fresh();
    const { code } = await run(writeFiles(fresh(), files), { out });
    expect(readFileSync(out, 'utf8')).toBe(queue);
    expect(code).toBe(exitCode.fault);
  });

  it('names the first line that differs', async () => {
    const files = soundLedger();
    files.set(QUEUE_PATH, (files.get(QUEUE_PATH) ?? '').replace('"every": 5', '"every": 1'));
    const { code, text } = await run(writeFiles(fresh(), files));
    expect(text).toMatch(
      /First difference in line 7:\n {2}file {6}"every": 1,\n {2}replayed {2}"every": 5,/,
    );
    expect(code).toBe(exitCode.fault);
  });

  it('replays nothing from a broken history', async () => {
    const files = soundLedger();
    files.set(FIRST, (files.get(FIRST) ?? '').replace('Widget', 'Gadget'));
    const out = fresh();
    const { code, text } = await run(writeFiles(fresh(), files), { out });
    expect(text).toContain(`${FIRST}:1 (event 1) was edited`);
    expect(() => readFileSync(out)).toThrow(/ENOENT/);
    expect(code).toBe(exitCode.fault);
  });

  it('cannot tell where there is no history', async () => {
    expect((await run(writeFiles(fresh(), new Map()))).code).toBe(exitCode.inconclusive);
  });

  it('writes one document with --json', async () => {
    const { text } = await run(writeFiles(fresh(), soundLedger()), { json: true });
    expect(JSON.parse(text)).toMatchObject({ equal: true, replayed: true, difference: null });
  });
});

describe('history show', () => {
  const run = async (folder: string, item: string | null, json = false) => {
    const terminal = recordTerminal();
    const code = await show(folder, item, { json }, terminal);
    return { code, text: terminal.text() };
  };
  const folder = writeFiles(
    fresh(),
    ledgerOf(new Story().opened(1, 'Lid \u001b[31mloose').opened(2).triaged(1).drafts).files,
  );

  it('tells the story of an item, a line an event', async () => {
    const { code, text } = await run(folder, 'issue-1');
    expect(text.split('\n')).toEqual([
      '2026-11-20 10:00:01Z  assent          opened “Lid [31mloose”',
      '2026-11-20 10:00:03Z  assent          triager started',
      '2026-11-20 10:00:04Z  triager         triaged with “bug”',
      '2026-11-20 10:00:05Z  assent          stage triage completed',
    ]);
    expect(code).toBe(exitCode.done);
  });

  it('tells the whole history, naming the items', async () => {
    const { text } = await run(folder, null);
    expect(text.split('\n')[1]).toMatch(/^2026-11-20 10:00:02Z {2}issue-2 +assent +opened/);
  });

  it('says that there is no such item', async () => {
    const { code, text } = await run(folder, 'issue-9');
    expect(text).toContain('names no item issue-9');
    expect(code).toBe(exitCode.usage);
  });

  it('says that a story comes from a history that does not hold', async () => {
    const files = soundLedger();
    files.set(FIRST, (files.get(FIRST) ?? '').replace('Widget', 'Gadget'));
    const { code, text } = await run(writeFiles(fresh(), files), 'issue-1');
    expect(text).toContain('This history does not hold');
    expect(code).toBe(exitCode.fault);
  });

  it('still tells what it can of lines it cannot read', async () => {
    const broken = writeFiles(fresh(), soundLedger());
    const lines = readFileSync(join(broken, FIRST), 'utf8').split('\n');
    lines[1] = 'nothing';
    writeFileSync(join(broken, FIRST), lines.join('\n'));
    const { text } = await run(broken, 'issue-1');
    expect(text).toContain('triaged with “bug”');
  });

  it('writes one document with --json', async () => {
    const { text } = await run(folder, 'issue-1', true);
    expect(JSON.parse(text)).toMatchObject({
      item: 'issue-1',
      status: 'valid',
      events: [{ sequence: 1, text: 'opened “Lid [31mloose”' }, {}, {}, {}],
    });
  });
});
