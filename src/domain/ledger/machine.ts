import type { Refusal } from '../result.ts';
import type { RecordedEvent } from './envelope.ts';

/**
 * What the ledger needs of a state machine. A parameter, so that the chain can be proved on a toy as well as on the real
 * machine, and later on the machines of user-defined workflows.
 */
export interface Machine<State, Event extends RecordedEvent = RecordedEvent> {
  readonly initial: State;
  /** A line of the history as this program means it, whatever version it was written in; null if it knows none such. */
  read(event: RecordedEvent): Event | null;
  /** Why the event may not happen in this state, or null. */
  check(state: State, event: Event): Refusal | null;
  evolve(state: State, event: Event): State;
}
