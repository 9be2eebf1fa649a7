import { ok, refuse, type Result } from '../../domain/result.ts';
import type { StoredDelivery } from '../../ports/inbox.ts';
import { isStimulusKind, type Stimulus } from './stimulus.ts';

/** What was stored for a delivery: the stimulus its schema made of the body when it came in, and nothing else of the body. */
export function stimulusOf({ id, payload }: StoredDelivery): Result<Stimulus> {
  return isStimulus(payload)
    ? ok(payload)
    : refuse('delivery.malformed', `delivery ${id} holds nothing this version of Assent knows`);
}

/** By its kind: the rest was checked by the schema of that kind, by whoever stored it. */
const isStimulus = (payload: object): payload is Stimulus =>
  'kind' in payload &&
  typeof payload.kind === 'string' &&
  isStimulusKind(payload.kind) &&
  'delivery' in payload &&
  typeof payload.delivery === 'string';
