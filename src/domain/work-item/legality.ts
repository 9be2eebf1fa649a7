import type { Result } from '../result.ts';
import { refuse, ok } from '../result.ts';
import { checkAuthority, checkMergeIntent } from './authority-law.ts';
import type { TimedEvent } from './event.ts';
import { isTransition, transition } from './machine.ts';
import { isFinal, type GovernanceState, type Item } from './state.ts';
import { checkSpending } from './spending.ts';
import { checkSwitchRequest } from './switch-law.ts';

/** Whether `event` may stand next in a history that has led to `state`. */
export type Law = (state: GovernanceState, event: TimedEvent) => Result<null>;

/**
 * The whole law. Used when deciding and again when verifying, so a history that was written by other means is held to the
 * same one.
 */
export const checkLegality: Law = (state, event) => {
  const step = checkStep(state, event);
  if (!step.ok) return step;
  if (event.type === 'effect.intended') return checkMergeIntent(state, event);
  if (!isTransition(event.type)) return ok(null);
  const item = openItem(state, event);
  return item === undefined ? ok(null) : checkAuthority(state, item, event);
};

/** The order of things alone: the machine's table, and each merge counted once and in its place. */
export const checkStep: Law = (state, event) => {
  switch (event.type) {
    case 'item.created':
      return checkCreation(state, event);
    case 'merge.counted':
      return checkCount(state, event.data);
    case 'cycle.closed':
      return checkClosing(state, event.data);
    case 'run.spent':
      return checkSpending(state, event.data);
    case 'control.resume_requested':
    case 'agent.enable_requested':
      return checkSwitchRequest(state, event);
    default:
      return checkTransition(state, event);
  }
};

const openItem = (state: GovernanceState, { item }: TimedEvent): Item | undefined =>
  item === null ? undefined : state.items[item];

function checkTransition(state: GovernanceState, event: TimedEvent): Result<null> {
  if (!isTransition(event.type)) return ok(null);
  const item = openItem(state, event);
  if (item === undefined || isFinal(item)) {
    return refuse('item.not_open', `${event.type}: ${event.item ?? 'no item'} is not open`);
  }
  if (transition(item.authority, event.type) === null) {
    return refuse(
      'transition.illegal',
      `${event.type} is no step from ${item.authority} (${item.id}, stage ${item.stage})`,
    );
  }
  return ok(null);
}

type EventOf<T extends TimedEvent['type']> = Extract<TimedEvent, { type: T }>;

/** What was closed or has lapsed may be opened again, as on GitHub; what was merged is over, and so is a cycle that was answered. */
function checkCreation(
  state: GovernanceState,
  { item: id, data }: EventOf<'item.created'>,
): Result<null> {
  if (id === null) return refuse('item.unnamed', 'item.created names no item');
  if (state.items[id] !== undefined) return refuse('item.exists', `${id} is open already`);
  const outcome = state.finished[id]?.outcome;
  const over =
    outcome === 'merged' ||
    outcome === 'published' ||
    (data.kind === 'cycle' && outcome !== 'expired');
  if (outcome !== undefined && over) {
    return refuse('item.finished', `${id} has ended already: ${outcome}`);
  }
  if (data.kind === 'cycle' && state.closed_cycles[id] === undefined) {
    return refuse('cycle.open', `${id}: its cycle is not closed yet`);
  }
  return ok(null);
}

function checkCount(
  state: GovernanceState,
  { cycle, position, merge }: EventOf<'merge.counted'>['data'],
): Result<null> {
  const before = state.counted[String(merge.pull_request)];
  if (before !== undefined) {
    return refuse(
      'merge.counted_twice',
      `pull request ${merge.pull_request} was counted in cycle ${before} already`,
    );
  }
  const next = state.cycle.merges.length + 1;
  return cycle === state.cycle.number && position === next
    ? ok(null)
    : refuse(
        'merge.miscounted',
        `pull request ${merge.pull_request} was counted as merge ${position} of cycle ${cycle}; the next is merge ${next} of cycle ${state.cycle.number}`,
      );
}

function checkClosing(
  { cycle: { number, every, merges } }: GovernanceState,
  { cycle }: EventOf<'cycle.closed'>['data'],
): Result<null> {
  return cycle === number && merges.length >= every
    ? ok(null)
    : refuse(
        'cycle.early',
        `cycle ${cycle} was closed; in progress is cycle ${number} with ${merges.length} of ${every} merges`,
      );
}
