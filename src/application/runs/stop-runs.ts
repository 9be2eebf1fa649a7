import { isStopped, type GovernanceState } from '../../domain/work-item/state.ts';
import type { Deps, Repository } from '../repository.ts';
import type { RepositoryMemory } from '../session.ts';
import { lookNow } from '../views/now.ts';

/** Nothing is spent on what must not go on: an agent that works while somebody stops it is told so. */
export function stopRuns({ stops }: Pick<RepositoryMemory, 'stops'>, state: GovernanceState): void {
  for (const [item, stop] of stops) if (isStopped(state, item)) stop.abort();
}

/** Where another process may have heard the word, the ledger is the only one to ask; a run lasts minutes. */
const LOOK_MS = 5_000;

/** A signal that an agent's run ends by, and what takes it down again. */
export function untilStopped(
  deps: Pick<Deps, 'every' | 'log'>,
  {
    repository,
    memory,
    branch,
    item,
  }: {
    readonly repository: Repository;
    readonly memory: RepositoryMemory;
    readonly branch: string;
    readonly item: string;
  },
): { readonly signal: AbortSignal; done(): void } {
  const stop = new AbortController();
  memory.stops.set(item, stop);
  const unwatch = deps.every(LOOK_MS, async () => {
    try {
      const { reading } = await lookNow({ repository, memory, branch });
      if (reading !== null && isStopped(reading.state, item)) stop.abort();
    } catch (error) {
      deps.log.warn({ item, err: error }, 'a run could not look whether it should stop');
    }
  });
  return {
    signal: stop.signal,
    done: () => {
      unwatch();
      if (memory.stops.get(item) === stop) memory.stops.delete(item);
    },
  };
}
