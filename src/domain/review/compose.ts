import type { ReviewedFile } from './change.ts';
import { coverageText, FAIR_COVERAGE, shareOf, type ChangedCoverage } from './coverage.ts';
import { isSerious, severities, type MarkedFinding } from './finding.ts';
import {
  remember,
  worthSaying,
  type PreviousFinding,
  type ReviewEvent,
  type ReviewMemory,
} from './memory.ts';
import { riskLevels, type RiskLevel, type RiskScore } from './risk.ts';
import { heading, inCode, prose, proseLine, remark, toldInText } from './text.ts';

/** What a reviewer thinks, beside what was measured. */
export interface ReviewOpinion {
  readonly summary: string;
  readonly level: RiskLevel;
  readonly reasons: readonly string[];
  readonly findings: readonly MarkedFinding[];
}

export interface ReviewMaterial {
  readonly head: string;
  /** Who opened the pull request: their own word puts no serious finding aside. */
  readonly author: string;
  readonly files: readonly ReviewedFile[];
  readonly risk: RiskScore;
  /** A secret was found: reason enough to ask for changes, whatever a model says. */
  readonly has_secret: boolean;
  readonly coverage: ChangedCoverage | null;
  /** What we said before on this pull request; null: nothing yet. */
  readonly previous: {
    readonly memory: ReviewMemory;
    readonly findings: readonly PreviousFinding[];
  } | null;
  /** Files or parts of them that the reviewer was not given. */
  readonly unread: readonly { readonly path: string; readonly because: string }[];
  readonly models: { readonly reviewer: string | null; readonly author: string | null };
}

export interface LineRemark {
  readonly path: string;
  readonly side: 'LEFT' | 'RIGHT';
  readonly start_line: number;
  readonly line: number;
  readonly body: string;
}

export interface ComposedReview {
  /** False: there is nothing that was not said already. */
  readonly publish: boolean;
  readonly event: ReviewEvent;
  readonly level: RiskLevel;
  /** What is said now; what was said before is not among them. */
  readonly findings: readonly MarkedFinding[];
  readonly body: string;
  readonly comments: readonly LineRemark[];
  readonly memory: ReviewMemory;
}

/** Remarks at lines; the milder ones beyond that are told in the text, folded. */
const MOST_COMMENTS = 15;
const UNREAD_NAMED = 8;

export function composeReview(
  opinion: ReviewOpinion,
  material: ReviewMaterial,
  sha256: (text: string) => string,
): ComposedReview {
  const { previous, risk, files, head } = material;
  const before = previous?.findings ?? [];
  const findings = worthSaying(opinion.findings, before, files, sha256).toSorted(
    (a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity),
  );
  const open = before.filter((finding) => finding.state === 'open');
  const settled = before.filter(
    (finding) => finding.state === 'changed' && finding.settled !== true,
  );
  const closed = before.filter(
    (finding) =>
      finding.state === 'dismissed' && finding.by === material.author && isSerious(finding),
  );
  const blocking = [...findings.filter(({ placed }) => placed), ...open, ...closed].some(isSerious);
  const event = blocking || material.has_secret ? 'REQUEST_CHANGES' : 'COMMENT';
  const level = worse(opinion.level, risk.level);
  const at = findings.filter(({ placed }) => placed).slice(0, MOST_COMMENTS);
  const inText = findings.filter((finding) => !at.includes(finding));
  const memory = {
    head,
    event,
    risk: level,
    findings: remember(before, findings),
  } as const;
  const publish =
    previous === null ||
    findings.length > 0 ||
    settled.length > 0 ||
    event !== previous.memory.event ||
    isWorse(level, previous.memory.risk);
  const body = [
    prose(opinion.summary, 2_000),
    measured(material, level),
    ...opinionOf(opinion),
    ...told(at.length, inText),
    ...since(previous, { open, settled, closed }),
    footer(material),
  ].join('\n\n');
  return { publish, event, level, findings, body, comments: at.map(comment), memory };
}

