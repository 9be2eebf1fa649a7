import type { PolicyTrial } from '../../domain/policy/trial.ts';
import type { Result } from '../../domain/result.ts';
import type { TrialFindings } from '../../ports/policy-trials.ts';
import type { Deps, Repository } from '../repository.ts';
import { readRules } from '../rules.ts';
import type { RepositoryMemory } from '../session.ts';
import { otherFaults, policiesAfter } from './proposed-rules.ts';

/** The event under which a trial comes back through the inbox, as an agent's outcome does. */
export const POLICIES_TRIED = 'assent.policies_tried';

export interface TrialJob {
  readonly repository: Repository;
  readonly memory: RepositoryMemory;
  readonly branch: string;
  readonly item: string;
  readonly signal: AbortSignal;
}

/** Tries the policies of an item's head, as it is by now, and leaves what came of it in the inbox. */
export async function runTrialJob(deps: Deps, job: TrialJob): Promise<void> {
  const { repository, memory, branch } = job;
  const known = await repository.ledger.load();
  if (!known.ok) throw new Error(known.refusal.message);
  const head = known.value.state.items[job.item]?.pull_request?.head;
  if (head === undefined) return;
  await repository.files.fetch();
  const rules = await readRules(deps, repository, branch, memory);
  if (rules.kind === 'broken') return;
  const { before, after } = await policiesAfter(repository, rules, head);
  const faults = await otherFaults(deps, repository, head, after);
  const ledger = await repository.ledgerFiles();
  const found = await deps.trials.run({ before, after, ledger, signal: job.signal });
  await leave(deps, job, trialOf(head, rules.policies.digest, faults, found));
}

const FAULTS_KEPT = 20;

function trialOf(
  head: string,
  against: string,
  more: readonly string[],
  { readable, faults, newly_allows, past }: TrialFindings,
): PolicyTrial {
  return {
    head,
    against,
    readable: readable && more.length === 0,
    faults: [...faults, ...more].slice(0, FAULTS_KEPT).map((fault) => fault.slice(0, 500)),
    newly_allows: valueOf(newly_allows),
    not_compared: whyNot(newly_allows),
    past: valueOf(past),
    not_simulated: whyNot(past),
  };
}

const valueOf = <T>(result: Result<T>): T | null => (result.ok ? result.value : null);
const whyNot = <T>(result: Result<T>): string | null =>
  result.ok ? null : result.refusal.message.slice(0, 500);

async function leave(
  deps: Deps,
  { repository, item }: TrialJob,
  trial: PolicyTrial,
): Promise<void> {
  const { full_name, installation } = repository.ref;
  await deps.inbox.accept({
    id: deps.newId(),
    event: POLICIES_TRIED,
    action: null,
    repository: full_name,
    installation,
    received_at: deps.now(),
    // Not the job's: the same policies may come out otherwise once the history has grown.
    body_hash: deps.sha256(`${full_name} ${item} ${deps.newId()}`),
    payload: { item, trial },
  });
}

/** A fault: what stands in our own inbox under our own event was written by this program. */
class MalformedTrialError extends Error {
  constructor() {
    super('a trial in the inbox has no item or findings');
    this.name = 'MalformedTrialError';
  }
}

export function readTrial(payload: Readonly<Record<string, unknown>>): {
  readonly item: string;
  readonly trial: PolicyTrial;
} {
  const { item, trial } = payload;
  if (typeof item !== 'string' || typeof trial !== 'object' || trial === null) {
    throw new MalformedTrialError();
  }
  // Written by `leave` alone, in the same version of this program or the one before.
  return { item, trial: trial as PolicyTrial };
}
