import type { GitRepository } from './repository.ts';

export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly sha: string;
}

export const isDirectory = (entry: TreeEntry): boolean => entry.mode === '40000';

export function parseTree(content: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < content.length) {
    const space = content.indexOf(32, at);
    const zero = content.indexOf(0, space);
    entries.push({
      mode: content.subarray(at, space).toString(),
      name: content.subarray(space + 1, zero).toString(),
      sha: content.subarray(zero + 1, zero + 21).toString('hex'),
    });
    at = zero + 21;
  }
  return entries;
}

function serializeTree(entries: readonly TreeEntry[]): Buffer {
  // Git sorts by bytes, a directory as if its name ended in a slash.
  const key = (entry: TreeEntry) => Buffer.from(isDirectory(entry) ? `${entry.name}/` : entry.name);
  const sorted = entries.toSorted((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.flatMap((entry) => [
      Buffer.from(`${entry.mode} ${entry.name}\0`),
      Buffer.from(entry.sha, 'hex'),
    ]),
  );
}

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

export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
