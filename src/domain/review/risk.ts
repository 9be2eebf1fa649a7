import { isProtectedPath } from '../review-facts.ts';
import { stripHidden } from '../text.ts';
import type { ReviewedFile } from './change.ts';
import { coverageText, FAIR_COVERAGE, shareOf, type ChangedCoverage } from './coverage.ts';
import type { DependencyChange } from './dependencies.ts';
import {
  isDependencyFile,
  isGenerated,
  isLicenceFile,
  isSourceFile,
  isTestFile,
  sensitivityOf,
} from './kinds-of-path.ts';

export const riskLevels = ['low', 'medium', 'high'] as const;
export type RiskLevel = (typeof riskLevels)[number];

/** One measured reason for caution; points of a hundred. */
export interface RiskReason {
  readonly points: number;
  readonly text: string;
}

export interface RiskScore {
  /** 0 to 100. */
  readonly score: number;
  readonly level: RiskLevel;
  /** The heaviest first. */
  readonly reasons: readonly RiskReason[];
}

export interface FoundSecret {
  readonly path: string;
  readonly line: number;
  readonly rule: string;
}

/** What is known of a change beside its text; what nobody could find out is null or empty. */
export interface RiskFacts {
  readonly files: readonly ReviewedFile[];
  readonly secrets: readonly FoundSecret[];
  readonly checks: readonly { readonly name: string; readonly conclusion: string | null }[];
  readonly dependencies: readonly DependencyChange[];
  readonly coverage: ChangedCoverage | null;
  /** How many of the last commits of the base changed a path. */
  readonly churn: {
    readonly commits: number;
    readonly touched: ReadonlyMap<string, number>;
  } | null;
}

const HIGH = 50;
const MEDIUM = 20;
/** Reasons of one kind that are told one by one; of the rest, how many there are. */
const NAMED = 3;

const large = { lines: 600, files: 30 } as const;
const middling = { lines: 150 } as const;
/** Of the last commits, from which a file is one that changes all the time. */
const OFTEN = 0.1;
const FEWEST_COMMITS = 30;

export function riskOf(facts: RiskFacts): RiskScore {
  const reasons = [
    ...secrets(facts),
    ...paths(facts.files),
    ...lines(facts.files),
    ...dependencies(facts),
    ...tests(facts),
    ...checks(facts),
    ...churn(facts),
  ].toSorted((a, b) => b.points - a.points);
  const score = Math.min(
    100,
    reasons.reduce((sum, { points }) => sum + points, 0),
  );
  return { score, level: levelOf(score), reasons };
}

export interface CountedFile {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
  readonly binary?: boolean | undefined;
}

/** Where nothing but paths and counts is left of a change, such as of one merged long ago. */
export const riskOfCounts = (files: readonly CountedFile[]): RiskScore =>
  riskOf({
    files: files.map(({ binary = false, ...file }) => ({ ...unread, ...file, binary })),
    secrets: [],
    checks: [],
    dependencies: [],
    coverage: null,
    churn: null,
  });

const unread = {
  status: 'modified',
  old_mode: '',
  new_mode: '',
  hunks: [],
  left_out: null,
} as const;

const levelOf = (score: number): RiskLevel =>
  score >= HIGH ? 'high' : score >= MEDIUM ? 'medium' : 'low';

