import type { EventActor } from '../ledger/envelope.ts';
import { ok, type Result } from '../result.ts';
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
