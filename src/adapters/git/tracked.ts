import { lstat, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fieldsOf, git } from './git.ts';

export interface TrackedPath {
  /** From the folder asked about. */
  readonly path: string;
  readonly mode: string;
}

/**
 * What git tracks below a folder, by its index; null where no repository is around it. Where the repository lies is said outright, so
 * that git neither looks for one nor asks whether it trusts it, and no setting of it can run anything: listing the index reads no
 * filter, and hooks and the file system monitor are off.
 */
export async function trackedPaths(folder: string): Promise<readonly TrackedPath[] | null> {
  const start = resolve(folder);
  const top = await worktreeAround(start);
  if (top === null) return null;
  const inside = relative(top, start).split(sep).join('/');
  const output = await git(
    ['ls-files', '-z', '--stage', '--', ...(inside === '' ? [] : [inside])],
    {
      env: { GIT_DIR: join(top, '.git'), GIT_WORK_TREE: top },
    },
  );
  const seen = new Map<string, TrackedPath>();
  for (const field of fieldsOf(output)) {
    const [, mode = '', path = ''] = /^(\d{6}) [0-9a-f]{40,64} \d\t([^]*)$/.exec(field) ?? [];
    const own = inside === '' ? path : path.slice(inside.length + 1);
    if (own !== '') seen.set(own, { path: own, mode });
  }
  // Nothing tracked in here: a folder that git ignores, such as an installed package.
  return seen.size === 0 && inside !== '' ? null : [...seen.values()];
}

async function worktreeAround(start: string): Promise<string | null> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await isGitFolder(join(folder, '.git'))) return folder;
    if (folder === dirname(folder)) return null;
  }
}

/** A repository's own folder, or the file that a worktree and a submodule have in its place. */
async function isGitFolder(path: string): Promise<boolean> {
  try {
    const found = await lstat(path);
    if (found.isFile())
      return found.size < 4096 && (await readFile(path, 'utf8')).startsWith('gitdir: ');
    return found.isDirectory() && (await lstat(join(path, 'HEAD'))).isFile();
  } catch {
    return false;
  }
}
