import type { AgentOutcome } from '../../agents/outcome.ts';
import type { ContributionProposal } from '../../agents/contributor/proposal.ts';
import type { GovernorProposal } from '../../agents/governor/proposal.ts';
import type { ReviewProposal } from '../../agents/reviewer/proposal.ts';
import type { TriageProposal } from '../../agents/triager/proposal.ts';
import { denials } from '../../domain/policy/render.ts';
import type { FileFacts } from '../../domain/policy/request.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { refuse, ok, type Result } from '../../domain/result.ts';
import type { AgentName, Item } from '../../domain/work-item/state.ts';
import { failForGood } from '../decisions/advance.ts';
import { returnUnlessOf } from '../decisions/plan-digest.ts';
import { reviewIntent } from './review-intent.ts';
import { MAX_ATTEMPTS } from '../repository.ts';
import type { Session } from '../session.ts';
import { judge, later, proposalIn, recordFlags, recordProposal } from './propose.ts';
import { takeTriage } from './take-triage.ts';

/** A cycle's proposal with the commit that code made of it. */
export interface RoadmapChange {
  readonly proposal: GovernorProposal;
  readonly commit: string;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  readonly files: readonly FileFacts[];
  readonly lines_changed: number;
}

/** `text`: digest of the issue as the run was told it; absent where an older version began the run. */
export type RunResult =
  | {
      readonly agent: 'triager';
      readonly outcome: AgentOutcome<TriageProposal>;
      readonly text?: string;
    }
  | {
      readonly agent: 'contributor';
      readonly outcome: AgentOutcome<ContributionProposal>;
      readonly text?: string;
    }
  | { readonly agent: 'reviewer'; readonly outcome: AgentOutcome<ReviewProposal> }
  | { readonly agent: 'governor'; readonly outcome: AgentOutcome<RoadmapChange> };

export interface FinishedRun {
  readonly item: string;
  readonly run: string;
  readonly result: RunResult;
}

/** What an agent came back with, as commands: its proposal goes before policy, its failure costs an attempt, an outage waits. */
export async function takeOutcome(session: Session, finished: FinishedRun): Promise<Result<null>> {
  const item = session.item(finished.item);
  if (item === undefined) return refuse('item.not_open', `${finished.item} is not open any more`);
  if (item.run !== finished.run || item.authority !== 'running') {
    return refuse('run.stale', `${finished.run} is not the run in progress`);
  }
  const { outcome, agent } = finished.result;
  if (outcome.kind === 'model_unavailable') {
    const wait = (outcome.retry_after_seconds ?? session.deps.timing.outage_ms / 1000) * 1000;
    const retry_at = later(session.deps.now(), wait);
    return session.give({
      kind: 'model_unavailable',
      item: item.id,
      reason: outcome.reason,
      retry_at,
    });
  }
  if (outcome.kind === 'failed') {
    return failRun(session, item, outcome.code, outcome.reason);
  }
  recordFlags(session, item, finished.run, agent, outcome.trace);
  switch (finished.result.agent) {
    case 'triager':
      return takeTriage(session, item, finished.run, agent, finished.result);
    case 'contributor':
      return takeContribution(session, item, finished.run, finished.result);
    case 'reviewer':
      return takeReview(session, item, finished.run, finished.result.outcome);
    case 'governor':
      return takeRoadmap(session, item, finished.run, finished.result.outcome);
  }
}

export function failRun(session: Session, item: Item, code: string, reason: string): Result<null> {
  const retry_at = nextTry(session, item, code);
  return session.give({ kind: 'fail_run', item: item.id, code, reason, retry_at });
}

/** null: the attempts are spent, and only a human tries again. */
function nextTry({ deps: { timing, now } }: Session, item: Item, code: string): string | null {
  // Nothing the item did, and nothing trying can wear out: it waits for the operator, looked at ever more rarely.
  if (code === 'sandbox_unavailable') {
    const doublings = Math.min(item.attempts, SANDBOX_DOUBLINGS);
    return later(now(), timing.blocked_ms * 2 ** doublings);
  }
  // An answer, and the same question would get it again.
  if (code === 'empty') return null;
  const spent = item.attempts + 1 >= MAX_ATTEMPTS;
  return spent ? null : later(now(), timing.retry_ms * 2 ** item.attempts);
}

/** From five minutes to a day: each look leaves lines in the history. */
const SANDBOX_DOUBLINGS = 8;

