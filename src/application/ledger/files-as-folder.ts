import { HISTORY_FOLDER } from '../../domain/ledger/segments.ts';
import type { CommitAnchors, LedgerFolder } from '../../ports/ledger-folder.ts';

/** Files already in memory, such as those of a branch, as a ledger to inspect. */
export const filesAsFolder = (
  files: ReadonlyMap<string, string>,
  commits: CommitAnchors = { anchors: [], foreign: [], problem: null },
): LedgerFolder => {
  const encoder = new TextEncoder();
  const prefix = `${HISTORY_FOLDER}/`;
  const bytesOf = (path: string): Uint8Array | null => {
    const content = files.get(path);
    return content === undefined ? null : encoder.encode(content);
  };
  return {
    history: async () => {
      const names = [...files.keys()].filter((path) => path.startsWith(prefix));
      if (names.length === 0) return null;
      return names.map((path) => ({ name: path.slice(prefix.length), file: true }));
    },
    async *chunks(path) {
      const bytes = bytesOf(path);
      if (bytes !== null) yield bytes;
    },
    bytes: async (path) => bytesOf(path),
    commitAnchors: async () => commits,
  };
};
