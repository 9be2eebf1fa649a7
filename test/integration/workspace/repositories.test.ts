import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMirror } from '../../../src/adapters/git/mirror.ts';
import { createWorkspaceHost } from '../../../src/adapters/git/workspace.ts';
import type { RepositoryFiles } from '../../../src/ports/repository-files.ts';
import type { OpenWorkspace } from '../../../src/ports/workspace.ts';
import { createRepository, type TestRepository } from '../../support/git-repository.ts';

/** Repositories as GitHub would take them, and some that only a crafted push makes. */
let origin: TestRepository;
let mirror: RepositoryFiles;

beforeAll(async () => {
  origin = await createRepository();
  await origin.commit('Begin', { 'a.txt': 'one\n' });
  mirror = await openMirror({
    directory: join(origin.directory, 'mirror.git'),
    remote: () => Promise.resolve({ url: origin.path, token: null }),
  });
});
afterAll(() => origin.close());

interface Entry {
  readonly mode: '100644' | '120000' | '160000' | '040000';
  readonly name: string;
  /** A blob's text, or a tree's entries. */
  readonly holds: string | readonly Entry[];
}

const blob = async (text: string): Promise<string> => {
  await writeFile(join(origin.directory, 'blob'), text);
  return origin.git('hash-object', '-w', join(origin.directory, 'blob'));
};

async function tree(entries: readonly Entry[]): Promise<string> {
  const lines = [];
  for (const { mode, name, holds } of entries) {
    const link = mode === '160000' && typeof holds === 'string' ? holds : null;
    const oid = link ?? (typeof holds === 'string' ? await blob(holds) : await tree(holds));
    const kind = mode === '040000' ? 'tree' : mode === '160000' ? 'commit' : 'blob';
    lines.push(`${mode} ${kind} ${oid}\t${name}\0`);
  }
  const listing = join(origin.directory, 'listing');
  await writeFile(listing, lines.join(''));
  return origin.git('-c', `alias.made=!git mktree -z --missing < ${listing}`, 'made');
}

let runs = 0;

async function opened(entries: readonly Entry[], limits?: { file: number; checkout: number }) {
  const sha = await origin.git('commit-tree', '-m', 'Crafted', await tree(entries));
  await origin.git('update-ref', 'refs/heads/crafted', sha);
  await mirror.fetch();
  const host = createWorkspaceHost({
    mirror: join(origin.directory, 'mirror.git'),
    directory: join(origin.directory, 'workspaces'),
    ...(limits === undefined ? {} : { limits: { ...limits, change: 20 * 1024 * 1024 } }),
  });
  runs += 1;
  return host.open({ run: `run-${runs}`, sha, branch: 'assent/issue-1' });
}

async function workspaceOf(entries: readonly Entry[]): Promise<OpenWorkspace> {
  const result = await opened(entries);
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
}

const plain: Entry = { mode: '100644', name: 'a.txt', holds: 'one\n' };
const edited = async (workspace: OpenWorkspace) => {
  expect(await workspace.write('a.txt', 'two\n')).toMatchObject({ ok: true });
  return workspace.changes();
};

