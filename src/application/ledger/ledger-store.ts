import { planAppend } from '../../domain/ledger/commit.ts';
import type { EventDraft, RecordedEvent, Sha256 } from '../../domain/ledger/envelope.ts';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { GovernanceState } from '../../domain/work-item/state.ts';
import type { EventShapes } from '../../ports/event-shapes.ts';
import type { LedgerBranch } from '../../ports/ledger-branch.ts';
import type { LedgerPast, SoundHead } from '../../ports/ledger-past.ts';
import { setAside, type QuarantineContext } from './quarantine.ts';
import { readLedger, type LedgerReader, type LoadedLedger } from './read-ledger.ts';

export type { LoadedLedger } from './read-ledger.ts';

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
 * One repository's ledger. Refusals: `ledger.broken` (the history does not hold and nothing sound is known: nothing is written on
 * top of it), `ledger.foreign` (other hands wrote to it, and the configuration says stop), `ledger.unknown_events` (a newer Assent
 * wrote here), `ledger.contended` (lost the race `ATTEMPTS` times).
 */
export interface LedgerStore {
  /** The ledger as the branch has it now; read again only if the branch moved. */
  load(): Promise<Result<LoadedLedger>>;
  /** Decides on the last view, and on a fresh one each time the branch turns out to have moved. */
  append(decide: Decide): Promise<Result<Appended>>;
  /** What of the branch was not written by Assent, as a patch; '' where nothing is. For people to look at. */
  foreignPatch(): Promise<string>;
}

/** Where more is known of the branch than its files: what stands there can be told from what Assent wrote. */
export interface LedgerGuard extends Omit<QuarantineContext, 'reader'> {
  readonly past: LedgerPast;
}

export interface LedgerStoreOptions {
  readonly shapes?: EventShapes;
  readonly guard?: LedgerGuard;
}

export const ATTEMPTS = 5;

export const createLedgerStore = (
  branch: LedgerBranch,
  sha256: Sha256,
  { shapes, guard }: LedgerStoreOptions = {},
): LedgerStore => {
  const reader: LedgerReader = {
    branch,
    sha256,
    shapes: shapes ?? null,
    past: guard?.past ?? null,
  };
  let current: LoadedLedger | null = null;
  /** Kept when `current` is not: whatever stands on the branch has to go on from here. */
  let sound: SoundHead | null = null;
  let patch = '';
  let queue: Promise<unknown> = Promise.resolve();

  const load = async (): Promise<Result<LoadedLedger>> => {
    const oid = await branch.head();
    if (current !== null && current.oid === oid) return ok(current);
    // A view that is known to be stale must not be decided on, whatever took its place.
    current = null;
    sound ??= (await guard?.past.remembered()) ?? null;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const tip = attempt === 1 ? oid : await branch.head();
      const loaded = await judge(tip);
      if (loaded !== 'moved') return loaded;
    }
    return contended();
  };

  const judge = async (tip: string | null): Promise<Result<LoadedLedger> | 'moved'> => {
    const reading = await readLedger(reader, tip, sound);
    switch (reading.kind) {
      case 'sound':
        await take(reading.ledger, reading.sound);
        patch = '';
        return ok(reading.ledger);
      case 'unknown':
        return refuse(
          'ledger.unknown_events',
          `the ledger at ${tip ?? 'no commit'} cannot be judged, so nothing is written on top of it: ${reading.reason}`,
        );
      case 'foreign': {
        if (guard === undefined) return broken(tip, reading.reason);
        patch = await patchSince(guard.past, sound, tip);
        const { reason } = reading;
        const aside = await setAside({ ...guard, reader }, { tip, sound, reason });
        if (aside === 'moved') return 'moved';
        if (!aside.ok) return aside;
        await take(aside.value.ledger, aside.value.sound);
        return ok(aside.value.ledger);
      }
    }
  };

  const take = async (ledger: LoadedLedger, own: SoundHead | null): Promise<void> => {
    current = ledger;
    if (own === null || own.commit === sound?.commit) return;
    sound = own;
    await guard?.past.remember(own);
  };

  const append = async (decide: Decide): Promise<Result<Appended>> => {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before: Result<LoadedLedger> = current === null ? await load() : ok(current);
      if (!before.ok) return before;
      const appended = await tryAppend(before.value, decide);
      if (appended !== 'moved') return ok(appended);
      current = null;
    }
    return contended();
  };

  const tryAppend = async (before: LoadedLedger, decide: Decide): Promise<Appended | 'moved'> => {
    const drafts = await decide(before.state);
    if (drafts.length === 0) return { events: [], ledger: before };
    const plan = planAppend(before, drafts, sha256);
    const { files, subject, body, events, view } = plan;
    const commit = await branch.commit({ expected: before.oid, files, subject, body });
    if (!commit.ok) return 'moved';
    const ledger = { ...view, oid: commit.value };
    await take(ledger, { commit: commit.value, head: view.head });
    return { events, ledger };
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

  return {
    load: () => inTurn(load),
    append: (decide) => inTurn(() => append(decide)),
    foreignPatch: async () => patch,
  };
};

const contended = (): Result<never> =>
  refuse(
    'ledger.contended',
    `the ledger branch moved ${ATTEMPTS} times while this was to be recorded; nothing was: try again`,
  );

const broken = (tip: string | null, reason: string): Result<never> =>
  refuse(
    'ledger.broken',
    `the ledger at ${tip ?? 'no commit'} does not hold, so nothing is written on top of it: ${reason}. Look with \`assent history verify\`.`,
  );

/** What changed since the last commit of ours; '' where there is none, or one of the two cannot be read any more. */
const patchSince = async (
  past: LedgerPast,
  sound: SoundHead | null,
  tip: string | null,
): Promise<string> => {
  if (tip === null) return '';
  const own =
    sound?.commit ?? (await past.commits(tip, null)).find(({ head }) => head !== null)?.oid;
  return own === undefined ? '' : past.difference(own, tip).catch(() => '');
};
