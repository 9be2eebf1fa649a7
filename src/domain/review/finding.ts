import { stripHidden } from '../text.ts';
import type { ReviewedFile } from './change.ts';
import { linesAt, numberOn, type Place, type Side } from './place.ts';

export const severities = ['critical', 'major', 'minor', 'info'] as const;
export type Severity = (typeof severities)[number];

export const findingKinds = [
  'bug',
  'security',
  'performance',
  'tests',
  'design',
  'documentation',
  'style',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** What a reviewer says of one place. */
export interface Finding extends Place {
  readonly severity: Severity;
  readonly kind: FindingKind;
  readonly message: string;
  /** What the lines should be instead, whole; null: nothing to put there. */
  readonly suggestion: string | null;
}

/** A finding with what it is known by, and whether GitHub takes it where it says. */
export interface MarkedFinding extends Finding {
  /** The same for the same words about the same code, wherever that has moved; see `markOf`. */
  readonly mark: string;
  readonly placed: boolean;
  /** On a line that was not there when the change was last reviewed. */
  readonly fresh: boolean;
}

export const isSerious = ({ severity }: Pick<Finding, 'severity'>): boolean =>
  severity === 'critical' || severity === 'major';

/** Enough to know a line by: two words or a long one. Less (`}`, `} else {`) is known by its neighbours too. */
const LONG_WORD = 8;
const MARK_LENGTH = 16;

const normal = (text: string): string => text.replace(/\s+/g, ' ').trim();
const isTelling = (text: string): boolean => {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.length > 1 || (words[0]?.length ?? 0) >= LONG_WORD;
};

/** What the code says where a finding stands, without where that is. */
function contextAt(files: readonly ReviewedFile[], place: Place): string | null {
  const hunk = files
    .find(({ path }) => path === place.path)
    ?.hunks.find(({ lines }) => lines.some((one) => numberOn(place.side, one) === place.line));
  if (hunk === undefined) return null;
  const side = hunk.lines.filter((one) => numberOn(place.side, one) !== null);
  const at = side.findIndex((one) => numberOn(place.side, one) === place.line);
  return contextOf(
    side.map(({ text }) => text),
    at,
  );
}

function contextOf(texts: readonly string[], at: number): string {
  const own = normal(texts[at] ?? '');
  if (isTelling(own)) return own;
  const before = texts.slice(0, at).findLast((text) => isTelling(text)) ?? '';
  const after = texts.slice(at + 1).find((text) => isTelling(text)) ?? '';
  return [before, own, after].map(normal).join('\n');
}

/** By path, kind and code: not by line, which moves, nor by words, which a model never says twice the same. */
const markOf = (
  sha256: (text: string) => string,
  { path, side, kind }: Pick<Finding, 'path' | 'side' | 'kind'>,
  context: string,
): string => sha256(JSON.stringify([path, side, kind, context])).slice(0, MARK_LENGTH);

/** How often the code that a mark is known by stands in the change now. */
export function timesIn(
  files: readonly ReviewedFile[],
  sha256: (text: string) => string,
  { path, side, kind, mark }: Pick<MarkedFinding, 'path' | 'side' | 'kind' | 'mark'>,
): number {
  const hunks = files.find((file) => file.path === path)?.hunks ?? [];
  let times = 0;
  for (const { lines } of hunks) {
    const texts = lines.filter((one) => numberOn(side, one) !== null).map(({ text }) => text);
    for (let at = 0; at < texts.length; at += 1)
      if (markOf(sha256, { path, side, kind }, contextOf(texts, at)) === mark) times += 1;
  }
  return times;
}

/** Puts each finding to its place in the change; one that has none there is kept, to be told in the text. */
export function markFindings(
  findings: readonly Finding[],
  files: readonly ReviewedFile[],
  sha256: (text: string) => string,
): readonly MarkedFinding[] {
  return findings.map((finding) => {
    const whole = linesAt(files, finding);
    const last = whole ?? linesAt(files, { ...finding, start_line: finding.line });
    const context = contextAt(files, finding) ?? normal(finding.message);
    const place = last?.hunk.lines[last.to];
    return {
      ...finding,
      // Of several lines that do not hang together the last is still a place.
      start_line: whole === null ? finding.line : finding.start_line,
      suggestion: whole === null ? null : usable(finding, whole),
      mark: markOf(sha256, finding, context),
      placed: last !== null,
      fresh: last !== null && place?.seen !== true,
    };
  });
}

/** A suggestion replaces lines of the new file; one that hides something, or changes nothing, is none. */
function usable(
  { suggestion, side }: { readonly suggestion: string | null; readonly side: Side },
  { hunk, from, to }: NonNullable<ReturnType<typeof linesAt>>,
): string | null {
  if (suggestion === null || side !== 'RIGHT') return null;
  const now = hunk.lines
    .slice(from, to + 1)
    .filter((line) => line.new !== null)
    .map(({ text }) => text)
    .join('\n');
  const text = suggestion.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  return text === now || stripHidden(text).hidden > 0 ? null : text;
}
