import type { EventActor } from '../ledger/envelope.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { Command, CommandContext } from './command.ts';
import type { DomainEvent, EventData, EventType } from './event.ts';
import { evolve, sameApproval } from './evolve.ts';
import { checkLegality } from './legality.ts';
import { itemId, stagesOf, type Approval, type GovernanceState, type Item } from './state.ts';

export interface Decision {
  readonly events: readonly DomainEvent[];
  /** The state with the events folded in, for the next command of the same batch. */
  readonly state: GovernanceState;
}

export const system: EventActor = { kind: 'system', id: null, login: 'assent' };

/** Total: every (state, command) gives events, all of them in order, or a refusal that says which law stood against it. */
export function decide(
  state: GovernanceState,
  command: Command,
  context: CommandContext,
): Result<Decision> {
  const proposed = propose(state, command, context);
  if (!proposed.ok) return proposed;
  let folded = state;
  for (const event of proposed.value) {
    const timed = { ...event, at: context.at };
    const legal = checkLegality(folded, timed);
    if (!legal.ok) return legal;
    folded = evolve(folded, timed);
  }
  return ok({ events: proposed.value, state: folded });
}

function event<T extends EventType>(
  type: T,
  item: string | null,
  actor: EventActor,
  data: EventData[T],
): DomainEvent {
  // The union cannot be correlated with T by the compiler; the mapped type of EventData keeps the pair true.
  return { type, version: 1, item, actor, data } as DomainEvent;
}

const openItem = (state: GovernanceState, id: string): Result<Item> => {
  const item = state.items[id];
  return item === undefined ? refuse('item.not_open', `${id} is not open`) : ok(item);
};

function propose(
  state: GovernanceState,
  command: Command,
  context: CommandContext,
): Result<readonly DomainEvent[]> {
  switch (command.kind) {
    case 'open_item':
      return ok([
        event('item.created', itemId(command.item_kind, command.number), context.actor, {
          kind: command.item_kind,
          number: command.number,
          title: command.title,
          author: command.author,
          pull_request: command.pull_request,
        }),
      ]);
    case 'configure_cycle':
      return command.every === state.cycle.every
        ? refuse('unchanged', `the governor runs every ${command.every} merges already`)
        : ok([event('cycle.configured', null, system, { every: command.every })]);
    case 'halt':
      return state.control.halted === null
        ? ok([event('control.halted', null, context.actor, { reason: command.reason })])
        : refuse('unchanged', 'Assent is halted already');
    case 'lift_halt':
      return state.control.halted === null
        ? refuse('unchanged', 'Assent is not halted')
        : ok([event('control.resumed', null, context.actor, { reason: command.reason })]);
    case 'disable_agent':
    case 'enable_agent':
      return switchAgent(state, command, context);
    case 'intend':
    case 'effect_done':
    case 'effect_refused':
    case 'effect_retried':
    case 'effect_uncertain':
      return proposeEffect(state, command);
    default: {
      const item = openItem(state, command.item);
      return item.ok ? proposeForItem(state, item.value, command, context) : item;
    }
  }
}

type SwitchCommand = Extract<Command, { kind: 'disable_agent' | 'enable_agent' }>;

function switchAgent(
  state: GovernanceState,
  { kind, agent, reason }: SwitchCommand,
  { actor }: CommandContext,
): Result<readonly DomainEvent[]> {
  const disabled = state.control.disabled_agents.includes(agent);
  if (disabled === (kind === 'disable_agent')) {
    return refuse('unchanged', `the ${agent} is ${disabled ? 'disabled' : 'enabled'} already`);
  }
  const type = kind === 'disable_agent' ? 'agent.disabled' : 'agent.enabled';
  return ok([event(type, null, actor, { agent, reason })]);
}

type EffectCommand = Extract<
  Command,
  { kind: 'intend' | 'effect_done' | 'effect_refused' | 'effect_retried' | 'effect_uncertain' }
>;

