import type { EventActor } from '../ledger/envelope.ts';
import { sameSubstance } from '../policy/record.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { Command, CommandContext } from './command.ts';
import { assessGate, endApprovals, endMergeApprovals, override } from './decide-gate.ts';
import { recordMerge } from './decide-merge.ts';
import type { DomainEvent, EventData, EventType } from './event.ts';
import { agentActor, event, system } from './event-draft.ts';
import { isPastItsGate } from './gated.ts';
import { transition } from './machine.ts';
import { stagesOf, type Approval, type GovernanceState, type Item, type Stage } from './state.ts';
import { triageNotesOf } from './triage-notes.ts';
import { handoverTo, workOf } from './work.ts';

type ItemCommand = Exclude<
  Extract<Command, { readonly item: string }>,
  { readonly kind: 'intend' }
>;

export function proposeForItem(
  state: GovernanceState,
  item: Item,
  command: ItemCommand,
  { actor, at }: CommandContext,
): Result<readonly DomainEvent[]> {
  const by = <T extends EventType>(who: EventActor, type: T, data: EventData[T]) =>
    event(type, item.id, who, data);
  const bySystem = <T extends EventType>(type: T, data: EventData[T]) => by(system, type, data);

  switch (command.kind) {
    case 'retitle':
      return ok([by(actor, 'item.retitled', { title: command.title })]);
    case 'start_run':
      return startRun(state, item, command.agent);
    case 'propose':
      return ofRun(item, 'agent.proposed', command.proposal);
    case 'ask_human':
      return ofRun(item, 'question.asked', command.asked);
    case 'record_refused_tools':
      return ofRun(item, 'tools.refused', command.refused);
    case 'answer_question':
      return ok([by(actor, 'question.answered', command.given)]);
    case 'record_verdict': {
      const last = state.verdicts[item.id];
      return command.if_new && last !== undefined && sameSubstance(last, command.verdict)
        ? refuse('unchanged', `${item.id}: policy says what it said`)
        : ok([bySystem('verdict.given', command.verdict)]);
    }
    case 'record_trial':
      return item.pull_request?.head === command.trial.head
        ? ok([bySystem('policy.tried', { trial: command.trial })])
        : refuse('trial.stale', `${item.id}: its head is not the one that was tried any more`);
    case 'record_flags':
      return ofRun(item, 'text.flagged', command.flagged);
    case 'remind':
      return triageNotesOf(state, item.id).reminded_at === null
        ? ok([bySystem('information.reminded', { asked_at: command.asked_at })])
        : refuse('unchanged', `${item.id}: its author was reminded already`);
    case 'record_triage':
      return ok([bySystem('triage.recorded', command.triage)]);
    case 'request_information':
      return ok([bySystem('information.requested', { missing: command.missing })]);
    case 'give_information':
      return ok([by(actor, 'information.given', { comment: command.comment })]);
    case 'publish_plan':
      return ok([bySystem('plan.published', { plan: command.plan })]);
    case 'open_gate':
      return ok([bySystem('gate.requested', { gate: command.gate })]);
    case 'assess_gate':
      return assessGate(item, command, at);
    case 'reject':
      return ok([
        by(actor, 'gate.rejected', {
          action: item.gate?.action ?? 'plan.adopt',
          reason: command.reason,
        }),
        by(actor, 'item.terminated', { outcome: 'rejected', reason: command.reason }),
      ]);
    case 'expire':
      return item.gate === null
        ? refuse('gate.none', `${item.id} asks nobody anything, so nothing lapses`)
        : ok([
            bySystem('gate.expired', { action: item.gate.action }),
            bySystem('item.terminated', { outcome: 'expired', reason: command.reason }),
          ]);
    case 'override':
      return override(item, command, actor);
    case 'resume':
      return item.gate === null
        ? refuse('gate.none', `${item.id} has no gate to go on from`)
        : ok([bySystem('item.resumed', { action: item.gate.action, digest: item.gate.digest })]);
    case 'complete_stage':
      return completeStage(item);
    case 'return_to':
      return ok([
        ...endApprovals(item, endedByReturn(item, command.stage), command.reason),
        ...dropUnfounded(state, item, command),
        bySystem('stage.returned', { stage: command.stage, reason: command.reason }),
      ]);
    case 'request_changes':
      return ok([
        by(actor, 'changes.requested', { review: command.review, head: command.head }),
        ...endMergeApprovals(item, `${actor.login} requested changes`),
        bySystem('stage.returned', {
          stage: 'contribution',
          reason: `${actor.login} requested changes`,
        }),
      ]);
    case 'move_head':
      return moveHead(item, command, actor);
    case 'link_pull_request':
      return ok([bySystem('pull_request.linked', { pull_request: command.pull_request })]);
    case 'fail_run':
      return failRun(item, command);
    case 'model_unavailable':
      return ok([
        bySystem('model.unavailable', {
          run: item.run ?? '',
          reason: command.reason,
          retry_at: command.retry_at,
        }),
      ]);
    case 'retry':
      return ok(retry(state, item, command.reason, { actor, at }));
    case 'block':
      return item.note === command.reason
        ? refuse('unchanged', `${item.id} is blocked for that reason already`)
        : ok([bySystem('item.blocked', { reason: command.reason })]);
    case 'notify':
      return ok([bySystem('notice.posted', { to: command.to, text: command.text })]);
    case 'hold':
      return item.held === null
        ? ok([by(actor, 'item.held', { reason: command.reason })])
        : refuse('unchanged', `${item.id} is held already, by ${item.held.by}`);
    case 'release':
      return item.held === null
        ? refuse('unchanged', `${item.id} is not held`)
        : ok([by(actor, 'item.released', {})]);
    case 'record_merge':
      return recordMerge(state, item, command.merge, actor, at);
    case 'terminate':
      return ok([
        by(actor, 'item.terminated', { outcome: command.outcome, reason: command.reason }),
      ]);
  }
}

