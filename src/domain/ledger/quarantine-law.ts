import type { Refusal } from '../result.ts';
import type { KnownEvent } from './upcast.ts';

/** It names the head it goes on from; anywhere else it would excuse what stands before it. */
export const checkQuarantine = (event: KnownEvent): Refusal | null => {
  if (event.type !== 'ledger.quarantined') return null;
  const { sequence, hash } = event.data.sound;
  return sequence === event.sequence - 1 && hash === event.previous
    ? null
    : {
        code: 'quarantine.elsewhere',
        message: `it goes on from event ${sequence}, but stands behind event ${event.sequence - 1}`,
      };
};
