import type { StoredDelivery } from '../ports/inbox.ts';
import { RUN_FINISHED } from './finished-run.ts';
import { stimulusOf } from './stimulus-of.ts';

/** The report of an act of our own. A push to the default branch is more than that: it may have brought other rules. */
export function isEcho(delivery: StoredDelivery, ourselves: string): boolean {
  if (delivery.event === RUN_FINISHED) return false;
  const stimulus = stimulusOf(delivery);
  if (!stimulus.ok || stimulus.value.sender?.login !== ourselves) return false;
  const { value } = stimulus;
  return value.kind !== 'push' || value.branch !== value.repository.default_branch;
}
