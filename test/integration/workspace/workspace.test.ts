import { access, chmod, lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openMirror } from '../../../src/adapters/git/mirror.ts';
import { createWorkspaceHost } from '../../../src/adapters/git/workspace.ts';
import type { RepositoryFiles } from '../../../src/ports/repository-files.ts';
import type { OpenWorkspace, WorkspaceHost } from '../../../src/ports/workspace.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

let origin: TestRepository;
let mirror: RepositoryFiles;
let host: WorkspaceHost;
let base: string;
let workspace: OpenWorkspace;

const open = async (run = 'run-1', sha = base) => {
  const opened = await host.open({ run, sha, branch: 'assent/issue-1' });
  if (!opened.ok) throw new Error(opened.refusal.message);
  return opened.value;
};

beforeAll(async () => {
  origin = await createRepository();
  base = await origin.commit('Begin', {
    'a.txt': 'one\ntwo\nthree\n',
    'deep/b.txt': 'b\n',
    'twice.txt': 'x\nx\n',
    '.gitignore': 'node_modules/\n',
    'bin.dat': Buffer.from([0, 1, 2]),
    'latin1.txt': Buffer.from([0xe9, 0x0a]),
  });
  const directory = join(origin.directory, 'mirror.git');
  mirror = await openMirror({
    directory,
    remote: () => Promise.resolve({ url: origin.path, token: null }),
  });
  await mirror.fetch();
  host = createWorkspaceHost({
    mirror: directory,
    directory: join(origin.directory, 'workspaces'),
  });
});
beforeEach(async () => {
  workspace = await open();
});
afterEach(() => workspace.dispose());
afterAll(() => origin.close());

const inside = (path: string) => join(workspace.root, path);
const commit = () =>
  workspace.commit({
    message: 'm',
    author: { name: 'a', email: 'a@x' },
    at: '2026-11-21T09:00:00Z',
  });

describe('opening', () => {
  it('gives the files of the commit and no repository', async () => {
    expect(await workspace.list('')).toEqual({
      ok: true,
      value: ['.gitignore', 'a.txt', 'bin.dat', 'deep/b.txt', 'latin1.txt', 'twice.txt'],
    });
    await expect(access(inside('.git'))).rejects.toThrow('ENOENT');
    expect(await workspace.changes()).toEqual({ ok: true, value: [] });
  });

  it('again after a crash begins anew', async () => {
    await workspace.write('left.txt', 'x');
    const again = await open();
    expect(await again.changes()).toEqual({ ok: true, value: [] });
  });

  it.for([
    ['an unknown commit', { sha: '0'.repeat(40) }],
    ['what is no commit', { sha: 'main' }],
    ['a run that is a path', { run: '../x' }],
    ['a branch that is an option', { branch: '--upload-pack=x' }],
  ] as const)('is refused for %s', async ([, change]) => {
    const asked = { run: 'r', sha: base, branch: 'assent/x', ...change };
    expect(await host.open(asked)).toMatchObject({ ok: false });
  });
});

