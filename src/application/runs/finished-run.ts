import type { FinishedRun } from './run-result.ts';

/** The event under which an agent's outcome comes back through the inbox: stored before it is acted on, like a webhook. */
export const RUN_FINISHED = 'assent.run_finished';

/** A fault: what stands in our own inbox under our own event was written by this program. */
class MalformedRunError extends Error {
  constructor() {
    super('a finished run in the inbox has no item, run or result');
    this.name = 'MalformedRunError';
  }
}

export function readFinishedRun(payload: Readonly<Record<string, unknown>>): FinishedRun {
  const { item, run, result } = payload;
  if (
    typeof item !== 'string' ||
    typeof run !== 'string' ||
    typeof result !== 'object' ||
    result === null
  ) {
    throw new MalformedRunError();
  }
  // Written by `finishRun` alone, in the same version of this program or the one before.
  return { item, run, result: result as FinishedRun['result'] };
}
