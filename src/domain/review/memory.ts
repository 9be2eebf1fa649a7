import type { ReviewedFile } from './change.ts';
import {
  findingKinds,
  isSerious,
  severities,
  timesIn,
  type FindingKind,
  type MarkedFinding,
  type Severity,
} from './finding.ts';
import type { Side } from './place.ts';
import { riskLevels, type RiskLevel } from './risk.ts';

export const reviewEvents = ['COMMENT', 'REQUEST_CHANGES'] as const;
/** There is no approval among these: an agent's vote never counts (law 4). */
export type ReviewEvent = (typeof reviewEvents)[number];

/** A finding as it was said, short: what it takes to say it once. */
export interface RememberedFinding {
  readonly mark: string;
  readonly path: string;
  readonly side: Side;
  readonly line: number;
  readonly severity: Severity;
  readonly kind: FindingKind;
  /** The beginning of what was said. */
  readonly text: string;
  /** Its code is another now, and people were told; kept so that the same is not said of the new code in turn. */
  readonly settled?: true;
}

/** What our reviewer has said on a pull request: stands in the history with each review, and in the item while it is open. */
export interface ReviewMemory {
  /** The head it was said of. */
  readonly head: string;
  readonly event: ReviewEvent;
  readonly risk: RiskLevel;
  /** The worst first, at most `FINDINGS_REMEMBERED`. */
  readonly findings: readonly RememberedFinding[];
}

export const FINDINGS_REMEMBERED = 40;
const TEXT_REMEMBERED = 120;

/** `dismissed`: a person resolved, hid or answered for it. `changed`: its code is another now. */
export type FindingState = 'open' | 'dismissed' | 'changed';

export interface PreviousFinding extends RememberedFinding {
  readonly state: FindingState;
  /** Who dismissed it, where that is known. */
  readonly by: string | null;
}

const remembered = (finding: MarkedFinding): RememberedFinding => {
  const { mark, path, side, line, severity, kind, message } = finding;
  const text = message.replace(/\s+/g, ' ').slice(0, TEXT_REMEMBERED);
  return { mark, path, side, line, severity, kind, text };
};

/** New ones beside those said before; where that is too many, the settled, then the mildest and oldest are forgotten. */
export function remember(
  before: readonly PreviousFinding[],
  said: readonly MarkedFinding[],
): readonly RememberedFinding[] {
  const all = [...said.map(remembered), ...before.map(asItStands)];
  return all.toSorted((a, b) => rank(a) - rank(b)).slice(0, FINDINGS_REMEMBERED);
}

const rank = ({ settled, severity }: RememberedFinding): number =>
  (settled === true ? severities.length : 0) + severities.indexOf(severity);

/** One whose code came back is open again. */
function asItStands({
  state,
  by: _by,
  settled: _before,
  ...finding
}: PreviousFinding): RememberedFinding {
  return state === 'changed' ? { ...finding, settled: true } : finding;
}

/** What people did with what was said, and whether its code is still there. */
export function standing(
  findings: readonly RememberedFinding[],
  dismissed: ReadonlyMap<string, string | null>,
  files: readonly ReviewedFile[],
  sha256: (text: string) => string,
): readonly PreviousFinding[] {
  return findings.map((finding) => {
    const by = dismissed.get(finding.mark) ?? null;
    if (dismissed.has(finding.mark)) return { ...finding, state: 'dismissed', by };
    const unread = files.some(({ path, left_out }) => path === finding.path && left_out !== null);
    const there = unread || timesIn(files, sha256, finding) > 0;
    return { ...finding, state: there ? 'open' : 'changed', by };
  });
}

/** Words in common of all words, from which two remarks are about the same. */
const SAME_WORDS = 0.5;

/**
 * What is worth saying: nothing twice. A slight remark is made once, and only on what is new; a serious one again where its code
 * was changed and still is wrong, or where more of the same code came.
 */
export function worthSaying(
  findings: readonly MarkedFinding[],
  previous: readonly PreviousFinding[],
  files: readonly ReviewedFile[],
  sha256: (text: string) => string,
): readonly MarkedFinding[] {
  const [said, kept]: [Set<string>, MarkedFinding[]] = [new Set(), []];
  for (const finding of findings) {
    const key = `${finding.mark} ${finding.line} ${finding.message}`;
    if (said.has(key) || isSaid(finding)) continue;
    said.add(key);
    kept.push(finding);
  }
  return kept;

  function isSaid(finding: MarkedFinding): boolean {
    const serious = isSerious(finding);
    const same = previous.filter(({ mark }) => mark === finding.mark);
    if (same.length > 0) return !serious || timesIn(files, sha256, finding) <= same.length;
    const alike = previous.filter(
      ({ path, text }) => path === finding.path && likeness(text, finding.message) >= SAME_WORDS,
    );
    if (alike.some(({ state }) => state === 'dismissed')) return true;
    if (serious) return alike.some(({ state }) => state === 'open');
    return alike.length > 0 || (previous.length > 0 && finding.placed && !finding.fresh);
  }
}

const words = (text: string): ReadonlySet<string> =>
  new Set(text.toLowerCase().match(/[\p{L}\p{N}_]{2,}/gu) ?? []);

/** Of two beginnings of the same length, 0 to 1. */
function likeness(before: string, now: string): number {
  const [a, b] = [words(before), words(now.replace(/\s+/g, ' ').slice(0, TEXT_REMEMBERED))];
  const common = [...a].filter((word) => b.has(word)).length;
  const all = a.size + b.size - common;
  return all === 0 ? 0 : common / all;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const oneOf = <T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);

/** As it stands in a recorded review; null where it is none, such as those of before there was a memory. */
export function readMemory(value: unknown): ReviewMemory | null {
  if (!isRecord(value) || typeof value['head'] !== 'string') return null;
  const event = oneOf(reviewEvents, value['event']);
  const risk = oneOf(riskLevels, value['risk']);
  if (event === undefined || risk === undefined || !Array.isArray(value['findings'])) return null;
  const findings = value['findings'].flatMap(readFinding).slice(0, FINDINGS_REMEMBERED);
  return { head: value['head'], event, risk, findings };
}

function readFinding(value: unknown): readonly RememberedFinding[] {
  if (!isRecord(value)) return [];
  const { mark, path, line, text } = value;
  const settled = value['settled'] === true ? { settled: true as const } : {};
  const side = oneOf(['LEFT', 'RIGHT'], value['side']);
  const severity = oneOf(severities, value['severity']);
  const kind = oneOf(findingKinds, value['kind']);
  return typeof mark === 'string' &&
    typeof path === 'string' &&
    typeof line === 'number' &&
    typeof text === 'string' &&
    side !== undefined &&
    severity !== undefined &&
    kind !== undefined
    ? [{ mark, path, side, line, severity, kind, text, ...settled }]
    : [];
}
