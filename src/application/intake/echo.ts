import type { StoredDelivery } from '../../ports/inbox.ts';
import { RUN_FINISHED } from '../runs/finished-run.ts';
import { POLICIES_TRIED } from '../trials/trial-job.ts';
import type { Stimulus } from './stimulus.ts';
import { stimulusOf } from './stimulus-of.ts';

/**
 * The report of an act of our own. A push to the default branch is more than that: it may have brought other rules. So is what
 * a merge queue does with what we put there: it asks us, in our name.
 */
export const isOwnAct = (stimulus: Stimulus, ourselves: string): boolean =>
  stimulus.sender?.login === ourselves &&
  !stimulus.kind.startsWith('merge_group.') &&
  (stimulus.kind !== 'push' || stimulus.branch !== stimulus.repository.default_branch);

/** As `isOwnAct`, of what the inbox holds; what cannot be read is none. */
export function isEcho(delivery: StoredDelivery, ourselves: string): boolean {
  if (delivery.event === RUN_FINISHED || delivery.event === POLICIES_TRIED) return false;
  const stimulus = stimulusOf(delivery);
  return stimulus.ok && isOwnAct(stimulus.value, ourselves);
}
