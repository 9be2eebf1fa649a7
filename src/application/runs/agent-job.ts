import { contribute } from '../../agents/contributor/contributor.ts';
import {
  noUsage,
  type AgentOutcome,
  type AgentUsage,
  type FailureCode,
} from '../../agents/outcome.ts';
import type { ProgramAgent } from '../../agents/process/program.ts';
import { review } from '../../agents/reviewer/reviewer.ts';
import { triage } from '../../agents/triager/triager.ts';
import { isStopped, type AgentName, type Item } from '../../domain/work-item/state.ts';
import { textDigest } from '../decisions/plan-digest.ts';
import { agentOf } from '../decisions/agent-of.ts';
import { triageBrief } from './briefs.ts';
import { gatherCycle } from './cycle-brief.ts';
import { contributionBrief } from './contribution-brief.ts';
import { reviewBrief } from './review-brief.ts';
import { readFinishedRun, RUN_FINISHED } from './finished-run.ts';
import type { RunContext } from './run-context.ts';
import { governCycle } from './governance.ts';
import type { LoadedLedger } from '../ledger/ledger-store.ts';
import type { FinishedRun, RunResult } from './run-result.ts';
import type { Deps, Repository } from '../repository.ts';
import { readRules } from '../rules.ts';
import { withProgram } from './programs.ts';
import type { RepositoryMemory } from '../session.ts';
import { lookNow } from '../views/now.ts';
import { metered } from './spending.ts';
import { untilStopped } from './stop-runs.ts';

export interface AgentJob {
  readonly repository: Repository;
  readonly memory: RepositoryMemory;
  readonly branch: string;
  readonly item: string;
  readonly run: string;
  readonly signal: AbortSignal;
}

/**
 * Runs one agent and leaves its outcome in the inbox; the repository's next wake-up decides on it. Run twice (after a
 * crash) it leaves the same outcome once. `stopped`: somebody stopped it, and it begins anew when it may go on.
 */
export async function runAgentJob(
  deps: Deps,
  job: AgentJob,
): Promise<'ran' | 'not_wanted' | 'stopped'> {
  const stop = untilStopped(deps, job);
  try {
    return await runUnlessStopped(deps, job, stop.signal);
  } finally {
    stop.done();
  }
}

async function runUnlessStopped(
  deps: Deps,
  job: AgentJob,
  stop: AbortSignal,
): Promise<'ran' | 'not_wanted' | 'stopped'> {
  const { repository, run } = job;
  const ledger = await ledgerWith(deps, job);
  const item = ledger.state.items[job.item];
  if (item === undefined || !isInProgress(item, run)) return 'not_wanted';
  // The switch is looked at before work begins, too: a halted run would spend tokens for nothing (law 9).
  if (isStopped(ledger.state, item.id)) return 'not_wanted';
  if (deps.shared && (await isDone(deps, job))) return 'ran';
  const signal = AbortSignal.any([job.signal, stop]);
  const result = await runAgent(deps, { ...job, signal }, item, ledger).catch((error: unknown) => {
    if (stop.aborted && !job.signal.aborted) return null;
    throw error;
  });
  // What was done in spite of it waits in the inbox until it may go on; what was broken off is no failure.
  if (result === null || (stop.aborted && result.outcome.kind !== 'proposal')) return 'stopped';
  await leave(deps, repository, ledger.head.sequence, { item: item.id, run, result });
  return 'ran';
}

/** By another machine, or by this one before it died: nobody has decided on it yet. */
async function isDone({ inbox }: Deps, { repository, run }: AgentJob): Promise<boolean> {
  const waiting = await inbox.take(repository.ref.full_name);
  return waiting.some(
    ({ event, payload }) => event === RUN_FINISHED && readFinishedRun(payload).run === run,
  );
}

const isInProgress = (item: Item, run: string): boolean =>
  item.run === run && item.authority === 'running';

/**
 * What this process read or wrote last, where it knows of the run; else the branch is asked, since another may have begun it. With
 * others at work it always is: what this one knows may be a halt that has ended.
 */
