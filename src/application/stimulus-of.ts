import { ok, refuse, type Result } from '../domain/result.ts';
import type { StoredDelivery } from '../ports/inbox.ts';
import type { Stimulus } from './stimulus.ts';

/** What was stored for a delivery: the stimulus its schema made of the body when it came in, and nothing else of the body. */
export function stimulusOf({ id, payload }: StoredDelivery): Result<Stimulus> {
  if (typeof payload['kind'] !== 'string' || typeof payload['delivery'] !== 'string') {
    return refuse('delivery.malformed', `delivery ${id} holds no stimulus`);
  }
  // Written by the webhook's reader alone; its schema was checked there.
  return ok(payload as unknown as Stimulus);
}
