import type { PushedChange } from '../../ports/repository-files.ts';
import type { GitOutput } from './git.ts';
import { fieldsOf, isObjectName, textOf } from './git.ts';
import type { Objects } from './objects.ts';

type Local = (args: readonly string[], allow?: readonly number[]) => Promise<GitOutput>;

/**
 * What a push made of a change into `base`. The old change is carried to where the new one begins, as git's own merge would
 * carry it, and the result compared tree by tree: a patch that reads the same may stand in another place of the file, and a
 * merge commit may hold what neither side had. null: a commit is not here any more.
 */
export async function pushedChange(
  { local, objects }: { readonly local: Local; readonly objects: Objects },
  base: string,
  before: string,
  after: string,
): Promise<PushedChange | null> {
  if (!(await isHere(objects, before)) || !(await isHere(objects, after))) return null;
  const rewritten = (await local(['merge-base', '--is-ancestor', before, after], [1])).code !== 0;
  const carried = await carry(local, base, before, after);
  if (carried === null) return { rewritten, same: false, paths: null };
  const paths = fieldsOf(
    await local([
      'diff-tree',
      '-r',
      '-z',
      '--name-only',
      '--no-renames',
      carried,
      `${after}^{tree}`,
    ]),
  );
  return { rewritten, same: paths.length === 0, paths };
}

/** The tree of `before` on the place in `base` that `after` begins at; null where it does not go there by itself. */
async function carry(
  local: Local,
  base: string,
  before: string,
  after: string,
): Promise<string | null> {
  const [from, to] = [await forkPoint(local, base, before), await forkPoint(local, base, after)];
  if (from === null || to === null) return null;
  if (from === to) return `${before}^{tree}`;
  // 1: a conflict; above: nothing git would merge. Neither is carried.
  const merged = await local(['merge-tree', '--write-tree', '--no-messages', before, to], [1, 128]);
  const tree = textOf(merged).trim();
  return merged.code === 0 && isObjectName(tree) ? tree : null;
}

/** null: no common history, or more than one place it could have begun at. */
async function forkPoint(local: Local, base: string, head: string): Promise<string | null> {
  const found = await local(['merge-base', '--all', base, head], [1]);
  const [first, ...others] = textOf(found)
    .split('\n')
    .filter((line) => line !== '');
  return found.code === 0 && first !== undefined && others.length === 0 ? first : null;
}

export const isHere = async (objects: Objects, rev: string): Promise<boolean> =>
  (await objects.read(`${rev}^{commit}`)) !== null;
