import { isStopComing } from '../intake/stop-sign.ts';
import type { Session } from '../session.ts';

/** Somebody said stop while the act was being made ready: it is left as it was, meant and not done. */
export class StoppedError extends Error {
  constructor() {
    super('somebody said stop before it was done');
    this.name = 'StoppedError';
  }
}

/** Where looking and doing are apart, a word to stop that came in between is heard, too (law 9). */
export async function mustGoOn(session: Session): Promise<void> {
  if (await isStopComing(session)) throw new StoppedError();
}