async function ledgerWith(
  { shared }: Deps,
  { memory, repository, branch, item, run }: AgentJob,
): Promise<LoadedLedger> {
  const { reading } = shared ? await lookNow({ repository, memory, branch }) : memory;
  const known = reading?.state.items[item];
  if (reading !== null && known !== undefined && isInProgress(known, run)) return reading;
  const loaded = await repository.ledger.load();
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return loaded.value;
}

async function runAgent(
  deps: Deps,
  { repository, memory, branch, run, signal }: AgentJob,
  item: Item,
  ledger: RunContext['ledger'],
): Promise<RunResult> {
  const agent = agentOf[item.stage];
  if (agent === null) throw new Error(`${item.id}: stage ${item.stage} has no agent`);
  const meter = metered(deps.model);
  try {
    // What the run is about (a merge, a push) may be younger than the last wake-up's fetch.
    await repository.files.fetch();
    const rules = await readRules(deps, repository, branch, memory);
    if (rules.kind === 'broken') return failed(agent, rules.reason);
    const { config, policies, base } = rules;
    const told = { ...deps, model: meter.model };
    const context = { deps: told, repository, config, policies, base, ledger, item, run };
    return await deps.attribute(item.id, () =>
      withProgram(
        context,
        agent,
        signal,
        (program) => runNamed(context, agent, { memory, program }, signal),
        ({ code, message }) =>
          failed(agent, message, code === 'sandbox_unavailable' ? code : 'workspace'),
      ),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    deps.log.error({ run, err: error }, 'agent run failed');
    const reason = error instanceof Error ? error.message : String(error);
    return failed(agent, reason, 'workspace', meter.spent());
  }
}

async function runNamed(
  context: RunContext,
  agent: AgentName,
  {
    memory,
    program,
  }: { readonly memory: RepositoryMemory; readonly program: ProgramAgent | undefined },
  signal: AbortSignal,
): Promise<RunResult> {
  const { model, sandbox } = context.deps;
  switch (agent) {
    case 'triager': {
      const brief = await triageBrief(context, memory.issues);
      if (brief === null) return failed(agent, 'the issue is gone');
      const text = textDigest(context.deps, brief.issue);
      return { agent, outcome: await triage(brief, { model, program, signal }), text };
    }
    case 'contributor': {
      const brief = await contributionBrief(context);
      if (brief === null) return failed(agent, 'the issue or its plan is gone');
      const { workspaces } = context.repository;
      const text = textDigest(context.deps, brief.issue);
      const outcome = await contribute(brief, { model, workspaces, sandbox, program, signal });
      return { agent, outcome, text };
    }
    case 'reviewer': {
      const brief = await reviewBrief(context);
      if (brief === null) return failed(agent, 'the pull request is gone');
      const { sha256 } = context.deps;
      return { agent, outcome: await review(brief, { model, program, sha256, signal }) };
    }
    case 'governor': {
      const gathered = await gatherCycle(context);
      if (gathered === null)
        return failed(agent, 'there is no roadmap at the configured path, or no such cycle');
      return { agent, outcome: await governCycle(context, gathered, { program, signal }) };
    }
  }
}

function failed(
  agent: AgentName,
  reason: string,
  code: FailureCode = 'workspace',
  usage: AgentUsage = noUsage,
): RunResult {
  const outcome: Extract<AgentOutcome<never>, { kind: 'failed' }> = {
    kind: 'failed',
    code,
    reason,
    usage,
    trace: [],
  };
  return { agent, outcome };
}

/** Stored before anything is decided on it. The same run on the same ledger is the same delivery, so it counts once. */
async function leave(
  deps: Deps,
  repository: Repository,
  sequence: number,
  finished: FinishedRun,
): Promise<void> {
  const { full_name, installation } = repository.ref;
  await deps.inbox.accept({
    id: deps.newId(),
    event: RUN_FINISHED,
    action: null,
    repository: full_name,
    installation,
    received_at: deps.now(),
    body_hash: deps.sha256(`${full_name} ${finished.run} ${sequence}`),
    payload: { ...finished },
  });
}
