import { checkLegality } from '../work-item/legality.ts';
import { isDomainEvent, type TimedEvent } from '../work-item/event.ts';
import { evolve } from '../work-item/evolve.ts';
import { initialState, type GovernanceState } from '../work-item/state.ts';
import type { RecordedEvent } from './envelope.ts';
import type { Machine } from './machine.ts';
import { isDecision } from './story.ts';

/** An event whose type this program knows: one of the history's, not a stranger's. */
export type KnownEvent = RecordedEvent & TimedEvent;

/** What the files beside the history are rendered from. */
export interface LedgerFold {
  readonly state: GovernanceState;
  /** The latest decisions, oldest first; at most `DECISIONS_KEPT`. */
  readonly decisions: readonly KnownEvent[];
  /** The latest date of an event; '' while there is none. */
  readonly latest: string;
}

const DECISIONS_KEPT = 20;

/**
 * By type and version alone. That the data has the shape of its type is the writer's duty and is not looked at again: a
 * history that other hands wrote shows itself by its hashes, or by data that the machine cannot take.
 */
export const isKnown = (event: RecordedEvent): event is KnownEvent => isDomainEvent(event);

/** The canonical machine as the ledger folds it. `knows` is asked first; an unknown event given to the rest is a bug. */
export const governance: Machine<LedgerFold> = {
  initial: { state: initialState, decisions: [], latest: '' },
  knows: isKnown,
  check: ({ state }, event) => {
    const legal = checkLegality(state, known(event));
    return legal.ok ? null : legal.refusal;
  },
  evolve: ({ state, decisions, latest }, event) => {
    const next = known(event);
    return {
      state: evolve(state, next),
      decisions: isDecision(next) ? [...decisions, next].slice(-DECISIONS_KEPT) : decisions,
      latest: next.at > latest ? next.at : latest,
    };
  },
};

/** An event of a type or version that this program does not know was to be folded. */
export class UnknownEventError extends Error {
  readonly type: string;
  readonly version: number;

  constructor({ sequence, type, version }: RecordedEvent) {
    super(`event ${sequence} has the type ${type} in version ${version}, which is not known here`);
    this.name = 'UnknownEventError';
    this.type = type;
    this.version = version;
  }
}

const known = (event: RecordedEvent): KnownEvent => {
  if (!isKnown(event)) throw new UnknownEventError(event);
  return event;
};
