import { HISTORY_FOLDER } from '../../domain/ledger/segments.ts';
import type { CommitAnchors, LedgerFolder } from '../../ports/ledger-folder.ts';

/** Files already in memory, such as those of a branch, as a ledger to inspect. `odd`: paths there that are no plain files. */
export const filesAsFolder = (
  files: ReadonlyMap<string, string>,
  commits: CommitAnchors = { anchors: [], foreign: [], problem: null },
  odd: readonly string[] = [],
): LedgerFolder => {
  const encoder = new TextEncoder();
  const prefix = `${HISTORY_FOLDER}/`;
  const bytesOf = (path: string): Uint8Array | null => {
    const content = files.get(path);
    return content === undefined ? null : encoder.encode(content);
  };
  return {
    history: async () => {
      const named = (paths: Iterable<string>, file: boolean) =>
        [...paths]
          .filter((path) => path.startsWith(prefix))
          .map((path) => ({ name: path.slice(prefix.length), file }));
      const names = [...named(files.keys(), true), ...named(odd, false)];
      return names.length === 0 ? null : names;
    },
    async *chunks(path) {
      const bytes = bytesOf(path);
      if (bytes !== null) yield bytes;
    },
    bytes: async (path) => bytesOf(path),
    commitAnchors: async () => commits,
  };
};
