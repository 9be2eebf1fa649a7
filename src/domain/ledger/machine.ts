import type { Refusal } from '../result.ts';
import type { RecordedEvent } from './envelope.ts';

/**
 * What the ledger needs of a state machine. A parameter, so that the chain can be proved on a toy as well as on the real
 * machine, and later on the machines of user-defined workflows.
 */
export interface Machine<State> {
  readonly initial: State;
  /** Whether this program knows what such an event means. */
  knows(event: RecordedEvent): boolean;
  /** Why the event may not happen in this state, or null. */
  check(state: State, event: RecordedEvent): Refusal | null;
  evolve(state: State, event: RecordedEvent): State;
}
