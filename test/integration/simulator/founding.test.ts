import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GitRepository } from '../../../src/simulator/git/repository.ts';
import { startSimulator, type Simulator } from '../../../src/simulator/simulator.ts';

let simulator: Simulator;
let folder: string;
beforeAll(async () => {
  simulator = await startSimulator();
  folder = await mkdtemp(join(tmpdir(), 'simulator-founding-'));
});
afterAll(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

const git = (directory: string, ...args: readonly string[]) =>
  execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8', stdio: 'pipe' }).trim();

describe('a repository founded on a folder', () => {
  it('is what git itself makes of it', async () => {
    const from = join(folder, 'project');
    // Sorted by git: `a-b`, `a.txt`, `a/`, since a folder's name ends in a slash there.
    for (const path of ['a/deep', 'empty', 'ignored'])
      await mkdir(join(from, path), { recursive: true });
    for (const path of ['a-b', 'a.txt', 'a/deep/x', 'ignored/y', 'größe', 'run.sh'])
      await writeFile(join(from, path), `${path}\n`);
    await writeFile(join(from, '.gitignore'), 'ignored/\n');
    await chmod(join(from, 'run.sh'), 0o755);
    await symlink('../a.txt', join(from, 'a/link'));
    const made = { owner: 'acme', name: 'founded', defaultBranch: 'trunk/one', from };
    const { directory } = await simulator.createRepository(made);

    git(from, 'init', '-q', '--template=');
    git(from, 'add', '--all', '--force');
    expect(git(directory, 'rev-parse', 'HEAD^{tree}')).toBe(git(from, 'write-tree'));
    expect(git(directory, 'symbolic-ref', 'HEAD')).toBe('refs/heads/trunk/one');
    expect(git(directory, 'fsck', '--full', '--strict', '--no-dangling')).toBe('');
  });

  it('has one commit without files where the folder is empty', async () => {
    const from = join(folder, 'nothing');
    await mkdir(from);
    const { directory } = await simulator.createRepository({
      owner: 'acme',
      name: 'nothing',
      from,
    });
    expect(git(directory, 'log', '--format=%s')).toBe('Initial commit');
    expect(git(directory, 'ls-tree', 'HEAD')).toBe('');
    git(directory, 'fsck', '--full', '--strict');
  });
});

describe('a trial merge', () => {
  it.for([
    ['onto what is behind', 'base', 'topic'],
    ['of what is behind', 'topic', 'base'],
    ['of what went apart', 'main', 'topic'],
    ['of itself', 'main', 'main'],
  ])('%s gives the tree that git gives', async ([, base = '', head = '']) => {
    const from = join(folder, `merge-${base}-${head}`);
    await mkdir(from);
    const commit = async (name: string) => {
      await writeFile(join(from, name), `${name}\n`);
      git(from, 'add', '--all');
      git(from, '-c', 'user.name=a', '-c', 'user.email=a@x', 'commit', '-qm', name);
    };
    git(from, 'init', '-q', '--template=', '-b', 'main');
    await commit('one');
    git(from, 'branch', 'base');
    git(from, 'checkout', '-q', '-b', 'topic');
    await commit('two');
    git(from, 'checkout', '-q', 'main');
    await commit('three');

    const repository = new GitRepository(join(from, '.git'));
    const [ours, theirs] = [git(from, 'rev-parse', base), git(from, 'rev-parse', head)];
    const trial = await repository.tryMerge(ours, theirs);
    repository.close();
    expect(trial).toEqual({
      clean: true,
      tree: git(from, 'merge-tree', '--write-tree', ours, theirs),
    });
  });
});
