import type { Status } from '../roadmap/status.ts';
import { wordsOf } from '../triage/words.ts';
import type { DriftFinding } from './finding.ts';

export interface RoadmapRow {
  readonly line: number;
  readonly text: string;
  readonly status: Status;
  /** Numbers of issues and pull requests that its line names. */
  readonly cites: readonly number[];
}

export interface RoadmapFacts {
  readonly path: string;
  readonly rows: readonly RoadmapRow[];
  /** How the numbers stand; absent: nobody looked. */
  readonly issues: ReadonlyMap<number, 'open' | 'closed' | 'missing'>;
  /** Open issues that somebody means to do: with an adopted plan, or on a milestone. */
  readonly planned: readonly { readonly number: number; readonly title: string }[];
  /** Lines that are being changed, or were judged already. */
  readonly settled: ReadonlySet<number>;
}

/** Where the roadmap says otherwise than the issues it is about. */
export function roadmapDrift(facts: RoadmapFacts): readonly DriftFinding[] {
  const rows = facts.rows.map(({ cites, text }) => ({ cites, words: new Set(wordsOf(text)) }));
  return [
    ...facts.rows
      .filter(({ line }) => !facts.settled.has(line))
      .flatMap((row) => ofRow(row, facts)),
    ...facts.planned
      .filter((issue) => !isInARow(issue, rows))
      .map(({ number, title }) =>
        found(facts, null, `#${number} "${title}" is planned and open, and stands in no row`),
      ),
  ];
}

const found = ({ path }: RoadmapFacts, line: number | null, text: string): DriftFinding => ({
  kind: 'roadmap',
  path,
  line,
  text,
});

function ofRow(row: RoadmapRow, facts: RoadmapFacts): readonly DriftFinding[] {
  const of = (state: 'open' | 'closed' | 'missing'): readonly number[] =>
    row.cites.filter((number) => facts.issues.get(number) === state);
  const said = `"${row.text}" is ${row.status.replace('_', ' ')}`;
  const [open, closed, missing] = [of('open'), of('closed'), of('missing')];
  const gone = missing.map((number) =>
    found(facts, row.line, `"${row.text}" names #${number}, which is not there`),
  );
  if (row.status === 'done') {
    return [
      ...gone,
      ...(open.length === 0 ? [] : [found(facts, row.line, `${said}, and ${listed(open)} open`)]),
    ];
  }
  const all = closed.length > 0 && closed.length === row.cites.length;
  return row.status === 'unknown' || !all
    ? gone
    : [...gone, found(facts, row.line, `${said}, and ${listed(closed)} closed`)];
}

const listed = (numbers: readonly number[]): string =>
  `${numbers.map((number) => `#${number}`).join(', ')} ${numbers.length === 1 ? 'is' : 'are'}`;

/** Named by its number, or by most of its title's words. */
function isInARow(
  { number, title }: { readonly number: number; readonly title: string },
  rows: readonly { readonly cites: readonly number[]; readonly words: ReadonlySet<string> }[],
): boolean {
  const words = [...new Set(wordsOf(title))];
  return rows.some((row) => {
    const shared = words.filter((word) => row.words.has(word)).length;
    const alike = shared > 0 && shared >= Math.min(words.length, row.words.size) * ALIKE;
    return alike || row.cites.includes(number);
  });
}

const ALIKE = 0.6;
