import { emptyLedger, type LedgerView } from '../../domain/ledger/commit.ts';
import type { Sha256 } from '../../domain/ledger/envelope.ts';
import { describeFinding, type Finding } from '../../domain/ledger/findings.ts';
import { QUEUE_PATH } from '../../domain/ledger/projection.ts';
import { HISTORY_FOLDER, segmentNumber, segmentPath } from '../../domain/ledger/segments.ts';
import type { EventShapes } from '../../ports/event-shapes.ts';
import type { LedgerBranch } from '../../ports/ledger-branch.ts';
import type { LedgerCommitFacts, LedgerPast, SoundHead } from '../../ports/ledger-past.ts';
import { filesAsFolder } from './files-as-folder.ts';
import { inspectLedger, type Inspection } from './inspect-ledger.ts';

/** The ledger at one commit of its branch; `oid` is null while the branch is not there. */
export interface LoadedLedger extends LedgerView {
  readonly oid: string | null;
}

export interface LedgerReader {
  readonly branch: LedgerBranch;
  readonly sha256: Sha256;
  readonly shapes: EventShapes | null;
  /** Null: nothing is known of the branch but its files, and their own word is all there is. */
  readonly past: LedgerPast | null;
}

/** What a commit of the branch turned out to be. */
export type Reading =
  | {
      readonly kind: 'sound';
      readonly ledger: LoadedLedger;
      /** The newest commit of our own beneath it; null while there is none. */
      readonly sound: SoundHead | null;
    }
  /** A newer Assent wrote here; or other hands did, and nobody can tell. */
  | { readonly kind: 'unknown'; readonly reason: string }
  /** Not what Assent wrote. */
  | { readonly kind: 'foreign'; readonly reason: string };

/**
 * Reads the branch at `tip` and judges it. `sound` is what was last found sound: whatever stands there now must go on from it. New
 * events must come in a commit of Assent's own, however right their hashes are.
 */
export const readLedger = async (
  reader: LedgerReader,
  tip: string | null,
  sound: SoundHead | null,
): Promise<Reading> => {
  if (tip === null) {
    return sound === null
      ? { kind: 'sound', ledger: { ...emptyLedger, oid: null }, sound: null }
      : foreign(`the branch was deleted; it held the history up to event ${sound.head.sequence}`);
  }
  const files = await reader.branch.read(tip);
  const commits = (await reader.past?.commits(tip, sound?.commit ?? null)) ?? [];
  if (!holdsLedger(files)) {
    return sound === null && commits.every(({ head }) => head === null)
      ? { kind: 'sound', ledger: { ...emptyLedger, oid: tip }, sound: null }
      : foreign('the history was removed from the branch');
  }
  const inspection = await inspect(reader, { tip, files, commits, sound });
  const own = newestOwn(commits, sound);
  const broken = await whatIsWrong(reader, { inspection, own, sound, tip, commits });
  if (broken !== null) return broken;
  const ledger = {
    ...inspection.state,
    head: inspection.head,
    lastSegment: lastSegmentOf(files),
    oid: tip,
  };
  return { kind: 'sound', ledger, sound: own };
};

const foreign = (reason: string): Reading => ({ kind: 'foreign', reason });

interface Found {
  readonly tip: string;
  readonly commits: readonly LedgerCommitFacts[];
  readonly sound: SoundHead | null;
}

const inspect = async (
  { sha256, shapes, past }: LedgerReader,
  { tip, files, commits, sound }: Found & { readonly files: ReadonlyMap<string, string> },
): Promise<Inspection> => {
  const odd = (await past?.odd(tip)) ?? [];
  const anchors = commits.flatMap(({ oid, head }) =>
    head === null ? [] : [{ ...head, source: `commit ${oid.slice(0, 12)}`, commit: oid }],
  );
  const last = sound === null ? [] : [{ ...sound.head, source: `commit ${sound.commit}` }];
  const folder = filesAsFolder(files, { anchors, foreign: [], problem: null }, odd);
  return inspectLedger(folder, sha256, {
    anchors: last,
    ...(shapes === null ? {} : { shapes }),
  });
};

