import type { ChangeLine, Hunk, ReviewedFile } from './change.ts';

export type Side = 'LEFT' | 'RIGHT';

/** Where a remark stands: on the file after the change (`RIGHT`) or before it. */
export interface Place {
  readonly path: string;
  readonly side: Side;
  /** First line of several; the same as `line` for one. */
  readonly start_line: number;
  readonly line: number;
}

/** As many lines around a change as GitHub shows and takes remarks on. */
const AROUND = 3;

export const numberOn = (side: Side, line: ChangeLine): number | null =>
  side === 'RIGHT' ? line.new : line.old;

/** The lines of a place, in order, with where they stand; null where GitHub would take no remark on all of them. */
export function linesAt(
  files: readonly ReviewedFile[],
  { path, side, start_line, line }: Place,
): { readonly hunk: Hunk; readonly from: number; readonly to: number } | null {
  if (start_line > line) return null;
  const hunks = files.find((file) => file.path === path)?.hunks ?? [];
  for (const hunk of hunks) {
    const from = hunk.lines.findIndex((one) => numberOn(side, one) === start_line);
    const to = hunk.lines.findIndex((one) => numberOn(side, one) === line);
    if (from === -1 || to === -1) continue;
    const all = hunk.lines.slice(from, to + 1).every((_, at) => isShown(hunk, from + at));
    return all ? { hunk, from, to } : null;
  }
  return null;
}

const isShown = ({ lines }: Hunk, at: number): boolean =>
  lines.slice(Math.max(0, at - AROUND), at + AROUND + 1).some(({ kind }) => kind !== 'context');
