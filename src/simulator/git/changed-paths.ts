import type { GitRepository } from './repository.ts';
import { emptyTree, isDirectory } from './tree.ts';
import type { TreeEntry } from './tree.ts';

export interface ChangedPaths {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly modified: readonly string[];
}

/**
 * Which files differ between two trees, from the trees themselves: folders with the same name and sha are not entered.
 * A rename is a removal and an addition, as in GitHub's push events.
 */
export async function changedPaths(
  git: GitRepository,
  from: string | null,
  to: string,
): Promise<ChangedPaths> {
  const found = { added: [] as string[], removed: [] as string[], modified: [] as string[] };
  await compare(from ?? emptyTree, to, '');
  return found;

  async function compare(before: string, after: string, prefix: string): Promise<void> {
    const old = await entriesOf(git, before);
    const now = await entriesOf(git, after);
    for (const name of new Set([...old.keys(), ...now.keys()])) {
      const [was, is] = [old.get(name), now.get(name)];
      if (was?.sha === is?.sha && was?.mode === is?.mode) continue;
      await note(was, is, `${prefix}${name}`);
    }
  }

  async function note(
    was: TreeEntry | undefined,
    is: TreeEntry | undefined,
    path: string,
  ): Promise<void> {
    const [folderBefore, folderAfter] = [folder(was), folder(is)];
    if (folderBefore !== null || folderAfter !== null) {
      await compare(folderBefore ?? emptyTree, folderAfter ?? emptyTree, `${path}/`);
    }
    const [fileBefore, fileAfter] = [isFile(was), isFile(is)];
    if (fileBefore && fileAfter) found.modified.push(path);
    else if (fileAfter) found.added.push(path);
    else if (fileBefore) found.removed.push(path);
  }
}

const folder = (entry: TreeEntry | undefined): string | null =>
  entry !== undefined && isDirectory(entry) ? entry.sha : null;

const isFile = (entry: TreeEntry | undefined): boolean =>
  entry !== undefined && !isDirectory(entry);

async function entriesOf(git: GitRepository, tree: string): Promise<Map<string, TreeEntry>> {
  const entries = tree === emptyTree ? [] : await git.tree(tree);
  return new Map(entries.map((entry) => [entry.name, entry]));
}
