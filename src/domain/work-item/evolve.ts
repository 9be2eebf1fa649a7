import type { EventData, TimedEvent } from './event.ts';
import { evolvePolicy, withoutPolicyOf } from './evolve-policy.ts';
import { foldHeads } from './heads.ts';
import { evolveReview } from './evolve-review.ts';
import { evolveSwitch } from './evolve-switch.ts';
import { copying, type Growth } from './growth.ts';
import { addTokens, addUsage } from './evolve-usage.ts';
import { foldMemory } from '../memory/memory.ts';
import { isTransition, transition } from './machine.ts';
import { foldTriageNotes } from './triage-notes.ts';
import { foldWork } from './work.ts';
import {
  emptyTally,
  type Approval,
  type CycleTally,
  type GovernanceState,
  type Intent,
  type Item,
} from './state.ts';

/** Folds one event in. Never refuses: whether an event is in order is `checkLegality`'s to say. */
export const evolve = (state: GovernanceState, event: TimedEvent): GovernanceState =>
  evolveBy(copying, state, event);

/** The same fold for whoever owns the state and holds no earlier one: a long history from its beginning. */
export function evolveBy(
  growth: Growth,
  before: GovernanceState,
  event: TimedEvent,
): GovernanceState {
  const heads = foldHeads(growth, before.heads, event);
  const work = foldWork(growth, before.work, event);
  const triage = foldTriageNotes(growth, before.triage, event);
  const memory = foldMemory(growth, before.memory, event);
  const same =
    heads === before.heads &&
    work === before.work &&
    triage === before.triage &&
    memory === before.memory;
  const state = same ? before : growth.change(before, { heads, work, triage, memory });
  if (event.type === 'item.created') return createItem(growth, state, event);
  // Gone once it is done, from the record itself where the fold owns it.
  const intent = event.type === 'effect.done' ? before.intents[event.data.key] : undefined;
  const repository = evolveRepository(growth, evolvePolicy(growth, state, event), event);
  const item = event.item === null ? undefined : repository.items[event.item];
  if (item === undefined) return repository;
  const next = evolveReview(evolveItem(growth, item, event), event, intent);
  return next.outcome === null
    ? putItem(growth, repository, next)
    : finishItem(growth, repository, next);
}

type EventOf<T extends TimedEvent['type']> = Extract<TimedEvent, { type: T }>;

function createItem(
  growth: Growth,
  state: GovernanceState,
  event: EventOf<'item.created'>,
): GovernanceState {
  const { kind, number, title, author, pull_request } = event.data;
  const firstStage = { issue: 'triage', pull_request: 'review', cycle: 'roadmap' } as const;
  return putItem(
    growth,
    growth.change(state, { finished: growth.drop(state.finished, event.item ?? '') }),
    {
      id: event.item ?? '',
      kind,
      number,
      title,
      author,
      opened_at: event.at,
      stage: firstStage[kind],
      authority: 'created',
      run: null,
      round: 0,
      revisions: 0,
      attempts: 0,
      not_before: null,
      note: null,
      held: null,
      plan: null,
      pull_request,
      proposal: null,
      gate: null,
      approvals: [],
      missing: [],
      notices: [],
      duplicates: [],
      tokens: 0,
      completed: [],
      outcome: null,
      updated_at: event.at,
    },
  );
}

/** Nothing is made anew where the growth kept its record: it would be, for each event. */
const putItem = (growth: Growth, state: GovernanceState, item: Item): GovernanceState => {
  const items = growth.put(state.items, item.id, item);
  return items === state.items ? state : growth.change(state, { items });
};

const withIntents = (
  growth: Growth,
  state: GovernanceState,
  intents: GovernanceState['intents'],
): GovernanceState => (intents === state.intents ? state : growth.change(state, { intents }));

function finishItem(growth: Growth, state: GovernanceState, item: Item): GovernanceState {
  if (item.outcome === null) return state;
  const closed_cycles = withoutCycle(state.closed_cycles, item);
  const { kind, number, title, outcome, note: reason, updated_at: at } = item;
  const pull_request = item.pull_request?.number ?? null;
  const ending = { kind, number, title, pull_request, outcome, reason, at };
  return growth.change(state, {
    ...withoutPolicyOf(growth, state, item.id),
    items: growth.drop(state.items, item.id),
    closed_cycles,
    finished: growth.put(state.finished, item.id, ending),
  });
}

/** The merges of a cycle whose roadmap update lapsed are kept: somebody may ask again. */
function withoutCycle(
  cycles: GovernanceState['closed_cycles'],
  { id, outcome }: Item,
): GovernanceState['closed_cycles'] {
  if (outcome === 'expired') return cycles;
  const { [id]: _ended, ...others } = cycles;
  return others;
}

