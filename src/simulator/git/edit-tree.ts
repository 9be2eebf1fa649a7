import type { GitRepository } from './repository.ts';
import { emptyTree, isDirectory, serializeTree } from './tree.ts';
import type { TreeEntry } from './tree.ts';

/** `null` deletes. */
export type TreeChange = { readonly mode: string; readonly sha: string } | null;

/** The tree with the changes applied, by path; folders left empty disappear. */
export async function editTree(
  repository: GitRepository,
  base: string | null,
  changes: ReadonlyMap<string, TreeChange>,
): Promise<string> {
  const entries = new Map<string, TreeEntry>();
  if (base !== null) {
    for (const entry of await repository.tree(base)) entries.set(entry.name, entry);
  }
  const below = new Map<string, Map<string, TreeChange>>();
  for (const [path, change] of changes) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      if (change === null) entries.delete(path);
      else entries.set(path, { name: path, ...change });
    } else {
      const folder = path.slice(0, slash);
      const inner = below.get(folder) ?? new Map<string, TreeChange>();
      inner.set(path.slice(slash + 1), change);
      below.set(folder, inner);
    }
  }
  for (const [folder, inner] of below) {
    const existing = entries.get(folder);
    const inside = existing !== undefined && isDirectory(existing) ? existing.sha : null;
    const sha = await editTree(repository, inside, inner);
    if (sha === emptyTree) entries.delete(folder);
    else entries.set(folder, { mode: '40000', name: folder, sha });
  }
  return repository.write('tree', serializeTree([...entries.values()]));
}
