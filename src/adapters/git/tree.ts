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
