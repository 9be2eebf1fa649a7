import type { AgentOutcome, AgentUsage, TraceEntry } from '../../agents/outcome.ts';
import type { RefusedCall } from '../../domain/agents/tools.ts';
import { described } from '../../domain/contribution/account.ts';
import type { FileFacts } from '../../domain/policy/request.ts';
import { ok, type Result } from '../../domain/result.ts';
import type { AgentName, Item } from '../../domain/work-item/state.ts';
import { failForGood } from '../decisions/advance.ts';
import { isPlanOf, returnUnlessOf } from '../decisions/plan-digest.ts';
import { recordVerdict } from '../decisions/record.ts';
import type { Session } from '../session.ts';
import { notAllowed, proposalIn, recordFlags, recordProposal, weigh } from './propose.ts';
import { recordRefusedTools } from './questions.ts';
import type { RoadmapChange, RunResult } from './run-result.ts';
import { isDeniedForNow, waitWithWork, type Taken } from './waiting-work.ts';

export async function takeContribution(
  session: Session,
  item: Item,
  run: string,
  { outcome, text }: Extract<RunResult, { agent: 'contributor' }>,
): Promise<Taken> {
  const proposed = proposalIn(outcome);
  if (proposed === null) return ok(null);
  const { proposal, usage } = proposed;
  const { title, body, branch, commit, files, steps, summary } = proposal;
  const coverage = proposal.coverage === undefined ? {} : { coverage: proposal.coverage };
  // The reviewer is to be another model.
  const model = usage.model === null ? {} : { model: usage.model };
  const tools = proposed.used === undefined ? {} : { tools: proposed.used };
  const content = { title, branch, commit, files, steps, summary, ...model, ...coverage, ...tools };
  // What was approved was the plan for another text; nobody has read what this was made from.
  if (item.pull_request === null && text !== undefined && !isPlanOf(session.deps, item, text)) {
    const recorded = recordProposal(session, item, {
      ...asProposal('contributor', run, commit, usage),
      content,
    });
    if (recorded.ok) returnUnlessOf(session, item, text);
    return recorded;
  }
  // Only over what the run began from: somebody may have pushed meanwhile, and their commit must not be lost.
  const push = { commit, branch, title, body, files, lease: proposal.base };
  const { trace, used, refused = [] } = proposed;
  const agent = 'contributor' as const;
  return proposePush(session, item, { run, agent, content, usage, trace, used, refused, push });
}

export async function takeRoadmap(
  session: Session,
  item: Item,
  run: string,
  outcome: AgentOutcome<RoadmapChange>,
): Promise<Taken> {
  const proposed = proposalIn(outcome);
  if (proposed === null) return ok(null);
  const { proposal: change, usage } = proposed;
  const {
    commit,
    branch,
    title,
    body,
    files,
    lines_changed,
    changelog = null,
    drift = null,
  } = change;
  const { trace, used } = proposed;
  const made = { ...change.proposal, commit, branch, files, lines_changed, changelog, drift };
  const content = { ...made, ...(used === undefined ? {} : { tools: used }) };
  const lease = item.pull_request?.head ?? null;
  const push = { commit, branch, title, body, files, lease };
  const agent = 'governor' as const;
  return proposePush(session, item, {
    run,
    agent,
    content,
    usage,
    trace,
    used,
    refused: [],
    push,
  });
}

interface Push {
  readonly commit: string;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  readonly files: readonly FileFacts[];
  /** Where the branch is believed to be, once there is a pull request. */
  readonly lease: string | null;
}

interface Work {
  readonly run: string;
  readonly agent: 'contributor' | 'governor';
  readonly content: unknown;
  readonly usage: AgentUsage;
  readonly trace: readonly TraceEntry[];
  readonly used: readonly string[] | undefined;
  readonly refused: readonly RefusedCall[];
  readonly push: Push;
}

/** Judged before it is counted: a limit of five a day is for five. */
async function proposePush(session: Session, item: Item, work: Work): Promise<Taken> {
  const { run, agent, content, usage, trace, push } = work;
  const { branch, commit: head, title, files } = push;
  const action = 'pull_request.open';
  const judged = await weigh(session, item, agent, action, work.used, {
    branch,
    head,
    title,
    files,
  });
  if (judged !== null && isDeniedForNow(session, judged))
    return waitWithWork(session, item, judged);
  recordFlags(session, item, run, agent, trace);
  recordRefusedTools(session, item, { run, agent, calls: work.refused });
  const recorded = recordProposal(session, item, {
    ...asProposal(agent, run, head, usage),
    content,
  });
  if (!recorded.ok) return recorded;
  if (judged !== null) recordVerdict(session, item.id, judged);
  if (judged?.verdict.effect !== 'allow') {
    failForGood(session, item, 'denied', notAllowed(action, judged?.verdict ?? null));
    return ok(null);
  }
  session.memory.verdicts.delete(item.id);
  return intendPush(session, item, agent, push);
}

const asProposal = (agent: AgentName, run: string, digest: string, usage: AgentUsage) => ({
  agent,
  run,
  action: 'pull_request.open',
  digest,
  usage,
});

/** A first push opens the pull request; a later one only moves its branch. */
function intendPush(
  session: Session,
  item: Item,
  agent: Work['agent'],
  { commit: sha, branch, title, body, lease }: Push,
): Result<null> {
  if (item.pull_request !== null) {
    return session.give({
      kind: 'intend',
      item: item.id,
      key: `push/${branch}/${sha}`,
      effect: 'branch.push',
      payload: { branch, sha, lease, pull_request: item.pull_request.number, account: body },
    });
  }
  const base = session.rules.kind === 'sound' ? session.rules.branch : '';
  return session.give({
    kind: 'intend',
    item: item.id,
    key: `pull_request/${branch}`,
    effect: 'pull_request.open',
    payload: { branch, sha, base, title, body: described(body), draft: agent === 'contributor' },
  });
}