describe('editing', () => {
  it('reads by lines', async () => {
    expect(await workspace.read('a.txt', 2, 9)).toEqual({
      ok: true,
      value: { from: 2, to: 3, total_lines: 3, text: 'two\nthree' },
    });
  });

  it('finds text with its place', async () => {
    expect(await workspace.search('two', 10)).toEqual({
      ok: true,
      value: [{ path: 'a.txt', line: 2, text: 'two' }],
    });
  });

  it('finds the same without ripgrep', async () => {
    await workspace.write('.gitignore', 'node_modules/\nout/\n');
    await workspace.write('out/x.txt', 'x\n');
    await workspace.write('deep/.hidden', 'x\n');
    await workspace.write('.ignore', 'twice.txt\n');
    const found = await workspace.search('x', 10);
    const bin = join(origin.directory, 'bin');
    await mkdir(bin);
    const { execFileSync } = await import('node:child_process');
    await symlink(execFileSync('which', ['git'], { encoding: 'utf8' }).trim(), join(bin, 'git'));
    vi.stubEnv('PATH', bin);
    expect(await workspace.search('x', 10)).toEqual(found);
    vi.unstubAllEnvs();
    expect(found).toMatchObject({
      value: [
        { path: '.ignore', text: 'twice.txt' },
        { path: 'deep/.hidden', line: 1 },
        { path: 'twice.txt', line: 1 },
        { path: 'twice.txt', line: 2 },
      ],
    });
  });

  it.for(['', 'a\nb', 'a\0b'])('searches for no %j', async (text) => {
    expect(await workspace.search(text, 10)).toMatchObject({
      refusal: { code: 'workspace.search' },
    });
  });

  it('takes no search for an option or a pattern', async () => {
    for (const text of ['--files', '-e', 'tw.', '[', '$(id)'])
      expect(await workspace.search(text, 10)).toEqual({ ok: true, value: [] });
  });

  it('replaces what stands exactly once, and takes no pattern in it', async () => {
    expect(await workspace.replaceOnce('a.txt', 'two', "$& $' $1")).toMatchObject({ ok: true });
    expect(await readFile(inside('a.txt'), 'utf8')).toBe("one\n$& $' $1\nthree\n");
  });

  it.for([
    ['not there', 'a.txt', 'four', 'is not in'],
    ['there twice', 'twice.txt', 'x', 'stands 2 times'],
    ['empty', 'a.txt', '', 'is not in'],
    ['in a binary', 'bin.dat', 'x', 'binary'],
    ['in no UTF-8', 'latin1.txt', 'x', 'not UTF-8'],
    ['in no file', 'deep', 'x', 'no file'],
  ] as const)('refuses to replace text that is %s', async ([, path, before, reason]) => {
    expect(await workspace.replaceOnce(path, before, 'y')).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining(reason) },
    });
  });

  it('counts what was added, changed and removed, and commits it into the mirror', async () => {
    await workspace.write('new/c.txt', 'c\n');
    await workspace.replaceOnce('a.txt', 'one\n', '');
    await workspace.remove('deep/b.txt');
    expect(await workspace.changes()).toMatchObject({
      ok: true,
      value: [
        { path: 'a.txt', status: 'modified', additions: 0, deletions: 1 },
        { path: 'deep/b.txt', status: 'removed' },
        { path: 'new/c.txt', status: 'added', additions: 1 },
      ],
    });
    const made = await commit();
    const sha = made.ok ? made.value : '';
    expect(await mirror.listFiles(sha, '')).toContain('new/c.txt');
    expect(await mirror.isAncestor(base, sha)).toBe(true);
  });

  it.for<[string, () => Promise<unknown>]>([
    ['another line of the same length', () => workspace.write('a.txt', 'one\nTWO\nthree\n')],
    ['what it was at first', () => workspace.write('a.txt', 'one\ntwo\nthree\n')],
    ['a file gone', () => workspace.remove('a.txt')],
    ['one more file', () => workspace.write('b.txt', 'b\n')],
    ['a file that may be run', () => chmod(inside('a.txt'), 0o755)],
    ['a file ignored no more', () => workspace.write('.gitignore', '')],
  ])('sees between two looks %s', async ([, act]) => {
    await workspace.write('a.txt', 'one\n2wo\nthree\n');
    await workspace.write('node_modules/x.js', 'x');
    const first = await workspace.patch();
    expect(await workspace.patch()).toEqual(first);
    await act();
    expect(await workspace.patch()).not.toEqual(first);
    expect(await workspace.patch()).toEqual(await workspace.patch());
  });

  it('does not propose what the repository ignores', async () => {
    await workspace.write('node_modules/x/index.js', 'x');
    expect(await workspace.changes()).toEqual({ ok: true, value: [] });
    expect(await commit()).toMatchObject({ ok: false, refusal: { code: 'workspace.empty' } });
  });
});