/** The newest head that a commit of ours recorded; the one remembered where none came after. */
const newestOwn = (
  commits: readonly LedgerCommitFacts[],
  sound: SoundHead | null,
): SoundHead | null => {
  const own = commits.find(({ head }) => head !== null);
  return own === undefined || own.head === null ? sound : { commit: own.oid, head: own.head };
};

const whatIsWrong = async (
  { past }: LedgerReader,
  {
    inspection,
    own,
    sound,
    commits,
  }: Found & { readonly inspection: Inspection; readonly own: SoundHead | null },
): Promise<Reading | null> => {
  const { findings, omitted, head } = inspection;
  const faults = findings.filter(({ severity }) => severity === 'fault');
  const inHistory = faults.filter(({ code }) => !isBeside(code));
  if (inHistory.length > 0) return foreign(told(inHistory, omitted));
  // Where a commit of ours vouches for the head, queue.json is no witness: one that was edited is written again.
  const witnessed = own !== null && own.head.hash === head.hash;
  const unsure = findings.filter(({ severity }) => severity === 'inconclusive');
  if (unsure.length > 0) {
    return unsure[0]?.code === 'history.empty' || (past !== null && !witnessed)
      ? foreign(told(unsure, 0))
      : { kind: 'unknown', reason: told(unsure, 0) };
  }
  if (past === null || own === null) {
    const telling = faults.filter(({ code }) => !isRewritten(code));
    return telling.length > 0 ? foreign(told(telling, omitted)) : null;
  }
  if (!witnessed) {
    const [newest] = commits;
    return foreign(
      `events ${own.head.sequence + 1} to ${head.sequence} came with a commit that Assent did not write${newest === undefined ? '' : ` (${newest.oid.slice(0, 12)})`}, however right their hashes are`,
    );
  }
  if (own.commit === sound?.commit || (await isVouchedFor(past, own, commits, sound))) return null;
  return foreign(
    `commit ${own.commit.slice(0, 12)} looks like Assent's, but the code host does not vouch that it is, as it does for those before`,
  );
};

/**
 * Anybody who can push can write a commit that says what ours say. Where the host signs what our App writes, that settles it; where
 * it signed none of those before either, there is nothing to go by but the history itself.
 */
const isVouchedFor = async (
  past: LedgerPast,
  own: SoundHead,
  commits: readonly LedgerCommitFacts[],
  sound: SoundHead | null,
): Promise<boolean> => {
  if (await past.vouched(own.commit)) return true;
  const earlier = sound?.commit ?? commits.findLast(({ head }) => head !== null)?.oid;
  return earlier === undefined || earlier === own.commit || !(await past.vouched(earlier));
};

/** A new branch is made with nothing in it; and a log kept by hand beside no history is no ledger yet. */
const holdsLedger = (files: ReadonlyMap<string, string>): boolean =>
  files.has(QUEUE_PATH) || [...files.keys()].some((path) => path.startsWith(HISTORY_FOLDER));

/**
 * The history is the truth and the files beside it follow from it: one that is missing or was edited is written again by
 * the next commit. One that knows of another history is a fault like any other, unless something better says it is not so.
 */
const isRewritten = (code: Finding['code']): boolean =>
  ['queue.missing', 'queue.unreadable', 'queue.differs'].includes(code);

const isBeside = (code: Finding['code']): boolean => code.startsWith('queue.');

const FINDINGS_TOLD = 3;

const told = (findings: readonly Finding[], omitted: number): string => {
  const more = findings.length + omitted - FINDINGS_TOLD;
  return `${findings.slice(0, FINDINGS_TOLD).map(describeFinding).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
};

const lastSegmentOf = (files: ReadonlyMap<string, string>): LedgerView['lastSegment'] => {
  const numbers = [...files.keys()].map(segmentNumber).filter((number) => number !== null);
  if (numbers.length === 0) return null;
  const number = Math.max(...numbers);
  return { number, content: files.get(segmentPath(number)) ?? '' };
};