describe('a repository that can be worked in holds', () => {
  it.for<readonly [what: string, entry: Entry]>([
    ['a link out of it', { mode: '120000', name: 'link', holds: '/etc/passwd' }],
    ['a link to a folder above', { mode: '120000', name: 'up', holds: '../../..' }],
    ['a submodule', { mode: '160000', name: 'sub', holds: '1'.repeat(40) }],
    ['a name with a line end', { mode: '100644', name: 'x\ny', holds: 'z\n' }],
    ['a name with an escape', { mode: '100644', name: 'x\u001b[2Jy', holds: 'z\n' }],
  ])('%s: it stays as it is, and only what was edited is proposed', async ([, entry]) => {
    const workspace = await workspaceOf([plain, entry]);
    expect(await edited(workspace)).toMatchObject({ ok: true, value: [{ path: 'a.txt' }] });
    expect(await workspace.list('')).toMatchObject({ ok: true });
    await workspace.dispose();
  });

  it('a link out of it is read as where it leads, never through', async () => {
    const workspace = await workspaceOf([
      plain,
      { mode: '120000', name: 'link', holds: '/etc/passwd' },
      { mode: '120000', name: 'up', holds: '../../..' },
    ]);
    expect(await workspace.read('link', 1, 9)).toMatchObject({ value: { text: '/etc/passwd' } });
    expect(await workspace.read('up/mirror.git/HEAD', 1, 9)).toMatchObject({ ok: false });
    expect(await workspace.search('root:', 9)).toEqual({ ok: true, value: [] });
    await workspace.write('link', '/etc/shadow');
    expect(await workspace.changes()).toMatchObject({
      refusal: { code: 'workspace.odd_files', message: expect.stringContaining('120000') },
    });
    await workspace.dispose();
  });

  it('names with control characters, which are shown without them', async () => {
    const workspace = await workspaceOf([{ mode: '100644', name: 'x\ny', holds: 'needle\n' }]);
    expect(await workspace.list('')).toEqual({ ok: true, value: ['x?y'] });
    expect(await workspace.search('needle', 9)).toMatchObject({ value: [{ path: 'x?y' }] });
    await workspace.dispose();
  });

  it('a pointer of Git LFS, which is compared as it is', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n';
    const workspace = await workspaceOf([{ mode: '100644', name: 'm.bin', holds: pointer }]);
    await workspace.write('m.bin', 'x');
    expect(await workspace.compare(['m.bin', 'none'])).toEqual({
      ok: true,
      value: new Map([['m.bin', { before: pointer, after: 'x' }]]),
    });
    await workspace.dispose();
  });
});

describe('a repository is refused, with what to do about it,', () => {
  it.for<readonly [what: string, entries: readonly Entry[], said: RegExp]>([
    [
      'that has a git folder in its tree',
      [{ mode: '040000', name: '.git', holds: [{ ...plain, name: 'config' }] }],
      /git does not check out.*\.git.*Mend the files/s,
    ],
    [
      'that has one deeper down, spelled otherwise',
      [
        {
          mode: '040000',
          name: 'deep',
          holds: [{ mode: '040000', name: '.GiT', holds: [{ ...plain, name: 'config' }] }],
        },
      ],
      /git does not check out/,
    ],
  ])('%s', async ([, entries, said]) => {
    expect(await opened(entries)).toMatchObject({
      ok: false,
      refusal: { code: 'workspace.tree', message: expect.stringMatching(said) },
    });
  });

  it('that has a file too large to be checked out', async () => {
    const big: Entry = { mode: '100644', name: 'big.bin', holds: 'x'.repeat(3_000) };
    expect(await opened([plain, big], { file: 2_000, checkout: 9_000 })).toMatchObject({
      refusal: { code: 'workspace.large', message: expect.stringMatching(/"big.bin".*Git LFS/) },
    });
    expect(await opened([plain, big], { file: 9_000, checkout: 3_001 })).toMatchObject({
      refusal: { code: 'workspace.large', message: expect.stringContaining('at most') },
    });
  });
});

describe('a file of 3 GB', () => {
  const sparse = async (workspace: OpenWorkspace, name: string) => {
    await writeFile(join(workspace.root, name), '');
    await truncate(join(workspace.root, name), 3 * 1024 ** 3);
  };

  it('is neither read nor searched nor proposed', async () => {
    const workspace = await workspaceOf([plain]);
    await sparse(workspace, 'big.bin');
    const large = { ok: false, refusal: { code: 'workspace.large' } };
    expect(await workspace.read('big.bin', 1, 9)).toMatchObject(large);
    expect(await workspace.replaceOnce('big.bin', 'x', 'y')).toMatchObject(large);
    expect(await workspace.search('one', 9)).toMatchObject({ value: [{ path: 'a.txt' }] });
    expect(await edited(workspace)).toMatchObject({
      refusal: { message: expect.stringContaining('"big.bin"') },
    });
    await workspace.dispose();
  });

  it('in the place of a file that was there is not either', async () => {
    const workspace = await workspaceOf([plain]);
    await sparse(workspace, 'a.txt');
    expect(await workspace.changes()).toMatchObject({ refusal: { code: 'workspace.large' } });
    await workspace.dispose();
  });

  it('that the repository ignores concerns nobody', async () => {
    const ignore: Entry = { mode: '100644', name: '.gitignore', holds: 'out.bin\n' };
    const workspace = await workspaceOf([ignore, plain]);
    await sparse(workspace, 'out.bin');
    expect(await edited(workspace)).toMatchObject({ ok: true, value: [{ path: 'a.txt' }] });
    await workspace.dispose();
  });
});
