import type { Candidate } from '../domain/approval/candidate.ts';
import type { EventActor } from '../domain/ledger/envelope.ts';
import type { AdoptedPolicies } from '../domain/policy/adoption.ts';
import type { PolicySet } from '../domain/policy/rules.ts';
import type { Verdict } from '../domain/policy/verdict.ts';
import type { RepositoryConfig } from '../domain/repository-config.ts';
import type { Result } from '../domain/result.ts';
import type { Command } from '../domain/work-item/command.ts';
import type { GovernanceState, Item } from '../domain/work-item/state.ts';
import { Batch } from './batch.ts';
import type { LoadedLedger } from './ledger/ledger-store.ts';
import { Looks } from './looks.ts';
import { IssueShelf } from './runs/issue-shelf.ts';
import type { Deps, Repository } from './repository.ts';

/** The rules read from the default branch; malformed ones stop work and say why (law 1). */
export type Rules =
  | {
      readonly kind: 'sound';
      readonly policies: PolicySet;
      /** Their text, as the history records it. */
      readonly adopted: AdoptedPolicies;
      readonly config: RepositoryConfig;
      readonly base: string;
      readonly branch: string;
    }
  | { readonly kind: 'broken'; readonly reason: string };

/** Of a delivery that could not be taken: how often, and when it is tried next. */
export interface Failing {
  readonly failures: number;
  readonly next: string;
}

/** What outlives one wake-up of a repository, in memory only; losing it costs look-ups, never truth. */
export interface RepositoryMemory {
  /** Receipts of presentation effects, recorded with the next commit instead of one of their own. */
  readonly receipts: Command[];
  /** When the oldest of them was given; null where none waits. */
  receiptsSince: string | null;
  readonly verdicts: Map<string, Verdict>;
  /** When each of them was given. */
  readonly judgedAt: Map<string, string>;
  /** Whom explanations name as able to approve, as last listed under which policies. */
  candidates: {
    readonly at: number;
    readonly policies: string;
    readonly people: readonly Candidate[] | null;
  } | null;
  /** Digest of the policies that the waiting items were last judged by. */
  judgedBy: string | null;
  /** The ledger as last read or written; a write on a stale one is refused by the branch, so it need not be asked each time. */
  reading: LoadedLedger | null;
  /** Why the rules cannot be read, as last seen. */
  fault: string | null;
  /** Runs that have a job in this process. */
  readonly running: Set<string>;
  /** By item: ends the agent that works on it in this process. */
  readonly stops: Map<string, AbortController>;
  /** Items to look at again; what is halted or held is looked at when it goes on. */
  readonly dirty: Set<string>;
  /** Deliveries that could not be taken. */
  readonly failing: Map<string, Failing>;
  /** Intents that wait for GitHub: how often each was looked at in vain, and when to look again without news. */
  readonly waits: Map<string, { readonly looks: number; readonly next: string }>;
  /** Heads of which a check was heard: whether one failed, and whether that was not looked at yet. */
  readonly checked: Map<string, { readonly failed: boolean; readonly news: boolean }>;
  /** As last read, at the commit they were read at: another commit, another reading. */
  rules: Extract<Rules, { kind: 'sound' }> | null;
  /** The repository's issues, as far as they were listed. */
  readonly issues: IssueShelf;
  /** By item, the head and the policies in force that were last looked at for a trial. */
  readonly tried: Map<string, string>;
  /** When the last wake-up wanted the next one (null: only on news); null as a whole: it did not end as it should. */
  rest: { readonly until: string | null } | null;
}

export const newMemory = (): RepositoryMemory => ({
  receipts: [],
  receiptsSince: null,
  verdicts: new Map(),
  judgedAt: new Map(),
  candidates: null,
  judgedBy: null,
  reading: null,
  fault: null,
  running: new Set(),
  stops: new Map(),
  dirty: new Set(),
  failing: new Map(),
  waits: new Map(),
  checked: new Map(),
  rules: null,
  issues: new IssueShelf(),
  tried: new Map(),
  rest: null,
});