/** Says why an action did not pass; a requirement outside the three gates is a refusal that names what to change. */
function notAllowed(kind: string, verdict: Verdict | null): string {
  if (verdict === null) return 'the policies are malformed';
  return verdict.effect === 'deny'
    ? `policy denies ${kind}: ${denials(verdict.reasons).join('; ')}`
    : `policy asks a human for ${kind}, which has no gate yet: let it be allowed or denied; the merge has its own gate`;
}

async function takeContribution(
  session: Session,
  item: Item,
  run: string,
  { outcome, text }: Extract<RunResult, { agent: 'contributor' }>,
): Promise<Result<null>> {
  const proposed = proposalIn(outcome);
  if (proposed === null) return ok(null);
  const { proposal, usage } = proposed;
  const { commit, branch, title, body, files } = proposal;
  const recorded = recordProposal(session, item, {
    run,
    agent: 'contributor',
    action: 'pull_request.open',
    digest: commit,
    content: {
      title,
      branch,
      commit,
      summary: proposal.summary,
      files,
      steps: proposal.steps,
      ...(usage.model === null ? {} : { model: usage.model }),
    },
    usage,
  });
  if (!recorded.ok) return recorded;
  // What was approved was the plan for another text; nobody has read what this was made from.
  if (item.pull_request === null && text !== undefined && returnUnlessOf(session, item, text)) {
    return ok(null);
  }
  // Only over what the run began from: somebody may have pushed meanwhile, and their commit must not be lost.
  const lease = proposal.base;
  return proposePush(session, item, 'contributor', { commit, branch, title, body, files, lease });
}

async function takeRoadmap(
  session: Session,
  item: Item,
  run: string,
  outcome: AgentOutcome<RoadmapChange>,
): Promise<Result<null>> {
  const proposed = proposalIn(outcome);
  if (proposed === null) return ok(null);
  const { proposal: change, usage } = proposed;
  const { commit, branch, title, body, files } = change;
  const recorded = recordProposal(session, item, {
    run,
    agent: 'governor',
    action: 'pull_request.open',
    digest: commit,
    content: { ...change.proposal, commit, branch, files, lines_changed: change.lines_changed },
    usage,
  });
  if (!recorded.ok) return recorded;
  const lease = item.pull_request?.head ?? null;
  return proposePush(session, item, 'governor', { commit, branch, title, body, files, lease });
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

/** A first push opens the pull request; a later one only moves its branch. */
async function proposePush(
  session: Session,
  item: Item,
  agent: AgentName,
  { commit, branch, title, body, files, lease }: Push,
): Promise<Result<null>> {
  const verdict = await judge(session, item, agent, 'pull_request.open', {
    branch,
    head: commit,
    title,
    files,
  });
  if (verdict?.effect !== 'allow') {
    failForGood(session, item, 'denied', notAllowed('pull_request.open', verdict));
    return ok(null);
  }
  if (item.pull_request !== null) {
    return session.give({
      kind: 'intend',
      item: item.id,
      key: `push/${branch}/${commit}`,
      effect: 'branch.push',
      payload: { branch, sha: commit, lease },
    });
  }
  const base = session.rules.kind === 'sound' ? session.rules.branch : '';
  return session.give({
    kind: 'intend',
    item: item.id,
    key: `pull_request/${branch}`,
    effect: 'pull_request.open',
    payload: { branch, sha: commit, base, title, body, draft: agent === 'contributor' },
  });
}

async function takeReview(
  session: Session,
  item: Item,
  run: string,
  outcome: AgentOutcome<ReviewProposal>,
): Promise<Result<null>> {
  const proposed = proposalIn(outcome);
  if (proposed === null || item.pull_request === null) return ok(null);
  const { proposal, usage } = proposed;
  const { number, head } = item.pull_request;
  const recorded = recordProposal(session, item, {
    run,
    agent: 'reviewer',
    action: 'review.publish',
    digest: head,
    content: proposal,
    usage,
  });
  if (!recorded.ok) return recorded;
  // What was said before is not said again; how far was read stands in the proposal.
  if (proposal.publish === false) return session.give({ kind: 'complete_stage', item: item.id });
  const verdict = await judge(session, item, 'reviewer', 'review.publish');
  if (verdict?.effect !== 'allow') {
    // Without leave to speak the review stays in the history; the humans decide without it.
    return session.give({ kind: 'complete_stage', item: item.id });
  }
  return session.give(reviewIntent(item.id, { number, head }, proposal));
}
