import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Refusal } from '../../domain/result.ts';
import { fieldsOf, git, textOf } from './git.ts';
import { printable } from './workspace-paths.ts';

/** In bytes. */
export interface WorkspaceLimits {
  /** Of one file of the repository; GitHub itself takes none above 100 MiB. */
  readonly file: number;
  /** Of a whole checkout. */
  readonly checkout: number;
  /** Of all that a run changes. */
  readonly change: number;
}

const mebi = 1024 * 1024;

export const defaultLimits: WorkspaceLimits = {
  file: 100 * mebi,
  checkout: 2_048 * mebi,
  change: 20 * mebi,
};

const megabytes = (bytes: number): string => `${Math.ceil(bytes / mebi)} MiB`;

/** Asked of the objects, before anything is written to disk. null: it is here, and may be checked out. */
export async function tooLarge(
  mirror: string,
  sha: string,
  { file, checkout }: WorkspaceLimits,
): Promise<Refusal | null> {
  const listed = await git(
    [`--git-dir=${mirror}`, 'ls-tree', '-r', '-l', '-z', '--full-tree', `${sha}^{commit}`],
    { allow: [128] },
  );
  if (listed.code !== 0)
    return { code: 'workspace.base', message: `${sha} is not in the mirror; fetch first.` };
  let sum = 0;
  for (const line of fieldsOf(listed)) {
    const [, size = '', path = ''] = /^\d+ blob [0-9a-f]+ +(\d+)\t([\s\S]*)$/.exec(line) ?? [];
    sum += Number(size);
    if (Number(size) > file)
      return {
        code: 'workspace.large',
        message: `"${printable(path)}" has ${megabytes(Number(size))}; a checkout takes files of at most ${megabytes(file)}. Keep it in Git LFS, or outside the repository.`,
      };
  }
  return sum <= checkout
    ? null
    : {
        code: 'workspace.large',
        message: `The repository has ${megabytes(sum)} of files; a checkout takes at most ${megabytes(checkout)}.`,
      };
}

/** What a run left, by what the file system says of it. */
export async function refuseLarge(
  root: string,
  paths: readonly string[],
  { change }: WorkspaceLimits,
): Promise<Refusal | null> {
  let sum = 0;
  for (const path of paths) {
    sum += (await lstat(join(root, path)).catch(() => null))?.size ?? 0;
    if (sum > change)
      return {
        code: 'workspace.large',
        message: `The change has more than ${megabytes(change)}, "${printable(path)}" among it. Remove what is no source.`,
      };
  }
  return null;
}

const maxText = 8 * mebi;

/** By path; what is no plain file, no UTF-8, or larger than a text is, is left out. */
export async function textsIn(
  mirror: string,
  tree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const at = [`--git-dir=${mirror}`, 'ls-tree', '-l', '-z', '--full-tree', tree, '--', ...paths];
  const texts = new Map<string, string>();
  for (const entry of fieldsOf(await git(at))) {
    const [, oid, size, path = ''] =
      /^100(?:644|755) blob ([0-9a-f]+) +(\d+)\t([\s\S]*)$/.exec(entry) ?? [];
    if (oid === undefined || Number(size) > maxText) continue;
    const blob = await git([`--git-dir=${mirror}`, 'cat-file', 'blob', oid]);
    if (!blob.stdout.includes(0)) texts.set(path, textOf(blob));
  }
  return texts;
}