const shorten = (words: readonly string[]): string => {
  const more = words.length - NAMED;
  return [...words.slice(0, NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
};

/** One reason for all paths of a kind: ten workflow files are not ten times the risk. */
const about = (
  files: readonly ReviewedFile[],
  is: (file: ReviewedFile) => boolean,
  points: number,
  say: (paths: string, several: boolean) => string,
): readonly RiskReason[] => {
  const found = files.filter(is).map(({ path }) => path);
  return found.length === 0 ? [] : [{ points, text: say(shorten(found), found.length > 1) }];
};

const secrets = ({ secrets: found }: RiskFacts): readonly RiskReason[] =>
  found.length === 0
    ? []
    : [
        {
          points: 60,
          text: `${found.length === 1 ? 'a line looks like a secret' : `${found.length} lines look like secrets`}: ${shorten(
            found.map(({ path, line, rule }) => `${path}:${line} (${rule})`),
          )}`,
        },
      ];

const modeOf = ({ old_mode, new_mode }: ReviewedFile): string | null => {
  if (new_mode === '120000') return 'symbolic link';
  if (new_mode === '160000') return 'submodule';
  return new_mode === '100755' && old_mode !== '100755' ? 'program to run' : null;
};

function paths(files: readonly ReviewedFile[]): readonly RiskReason[] {
  const sensitivities = [...new Set(files.map(({ path }) => sensitivityOf(path)))];
  return [
    ...about(
      files,
      ({ path }) => isProtectedPath(path),
      HIGH,
      (names, several) =>
        `${names} ${several ? 'are protected paths' : 'is a protected path'}: rules, or what instructs agents`,
    ),
    ...sensitivities.flatMap((what) =>
      what === null
        ? []
        : about(
            files,
            ({ path }) => sensitivityOf(path) === what,
            25,
            (names, several) => `${names} ${several ? 'are' : 'is'} about ${what}`,
          ),
    ),
    ...['symbolic link', 'submodule', 'program to run'].flatMap((mode) =>
      about(
        files,
        (file) => modeOf(file) === mode,
        mode === 'program to run' ? 10 : 30,
        (names, several) => `${names} ${several ? `become ${mode}s` : `becomes a ${mode}`}`,
      ),
    ),
    ...about(
      files,
      ({ path }) => isLicenceFile(path),
      25,
      (names) => `${names}: what others may do with this changes`,
    ),
    ...about(
      files,
      ({ binary }) => binary,
      20,
      (names, several) => `${names} ${several ? 'are' : 'is'} binary and cannot be read in review`,
    ),
  ];
}

function lines(files: readonly ReviewedFile[]): readonly RiskReason[] {
  const own = files.filter(({ path }) => !isGenerated(path) && !isDependencyFile(path));
  const changed = own.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0);
  const hidden = files.flatMap(({ path, hunks }) =>
    hunks
      .flatMap((hunk) => hunk.lines)
      .filter(({ kind, text }) => kind === 'added' && stripHidden(text).hidden > 0)
      .map((line) => `${path}:${line.new ?? 0}`),
  );
  return [
    ...(hidden.length === 0
      ? []
      : [
          {
            points: 40,
            text: `${shorten(hidden)}: hidden characters (control, bidirectional, zero width)`,
          },
        ]),
    ...(changed > large.lines
      ? [{ points: 25, text: `${changed} lines changed` }]
      : changed > middling.lines
        ? [{ points: 10, text: `${changed} lines changed` }]
        : []),
    ...(files.length > large.files ? [{ points: 10, text: `${files.length} files changed` }] : []),
    // A file that is only too large or made by a program was left out for what it is; its kind is told elsewhere.
    ...about(
      files,
      ({ left_out, path, binary }) =>
        left_out !== null && !binary && !isDependencyFile(path) && !isGenerated(path),
      20,
      (names, several) => `${names} ${several ? 'were' : 'was'} not read`,
    ),
  ];
}

function dependencies({ files, dependencies: changes }: RiskFacts): readonly RiskReason[] {
  const added = changes.filter(({ change }) => change === 'added');
  const odd = changes.filter(({ licence }) => licence?.fits === false);
  const named = (some: readonly DependencyChange[]) => shorten(some.map(({ name }) => name));
  return [
    ...about(
      files,
      ({ path }) => isDependencyFile(path),
      20,
      (names, several) => `${names} ${several ? 'change' : 'changes'} what the project depends on`,
    ),
    ...(added.length === 0
      ? []
      : [
          {
            points: 5,
            text: `new ${added.length === 1 ? 'dependency' : 'dependencies'}: ${named(added)}`,
          },
        ]),
    ...(odd.length === 0
      ? []
      : [
          {
            points: 25,
            text: `licence to look at: ${shorten(odd.map(({ name, licence }) => `${name} (${licence?.name ?? 'none named'})`))}`,
          },
        ]),
  ];
}

const LOW_COVERAGE = 0.5;

function tests({ files, coverage }: RiskFacts): readonly RiskReason[] {
  const own = files.filter(({ path }) => !isGenerated(path));
  const untested =
    own.some(({ path, additions }) => isSourceFile(path) && additions > 0) &&
    !own.some(({ path, status }) => isTestFile(path) && status !== 'removed');
  const share = coverage === null ? 1 : shareOf(coverage);
  return [
    ...(untested ? [{ points: 20, text: 'source changed and no test did' }] : []),
    ...about(
      own,
      ({ path, status }) => isTestFile(path) && status === 'removed',
      25,
      (names, several) => `${names} ${several ? 'are' : 'is'} taken away, a test`,
    ),
    ...(coverage !== null && share < FAIR_COVERAGE
      ? [
          {
            points: share < LOW_COVERAGE ? 20 : 10,
            text: coverageText(coverage),
          },
        ]
      : []),
  ];
}

const failed = new Set(['failure', 'timed_out', 'startup_failure', 'action_required']);

const failedChecks = (checks: RiskFacts['checks']): readonly string[] =>
  checks
    .filter(({ conclusion }) => conclusion !== null && failed.has(conclusion))
    .map(({ name }) => name);

const checks = ({ checks: all }: RiskFacts): readonly RiskReason[] => {
  const names = failedChecks(all);
  return names.length === 0 ? [] : [{ points: 25, text: `failing: ${shorten(names)}` }];
};

/** Where much was changed lately, much is wrong or in motion. */
function churn({ files, churn: past }: RiskFacts): readonly RiskReason[] {
  if (past === null || past.commits < FEWEST_COMMITS) return [];
  const often = files
    .filter(({ path }) => isSourceFile(path))
    .map(({ path }) => ({ path, times: past.touched.get(path) ?? 0 }))
    .filter(({ times }) => times >= past.commits * OFTEN)
    .toSorted((a, b) => b.times - a.times);
  if (often.length === 0) return [];
  const told = shorten(often.map(({ path, times }) => `${path} (${times})`));
  return [{ points: 8, text: `changed often in the last ${past.commits} commits: ${told}` }];
}