/** What concerns the repository as a whole: the switch, the cycle, the outbox. */
function evolveRepository(
  growth: Growth,
  before: GovernanceState,
  event: TimedEvent,
): GovernanceState {
  const tally = tallied(before, event);
  const state =
    tally === null ? before : growth.change(before, { cycle: { ...before.cycle, tally } });
  switch (event.type) {
    case 'control.halted':
    case 'control.resumed':
    case 'control.resume_requested':
    case 'agent.disabled':
    case 'agent.enabled':
    case 'agent.enable_requested':
      return evolveSwitch(state, event);
    case 'ledger.quarantined':
      return growth.change(state, {
        quarantines: [...state.quarantines, { ...event.data, at: event.at }],
      });
    case 'cycle.configured':
      return growth.change(state, { cycle: { ...state.cycle, every: event.data.every } });
    case 'merge.counted':
      return countMerge(growth, state, event.data);
    case 'cycle.closed':
      return growth.change(state, {
        cycle: { ...state.cycle, number: event.data.cycle + 1, merges: [], tally: emptyTally },
        closed_cycles: {
          ...state.closed_cycles,
          [`cycle-${event.data.cycle}`]: { merges: state.cycle.merges, tally: state.cycle.tally },
        },
      });
    case 'agent.proposed':
      return growth.change(state, { usage: addUsage(growth, state.usage, event.data, event.at) });
    case 'question.asked':
      return growth.change(state, { usage: addTokens(state.usage, event.data, event.at) });
    case 'effect.intended':
      return putIntent(growth, state, {
        key: event.data.key,
        kind: event.data.kind,
        item: event.item ?? '',
        payload: event.data.payload,
        attempts: 0,
        not_before: null,
        uncertain: false,
      });
    case 'effect.done':
      return settleIntent(growth, state, event.data.key, event.data.receipt);
    case 'effect.refused':
      return settleIntent(growth, state, event.data.key, {});
    case 'effect.retried':
    case 'effect.uncertain': {
      const intent = state.intents[event.data.key];
      if (intent === undefined) return state;
      const { waiting: _over, ...rest } = intent;
      const not_before = event.type === 'effect.retried' ? event.data.retry_at : null;
      const uncertain = event.type === 'effect.uncertain';
      return putIntent(growth, state, {
        ...rest,
        attempts: intent.attempts + 1,
        not_before,
        uncertain,
      });
    }
    case 'effect.waiting': {
      const intent = state.intents[event.data.key];
      if (intent === undefined) return state;
      const { code, reason } = event.data;
      // An answer is no failed attempt: those are counted towards "nobody can tell".
      return putIntent(growth, state, {
        ...intent,
        attempts: 0,
        not_before: null,
        waiting: { code, reason },
      });
    }
    default:
      return state;
  }
}

function tallied(state: GovernanceState, event: TimedEvent): CycleTally | null {
  const { tally } = state.cycle;
  switch (event.type) {
    case 'approval.ended':
      return { ...tally, invalidated_approvals: tally.invalidated_approvals + 1 };
    case 'model.unavailable':
      return { ...tally, model_outages: tally.model_outages + 1 };
    case 'changes.requested':
      return { ...tally, reworks: tally.reworks + 1 };
    case 'gate.overridden': {
      const item = event.item === null ? undefined : state.items[event.item];
      const pull_request = item?.pull_request?.number;
      if (pull_request === undefined) return null;
      const override = {
        pull_request,
        by: event.actor.login,
        justification: event.data.justification,
      };
      return { ...tally, overrides: [...tally.overrides, override] };
    }
    default:
      return null;
  }
}

function countMerge(
  growth: Growth,
  state: GovernanceState,
  { cycle, merge }: EventData['merge.counted'],
): GovernanceState {
  return growth.change(state, {
    cycle: { ...state.cycle, merges: [...state.cycle.merges, merge] },
    counted: growth.put(state.counted, String(merge.pull_request), cycle),
  });
}

const putIntent = (growth: Growth, state: GovernanceState, intent: Intent): GovernanceState =>
  withIntents(growth, state, growth.put(state.intents, intent.key, intent));

function settleIntent(
  growth: Growth,
  state: GovernanceState,
  key: string,
  receipt: Readonly<Record<string, unknown>>,
): GovernanceState {
  const intents = growth.drop(state.intents, key);
  const { digest, slot } = receipt;
  if (typeof digest !== 'string' || typeof slot !== 'string') {
    return withIntents(growth, state, intents);
  }
  return growth.change(state, { intents, written: growth.put(state.written, slot, digest) });
}

