import { isProtectedPath } from '../review-facts.ts';
import type { ChangedPath } from './change.ts';
import {
  isGenerated,
  isLockFile,
  isSourceFile,
  isTestFile,
  sensitivityOf,
} from './kinds-of-path.ts';

/** Most lines of one file, and most files, that are read: what is beyond is told, not read. */
const LINES_OF_FILE = 2_000;
export const FILES_READ = 200;

const LINK = '120000';
const SUBMODULE = '160000';

/** Why a file's lines are not worth reading; null: they are. */
function leftOutBecause(file: ChangedPath): string | null {
  const { path, binary, additions, deletions, new_mode, old_mode } = file;
  if (binary) return 'binary';
  if (new_mode === SUBMODULE || old_mode === SUBMODULE) return 'a submodule';
  if (new_mode === LINK) return 'a symbolic link';
  if (isLockFile(path)) return 'a lock file';
  if (isGenerated(path)) return 'made by a program';
  return additions + deletions > LINES_OF_FILE ? `${additions + deletions} lines` : null;
}

/** Where a fault would cost most, first; a reader who tires has seen that. */
function weight({ path, status }: ChangedPath): number {
  if (isProtectedPath(path) || sensitivityOf(path) !== null) return 0;
  if (isSourceFile(path)) return status === 'removed' ? 3 : 1;
  return isTestFile(path) ? 2 : 4;
}

export interface Selection<File extends ChangedPath> {
  readonly read: readonly File[];
  readonly left_out: readonly { readonly file: File; readonly because: string }[];
}

export function select<File extends ChangedPath>(files: readonly File[]): Selection<File> {
  const told = files.map((file) => ({ file, because: leftOutBecause(file) }));
  const worth = told
    .filter(({ because }) => because === null)
    .map(({ file }) => file)
    .toSorted((a, b) => weight(a) - weight(b));
  return {
    read: worth.slice(0, FILES_READ),
    left_out: [
      ...told.flatMap(({ file, because }) => (because === null ? [] : [{ file, because }])),
      ...worth
        .slice(FILES_READ)
        .map((file) => ({ file, because: `one of more than ${FILES_READ} files` })),
    ],
  };
}

/** Neighbours stay together as long as they fit; a piece too large for a chunk of its own is left out. */
export function chunksOf<Piece extends { readonly text: string }>(
  pieces: readonly Piece[],
  limits: { readonly characters: number; readonly chunks: number },
): { readonly chunks: readonly (readonly Piece[])[]; readonly left_out: readonly Piece[] } {
  const chunks: Piece[][] = [];
  const left_out: Piece[] = [];
  let room = 0;
  for (const piece of pieces) {
    const size = piece.text.length;
    if (size > room && (size > limits.characters || chunks.length >= limits.chunks)) {
      left_out.push(piece);
      continue;
    }
    if (size > room) {
      chunks.push([]);
      room = limits.characters;
    }
    chunks.at(-1)?.push(piece);
    room -= size;
  }
  return { chunks, left_out };
}
