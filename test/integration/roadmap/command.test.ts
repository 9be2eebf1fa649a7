import {
  chmod,
  lstat,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roadmapCommand } from '../../../src/entrypoints/cli/commands/roadmap.ts';
import { folder } from './documents.ts';

let directory = '';
let file = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'assent-roadmap-'));
  file = join(directory, 'ROADMAP.md');
  await writeFile(file, await readFile(join(folder, 'seed-4.md')));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

interface Run {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function run(...words: string[]): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  let exit = -1;
  const program = new Command('assent')
    .exitOverride()
    .configureOutput({ writeOut: (text) => out.push(text), writeErr: (text) => err.push(text) });
  roadmapCommand(program, {
    terminal: { out: (line) => out.push(line), err: (line) => err.push(line), interactive: false },
    end: (code) => {
      exit = code;
    },
  });
  try {
    await program.parseAsync(['node', 'assent', 'roadmap', ...words]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exit = 2;
  }
  return { exit, out: out.join('\n'), err: err.join('\n') };
}

describe('assent roadmap show', () => {
  it('gives one JSON document', async () => {
    const { exit, out } = await run('show', file, '--json');
    expect(exit).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      version: null,
      milestones: [
        {
          title: 'Foundational Features (CA-007 to CA-017)',
          status: 'in_progress',
          measured: { done: 6, total: 11 },
        },
        ...Array.from({ length: 11 }, () => expect.anything()),
      ],
    });
  });

  it('tells a person where each item stands', async () => {
    const { out } = await run('show', file);
    expect(out).toContain('   21  planned     MDC Rules');
  });

  it('says what is wrong with a file that is no text', async () => {
    await writeFile(file, Buffer.from([0x23, 0x20, 0xe9, 0x0a]));
    expect(await run('show', file)).toMatchObject({
      exit: 1,
      err: expect.stringContaining('not UTF-8'),
    });
  });

  it('is wrong usage where there is no such file', async () => {
    expect(await run('show', join(directory, 'none.md'))).toMatchObject({ exit: 2, out: '' });
  });
});

describe('assent roadmap set', () => {
  const before = '| CA-012 | MDC Rules | Planned | -- |';
  const after = '| CA-012 | MDC Rules | Implemented | -- |';

  it('shows the one line and writes nothing', async () => {
    const original = await readFile(file);
    const { exit, out } = await run('set', file, '--item', 'CA-012', '--status', 'done');
    expect(exit).toBe(0);
    expect(out).toContain(`${file}:21\n-${before}`);
    expect(out).toContain(`\n+${after}`);
    expect(await readFile(file)).toEqual(original);
  });

  it('writes that line and no other with --write', async () => {
    const original = await readFile(file, 'utf8');
    const { exit } = await run('set', file, '--item', 'CA-012', '--status', 'done', '--write');
    expect(exit).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(original.replace(before, after));
  });

  it('writes through a link, keeps the mode, and leaves nothing beside it', async () => {
    const link = join(directory, 'link.md');
    await symlink(file, link);
    await chmod(file, 0o640);
    await run('set', link, '--item', 'CA-012', '--status', 'done', '--write');
    expect(await readFile(file, 'utf8')).toContain(after);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect((await stat(file)).mode & 0o777).toBe(0o640);
    expect((await readdir(directory)).toSorted()).toEqual(['ROADMAP.md', 'link.md']);
  });

  it.each(['done', 'in_progress', 'in-progress', 'planned', 'blocked'])(
    'takes the word %s',
    async (status) => {
      expect(await run('set', file, '--item', 'CA-012', '--status', status)).toMatchObject({
        exit: 0,
      });
    },
  );

  it.each([
    [
      'an unknown status is wrong usage',
      ['--item', 'CA-012', '--status', 'finished'],
      2,
      'in_progress',
    ],
    ['a missing item is wrong usage', ['--status', 'done'], 2, '--item'],
    [
      'an unknown option is wrong usage',
      ['--item', 'a', '--status', 'done', '--wirte'],
      2,
      '--write',
    ],
    ['several items are refused', ['--item', 'canary', '--status', 'done'], 1, 'line 79'],
    ['no such item is refused', ['--item', 'quantum', '--status', 'done'], 1, 'quantum'],
  ])('%s, and the file stays', async (_, words, code, says) => {
    const original = await readFile(file);
    const { exit, out, err } = await run('set', file, '--write', ...words);
    expect(exit).toBe(code);
    expect(`${out}${err}`).toContain(says);
    expect(await readFile(file)).toEqual(original);
  });

  it('picks one of several that read alike by its line', async () => {
    await writeFile(file, await readFile(join(folder, 'brackets.md')));
    const words = ['--item', 'Mirror the registry', '--status', 'done', '--write'];
    expect(await run('set', file, ...words)).toMatchObject({ exit: 1 });
    expect(await run('set', file, ...words, '--line', '9')).toMatchObject({ exit: 0 });
    const lines = (await readFile(file, 'utf8')).split('\n');
    expect(lines.slice(7, 9)).toEqual([
      '* Mirror the registry [planned]',
      '* Mirror the registry [done]',
    ]);
  });

  it('changes one line and names the heading that counts otherwise now; asked to, it changes that too', async () => {
    const text =
      '# Plan\n\n## Core ✅ 100%\n\n| Item | Status |\n|---|---|\n| Gate | ✅ Done |\n| Log | ✅ Done |\n';
    const words = ['--item', 'Log', '--status', 'planned', '--write'];
    const changed = async (...more: string[]) => {
      await writeFile(file, text);
      const { exit, err } = await run('set', file, ...words, ...more);
      const after = (await readFile(file, 'utf8')).split('\n');
      const lines = text.split('\n').flatMap((line, at) => (line === after[at] ? [] : [at + 1]));
      return { exit, lines, named: err.includes(':3: "## Core ✅ 100%"') };
    };
    expect(await changed()).toEqual({ exit: 0, lines: [8], named: true });
    expect(await changed('--headings')).toEqual({ exit: 0, lines: [3, 8], named: false });
  });

  it('gives one JSON document, also when it refuses', async () => {
    const { out } = await run('set', file, '--item', 'canary', '--status', 'done', '--json');
    expect(JSON.parse(out)).toMatchObject({ refused: { code: 'ambiguous_item' } });
    const set = await run('set', file, '--item', 'CA-012', '--status', 'planned', '--json');
    expect(JSON.parse(set.out)).toMatchObject({
      edit: null,
      written: false,
      status: { from: 'planned' },
    });
  });
});
