import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyHead } from '../../../src/entrypoints/cli/demo/try/copy.ts';
import { readIssue } from '../../../src/entrypoints/cli/demo/try/issue.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

let repository: TestRepository;
let head: string;
beforeAll(async () => {
  repository = await createRepository();
  await repository.commit('first', { 'README.md': '# Widgets\n', 'src/a.js': '1\n' });
  head = await repository.commit('second', { 'src/a.js': '2\n' });
});
afterAll(() => repository.close());

describe('the HEAD that try clones', () => {
  it('is the commit, with what differs from it counted and left', async () => {
    await repository.write({ 'src/a.js': '3\n', 'new.txt': 'new\n' });
    expect(await copyHead(repository.path)).toMatchObject({
      ok: true,
      value: { head, subject: 'second', uncommitted: 2, name: 'origin' },
    });
  });

  it('is found from a folder inside the repository', async () => {
    const copied = await copyHead(join(repository.path, 'src'));
    expect(copied).toMatchObject({ ok: true, value: { head } });
  });

  it('is taken where it is detached, and of a bare repository', async () => {
    const bare = join(repository.directory, 'bare.git');
    await repository.git('clone', '-q', '--bare', repository.path, bare);
    expect(await copyHead(bare)).toMatchObject({ ok: true, value: { head, name: 'bare' } });
    const detached = join(repository.directory, 'detached');
    await repository.git('worktree', 'add', '-q', '--detach', detached, 'HEAD~1');
    expect(await copyHead(detached)).toMatchObject({ ok: true, value: { subject: 'first' } });
  });

  it('runs nothing that the repository names as a program', async () => {
    const proof = join(repository.directory, 'ran');
    const program = join(repository.directory, 'program');
    await writeFile(program, `#!/bin/sh\ntouch ${proof}\n`, { mode: 0o755 });
    await repository.git('config', 'core.fsmonitor', program);
    expect(await copyHead(repository.path)).toMatchObject({ ok: true });
    await repository.git('config', '--unset', 'core.fsmonitor');
    await expect(import('node:fs/promises').then((fs) => fs.stat(proof))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['no folder', () => '/nonexistent', /\/nonexistent: no folder; give the folder of a git repo/],
    ['a folder without git', () => tmpdir(), /no git repository that can be read .*git init/],
  ])('is refused of %s, with what to do', async (_, path, says) => {
    const refused = await copyHead(path());
    expect(refused).toMatchObject({ ok: false, refusal: { message: expect.stringMatching(says) } });
  });

  it('is refused where there is no commit yet', async () => {
    const empty = await createRepository();
    expect(await copyHead(empty.path)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('commit something first') },
    });
    await empty.close();
  });
});

describe('the issue that try files', () => {
  const issueOf = async (text: string | Uint8Array) => {
    const file = join(repository.directory, 'issue.md');
    await writeFile(file, text);
    return readIssue(file);
  };

  it.each([
    ['a heading', '# It turns ##\n\nToo fast.\n', 'It turns', 'Too fast.'],
    ['a line', 'It turns\nToo fast.', 'It turns', 'Too fast.'],
    [
      'a line after empty ones, with ends of Windows',
      '\r\n\r\nIt turns\r\n\r\nToo fast.',
      'It turns',
      'Too fast.',
    ],
    ['a title alone', '## It turns', 'It turns', ''],
  ])('takes its title from %s', async (_, text, title, body) => {
    expect(await issueOf(text)).toEqual({ ok: true, value: { title, body } });
  });

  it.each([
    ['nothing', '', /is empty; its first line or heading becomes the title/],
    ['a heading of nothing', '#  \n', /is empty/],
    ['a line too long for a title', `\n${'x'.repeat(257)}`, /:2: the title has 257 characters/],
    ['no text', Uint8Array.of(0xff, 0xfe, 0x00), /no UTF-8 text/],
  ])('is refused of %s', async (_, text, says) => {
    expect(await issueOf(text)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringMatching(says) },
    });
  });

  it('is an example where none is given', async () => {
    expect(await readIssue(undefined)).toMatchObject({ ok: true });
  });
});
