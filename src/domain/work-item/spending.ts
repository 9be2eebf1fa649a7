import { ok, refuse, type Result } from '../result.ts';
import type { DomainEvent, EventData, TimedEvent } from './event.ts';
import { agentActor, event } from './event-draft.ts';
import type { Growth } from './growth.ts';
import type { GovernanceState, Unreported } from './state.ts';

/** Which runs have yet to tell what they cost. One that is overtaken by a push, or whose item is closed, was paid for too. */
export function foldUnreported(growth: Growth, runs: Unreported, event: TimedEvent): Unreported {
  switch (event.type) {
    case 'run.started': {
      const { run, agent } = event.data;
      return agent === null || event.item === null
        ? runs
        : growth.put(runs, run, { agent, item: event.item });
    }
    case 'agent.proposed':
    case 'question.asked':
    case 'run.spent':
      return growth.drop(runs, event.data.run);
    default:
      return runs;
  }
}

/** Counted once: a report may be read twice after a crash, when its run has failed already. */
export function recordSpending(
  { items, unreported }: GovernanceState,
  spent: EventData['run.spent'],
): Result<readonly DomainEvent[]> {
  const run = unreported[spent.run];
  if (run === undefined) return notBegun(spent.run);
  const item = items[run.item] === undefined ? null : run.item;
  return ok([event('run.spent', item, agentActor(run.agent), { ...spent, agent: run.agent })]);
}

export function checkSpending(
  { unreported }: GovernanceState,
  { run, agent }: EventData['run.spent'],
): Result<null> {
  return unreported[run]?.agent === agent ? ok(null) : notBegun(run);
}

const notBegun = (run: string) =>
  refuse('run.reported', `${run} was not begun, or has told what it cost already`);
