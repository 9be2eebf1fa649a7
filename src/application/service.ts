import type { CodeHost, RepositoryRef } from '../ports/code-host.ts';
import type { Job } from '../ports/job-queue.ts';
import { runAgentJob } from './runs/agent-job.ts';
import { POLICY_TRIAL } from './trials/start-trials.ts';
import { runTrialJob } from './trials/trial-job.ts';
import type { ShownRepository } from './views/dashboard.ts';
import { isOwnAct } from './intake/echo.ts';
import type { Deps, Repository } from './repository.ts';
import { LedgerRefusedError, newMemory, Session, type RepositoryMemory } from './session.ts';
import { readRules } from './rules.ts';
import { judgeNow, lookNow, show } from './views/now.ts';
import type { IgnoredStimulus, Stimulus, StimulusRepository } from './intake/stimulus.ts';
import { wake } from './wake.ts';

interface Known {
  readonly repository: Repository;
  readonly memory: RepositoryMemory;
  branch: string;
  /** Compared with GitHub since this process began. */
  reconciled: boolean;
  /** The branch was asked for since the last look around. */
  described: boolean;
}

export interface Service {
  /** Begins to work the queues, looks at every repository once, and asks again for deliveries that never arrived. */
  start(): Promise<void>;
  /** There is something new in the inbox: wakes whom it concerns. */
  hear(stimulus: Exclude<Stimulus, IgnoredStimulus>): Promise<void>;
  /** Looks at the installations anew. */
  discover(): Promise<readonly RepositoryRef[]>;
  /** Looks around no more. What runs already goes on. */
  stop(): void;
  /** Records what only waited for the next commit. Call when no job runs any more. */
  settle(): Promise<void>;
  /** What is known of each repository, for people to look at. */
  shown(): Promise<readonly ShownRepository[]>;
  /** One of them as its ledger's branch stands now: another process may have written last. null: not one of ours. */
  look(fullName: string): Promise<ShownRepository | null>;
  /** There is something in its inbox. */
  wake(ref: RepositoryRef): Promise<void>;
  /** Asks policy about an item that waits, where this process has not yet: to show it, not to decide. */
  judge(fullName: string, item: string): Promise<void>;
}

/** GitHub delivers again for three days. */
const REDELIVERY_MS = 3 * 86_400_000;
/** A delivery is known again for as long as it can come again, and a day more; then its row only takes room. */
const KEPT_MS = REDELIVERY_MS + 86_400_000;
/** A webhook that was lost for good is found within this; so is work that a long outage left lying. */
const LOOK_AROUND_MS = 300_000;
const AGENT_RUNS_AT_ONCE = 2;
const REPOSITORIES_AT_ONCE = 4;

