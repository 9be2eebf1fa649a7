import type { TimedEvent } from './event.ts';
import type { Growth } from './growth.ts';
import type { GovernanceState, RecentRun } from './state.ts';

export function foldRecentRuns(
  growth: Growth,
  { items, recent_runs }: GovernanceState,
  event: TimedEvent,
): readonly RecentRun[] {
  if (event.type !== 'run.started' || event.data.agent === null || event.item === null) {
    return recent_runs;
  }
  const dayBefore = Date.parse(event.at) - 86_400_000;
  const author = items[event.item]?.author?.id ?? null;
  const run = { item: event.item, author, at: event.at };
  return growth.append(recent_runs, run, ({ at }) => Date.parse(at) > dayBefore);
}
