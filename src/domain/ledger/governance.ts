import { checkLegality } from '../work-item/legality.ts';
import { evolveBy } from '../work-item/evolve.ts';
import { copying, newest, owning, type Growth } from '../work-item/growth.ts';
import { initialState, type GovernanceState } from '../work-item/state.ts';
import type { RecordedEvent } from './envelope.ts';
import type { Machine } from './machine.ts';
import { checkQuarantine } from './quarantine-law.ts';
import { isDecision } from './story.ts';
import { upcast, type KnownEvent } from './upcast.ts';

/** What the files beside the history are rendered from. */
export interface LedgerFold {
  readonly state: GovernanceState;
  /** The latest decisions, oldest first; at most `DECISIONS_KEPT`. */
  readonly decisions: readonly KnownEvent[];
  /** The latest date of an event; '' while there is none. */
  readonly latest: string;
}

const DECISIONS_KEPT = 20;

/** The canonical machine as the ledger folds it. */
export const governance: Machine<LedgerFold, KnownEvent> = {
  initial: { state: initialState, decisions: [], latest: '' },
  read: upcast,
  check: ({ state }, event) => {
    const misplaced = checkQuarantine(event);
    if (misplaced !== null) return misplaced;
    const legal = checkLegality(state, event);
    return legal.ok ? null : legal.refusal;
  },
  evolve: (fold, event) => evolveFold(copying, fold, event),
};

/**
 * The same machine for one fold of a whole history, which changes what it folds in place: time in step with its length. All of what it
 * begins with is its own, whatever a state has gained since.
 */
export const governanceOfOneFold = (): Machine<LedgerFold, KnownEvent> => ({
  ...governance,
  initial: structuredClone(governance.initial),
  evolve: (fold, event) => evolveFold(owning, fold, event),
});

function evolveFold(growth: Growth, fold: LedgerFold, event: KnownEvent): LedgerFold {
  const state = evolveBy(growth, fold.state, event);
  const later = event.at > fold.latest;
  if (state === fold.state && !later && !isDecision(event)) return fold;
  const decisions = isDecision(event)
    ? growth.append(fold.decisions, event, newest(fold.decisions, DECISIONS_KEPT))
    : fold.decisions;
  return growth.change(fold, { state, decisions, latest: later ? event.at : fold.latest });
}

/** An event of a type or version that this program does not write was to be recorded. */
export class UnknownEventError extends Error {
  readonly type: string;
  readonly version: number;

  constructor({ sequence, type, version }: RecordedEvent) {
    super(
      `event ${sequence} has the type ${type} in version ${version}, which is not written here`,
    );
    this.name = 'UnknownEventError';
    this.type = type;
    this.version = version;
  }
}
