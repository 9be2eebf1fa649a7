import {
  hasFresh,
  type ChangeLine,
  type Hunk,
  type ReviewedFile,
} from '../../domain/review/change.ts';
import { chunksOf } from '../../domain/review/selection.ts';
import type { ReviewBrief } from './brief.ts';

/** In characters. What a model did not read, a human is told. */
const CHUNK = 60_000;
const CHUNKS = 4;

interface Piece {
  readonly path: string;
  readonly text: string;
}

export interface ToldChange {
  /** What is read at a time, one after another; at least one. */
  readonly chunks: readonly string[];
  readonly unread: readonly { readonly path: string; readonly because: string }[];
}

/** The change as it is read: what is new since the last review, or all of it where there was none or nothing is known of it. */
export function tellChange({
  files,
  previous,
}: Pick<ReviewBrief, 'files' | 'previous'>): ToldChange {
  const pieces = files.flatMap((file) => piecesOf(file, previous !== null));
  const { chunks, left_out } = chunksOf(pieces, { characters: CHUNK, chunks: CHUNKS });
  const cut = [...new Set(left_out.map(({ path }) => path))];
  return {
    chunks:
      chunks.length === 0 ? [''] : chunks.map((chunk) => chunk.map(({ text }) => text).join('\n')),
    unread: [
      ...files.flatMap(({ path, left_out: because }) =>
        because === null ? [] : [{ path, because }],
      ),
      ...cut.map((path) => ({ path, because: 'the change is too long' })),
    ],
  };
}

const modes: Readonly<Record<string, string>> = { '100755': ', a program to run' };

function piecesOf(file: ReviewedFile, again: boolean): readonly Piece[] {
  const { path, status, additions, deletions, hunks, new_mode, old_mode } = file;
  const fresh = again ? hunks.filter(hasFresh) : hunks;
  if (fresh.length === 0) return [];
  const mode = new_mode === old_mode ? '' : (modes[new_mode] ?? '');
  // A path is text of others, too: it stays on its line.
  const head = `FILE ${JSON.stringify(path)} (${status}${mode}, +${additions} -${deletions})`;
  const rest = hunks.length - fresh.length;
  const note = rest > 0 ? [`(${rest} of its hunks were read before and are not repeated)`] : [];
  return fresh.map((hunk, index) => ({
    path,
    text: [...(index === 0 ? [head, ...note] : [`${head}, continued`]), ...linesOf(hunk)].join(
      '\n',
    ),
  }));
}

const signs: Readonly<Record<ChangeLine['kind'], string>> = {
  added: '+',
  removed: '-',
  context: ' ',
};

/** Each line with its number before and after, so that nobody has to count. `=` marks what was read in an earlier review. */
function linesOf({ heading, lines }: Hunk): readonly string[] {
  const width = String(Math.max(1, ...lines.map((line) => line.new ?? line.old ?? 0))).length;
  const column = (line: number | null) => (line === null ? '' : String(line)).padStart(width);
  return [
    `@@ ${heading}`,
    ...lines.map(
      (line) =>
        `${column(line.old)} ${column(line.new)} ${line.seen === true ? '=' : ' '}${signs[line.kind]}${line.text}`,
    ),
  ];
}