export function createService(deps: Deps): Service {
  const known = new Map<string, Promise<Known>>();
  let refs: readonly RepositoryRef[] = [];
  let identity: ReturnType<CodeHost['identity']> | null = null;

  const open = (ref: RepositoryRef): Promise<Known> => {
    const found = known.get(ref.full_name);
    if (found !== undefined) return found;
    const opening = openRepository(deps, ref);
    known.set(ref.full_name, opening);
    // A repository that could not be opened is opened anew the next time.
    opening.catch(() => known.delete(ref.full_name));
    return opening;
  };

  const ourselves = async (): Promise<string> => {
    identity ??= deps.codeHost.identity();
    try {
      return (await identity).login;
    } catch (error) {
      identity = null;
      throw error;
    }
  };

  const wakeRepository = async (job: Job): Promise<void> => {
    const entry = await open(refIn(job));
    const { again_at } = await takeFurther(entry);
    entry.reconciled = true;
    if (again_at !== null) await lookAgain(deps, entry.repository.ref, again_at);
  };

  const takeFurther = async (entry: Known): ReturnType<typeof wake> => {
    const { repository, memory, reconciled } = entry;
    try {
      const who = await ourselves();
      if (!entry.described) entry.branch = (await repository.host.describe()).default_branch;
      entry.described = true;
      const woken = await wake({
        deps,
        repository,
        memory,
        ourselves: who,
        branch: entry.branch,
        reconcile: !reconciled,
      });
      entry.branch = woken.branch;
      return woken;
    } catch (error) {
      // The job is tried again, and in the end looked at every five minutes: without a word nobody would know why it stands.
      deps.log.error({ repository: repository.ref.full_name, err: error }, 'nothing goes on there');
      if (error instanceof LedgerRefusedError) {
        memory.fault = `${repository.ledgerBranch}: ${error.message}`;
      }
      throw error;
    }
  };

  const runAgent = async (job: Job): Promise<void> => {
    const { repository, memory, branch } = await open(refIn(job));
    const { item, run, task } = job.data;
    if (typeof item === 'string' && task === POLICY_TRIAL) {
      await runTrialJob(deps, { repository, memory, branch, item, signal: job.signal });
      return enqueueWake(deps, repository.ref);
    }
    if (typeof item !== 'string' || typeof run !== 'string') throw new MalformedJobError(job.id);
    try {
      const ended = await runAgentJob(deps, {
        repository,
        memory,
        branch,
        item,
        run,
        signal: job.signal,
      });
      // Held or halted: whoever lets it go on wakes the repository, and that starts the run anew.
      if (ended !== 'ran') memory.running.delete(run);
      // It may have been let go on while the run was ending, and then found the run still there.
      if (ended !== 'not_wanted') await enqueueWake(deps, repository.ref);
    } catch (error) {
      memory.running.delete(run);
      throw error;
    }
  };

  const discover = async () => {
    refs = await deps.codeHost.repositories();
    for (const ref of refs) await enqueueWake(deps, ref);
    return refs;
  };

  const lookAround = async (): Promise<void> => {
    try {
      await askForMissed(deps);
      // A branch can be renamed without a word to us.
      for (const entry of await opened()) entry.described = false;
      await discover();
      await deps.inbox.forget(new Date(Date.parse(deps.now()) - KEPT_MS).toISOString());
    } catch (error) {
      deps.log.warn({ err: error }, 'GitHub could not be looked at; it is tried again');
    }
  };
  /** Those that could be opened; the others are tried again when something happens there. */
  const opened = async (): Promise<readonly Known[]> => {
    const openings = await Promise.allSettled(known.values());
    return openings.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  };
  /** All there are, for people to look at: another machine may have been the one that was woken for it. */
  const all = (): Promise<readonly Known[]> => {
    for (const ref of refs) void open(ref).catch(() => undefined);
    return opened();
  };
  /** GitHub's names know no case. */
  const find = async (fullName: string): Promise<Known | null> =>
    (await all()).find(
      ({ repository }) => repository.ref.full_name.toLowerCase() === fullName.toLowerCase(),
    ) ?? null;
  const shownNow = (entry: Known): Promise<ShownRepository> =>
    lookNow(entry).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'what other machines did could not be looked at');
      return show(entry);
    });
  let stop: () => void = () => {};

  return {
    shown: async () =>
      deps.shared ? Promise.all((await all()).map(shownNow)) : (await all()).map(show),
    wake: (ref) => enqueueWake(deps, ref),
    async look(fullName) {
      const entry = await find(fullName);
      return entry === null ? null : lookNow(entry);
    },
    async judge(fullName, item) {
      const entry = await find(fullName);
      if (entry !== null) await judgeNow(deps, entry, item);
    },
    stop: () => stop(),
    discover,
    async hear(stimulus) {
      if (isOwnAct(stimulus, await ourselves())) {
        // Nothing is to be read, so nobody is woken for it.
        await deps.inbox.settle(stimulus.delivery, 'ignored', 'our own act');
        return;
      }
      // Installations change which repositories there are; the list is GitHub's to give.
      if (stimulus.repository === null || stimulus.installation === null) await discover();
      else await enqueueWake(deps, refOf(stimulus.repository, stimulus.installation));
    },
    async start() {
      await deps.queue.work('repository', REPOSITORIES_AT_ONCE, wakeRepository);
      await deps.queue.work('agent', AGENT_RUNS_AT_ONCE, runAgent);
      await askForMissed(deps);
      await discover();
      stop = deps.every(LOOK_AROUND_MS, lookAround);
    },
    async settle() {
      for (const { repository, memory, branch } of await opened()) {
        if (memory.reading === null || memory.receipts.length === 0) continue;
        const rules = await readRules(deps, repository, branch, memory);
        await new Session({ deps, repository, rules, memory, reading: memory.reading }).flushAll();
      }
    },
  };
}

const refOf = (
  { id, owner, name, full_name }: StimulusRepository,
  installation: number,
): RepositoryRef => ({ id, owner, name, full_name, installation });

async function openRepository(deps: Deps, ref: RepositoryRef): Promise<Known> {
  const repository = await deps.open(ref);
  const { default_branch } = await repository.host.describe();
  return {
    repository,
    memory: newMemory(),
    branch: default_branch,
    reconciled: false,
    described: true,
  };
}

const enqueueWake = async (deps: Deps, ref: RepositoryRef): Promise<void> => {
  await deps.queue.enqueue({
    queue: 'repository',
    key: ref.full_name,
    data: { repository: { ...ref } },
  });
};

async function lookAgain(deps: Deps, ref: RepositoryRef, at: string): Promise<void> {
  const delay_seconds = Math.max(0, (Date.parse(at) - Date.parse(deps.now())) / 1000);
  await deps.queue.enqueue({
    queue: 'repository',
    key: ref.full_name,
    data: { repository: { ...ref } },
    delay_seconds,
  });
}

/** GitHub does not deliver again by itself: what it logged as failed is asked for again. */
async function askForMissed(deps: Deps): Promise<void> {
  const since = new Date(Date.parse(deps.now()) - REDELIVERY_MS).toISOString();
  const log = await deps.codeHost.deliveries(since);
  const arrived = new Set(
    log.filter(({ status_code }) => isSuccess(status_code)).map(({ guid }) => guid),
  );
  const asked = new Set<string>();
  for (const { id, guid, status_code } of log) {
    if (isSuccess(status_code) || arrived.has(guid) || asked.has(guid)) continue;
    asked.add(guid);
    const again = await deps.codeHost.redeliver(id);
    if (!again.ok) deps.log.warn({ guid, ...again.refusal }, 'redelivery refused');
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/** A job in our own queue that this program cannot have put there. */
class MalformedJobError extends Error {
  constructor(id: string) {
    super(`job ${id} names no repository, item or run`);
    this.name = 'MalformedJobError';
  }
}

function refIn({ id, data }: Job): RepositoryRef {
  const ref = data['repository'];
  if (typeof ref !== 'object' || ref === null) throw new MalformedJobError(id);
  const {
    id: number,
    owner,
    name,
    full_name,
    installation,
  } = ref as Readonly<Record<string, unknown>>;
  if (
    typeof number !== 'number' ||
    typeof owner !== 'string' ||
    typeof name !== 'string' ||
    typeof full_name !== 'string' ||
    typeof installation !== 'number'
  ) {
    throw new MalformedJobError(id);
  }
  return { id: number, owner, name, full_name, installation };
}
