import type { TimedEvent } from './event.ts';
import { evolveItem } from './evolve-item.ts';
import { evolvePolicy, withoutPolicyOf } from './evolve-policy.ts';
import { evolveRepository } from './evolve-repository.ts';
import { evolveReview } from './evolve-review.ts';
import { copying, type Growth } from './growth.ts';
import { foldHeads } from './heads.ts';
import { foldMemory } from '../memory/memory.ts';
import { foldUnreported } from './spending.ts';
import { foldTriageNotes } from './triage-notes.ts';
import { foldWork } from './work.ts';
import type { GovernanceState, Item } from './state.ts';

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
  const unreported = foldUnreported(growth, before.unreported, event);
  const same =
    heads === before.heads &&
    work === before.work &&
    triage === before.triage &&
    memory === before.memory &&
    unreported === before.unreported;
  const state = same ? before : growth.change(before, { heads, work, triage, memory, unreported });
  if (event.type === 'item.created') return createItem(growth, state, event);
  // Gone once it is done, from the record itself where the fold owns it.
  const intent = event.type === 'effect.done' ? before.intents[event.data.key] : undefined;
  const repository = evolveRepository(growth, evolvePolicy(growth, state, event), event);
  const item = event.item === null ? undefined : repository.items[event.item];
  if (item === undefined) return repository;
  const next = evolveReview(evolveItem(growth, item, event), event, intent);
  if (next === item && next.outcome === null) return repository;
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
  if (outcome === 'expired' || !Object.hasOwn(cycles, id)) return cycles;
  const { [id]: _ended, ...others } = cycles;
  return others;
}
