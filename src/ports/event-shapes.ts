import type { RecordedEvent } from '../domain/ledger/envelope.ts';

/** What the data of each event type looks like. */
export interface EventShapes {
  /** What is wrong with the data, each with its path; empty if nothing is, or if the type is not known. */
  faults(event: RecordedEvent): readonly string[];
}