function proposeEffect(
  state: GovernanceState,
  command: EffectCommand,
): Result<readonly DomainEvent[]> {
  const intent = state.intents[command.key];
  if (command.kind === 'intend') {
    if (intent !== undefined)
      return refuse('effect.intended', `${command.key} is intended already`);
    const { key, effect: kind, payload } = command;
    return ok([event('effect.intended', command.item, system, { key, kind, payload })]);
  }
  if (intent === undefined) {
    return refuse('effect.unknown', `${command.key} is not outstanding`);
  }
  const about = (type: EventType, data: EventData[EventType]) =>
    ok([event(type, intent.item === '' ? null : intent.item, system, data)]);
  const { key } = command;
  switch (command.kind) {
    case 'effect_done':
      return about('effect.done', { key, receipt: command.receipt });
    case 'effect_refused':
      return about('effect.refused', { key, code: command.code, reason: command.reason });
    case 'effect_retried':
      return about('effect.retried', { key, reason: command.reason, retry_at: command.retry_at });
    case 'effect_uncertain':
      return about('effect.uncertain', { key, reason: command.reason });
  }
}

type ItemCommand = Exclude<
  Extract<Command, { readonly item: string }>,
  { readonly kind: 'intend' }
>;

function proposeForItem(
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
      return item.run === command.proposal.run
        ? ok([by(agentActor(command.proposal.agent), 'agent.proposed', command.proposal)])
        : refuse(
            'run.stale',
            `${item.id}: run ${command.proposal.run} is not the one in progress (${item.run ?? 'none'})`,
          );
    case 'record_verdict':
      return ok([bySystem('verdict.given', command.verdict)]);
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
    case 'override':
      return override(item, command, actor);
    case 'resume':
      return item.gate === null
        ? refuse('gate.none', `${item.id} has no gate to go on from`)
        : ok([bySystem('item.resumed', { action: item.gate.action, digest: item.gate.digest })]);
    case 'complete_stage':
      return completeStage(item);
    case 'return_to':
      return ok([bySystem('stage.returned', { stage: command.stage, reason: command.reason })]);
    case 'request_changes':
      return ok([
        by(actor, 'changes.requested', { review: command.review, head: command.head }),
        ...item.approvals
          .filter((approval) => approval.gate !== 'plan.adopt')
          .map((approval) =>
            bySystem('approval.ended', { approval, reason: `${actor.login} requested changes` }),
          ),
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
      return ok([by(actor, 'item.retried', { reason: command.reason })]);
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

export const agentActor = (agent: string): EventActor => ({
  kind: 'agent',
  id: null,
  login: agent,
});

/** Names the run by what it works on, so that a repeated job has the same name and a stale outcome another. */
export const runName = (item: Item): string =>
  [item.id, item.stage, item.revisions, item.attempts, item.pull_request?.head.slice(0, 12)]
    .filter((part) => part !== undefined)
    .join('/');

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
  const data = { run: runName(item), agent, attempt: item.attempts + 1 };
  return ok([event('run.started', item.id, system, data)]);
}

/** Compares the evidence as it stands with what was recorded: says what came, what went, and whether it is enough now. */
function assessGate(
  item: Item,
  command: Extract<Command, { kind: 'assess_gate' }>,
  at: string,
): Result<readonly DomainEvent[]> {
  const { gate } = command;
  const recorded = item.approvals.filter((approval) => approval.gate === gate.action);
  const ended = recorded.filter((old) => !command.approvals.some((now) => sameApproval(old, now)));
  const given = command.approvals.filter((now) => !recorded.some((old) => sameApproval(old, now)));
  const waits = item.authority === 'waiting_for_human';
  const reopened = !waits && (ended.length > 0 || !command.sufficient);
  const events = [
    ...ended.map((approval) =>
      event('approval.ended', item.id, system, { approval, reason: command.ended_because }),
    ),
    ...(reopened
      ? [event('gate.reopened', item.id, system, { reason: command.ended_because })]
      : []),
    ...(sameGate(item.gate, gate) ? [] : [event('gate.updated', item.id, system, { gate })]),
    ...(waits || reopened ? given : []).map((approval) =>
      event('approval.given', item.id, humanActor(approval), { approval }),
    ),
    ...((waits || reopened) && command.sufficient
      ? [
          event('gate.approved', item.id, system, {
            action: gate.action,
            digest: gate.digest,
          }),
        ]
      : []),
  ];
  if (events.length === 0) return refuse('unchanged', `${item.id}: nothing new at ${at}`);
  return ok(events);
}

const humanActor = (approval: Approval): EventActor => ({
  kind: 'human',
  id: approval.id,
  login: approval.login,
});

/** `since` is when it was first asked and says nothing new. */
const sameGate = (a: Item['gate'], b: NonNullable<Item['gate']>): boolean =>
  a !== null &&
  JSON.stringify([a.action, a.digest, a.waiting_for, a.ignored, a.rules]) ===
    JSON.stringify([b.action, b.digest, b.waiting_for, b.ignored, b.rules]);

function override(
  item: Item,
  { approval, justification }: Extract<Command, { kind: 'override' }>,
  actor: EventActor,
): Result<readonly DomainEvent[]> {
  if (justification.trim() === '') {
    return refuse(
      'override.unjustified',
      'an override needs its reason: /assent override BECAUSE …',
    );
  }
  return ok([
    event('approval.given', item.id, actor, { approval }),
    event('gate.overridden', item.id, actor, {
      action: approval.gate,
      digest: approval.digest,
      justification,
    }),
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
  const ended = item.approvals.filter((approval) => approval.gate !== 'plan.adopt');
  const reviewedAlready = item.stage === 'review' || item.stage === 'merge';
  return ok([
    event('head.moved', item.id, actor, { before, after }),
    ...ended.map((approval) => event('approval.ended', item.id, system, { approval, reason })),
    ...(reviewedAlready && item.kind !== 'cycle'
      ? [event('stage.returned', item.id, system, { stage: 'review', reason })]
      : []),
    ...(item.kind === 'cycle' && (item.authority === 'approved' || item.authority === 'resumed')
      ? [event('gate.reopened', item.id, system, { reason })]
      : []),
  ]);
}

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

/** A merge ends the item and is counted once; the fifth closes the cycle and opens the governor's item. */
function recordMerge(
  state: GovernanceState,
  item: Item,
  merge: EventData['item.merged'],
  actor: EventActor,
  at: string,
): Result<readonly DomainEvent[]> {
  const merged = event('item.merged', item.id, actor, merge);
  // The governor's own pull request is the cycle's record, not work of the next one.
  if (item.kind === 'cycle') return ok([merged]);
  const cycle = state.cycle.number;
  const position = state.cycle.merges.length + 1;
  const { pull_request, sha } = merge;
  const counted = event('merge.counted', item.id, system, {
    cycle,
    position,
    merge: {
      pull_request,
      item: item.id,
      sha,
      at,
      title: item.title,
      issue: item.kind === 'issue' ? item.number : null,
      approvals:
        merge.by === 'human'
          ? [`${actor.login} merged by hand`]
          : item.approvals
              .filter((approval) => approval.gate === 'pull_request.merge')
              .map((approval) => `${approval.login} by ${approval.by}`),
      by: item.pull_request?.ours === true ? 'agent' : 'human',
      tokens: item.tokens,
    },
  });
  if (position < state.cycle.every) return ok([counted, merged]);
  const pull_requests = [...state.cycle.merges.map((m) => m.pull_request), pull_request];
  return ok([
    counted,
    merged,
    event('cycle.closed', null, system, { cycle, pull_requests }),
    event('item.created', itemId('cycle', cycle), system, {
      kind: 'cycle',
      number: cycle,
      title: `Governance cycle ${cycle}`,
      author: null,
      pull_request: null,
    }),
  ]);
}