describe('leaving the workspace', () => {
  it.for([
    '',
    '/etc/passwd',
    '../x',
    'deep/../../x',
    './a.txt',
    'deep//b.txt',
    '.git/config',
    'deep/.GIT/hooks/x',
    'a\nb',
    'a\0b',
    'a\\b',
    'x'.repeat(500),
  ])('"%s" is refused to read and to write', async (path) => {
    expect(await workspace.read(path, 1, 9)).toMatchObject({ ok: false });
    expect(await workspace.write(path, 'x')).toMatchObject({ ok: false });
    expect(await workspace.remove(path)).toMatchObject({ ok: false });
  });

  it('a planted link to a file is neither read nor written through', async () => {
    const secret = join(origin.directory, 'secret.txt');
    await writeFile(secret, 'secret');
    await symlink(secret, inside('link.txt'));
    expect(await workspace.read('link.txt', 1, 9)).toMatchObject({ ok: false });
    expect(await workspace.write('link.txt', 'gone')).toMatchObject({ ok: false });
    expect(await readFile(secret, 'utf8')).toBe('secret');
    const found = await workspace.search('secret', 9);
    expect(found).toEqual({ ok: true, value: [] });
  });

  it('a planted link to a folder is not entered', async () => {
    await symlink(origin.directory, inside('out'));
    expect(await workspace.read('out/origin/a.txt', 1, 9)).toMatchObject({ ok: false });
    expect(await workspace.write('out/x.txt', 'x')).toMatchObject({ ok: false });
    await expect(lstat(join(origin.directory, 'x.txt'))).rejects.toThrow('ENOENT');
  });

  it('a planted pipe does not hang the host', async () => {
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [inside('pipe')]);
    expect(await workspace.read('pipe', 1, 9)).toMatchObject({ ok: false });
    expect(await workspace.write('pipe', 'x')).toMatchObject({ ok: false });
  });
});

describe('what a step leaves behind', () => {
  const marker = () => join(origin.directory, 'ran');
  const didNotRun = () => expect(access(marker())).rejects.toThrow('ENOENT');

  it.for([
    ['a filter', { '.gitattributes': '* filter=evil diff=evil\n' }],
    [
      'a configuration beside it',
      {
        config: '[core]\n\tfsmonitor = touch ran\n',
        '.gitconfig': '[core]\n\tfsmonitor = touch ran\n',
      },
    ],
    ['hooks beside it', { 'hooks/pre-commit': '#!/bin/sh\ntouch ran\n' }],
  ] as const)('%s runs nothing', async ([, files]) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(inside(path), '..'), { recursive: true });
      await writeFile(inside(path), text, { mode: 0o755 });
    }
    expect(await workspace.changes()).toMatchObject({ ok: true });
    expect(await commit()).toMatchObject({ ok: true });
    await didNotRun();
  });

  it.for(['.git', 'sub/.git', 'node_modules/x/.git', 'sub/.GIT'])(
    'a repository at %s is refused before git looks at it',
    async (path) => {
      await mkdir(inside(path), { recursive: true });
      await writeFile(inside(`${path}/config`), `[core]\n\tfsmonitor = "touch ${marker()}"\n`);
      await writeFile(inside(`${path}/HEAD`), 'ref: refs/heads/main\n');
      const refusal = { ok: false, refusal: { code: 'workspace.nested_repository' } };
      expect(await workspace.changes()).toMatchObject(refusal);
      expect(await workspace.list('')).toMatchObject(refusal);
      expect(await workspace.patch()).toMatchObject(refusal);
      expect(await commit()).toMatchObject(refusal);
      await didNotRun();
    },
  );

  it('what it changes is shown, whatever its attributes say', async () => {
    await writeFile(inside('.gitattributes'), '*.txt -diff -text binary\n');
    await writeFile(inside('a.txt'), 'hidden from view\n');
    const patch = await workspace.patch();
    expect(patch.ok && patch.value).toContain('+hidden from view');
    expect(await workspace.changes()).toMatchObject({
      value: expect.arrayContaining([expect.objectContaining({ path: 'a.txt', binary: false })]),
    });
  });

  it.for([
    ['a link', () => symlink('/etc/passwd', inside('link'))],
    ['a name with a line end', () => writeFile(inside('a\nb'), 'x')],
    ['a name with an escape', () => writeFile(inside('a\u001b[2Jb'), 'x')],
  ] as const)('%s is not proposed', async ([, plant]) => {
    await plant();
    expect(await workspace.changes()).toMatchObject({
      ok: false,
      refusal: { code: 'workspace.odd_files' },
    });
    expect(await commit()).toMatchObject({ ok: false });
  });

  it('a tree without permissions is removed all the same', async () => {
    await mkdir(inside('closed/deeper'), { recursive: true });
    await chmod(inside('closed/deeper'), 0);
    await chmod(inside('closed'), 0);
    await workspace.dispose();
    await expect(lstat(workspace.root)).rejects.toThrow('ENOENT');
  });
});
