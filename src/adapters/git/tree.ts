import {
  entryAt,
  isFolder,
  isPlainFile,
  textOfBlob,
  treeAt,
  type Objects,
  type TreeEntry,
} from './objects.ts';
import type { Repository } from './repository.ts';

/** What of a branch is the ledger. */
export const LEDGER_PATHS = ['.ai_metadata', 'INTERNAL_LOG.md'];

/** The plain files of a commit at or beneath `paths`, by path. Symbolic links and submodules are no files of ours. */
export const readBlobs = async (
  git: Repository,
  oid: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const listing = await git.bytes(['ls-tree', '-r', '-z', '--full-tree', oid, '--', ...paths]);
  const entries = listing
    .toString()
    .split('\0')
    .map((entry) => /^100(?:644|755) blob ([0-9a-f]+)\t(.+)$/s.exec(entry))
    .filter((match) => match !== null)
    .map(([, blob = '', path = '']) => ({ blob, path }));
  const contents = await catBlobs(
    git,
    entries.map(({ blob }) => blob),
  );
  return new Map(entries.map(({ path }, index) => [path, contents[index] ?? '']));
};

/** One process for all of them: a history has hundreds of segments. */
const catBlobs = async (git: Repository, blobs: readonly string[]): Promise<readonly string[]> => {
  if (blobs.length === 0) return [];
  const output = await git.bytes(['cat-file', '--batch'], { input: `${blobs.join('\n')}\n` });
  const contents: string[] = [];
  let offset = 0;
  while (offset < output.length) {
    const end = output.indexOf('\n', offset);
    const header = output.toString('latin1', offset, end);
    const size = Number(/ blob (\d+)$/.exec(header)?.[1]);
    if (Number.isNaN(size)) throw new Error(`git cat-file answered ${JSON.stringify(header)}`);
    contents.push(output.toString('utf8', end + 1, end + 1 + size));
    offset = end + 1 + size + 1;
  }
  return contents;
};

/** The same through a reader that is open: a ledger is a few objects, and read again with each commit of somebody else's. */
export async function readPaths(
  objects: Objects,
  oid: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const read = async (path: string, entry: TreeEntry): Promise<readonly [string, string][]> => {
    if (isPlainFile(entry)) return [[path, await textOfBlob(objects, entry.oid)]];
    if (!isFolder(entry)) return [];
    const inside = await treeAt(objects, entry.oid);
    return (await Promise.all(inside.map((one) => read(`${path}/${one.name}`, one)))).flat();
  };
  const files = await Promise.all(
    paths.map(async (path) => {
      const entry = await entryAt(objects, oid, path);
      return entry === null ? [] : read(path, entry);
    }),
  );
  return new Map(files.flat());
}