/** What an agent says counts while its run is the one in progress. */
const ofRun = <T extends 'agent.proposed' | 'question.asked' | 'tools.refused' | 'text.flagged'>(
  item: Item,
  type: T,
  data: EventData[T],
): Result<readonly DomainEvent[]> =>
  item.run === data.run
    ? ok([event(type, item.id, agentActor(data.agent), data)])
    : refuse(
        'run.stale',
        `${item.id}: run ${data.run} is not the one in progress (${item.run ?? 'none'})`,
      );

/** Lets a failed item go on, and what waits or nobody could tell of be tried: who asks for it has looked. */
function retry(
  state: GovernanceState,
  item: Item,
  reason: string,
  { actor, at }: CommandContext,
): readonly DomainEvent[] {
  const untold = Object.values(state.intents).filter(
    (intent) => intent.item === item.id && (intent.uncertain || intent.waiting !== undefined),
  );
  const failed = transition(item.authority, 'item.retried') !== null;
  return [
    ...(failed || untold.length === 0 ? [event('item.retried', item.id, actor, { reason })] : []),
    ...untold.map(({ key }) =>
      event('effect.retried', item.id, actor, { key, reason, retry_at: at }),
    ),
  ];
}

/**
 * What was to be proposed on an adopted plan is not, once that plan is gone. One that may have been done already, nobody knowing,
 * is left for people to look at.
 */
const dropUnfounded = (
  { intents }: GovernanceState,
  item: Item,
  { stage, reason }: Extract<Command, { kind: 'return_to' }>,
): readonly DomainEvent[] =>
  stage !== 'triage' && stage !== 'plan'
    ? []
    : Object.values(intents)
        .filter(
          (intent) =>
            intent.item === item.id && intent.kind === 'pull_request.open' && !intent.uncertain,
        )
        .map(({ key }) =>
          event('effect.refused', item.id, system, { key, code: 'plan.gone', reason }),
        );

/** Names the run by what it works on, so that a repeated job has the same name and a stale outcome another. */
function runName(state: GovernanceState, item: Item): string {
  const asked = workOf(state, item.id).question?.asked;
  return [
    item.id,
    item.stage,
    item.revisions,
    item.attempts,
    item.pull_request?.head.slice(0, 12),
    asked === undefined ? undefined : `q${asked}`,
  ]
    .filter((part) => part !== undefined)
    .join('/');
}

function startRun(
  state: GovernanceState,
  item: Item,
  agent: EventData['run.started']['agent'],
): Result<readonly DomainEvent[]> {
  if (item.held !== null) return refuse('item.held', `${item.id} is held by ${item.held.by}`);
  if (state.control.halted !== null) {
    return refuse('control.halted', `halted by ${state.control.halted.by}`);
  }
  if (agent !== null && state.control.disabled_agents.includes(agent)) {
    return refuse('agent.disabled', `the ${agent} is disabled`);
  }
  const run = runName(state, item);
  const handover = agent === null ? null : handoverTo(state, item, agent, run);
  return ok([
    event('run.started', item.id, system, { run, agent, attempt: item.attempts + 1 }),
    ...(handover === null ? [] : [event('work.handed_over', item.id, system, handover)]),
  ]);
}

function completeStage(item: Item): Result<readonly DomainEvent[]> {
  const order = stagesOf[item.kind];
  const next = order[order.indexOf(item.stage) + 1];
  return ok([
    event('stage.completed', item.id, system, { stage: item.stage }),
    ...(next === undefined ? [] : [event('stage.entered', item.id, system, { stage: next })]),
  ]);
}

/** A push ends what was approved on the old head, and wants a new review where one had begun. */
function moveHead(
  item: Item,
  { after, reason }: Extract<Command, { kind: 'move_head' }>,
  actor: EventActor,
): Result<readonly DomainEvent[]> {
  const before = item.pull_request?.head;
  if (before === undefined) return refuse('pull_request.none', `${item.id} has no pull request`);
  if (before === after) return refuse('unchanged', `${item.id} is at ${after} already`);
  const reviewedAlready = item.stage === 'review' || item.stage === 'merge';
  return ok([
    event('head.moved', item.id, actor, { before, after }),
    ...endMergeApprovals(item, reason),
    ...(reviewedAlready && item.kind !== 'cycle'
      ? [event('stage.returned', item.id, system, { stage: 'review', reason })]
      : []),
    ...(item.kind === 'cycle' && isPastItsGate(item)
      ? [event('gate.reopened', item.id, system, { reason })]
      : []),
  ]);
}

/** What is made anew has to be approved anew; an adopted plan stays adopted while only its contribution is. */
const endedByReturn = (item: Item, stage: Stage): readonly Approval[] =>
  item.approvals.filter(
    ({ gate }) => gate !== 'plan.adopt' || stage === 'triage' || stage === 'plan',
  );

function failRun(
  item: Item,
  { code, reason, retry_at }: Extract<Command, { kind: 'fail_run' }>,
): Result<readonly DomainEvent[]> {
  const run = item.run ?? '';
  const failed = { run, code, reason, retry_at: retry_at ?? '' };
  return ok([
    event('run.failed', item.id, system, failed),
    ...(retry_at === null ? [event('run.dead', item.id, system, { run, reason })] : []),
  ]);
}
