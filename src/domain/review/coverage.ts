import type { Hunk } from './change.ts';
import { isSourceFile } from './kinds-of-path.ts';

/** How often each line ran, by file as the report names it and line. */
export type CoverageReport = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface ChangedCoverage {
  /** Where the report comes from. */
  readonly source: string;
  /** Changed lines that the report knows of. */
  readonly lines: number;
  readonly covered: number;
  /** The first that no test ran, by path. */
  readonly missed: readonly { readonly path: string; readonly lines: readonly number[] }[];
}

const MISSED_FILES = 5;
const MISSED_LINES = 10;

/** lcov's `.info` or Cobertura's XML; null for anything else. Read line by line and tag by tag: a report may be large. */
export function readCoverage(text: string): CoverageReport | null {
  if (/^SF:/m.test(text)) return readLcov(text);
  return /<coverage[\s>]/.test(text.slice(0, 2_000)) ? readCobertura(text) : null;
}

type Growing = Map<string, Map<number, number>>;

function put(report: Growing, path: string, line: number, hits: number): void {
  const file = report.get(path) ?? new Map<number, number>();
  file.set(line, (file.get(line) ?? 0) + hits);
  report.set(path, file);
}

function readLcov(text: string): CoverageReport {
  const report: Growing = new Map();
  let path = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('SF:')) path = line.slice(3).trim();
    const found = /^DA:(\d{1,9}),(\d{1,15})/.exec(line);
    if (found !== null) put(report, path, Number(found[1]), Number(found[2]));
  }
  return report;
}

function readCobertura(text: string): CoverageReport {
  const report: Growing = new Map();
  let path = '';
  for (const [tag] of text.matchAll(/<(?:class|line)\s[^<>]{0,2000}>/g)) {
    if (tag.startsWith('<class')) path = attribute(tag, 'filename') ?? '';
    const [line, hits] = [attribute(tag, 'number'), attribute(tag, 'hits')];
    if (tag.startsWith('<line') && line !== null && hits !== null)
      put(report, path, Number(line), Number(hits));
  }
  return report;
}

const attribute = (tag: string, name: string): string | null =>
  new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? null;

/** A report names files as its tool saw them: from the root of a machine, or from a package. The longest common end wins. */
function linesOf(report: CoverageReport, path: string): ReadonlyMap<number, number> | null {
  const exact = report.get(path);
  if (exact !== undefined) return exact;
  const same = [...report].filter(
    ([name]) => name.replaceAll('\\', '/').endsWith(`/${path}`) || path.endsWith(`/${name}`),
  );
  return same.length === 1 ? (same[0]?.[1] ?? null) : null;
}

/** Of the lines a change adds to source; null where the report says nothing of any of them. */
export function coverageOfChange(
  files: readonly { readonly path: string; readonly hunks: readonly Hunk[] }[],
  report: CoverageReport,
  source: string,
): ChangedCoverage | null {
  let [lines, covered] = [0, 0];
  const missed: { path: string; lines: readonly number[] }[] = [];
  for (const { path, hunks } of files.filter((file) => isSourceFile(file.path))) {
    const known = linesOf(report, path);
    if (known === null) continue;
    const added = hunks.flatMap((hunk) =>
      hunk.lines.flatMap(({ kind, new: line }) =>
        kind === 'added' && line !== null && known.has(line) ? [line] : [],
      ),
    );
    const without = added.filter((line) => known.get(line) === 0);
    lines += added.length;
    covered += added.length - without.length;
    if (without.length > 0) missed.push({ path, lines: without.slice(0, MISSED_LINES) });
  }
  return lines === 0 ? null : { source, lines, covered, missed: missed.slice(0, MISSED_FILES) };
}

/** From here on the tests are no reason for caution. */
export const FAIR_COVERAGE = 0.8;

/** 0 to 1. */
export const shareOf = ({ lines, covered }: ChangedCoverage): number =>
  lines === 0 ? 1 : covered / lines;

export function coverageText({ source, lines, covered, missed }: ChangedCoverage): string {
  const share = `${covered} of ${lines} changed ${lines === 1 ? 'line is' : 'lines are'} covered (${source})`;
  const places = missed.map(({ path, lines: numbers }) => `${path} ${numbers.join(', ')}`);
  return places.length === 0 ? share : `${share}; not: ${places.join('; ')}`;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value);

/** As it stands in a recorded contribution; null where it names none. */
export function readChangedCoverage(value: unknown): ChangedCoverage | null {
  if (!isRecord(value)) return null;
  const { source, lines, covered, missed } = value;
  if (typeof source !== 'string' || !isCount(lines) || !isCount(covered)) return null;
  const files = (Array.isArray(missed) ? missed : []).flatMap((one: unknown) =>
    isRecord(one) && typeof one['path'] === 'string' && Array.isArray(one['lines'])
      ? [{ path: one['path'], lines: one['lines'].filter(isCount).slice(0, MISSED_LINES) }]
      : [],
  );
  return { source, lines, covered, missed: files.slice(0, MISSED_FILES) };
}