function evolveItem(growth: Growth, item: Item, event: TimedEvent): Item {
  const authority = isTransition(event.type)
    ? (transition(item.authority, event.type) ?? item.authority)
    : item.authority;
  const changed = { authority, updated_at: event.at, ...changes(item, event) };
  const next = growth.change(item, changed);
  if (next.asked_by === undefined || authority === 'waiting_for_information') return next;
  const { asked_by: _answered, ...gone } = next;
  return gone;
}

/** What an event changes in its item beside the authority. */
function changes(item: Item, event: TimedEvent): Partial<Item> {
  switch (event.type) {
    case 'item.retitled':
      return { title: event.data.title };
    case 'stage.entered':
      return { ...freshStage, stage: event.data.stage };
    case 'stage.returned':
      return {
        ...freshStage,
        stage: event.data.stage,
        note: event.data.reason,
        revisions: item.revisions + 1,
        round: event.data.stage === 'contribution' ? item.round + 1 : item.round,
        approvals: item.approvals.filter((approval) => approval.gate === 'plan.adopt'),
      };
    case 'stage.completed':
      return {
        gate: null,
        proposal: null,
        note: null,
        completed: [...item.completed, { stage: event.data.stage, at: event.at }],
      };
    case 'run.started':
      return { run: event.data.run, not_before: null, note: null };
    case 'run.failed':
      return {
        attempts: item.attempts + 1,
        not_before: event.data.retry_at,
        note: event.data.reason,
        proposal: null,
      };
    case 'run.dead':
      return { not_before: null, note: event.data.reason };
    case 'item.retried':
      return { attempts: 0, not_before: null, note: null };
    case 'model.unavailable':
      return { not_before: event.data.retry_at, note: event.data.reason, proposal: null };
    case 'agent.proposed': {
      const { agent, action, digest, content } = event.data;
      const { input_tokens, output_tokens } = event.data.usage;
      const tokens = item.tokens + input_tokens + output_tokens;
      return { proposal: { agent, action, digest, content }, tokens };
    }
    case 'triage.recorded':
      return { duplicates: event.data.duplicates };
    case 'information.requested':
      return { missing: event.data.missing, note: 'asked for information' };
    case 'question.asked': {
      const { agent, question, usage } = event.data;
      const tokens = item.tokens + usage.input_tokens + usage.output_tokens;
      return { missing: [question], asked_by: agent, note: null, tokens };
    }
    // What was proposed without the answer is over: a run that has proposed something is not begun again.
    case 'information.given':
    case 'question.answered':
      return { missing: [], note: null, proposal: null };
    case 'plan.published':
      return { plan: event.data.plan };
    case 'pull_request.linked':
      return { pull_request: event.data.pull_request };
    case 'head.moved':
      return item.pull_request === null
        ? {}
        : { pull_request: { ...item.pull_request, head: event.data.after, head_since: event.at } };
    case 'gate.requested':
    case 'gate.updated':
      return { gate: event.data.gate };
    case 'gate.reopened':
      return { note: event.data.reason };
    case 'approval.given':
      // The same person's yes on the same thing stands once, however often it is said.
      return { approvals: [...without(item.approvals, event.data.approval), event.data.approval] };
    case 'approval.ended':
      return { approvals: without(item.approvals, event.data.approval) };
    case 'item.blocked':
      return { note: event.data.reason };
    case 'notice.posted':
      return { notices: [...item.notices, { ...event.data, at: event.at }].slice(-3) };
    case 'item.held':
      return { held: { by: event.actor.login, reason: event.data.reason } };
    case 'item.released':
      return { held: null };
    case 'item.merged':
      return { outcome: event.data.outcome };
    case 'item.terminated':
      return { outcome: event.data.outcome, note: event.data.reason };
    case 'gate.rejected':
      return { note: event.data.reason };
    default:
      return {};
  }
}

const freshStage = {
  gate: null,
  proposal: null,
  attempts: 0,
  not_before: null,
  note: null,
} as const;

const without = (approvals: readonly Approval[], gone: Approval): readonly Approval[] =>
  approvals.filter((approval) => !sameApproval(approval, gone));

export const sameApproval = (
  a: { readonly gate: string; readonly id: number; readonly digest: string; readonly step: string },
  b: { readonly gate: string; readonly id: number; readonly digest: string; readonly step: string },
): boolean => a.gate === b.gate && a.id === b.id && a.digest === b.digest && a.step === b.step;
