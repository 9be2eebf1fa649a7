import type { Authority, Item, RecentRun } from '../../domain/work-item/state.ts';
import type { Deps, MostRuns } from '../repository.ts';
import type { Session } from '../session.ts';
import { agentOf } from './agent-of.ts';

/** What of a session it takes. */
type Begun = {
  readonly state: Pick<Session['state'], 'recent_runs'>;
  readonly deps: Pick<Deps, 'now' | 'most_runs'>;
};

/** Budgets are everybody's: one who edits an issue again and again, or opens hundreds, must not use them up alone. */
export const mostRuns: MostRuns = { item: 50, person: 200 };

const dayMs = 86_400_000;

/** `until`: when there is room again, in milliseconds. */
interface Spent {
  readonly reason: string;
  readonly until: number;
}

/** Why no further run is begun for an item now, or null. */
export const runsSpent = (begun: Begun, item: Item): string | null =>
  spent(begun, item)?.reason ?? null;

const beginnable: ReadonlySet<Authority> = new Set(['created', 'failed', 'model_unavailable']);

/** When there is room for a run again; null: there is, or nothing waits for it. */
export function runsAgainAt(begun: Begun, item: Item): string | null {
  if (agentOf[item.stage] === null || !beginnable.has(item.authority)) return null;
  const until = spent(begun, item)?.until;
  return until === undefined ? null : new Date(until).toISOString();
}

/** The person's first: it counts the item's as well. */
function spent({ state, deps }: Begun, { id, author }: Item): Spent | null {
  const since = Date.parse(deps.now()) - dayMs;
  const recent = state.recent_runs.filter(({ at }) => Date.parse(at) > since);
  const ofPerson = author === null ? [] : recent.filter((run) => run.author === author.id);
  const ofItem = recent.filter((run) => run.item === id);
  return (
    over(ofPerson, deps.most_runs.person, 'for what its author opened') ??
    over(ofItem, deps.most_runs.item, 'for it')
  );
}

/** Written so that the words stay the same while it waits. */
function over(runs: readonly RecentRun[], most: number, whose: string): Spent | null {
  const first = runs.at(-most);
  return first === undefined
    ? null
    : {
        reason: `${most} runs of agents were begun ${whose} within a day, which is the most; it goes on by itself`,
        until: Date.parse(first.at) + dayMs,
      };
}