/** One wake-up of one repository: the state as it would be, the rules in force, and what has to be looked at again. */
export class Session {
  readonly deps: Deps;
  readonly repository: Repository;
  readonly rules: Rules;
  readonly memory: RepositoryMemory;
  /** Runs that were started and need a job. */
  readonly started = new Set<string>();
  readonly looks: Looks;
  /** Deliveries this wake-up knows of. */
  readonly taken: ReadonlySet<string>;
  /** Somebody said stop while it worked: nothing more is done before that was heard. */
  interrupted = false;
  #reading: LoadedLedger;
  #batch: Batch;

  constructor(input: {
    deps: Deps;
    repository: Repository;
    rules: Rules;
    memory: RepositoryMemory;
    reading: LoadedLedger;
    taken?: readonly string[];
  }) {
    this.deps = input.deps;
    this.repository = input.repository;
    this.looks = new Looks(input.repository.host);
    this.taken = new Set(input.taken ?? []);
    this.rules = input.rules;
    this.memory = input.memory;
    this.#reading = input.reading;
    this.#batch = this.#newBatch();
  }

  /** Items whose evidence may have changed. */
  get dirty(): Set<string> {
    return this.memory.dirty;
  }

  get state(): GovernanceState {
    return this.#batch.state;
  }

  get reading(): LoadedLedger {
    return this.#reading;
  }

  /** How many commands this batch has taken: unchanged when nothing new was decided. */
  get decided(): number {
    return this.#batch.size;
  }

  item(id: string): Item | undefined {
    return this.state.items[id];
  }

  give(command: Command, actor?: EventActor, cause?: string | null): Result<null> {
    const result = this.#batch.give(command, actor, cause);
    if (result.ok && command.kind === 'start_run') this.started.add(command.item);
    if (!result.ok && result.refusal.code !== 'unchanged') {
      this.deps.log.info(
        { repository: this.repository.ref.full_name, command: command.kind, ...result.refusal },
        'command refused',
      );
    }
    return result;
  }

  /** What is given from here on can be taken back, as long as it is not recorded. */
  mark(): () => void {
    const batch = this.#batch;
    const back = batch.mark();
    return () => {
      if (batch === this.#batch) back();
    };
  }

  /** A receipt that waits for the next commit: by itself it is worth none, since redoing what it tells of changes nothing. */
  giveReceipt(command: Command): void {
    if (!this.#batch.give(command).ok) return;
    this.memory.receipts.push(command);
    this.memory.receiptsSince ??= this.deps.now();
  }

  /** Records what was decided, receipts included, as one commit. Says whether there was anything but receipts. */
  async flush(): Promise<boolean> {
    if (this.#batch.size <= this.memory.receipts.length) return false;
    await this.#commit();
    return true;
  }

  /** Records even receipts alone: before the service stops. */
  async flushAll(): Promise<void> {
    if (this.#batch.size > 0) await this.#commit();
  }

  async #commit(): Promise<void> {
    const batch = this.#batch;
    const receipts = this.memory.receipts.length;
    const appended = await this.repository.ledger.append((state) => batch.drafts(state));
    if (!appended.ok) throw new LedgerRefusedError(appended.refusal.code, appended.refusal.message);
    this.memory.receipts.splice(0, receipts);
    this.memory.receiptsSince = null;
    this.#reading = appended.value.ledger;
    this.memory.reading = this.#reading;
    this.#batch = this.#newBatch();
  }

  #newBatch(): Batch {
    const policies = this.rules.kind === 'sound' ? this.rules.adopted : null;
    const batch = new Batch(this.#reading.state, this.deps, policies);
    // One that is refused is known there already: another process recorded it. Kept, it would pass for a decision less.
    const wanted = this.memory.receipts.filter((receipt) => batch.give(receipt).ok);
    this.memory.receipts.splice(0, Infinity, ...wanted);
    return batch;
  }
}

/** The ledger could not be written: nothing was done, the job is tried again. */
export class LedgerRefusedError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'LedgerRefusedError';
    this.code = code;
  }
}
