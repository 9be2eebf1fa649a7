import type { DriftFinding } from '../../domain/drift/finding.ts';
import { EffectivenessFold, type Period } from '../../domain/effectiveness/effectiveness.ts';
import { isDecision } from '../../domain/ledger/story.ts';
import { upcast, type KnownEvent } from '../../domain/ledger/upcast.ts';
import {
  PastCyclesFold,
  type PastCycle,
  type RecordedMerge,
} from '../../domain/roadmap/past-cycles.ts';
import { filesAsFolder } from '../ledger/files-as-folder.ts';
import { readEvents } from '../ledger/read-story.ts';
import type { LedgerFolder } from '../../ports/ledger-folder.ts';
import type { RunContext } from './run-context.ts';

/** What the history tells of a cycle and of those before it. */
export interface CycleHistory {
  readonly past: readonly PastCycle[];
  /** Of earlier cycles, oldest first. */
  readonly earlier: readonly RecordedMerge[];
  /** What the agents did from the end of the cycle before to the end of this one. */
  readonly agents: Period['agents'] | null;
  /** What earlier cycles told of. */
  readonly told_drift: readonly DriftFinding[];
  /** Pull request of this cycle → summary of the plan that its people adopted, where it had one. */
  readonly plans: ReadonlyMap<number, string>;
  /** What was decided since the cycle before was closed, oldest first; the last of them. */
  readonly decided: readonly KnownEvent[];
}

const DECISIONS_KEPT = 60;

/**
 * Read once a cycle, from the first event on: a state that kept all this would grow with the history, for something that is asked
 * every few merges.
 */
export async function cycleHistory({
  repository,
  ledger,
  item,
}: Pick<RunContext, 'repository' | 'ledger' | 'item'>): Promise<CycleHistory> {
  const folder = filesAsFolder(await repository.ledgerFiles());
  return readCycleHistory(folder, item.number, ledger.head.sequence);
}

/** Of the events up to `last`. */
export async function readCycleHistory(
  folder: LedgerFolder,
  cycle: number,
  last: number,
): Promise<CycleHistory> {
  const effectiveness = new EffectivenessFold();
  const cycles = new PastCyclesFold();
  const plans = new Map<string, string>();
  let decided: KnownEvent[] = [];
  for await (const recorded of readEvents(folder)) {
    // What came after is not what this run was begun on.
    if (recorded.sequence > last) break;
    const event = upcast(recorded);
    if (event === null) continue;
    effectiveness.take(event);
    cycles.take(event);
    // Published again it is another plan; whoever approved it approved the last.
    if (event.type === 'plan.published') plans.set(event.item ?? '', event.data.plan.summary);
    if (event.type === 'item.terminated') plans.delete(event.item ?? '');
    if (event.type === 'cycle.closed' && event.data.cycle === cycle - 1) decided = [];
    else if (isDecision(event)) decided = [...decided, event].slice(-DECISIONS_KEPT);
  }
  const past = cycles.cycles.filter((one) => one.cycle < cycle);
  return {
    past,
    told_drift: past.flatMap(({ drift }) => drift),
    earlier: cycles.merges.filter((one) => one.cycle < cycle),
    agents: effectiveness.periods().find((one) => one.cycle === cycle)?.agents ?? null,
    plans: new Map(
      cycles.merges
        .filter((one) => one.cycle === cycle)
        .flatMap(({ pull_request, item }) => {
          const summary = plans.get(item);
          return summary === undefined ? [] : [[pull_request, summary] as const];
        }),
    ),
    decided,
  };
}
