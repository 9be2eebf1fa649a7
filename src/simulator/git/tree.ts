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

export function serializeTree(entries: readonly TreeEntry[]): Buffer {
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

export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
