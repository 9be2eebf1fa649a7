import type { Anchor } from '../../domain/ledger/anchor-check.ts';
import { checkInternalLog, checkQueue } from '../../domain/ledger/beside-check.ts';
import type { RecordedEvent, Sha256 } from '../../domain/ledger/envelope.ts';
import { Findings, type Finding, type Where } from '../../domain/ledger/findings.ts';
import { governanceOfOneFold, type LedgerFold } from '../../domain/ledger/governance.ts';
import { INTERNAL_LOG_PATH } from '../../domain/ledger/internal-log.ts';
import { splitLines } from '../../domain/ledger/lines.ts';
import { commitsSetAside } from '../../domain/ledger/quarantine.ts';
import { QUEUE_PATH } from '../../domain/ledger/projection.ts';
import { HISTORY_FOLDER, segmentNumber, segmentPath } from '../../domain/ledger/segments.ts';
import type { KnownEvent } from '../../domain/ledger/upcast.ts';
import { HistoryCheck, type Folded } from '../../domain/ledger/verification.ts';
import { DecisionsCheck, type DecisionTools } from './decisions-check.ts';
import type { EventShapes } from '../../ports/event-shapes.ts';
import type { CommitAnchors, LedgerFolder } from '../../ports/ledger-folder.ts';

/** `valid`, `faulty`, or `inconclusive`: nothing wrong was found, and not all could be checked. */
export type InspectionStatus = 'valid' | 'faulty' | 'inconclusive';

export interface Inspection extends Folded<LedgerFold> {
  readonly status: InspectionStatus;
  readonly findings: readonly Finding[];
  /** Findings beyond those kept. */
  readonly omitted: number;
  /** How many heads, kept elsewhere, the history was compared with. */
  readonly anchors: number;
}

/** What is looked at beyond the chain and the machine. */
export interface Scrutiny {
  /** Heads kept elsewhere, besides those that the commits recorded. */
  readonly anchors?: readonly Anchor[];
  /** The schemas of the events' data. Without them data shows as unfit only where the machine cannot take it. */
  readonly shapes?: EventShapes;
  /** To make the recorded decisions again. Without it an act without authority shows only where the machine forbids it. */
  readonly decisions?: DecisionTools;
}

/** Reads a ledger once, from its first event to the files beside it, and says all that is wrong with it. */
export const inspectLedger = async (
  folder: LedgerFolder,
  sha256: Sha256,
  scrutiny: Scrutiny = {},
): Promise<Inspection> => {
  const findings = new Findings();
  const commits = await folder.commitAnchors();
  const anchors = [...(scrutiny.anchors ?? []), ...commits.anchors];
  const misfits = (event: RecordedEvent) => scrutiny.shapes?.faults(event) ?? [];
  const decisions =
    scrutiny.decisions === undefined ? null : new DecisionsCheck(scrutiny.decisions, findings);
  const check = new HistoryCheck({
    machine: governanceOfOneFold(),
    sha256,
    anchors,
    findings,
    misfits,
    ...(decisions === null
      ? {}
      : {
          witness: (event: KnownEvent, where: Where, order: number) =>
            decisions.pass(event, where, order),
        }),
  });

  const segments = await listSegments(folder, findings);
  for (const number of segments) await readSegment(folder, number, check);
  decisions?.finish();
  const folded = check.finish(({ state }) => commitsSetAside(state));

  if (folded.events === 0 && !findings.has('fault')) {
    reportEmpty(segments.length, findings);
  } else {
    await checkBeside(folder, folded, findings);
  }
  reportCommits(commits, folded, findings);
  return {
    ...folded,
    status: statusOf(findings),
    findings: findings.list(),
    omitted: findings.omitted,
    anchors: anchors.length,
  };
};

const statusOf = (findings: Findings): InspectionStatus => {
  if (findings.has('fault')) return 'faulty';
  return findings.has('inconclusive') ? 'inconclusive' : 'valid';
};

const listSegments = async (
  folder: LedgerFolder,
  findings: Findings,
): Promise<readonly number[]> => {
  const numbers: number[] = [];
  for (const { name, file } of (await folder.history()) ?? []) {
    const path = `${HISTORY_FOLDER}/${name}`;
    const number = segmentNumber(path);
    if (number === null || !file) {
      const problem = file
        ? `is no segment's name; segments are named ${segmentPath(1)} and so on`
        : 'is no plain file';
      findings.add('fault', 'segment.misnamed', { file: path }, problem);
    } else {
      numbers.push(number);
    }
  }
  return numbers.toSorted((left, right) => left - right);
};

const readSegment = async (
  folder: LedgerFolder,
  number: number,
  check: HistoryCheck<LedgerFold, KnownEvent>,
): Promise<void> => {
  check.openSegment(number);
  for await (const lines of splitLines(folder.chunks(segmentPath(number)))) {
    for (const line of lines) check.line(line);
  }
  check.closeSegment();
};

/**
 * No history is no proof of anything, not even beside a queue.json that claims one: a default branch carries that file
 * without the history, which lies on the ledger's branch.
 */
const reportEmpty = (segments: number, findings: Findings): void => {
  const message =
    segments === 0
      ? 'holds no history, so nothing can be said of it: point at a checkout of the ledger branch'
      : 'holds segments without events, so nothing can be said of it';
  findings.add('inconclusive', 'history.empty', { file: HISTORY_FOLDER }, message);
};

const checkBeside = async (
  folder: LedgerFolder,
  { head, state, unreliable }: Folded<LedgerFold>,
  findings: Findings,
): Promise<void> => {
  const expected = { head, fold: unreliable === null ? state : null };
  checkQueue(await folder.bytes(QUEUE_PATH), expected, findings);
  checkInternalLog(await folder.bytes(INTERNAL_LOG_PATH), expected, findings);
};

const FOREIGN_NAMED = 5;

const isBinding =
  (pardoned: ReadonlySet<string>) =>
  ({ commit }: Anchor): boolean =>
    commit === undefined || !pardoned.has(commit);

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

const reportCommits = (
  { anchors, foreign: notOurs, problem }: CommitAnchors,
  { head, state: { state } }: Folded<LedgerFold>,
  findings: Findings,
): void => {
  const pardoned = commitsSetAside(state);
  const foreign = notOurs.filter((oid) => !pardoned.has(oid));
  const warn = (code: string, file: string, message: string): void =>
    findings.add('warning', code, { file }, message);
  if (problem !== null) {
    const message = `the commits could not be read, so the history was not compared with them: ${problem}`;
    warn('commits.unreadable', '.git', message);
  }
  if (foreign.length > 0) {
    const named = foreign.slice(0, FOREIGN_NAMED).map((oid) => oid.slice(0, 12));
    const more = foreign.length - named.length;
    const message = `changed by commits that Assent did not write: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    warn('commits.foreign', '.ai_metadata', message);
  }
  for (const { at, commits, sound, branch } of state.quarantines) {
    const message = `${count(commits.length, 'commit')} by other hands, set aside ${at}; the history went on from event ${sound.sequence}${branch === null ? '' : `; kept as ${branch}`}`;
    findings.add('note', 'commits.quarantined', { file: HISTORY_FOLDER }, message);
  }
  const committed = anchors
    .filter(isBinding(pardoned))
    .reduce((latest, { sequence }) => Math.max(latest, sequence), 0);
  if (committed > 0 && committed < head.sequence) {
    const message = `goes on to event ${head.sequence}, but no commit recorded more than event ${committed}: the rest was added by other hands`;
    warn('commits.behind', HISTORY_FOLDER, message);
  }
};
