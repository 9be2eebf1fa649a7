import { emptyLedger, planAppend, type LedgerView } from '../../domain/ledger/commit.ts';
import type { EventDraft, RecordedEvent, Sha256 } from '../../domain/ledger/envelope.ts';
import { describeFinding } from '../../domain/ledger/findings.ts';
import { QUEUE_PATH } from '../../domain/ledger/projection.ts';
import { HISTORY_FOLDER, segmentNumber, segmentPath } from '../../domain/ledger/segments.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { GovernanceState } from '../../domain/work-item/state.ts';
import type { LedgerBranch } from '../../ports/ledger-branch.ts';
import { filesAsFolder } from './files-as-folder.ts';
import { inspectLedger, type Inspection } from './inspect-ledger.ts';

/** The ledger at one commit of its branch; `oid` is null while the branch is not there. */
export interface LoadedLedger extends LedgerView {
  readonly oid: string | null;
}

export interface Appended {
  /** What was recorded; empty where nothing was to be. */
  readonly events: readonly RecordedEvent[];
  readonly ledger: LoadedLedger;
}

/** What to record, given the state; asked again with a newer one when somebody else was faster. */
export type Decide = (
  state: GovernanceState,
) => readonly EventDraft[] | Promise<readonly EventDraft[]>;

/**
 * One repository's ledger. Refusals: `ledger.broken` (the chain does not hold: nothing is written on top of it),
 * `ledger.unknown_events` (a newer Assent wrote here), `ledger.contended` (lost the race `ATTEMPTS` times).
 */
export interface LedgerStore {
  /** The ledger as the branch has it now; read again only if the branch moved. */
  load(): Promise<Result<LoadedLedger>>;
  /** Decides on the last view, and on a fresh one each time the branch turns out to have moved. */
  append(decide: Decide): Promise<Result<Appended>>;
}

export const ATTEMPTS = 5;

export const createLedgerStore = (branch: LedgerBranch, sha256: Sha256): LedgerStore => {
  let current: LoadedLedger | null = null;
  let queue: Promise<unknown> = Promise.resolve();

  const load = async (): Promise<Result<LoadedLedger>> => {
    const oid = await branch.head();
    if (current !== null && current.oid === oid) return ok(current);
    const loaded = await readLedger(branch, oid, sha256);
    // A view that is known to be stale must not be decided on, whatever took its place.
    current = loaded.ok ? loaded.value : null;
    return loaded;
  };

  const append = async (decide: Decide): Promise<Result<Appended>> => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before: Result<LoadedLedger> = current === null ? await load() : ok(current);
      if (!before.ok) return before;
      const appended = await tryAppend(before.value, decide);
      if (appended !== 'moved') return ok(appended);
      current = null;
    }
    return refuse(
      'ledger.contended',
      `the ledger branch moved ${ATTEMPTS} times while this was to be recorded; nothing was: try again`,
    );
  };

  const tryAppend = async (before: LoadedLedger, decide: Decide): Promise<Appended | 'moved'> => {
    const drafts = await decide(before.state);
    if (drafts.length === 0) return { events: [], ledger: before };
    const plan = planAppend(before, drafts, sha256);
    const { files, subject, body, events, view } = plan;
    const commit = await branch.commit({ expected: before.oid, files, subject, body });
    if (!commit.ok) return 'moved';
    current = { ...view, oid: commit.value };
    return { events, ledger: current };
  };

  /** One at a time: two appends of one process would only make each other read again. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = queue.then(act);
    queue = turn.catch(() => {
      // What went wrong is the caller's to hear; the next in the queue starts from the branch.
      current = null;
    });
    return turn;
  };

  return { load: () => inTurn(load), append: (decide) => inTurn(() => append(decide)) };
};

const readLedger = async (
  branch: LedgerBranch,
  oid: string | null,
  sha256: Sha256,
): Promise<Result<LoadedLedger>> => {
  if (oid === null) return ok({ ...emptyLedger, oid });
  const files = await branch.read(oid);
  if (!holdsLedger(files)) return ok({ ...emptyLedger, oid });
  const inspection = await inspectLedger(filesAsFolder(files), sha256);
  const refusal = refusalOf(inspection, oid);
  if (refusal !== null) return refusal;
  return ok({
    ...inspection.state,
    head: inspection.head,
    lastSegment: lastSegmentOf(files),
    oid,
  });
};

/** A new branch is made with nothing in it; and a log kept by hand beside no history is no ledger yet. */
const holdsLedger = (files: ReadonlyMap<string, string>): boolean =>
  files.has(QUEUE_PATH) || [...files.keys()].some((path) => path.startsWith(HISTORY_FOLDER));

/**
 * The history is the truth and the files beside it follow from it: one that is missing or was edited is written again by
 * the next commit. One that knows of another history is a fault like any other.
 */
const rewritten: ReadonlySet<string> = new Set([
  'queue.missing',
  'queue.unreadable',
  'queue.differs',
]);

const FINDINGS_TOLD = 3;

const refusalOf = (inspection: Inspection, oid: string): Result<never> | null => {
  const faults = inspection.findings.filter(
    ({ severity, code }) => severity === 'fault' && !rewritten.has(code),
  );
  if (faults.length > 0) {
    const told = faults.slice(0, FINDINGS_TOLD).map(describeFinding).join('; ');
    const more = faults.length + inspection.omitted - FINDINGS_TOLD;
    return refuse(
      'ledger.broken',
      `the ledger at ${oid} does not hold, so nothing is written on top of it: ${told}${more > 0 ? `; and ${more} more` : ''}. Look with \`assent history verify\`.`,
    );
  }
  const unknown = inspection.findings.filter(({ severity }) => severity === 'inconclusive');
  if (unknown.length > 0) {
    return refuse(
      unknown[0]?.code === 'history.empty' ? 'ledger.broken' : 'ledger.unknown_events',
      `the ledger at ${oid} cannot be judged, so nothing is written on top of it: ${unknown.slice(0, FINDINGS_TOLD).map(describeFinding).join('; ')}`,
    );
  }
  return null;
};

const lastSegmentOf = (files: ReadonlyMap<string, string>): LedgerView['lastSegment'] => {
  const numbers = [...files.keys()].map(segmentNumber).filter((number) => number !== null);
  if (numbers.length === 0) return null;
  const number = Math.max(...numbers);
  return { number, content: files.get(segmentPath(number)) ?? '' };
};
