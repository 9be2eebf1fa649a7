import type { EventActor } from '../ledger/envelope.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { DomainEvent, EventData } from './event.ts';
import { event, system } from './event-draft.ts';
import { itemId, type GovernanceState, type Item } from './state.ts';

/** A merge ends the item and is counted once; the fifth closes the cycle and opens the governor's item. */
export function recordMerge(
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
  return ok([counted, merged, ...closing(cycle, pull_requests)]);
}

/**
 * Another number of merges to a cycle. One that has as many already is closed at once: waiting for a further merge would
 * leave a roadmap that nobody is asked about in a repository where nothing merges for a while.
 */
export function configureCycle(
  { cycle: { number, every, merges } }: GovernanceState,
  wanted: number,
): Result<readonly DomainEvent[]> {
  if (wanted === every) {
    return refuse('unchanged', `the governor runs every ${wanted} merges already`);
  }
  const configured = event('cycle.configured', null, system, { every: wanted });
  if (merges.length === 0 || merges.length < wanted) return ok([configured]);
  return ok([
    configured,
    ...closing(
      number,
      merges.map(({ pull_request }) => pull_request),
    ),
  ]);
}

const closing = (cycle: number, pull_requests: readonly number[]): readonly DomainEvent[] => [
  event('cycle.closed', null, system, { cycle, pull_requests }),
  event('item.created', itemId('cycle', cycle), system, {
    kind: 'cycle',
    number: cycle,
    title: `Governance cycle ${cycle}`,
    author: null,
    pull_request: null,
  }),
];
