import { execFile } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUEUE_PATH } from '../../../src/domain/ledger/projection.ts';
import { verify } from '../../../src/entrypoints/cli/commands/history/verify.ts';
import { exitCode } from '../../../src/entrypoints/cli/command.ts';
import { damages, FIRST, oddities, SECOND, soundLedger } from '../../support/ledger-damage.ts';
import { ledgerOf, Story } from '../../support/ledger-story.ts';
import {
  checkout,
  createBare,
  createRoot,
  git,
  record,
  recordTerminal,
  writeFiles,
} from './folders.ts';

const root = createRoot();
afterAll(root.remove);

let made = 0;
const fresh = (): string => join(root.path, String((made += 1)));

const run = async (folder: string, options: Parameters<typeof verify>[1] = {}) => {
  const terminal = recordTerminal();
  const code = await verify(folder, options, terminal);
  return { code, text: terminal.text() };
};

describe('history verify, on a folder', () => {
  it('answers 0 for a sound one', async () => {
    const { code, text } = await run(writeFiles(fresh(), soundLedger()));
    expect(text).toMatch(/^The history holds: \d+ events in 2 segments, head \d+ [0-9a-f]{64}\./m);
    expect(code).toBe(exitCode.done);
  });

  it.each(damages)('answers 1 and names $name', async ({ harm, place, says }) => {
    const files = soundLedger();
    harm(files);
    const { code, text } = await run(writeFiles(fresh(), files));
    expect(text).toContain(says);
    expect(text).toContain(place);
    expect(code).toBe(exitCode.fault);
  });

  it.each(oddities)('answers 0 and notes $name', async ({ harm, says }) => {
    const files = soundLedger();
    harm(files);
    const { code, text } = await run(writeFiles(fresh(), files));
    expect(text).toContain(says);
    expect(code).toBe(exitCode.done);
  });

  it('names bytes that are no UTF-8, with their column', async () => {
    const folder = writeFiles(fresh(), soundLedger());
    const bytes = readFileSync(join(folder, FIRST));
    bytes[100] = 0xff;
    writeFileSync(join(folder, FIRST), bytes);
    const { code, text } = await run(folder);
    expect(text).toContain(`${FIRST}:1:101 holds bytes that are no UTF-8`);
    expect(code).toBe(exitCode.fault);
  });

  it.each([
    ['an empty folder', () => writeFiles(fresh(), new Map())],
    [
      'an empty history',
      () => {
        const folder = fresh();
        mkdirSync(join(folder, '.ai_metadata/history'), { recursive: true });
        return folder;
      },
    ],
    [
      'a queue.json without a history',
      () => writeFiles(fresh(), new Map([['.ai_metadata/queue.json', '{}\n']])),
    ],
  ])('answers 4 for %s: nothing can be said of it', async (_name, make) => {
    const { code, text } = await run(make());
    expect(text).toContain('holds no history');
    expect(code).toBe(exitCode.inconclusive);
  });

  it('answers 2 where there is no folder', async () => {
    const file = join(writeFiles(fresh(), new Map([['file', '']])), 'file');
    expect((await run(join(root.path, 'absent'))).code).toBe(exitCode.usage);
    expect((await run(file)).code).toBe(exitCode.usage);
  });

  it('follows no link out of the folder', async () => {
    const elsewhere = writeFiles(fresh(), soundLedger());
    const byFolder = writeFiles(fresh(), new Map());
    symlinkSync(join(elsewhere, '.ai_metadata'), join(byFolder, '.ai_metadata'));
    expect((await run(byFolder)).code).toBe(exitCode.inconclusive);

    const byFile = writeFiles(fresh(), soundLedger());
    rmSync(join(byFile, SECOND));
    symlinkSync(join(elsewhere, SECOND), join(byFile, SECOND));
    const { code, text } = await run(byFile);
    expect(text).toContain(`${SECOND} is no plain file`);
    expect(code).toBe(exitCode.fault);
  });

  it.each([
    [
      'a folder in place of a segment',
      (folder: string) => {
        rmSync(join(folder, SECOND));
        mkdirSync(join(folder, SECOND));
      },
      `${SECOND} is no plain file`,
    ],
    [
      'line ends converted',
      (folder: string) => {
        const text = readFileSync(join(folder, FIRST), 'utf8');
        writeFileSync(join(folder, FIRST), text.replaceAll('\n', '\r\n'));
      },
      `${FIRST}:1`,
    ],
    [
      'a line of 50 MB',
      (folder: string) => appendFileSync(join(folder, SECOND), `"${'x'.repeat(50_000_000)}"\n`),
      'is longer than 1048576 bytes',
    ],
    [
      'a segment without a byte',
      (folder: string) => writeFileSync(join(folder, SECOND), ''),
      `${SECOND} holds no event`,
    ],
  ])('answers 1 to %s', async (_, harm, says) => {
    const folder = writeFiles(fresh(), soundLedger());
    harm(folder);
    const { code, text } = await run(folder);
    expect(text).toContain(says);
    expect(code).toBe(exitCode.fault);
  });

  it('takes no file beside the history through a link', async () => {
    const folder = writeFiles(fresh(), soundLedger());
    renameSync(join(folder, QUEUE_PATH), join(folder, 'elsewhere.json'));
    symlinkSync(join(folder, 'elsewhere.json'), join(folder, QUEUE_PATH));
    const { code, text } = await run(folder);
    expect(text).toContain(`${QUEUE_PATH} is missing`);
    expect(code).toBe(exitCode.fault);
  });

  it('writes no control character of the history to the terminal', async () => {
    const files = soundLedger();
    const forged = (files.get(FIRST) ?? '').replace(
      '"sequence":2',
      '"\\u001b[2J\\u202e":1,"sequence":2',
    );
    files.set(FIRST, forged);
    files.set('.ai_metadata/history/\u001b[31m', '');
    const { text } = await run(writeFiles(fresh(), files));
    expect(text).toContain('is unknown');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('history verify, on a git repository', () => {
  const bare = fresh();
  const { drafts } = new Story().merged(1, 1).opened(2).triaged(2);
  beforeAll(async () => {
    await record(createBare(bare).branch, drafts, 5);
  });

  it('takes the head of every commit as an anchor', async () => {
    const { code, text } = await run(checkout(bare, fresh()));
    expect(text).toContain('It passes all 7 anchors kept outside it.');
    expect(code).toBe(exitCode.done);
  });

  it('reads a bare repository as well', async () => {
    const { code, text } = await run(bare);
    expect(text).toContain('It passes all 7 anchors kept outside it.');
    expect(code).toBe(exitCode.done);
  });

  it('shows that the end was cut off, although the files agree with one another', async () => {
    const folder = checkout(bare, fresh());
    rmSync(join(folder, '.ai_metadata'), { recursive: true });
    writeFiles(folder, ledgerOf(drafts.slice(0, 20)).files);
    const { code, text } = await run(folder);
    expect(text).toMatch(/ends at event 20, but commit [0-9a-f]{12} recorded event 33/);
    expect(code).toBe(exitCode.fault);
  });

  it('shows that a later commit rewrote what an earlier one had recorded', async () => {
    const folder = checkout(bare, fresh());
    const { files, view } = ledgerOf(
      new Story().opened(9).merged(1, 1).opened(2).triaged(2).drafts,
    );
    writeFiles(folder, files);
    const trailer = `Assent-Head: ${view.head.sequence} ${view.head.hash}`;
    git(folder, 'commit', '--quiet', '--all', '-m', 'ledger: rewritten', '-m', trailer);
    const { code, text } = await run(folder);
    expect(text).toMatch(/has the hash \w+, but commit \w+ recorded event 5 with/);
    expect(code).toBe(exitCode.fault);
  });

  it('warns of a commit that Assent did not write', async () => {
    const folder = checkout(bare, fresh());
    writeFiles(folder, new Map([['.ai_metadata/notes.txt', 'mine']]));
    git(folder, 'add', '.');
    git(folder, 'commit', '--quiet', '-m', 'Add notes');
    const { code, text } = await run(folder);
    expect(text).toMatch(/changed by commits that Assent did not write: [0-9a-f]{12}$/m);
    expect(code).toBe(exitCode.done);
  });

  it('warns of events that no commit recorded', async () => {
    const folder = checkout(bare, fresh());
    const more = new Story(drafts.length + 1).opened(3).drafts;
    writeFiles(folder, ledgerOf([...drafts, ...more]).files);
    const { code, text } = await run(folder);
    expect(text).toContain('goes on to event 34, but no commit recorded more than event 33');
    expect(code).toBe(exitCode.done);
  });

  it('says when the commits could not be read, and still verifies the files', async () => {
    const folder = checkout(bare, fresh());
    rmSync(join(folder, '.git/HEAD'));
    const { code, text } = await run(folder);
    expect(text).toContain('the commits could not be read');
    expect(code).toBe(exitCode.done);
  });

  it('runs no program that the repository names', async () => {
    const folder = checkout(bare, fresh());
    const mark = join(root.path, 'ran');
    const program = join(root.path, 'program.sh');
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\nexit 1\n`, { mode: 0o755 });
    const settings = [
      ['core', 'fsmonitor'],
      ['core', 'pager'],
      ['core', 'sshCommand'],
      ['core', 'alternateRefsCommand'],
      ['gpg', 'program'],
      ['diff', 'external'],
      ['trailer', 'Assent-Head.cmd'],
    ].map(([section = '', key = '']) => {
      const [name, sub] = key.includes('.')
        ? [`${section} "${key.split('.')[0]}"`, key.split('.')[1]]
        : [section, key];
      return `[${name}]\n\t${sub} = ${program}\n`;
    });
    appendFileSync(
      join(folder, '.git/config'),
      `${settings.join('')}[log]\n\tshowSignature = true\n[extensions]\n\tpartialClone = origin\n` +
        `[remote "origin"]\n\tpromisor = true\n\tuploadpack = ${program}\n`,
    );
    for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change']) {
      writeFileSync(join(folder, '.git/hooks', hook), readFileSync(program), { mode: 0o755 });
    }
    const { text } = await run(folder);
    expect(text).toContain('It passes all 7 anchors');
    // With an object missing, git would ask the promisor for it, by the program that the repository names.
    renameSync(join(folder, '.git/objects'), join(folder, '.git/objects-away'));
    mkdirSync(join(folder, '.git/objects'));
    expect((await run(folder)).text).toContain('the commits could not be read');
    expect(existsSync(mark)).toBe(false);
  });
});

describe('history verify, as a command', () => {
  const main = resolve(import.meta.dirname, '../../../src/entrypoints/cli/main.ts');
  const assentIn = (cwd: string, ...args: string[]) =>
    new Promise<{ code: unknown; out: string }>((done) => {
      execFile(process.execPath, [main, ...args], { cwd }, (error, out) =>
        done({ code: error === null ? 0 : error.code, out }),
      );
    });

  const assent = (...args: string[]) => assentIn(root.path, ...args);

  it('reads the checkout one stands in', async () => {
    const bare = fresh();
    await record(createBare(bare).branch, new Story().merged(1, 1).drafts, 5);
    const { code, out } = await assentIn(checkout(bare, fresh()), 'history', 'verify', '.');
    expect(out).not.toContain('could not be read');
    expect(code).toBe(0);
  });

  it('ends with the code it answers, and writes one document with --json', async () => {
    const files = soundLedger();
    files.set(FIRST, (files.get(FIRST) ?? '').replace('Widget', 'Gadget'));
    const { code, out } = await assent('history', 'verify', writeFiles(fresh(), files), '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      status: 'faulty',
      findings: [
        { severity: 'fault', code: 'hash.mismatch', file: FIRST, line: 1, event: 1 },
        { severity: 'note', code: 'transitions.not_checked' },
      ],
    });
  });

  it('refuses an anchor that is none', async () => {
    const { code } = await assent('history', 'verify', '.', '--anchor', '12');
    expect(code).toBe(2);
  });
});