const isWorse = (a: RiskLevel, b: RiskLevel): boolean =>
  riskLevels.indexOf(a) > riskLevels.indexOf(b);

const worse = (a: RiskLevel, b: RiskLevel): RiskLevel => (isWorse(a, b) ? a : b);

const comment = (finding: MarkedFinding): LineRemark => {
  const { path, side, start_line, line } = finding;
  return { path, side, start_line, line, body: remark(finding) };
};

const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** Facts: no model had a say in these. */
function measured({ files, risk, coverage, unread }: ReviewMaterial, level: RiskLevel): string {
  const sum = (count: (file: ReviewedFile) => number) =>
    files.reduce((total, file) => total + count(file), 0);
  const size = `${plural(files.length, 'file')}, +${sum((file) => file.additions)} −${sum((file) => file.deletions)}`;
  const lines = [
    ...risk.reasons.map(({ text, points }) => `${proseLine(text, 400)} (${points})`),
    // Where it is low, it is among the reasons.
    ...(coverage !== null && shareOf(coverage) >= FAIR_COVERAGE
      ? [proseLine(coverageText(coverage), 400)]
      : []),
    ...(unread.length === 0 ? [] : [notRead(unread)]),
  ];
  return [
    `**Risk: ${level}** · ${risk.score === 0 ? '' : `measured ${risk.score} of 100 · `}${size}`,
    ...(lines.length === 0 ? [] : [bullets(lines)]),
  ].join('\n\n');
}

function notRead(unread: ReviewMaterial['unread']): string {
  const named = unread
    .slice(0, UNREAD_NAMED)
    .map(({ path, because }) => `${inCode(path)} (${because})`);
  const more = unread.length - named.length;
  return `not read: ${[...named, ...(more > 0 ? [`${more} more`] : [])].join(', ')}`;
}

/** Said as what it is; where it has nothing to add to the measure, not at all. */
function opinionOf({ reasons, level }: ReviewOpinion): readonly string[] {
  if (reasons.length === 0) return [];
  return [
    `In the reviewer’s opinion the risk is ${level}:`,
    bullets(reasons.map((reason) => proseLine(reason))),
  ];
}

function told(atLines: number, inText: readonly MarkedFinding[]): readonly string[] {
  const where =
    atLines === 0
      ? []
      : [`${plural(atLines, 'finding')} at ${atLines === 1 ? 'its line' : 'their lines'}.`];
  if (inText.length === 0) return where;
  return [...where, 'Not at a line of this change:', bullets(inText.map(toldInText))];
}

function since(
  previous: ReviewMaterial['previous'],
  {
    open,
    settled,
    closed,
  }: Readonly<Record<'open' | 'settled' | 'closed', readonly PreviousFinding[]>>,
): readonly string[] {
  if (previous === null) return [];
  const stillOpen = open.filter(isSerious);
  const line = (finding: PreviousFinding) =>
    `${heading(finding)} ${inCode(`${finding.path}:${finding.line}`)} ${proseLine(finding.text)}`;
  const changed =
    settled.length === 0
      ? ''
      : ` The code of ${plural(settled.length, 'earlier finding')} has changed.`;
  return [
    `Read: what changed since the review of ${inCode(previous.memory.head.slice(0, 7))}.${changed}`,
    ...(stillOpen.length === 0 ? [] : ['Still there:', bullets(stillOpen.map(line))]),
    ...(closed.length === 0
      ? []
      : ['Put aside by the author, which settles nothing serious:', bullets(closed.map(line))]),
  ];
}

function footer({ models: { reviewer, author } }: ReviewMaterial): string {
  const by = reviewer === null ? '' : ` (${proseLine(reviewer, 80)})`;
  const same = reviewer !== null && reviewer === author;
  const other = author !== null && author !== reviewer;
  const whose = same
    ? ' The change was written by the same model, so this is no second pair of eyes.'
    : other
      ? ` The change was written by ${proseLine(author, 80)}.`
      : '';
  return `<sub>A review by an agent${by}: it counts for no approval.${whose}</sub>`;
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
