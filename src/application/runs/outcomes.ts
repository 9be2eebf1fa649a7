import type { AgentOutcome } from '../../agents/outcome.ts';
import type { ReviewProposal } from '../../agents/reviewer/proposal.ts';
import { refuse, ok, type Result } from '../../domain/result.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { reviewIntent } from './review-intent.ts';
import { askHuman, asksTooMuch, recordRefusedTools } from './questions.ts';
import type { Session } from '../session.ts';
import { notAllowed, proposalIn, recordFlags, recordProposal, weigh } from './propose.ts';
import { later } from '../later.ts';
import { takeContribution, takeRoadmap } from './contribution.ts';
import type { FinishedRun } from './run-result.ts';
import { recordSpending } from './spending.ts';
import { takeTriage } from './take-triage.ts';
import { nextTry } from './next-try.ts';
import { isDeniedForNow, waitWithWork, type Taken } from './waiting-work.ts';
import { passReviewOver } from '../decisions/pass-over.ts';
import { recordVerdict } from '../decisions/record.ts';

/** What an agent came back with, as commands, and what it cost where those do not say. */
export async function takeOutcome(session: Session, finished: FinishedRun): Promise<Taken> {
  const taken = await takeResult(session, finished);
  if (taken !== 'later') recordSpending(session, finished);
  return taken;
}

/** Its proposal goes before policy, its failure costs an attempt, an outage waits. */
async function takeResult(session: Session, finished: FinishedRun): Promise<Taken> {
  const item = session.item(finished.item);
  if (item === undefined) return refuse('item.not_open', `${finished.item} is not open any more`);
  if (item.run !== finished.run || item.authority !== 'running') {
    return refuse('run.stale', `${finished.run} is not the run in progress`);
  }
  const { outcome, agent } = finished.result;
  const calls = outcome.refused ?? [];
  // With a proposal it is told where that is recorded: what is to be pushed may wait, and be taken again.
  if (outcome.kind !== 'proposal')
    recordRefusedTools(session, item, { run: finished.run, agent, calls });
  if (outcome.kind === 'model_unavailable') {
    const wait = (outcome.retry_after_seconds ?? session.deps.timing.outage_ms / 1000) * 1000;
    const retry_at = later(session.deps.now(), wait);
    const { reason } = outcome;
    return session.give({ kind: 'model_unavailable', item: item.id, reason, retry_at });
  }
  if (outcome.kind === 'failed') {
    if (outcome.code === 'empty' && item.pull_request !== null) {
      // The pull request is there, and people decide on it as it is.
      session.give({ kind: 'notify', item: item.id, to: 'maintainers', text: outcome.reason });
      return session.give({ kind: 'complete_stage', item: item.id });
    }
    return failRun(session, item, outcome.code, outcome.reason);
  }
  if (outcome.kind === 'waiting') {
    const tooMuch = asksTooMuch(session, item, agent);
    if (tooMuch !== null) return failRun(session, item, 'questions', tooMuch);
    return askHuman(session, item, { run: finished.run, agent, ...outcome });
  }
  // What is to be pushed or published may wait, and be taken again.
  if (agent === 'triager') recordFlags(session, item, finished.run, agent, outcome.trace);
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
  const { at: retry_at, because } = nextTry(session, item, code);
  const told = because === null ? reason : `${reason} (${because})`;
  return session.give({ kind: 'fail_run', item: item.id, code, reason: told, retry_at });
}

async function takeReview(
  session: Session,
  item: Item,
  run: string,
  outcome: AgentOutcome<ReviewProposal>,
): Promise<Taken> {
  const proposed = proposalIn(outcome);
  if (proposed === null || item.pull_request === null) return ok(null);
  const { proposal, usage, trace } = proposed;
  const { number, head } = item.pull_request;
  const [agent, action] = ['reviewer', 'review.publish'] as const;
  // What was said before is not said again; how far was read stands in the proposal.
  const isNews = proposal.publish !== false;
  const judged = isNews ? await weigh(session, item, agent, action, proposed.used) : null;
  // Under rules that cannot be read nothing goes on; they are judged when they are mended.
  if (isNews && judged === null) return 'later';
  if (judged !== null && isDeniedForNow(session, judged))
    return waitWithWork(session, item, judged);
  recordFlags(session, item, run, agent, trace);
  const recorded = recordProposal(session, item, {
    run,
    agent,
    action,
    digest: head,
    content: proposal,
    usage,
  });
  if (!recorded.ok) return recorded;
  if (judged === null) return session.give({ kind: 'complete_stage', item: item.id });
  recordVerdict(session, item.id, judged);
  if (judged.verdict.effect !== 'allow') {
    // Without leave to speak the review stays in the history.
    passReviewOver(session, item, notAllowed(action, judged.verdict));
    return ok(null);
  }
  session.memory.verdicts.delete(item.id);
  return session.give(reviewIntent(item.id, { number, head }, proposal));
}
