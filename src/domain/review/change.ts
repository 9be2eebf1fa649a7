/** A change as git tells it, by files, hunks and lines. Lines are numbered from 1, as git and GitHub do. */
export interface ChangeLine {
  readonly kind: 'context' | 'added' | 'removed';
  /** In the file before; null for what was added. */
  readonly old: number | null;
  /** In the file after; null for what was removed. */
  readonly new: number | null;
  readonly text: string;
  /** Stood like this in the change when it was last reviewed. */
  readonly seen?: true;
}

export interface Hunk {
  /** What git found above it: most often the function it is in. */
  readonly heading: string;
  readonly lines: readonly ChangeLine[];
}

export interface ChangedPath {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed' | 'type_changed';
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
  /** Git file modes, six digits; `000000` where absent. `120000` is a symlink, `160000` a gitlink. */
  readonly old_mode: string;
  readonly new_mode: string;
}

export interface ReviewedFile extends ChangedPath {
  readonly hunks: readonly Hunk[];
  /** Why nobody reads it here; null: its hunks are given. */
  readonly left_out: string | null;
}

/**
 * The hunks of each file of a patch. Sections are paired with the files by their order, which is git's own in both; the names
 * in a patch are never read, since a path can be made to look like any other. `cut`: the end is missing, and with it the last
 * section. Null where the two do not belong together.
 */
export function hunksByFile(
  patch: string,
  files: readonly Pick<ChangedPath, 'path' | 'status'>[],
  cut = false,
): ReadonlyMap<string, readonly Hunk[]> | null {
  const read = sectionsOf(patch);
  const sections = cut ? read.slice(0, -1) : read;
  const found = new Map<string, readonly Hunk[]>();
  let next = 0;
  for (const { path, status } of files) {
    // Git tells a file that became a link, or the reverse, as one that went and one that came.
    const own = sections.slice(next, next + (status === 'type_changed' ? 2 : 1));
    next += own.length;
    if (own.length > 0) found.set(path, own.flat());
  }
  const whole = found.size === files.length && next === sections.length;
  return whole || cut ? found : null;
}

/** Walked by the counts in their heads, so that content that looks like a head is content. */
function sectionsOf(patch: string): readonly (readonly Hunk[])[] {
  const sections: Hunk[][] = [];
  let lines: ChangeLine[] = [];
  let [oldLeft, newLeft, oldAt, newAt] = [0, 0, 0, 0];
  for (const text of patch.split('\n')) {
    if (oldLeft > 0 || newLeft > 0) {
      const mark = text[0] ?? ' ';
      if (mark === '\\') continue;
      const content = text.slice(1);
      if (mark === '+') lines.push({ kind: 'added', old: null, new: newAt, text: content });
      else if (mark === '-') lines.push({ kind: 'removed', old: oldAt, new: null, text: content });
      else lines.push({ kind: 'context', old: oldAt, new: newAt, text: content });
      if (mark !== '+') [oldLeft, oldAt] = [oldLeft - 1, oldAt + 1];
      if (mark !== '-') [newLeft, newAt] = [newLeft - 1, newAt + 1];
      continue;
    }
    if (text.startsWith('diff --git ')) {
      sections.push([]);
      continue;
    }
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(text);
    if (head === null) continue;
    oldAt = Number(head[1]);
    oldLeft = Number(head[2] ?? 1);
    newAt = Number(head[3]);
    newLeft = Number(head[4] ?? 1);
    lines = [];
    sections.at(-1)?.push({ heading: head[5] ?? '', lines });
  }
  return sections;
}

/** Once one after another, twice in a file: the same change is known again wherever a rebase puts it. */
const CONTEXT_OF_BLOCK = 1;

interface Block {
  readonly from: number;
  readonly to: number;
  readonly key: string;
}

/** Runs of changed lines, with the line before and after and what they are in: nothing that a rebase elsewhere moves. */
function blocksOf(path: string, { heading, lines }: Hunk): readonly Block[] {
  const blocks: Block[] = [];
  let from: number | null = null;
  for (let at = 0; at <= lines.length; at += 1) {
    const changed = at < lines.length && lines[at]?.kind !== 'context';
    if (changed && from === null) from = at;
    if (changed || from === null) continue;
    const around = lines.slice(Math.max(0, from - CONTEXT_OF_BLOCK), at + CONTEXT_OF_BLOCK);
    const told = around.map(({ kind, text }) => `${kind} ${text}`);
    blocks.push({ from, to: at, key: JSON.stringify([path, heading, ...told]) });
    from = null;
  }
  return blocks;
}

/**
 * Marks what stood like this in the change before, each piece as often as it stood there: what is left is what the pushes since
 * have made, and a rebase alone makes nothing.
 */
export function markSeen(
  files: readonly ReviewedFile[],
  before: readonly ReviewedFile[],
): readonly ReviewedFile[] {
  const known = new Map<string, number>();
  for (const { path, hunks } of before)
    for (const hunk of hunks)
      for (const { key } of blocksOf(path, hunk)) known.set(key, (known.get(key) ?? 0) + 1);
  return files.map((file) => ({
    ...file,
    hunks: file.hunks.map((hunk) => {
      const seen = blocksOf(file.path, hunk).filter(({ key }) => {
        const left = known.get(key) ?? 0;
        known.set(key, left - 1);
        return left > 0;
      });
      const lines = hunk.lines.map((line, at) =>
        seen.some(({ from, to }) => at >= from && at < to)
          ? { ...line, seen: true as const }
          : line,
      );
      return { ...hunk, lines };
    }),
  }));
}

const isFresh = ({ kind, seen }: ChangeLine): boolean => kind !== 'context' && seen !== true;

export const hasFresh = ({ lines }: Hunk): boolean => lines.some(isFresh);

export const isAllSeen = (files: readonly ReviewedFile[]): boolean =>
  !files.some(({ hunks }) => hunks.some(hasFresh));
