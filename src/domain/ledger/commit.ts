import { chain, headOf } from './chain.ts';
import { bodyOf, subjectOf } from './commit-message.ts';
import {
  EMPTY_CHAIN,
  type ChainHead,
  type EventDraft,
  type RecordedEvent,
  type Sha256,
} from './envelope.ts';
import { governance, UnknownEventError, type LedgerFold } from './governance.ts';
import { INTERNAL_LOG_PATH, renderInternalLog } from './internal-log.ts';
import { QUEUE_PATH, renderQueue } from './projection.ts';
import { extendSegments, segmentPath, type Segment } from './segments.ts';
import { isCurrent } from './upcast.ts';

/** A ledger as read: enough to decide on and to append to, and no more of the history than its last segment. */
export interface LedgerView extends LedgerFold {
  readonly head: ChainHead;
  readonly lastSegment: Segment | null;
}

export const emptyLedger: LedgerView = {
  ...governance.initial,
  head: EMPTY_CHAIN,
  lastSegment: null,
};

/** What one commit writes, and the ledger after it. */
export interface AppendPlan {
  readonly events: readonly RecordedEvent[];
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly subject: string;
  readonly body: string;
  readonly view: LedgerView;
}

/**
 * An event that may not happen here was about to be recorded: a fault of the code that decided it. Thrown, since a history
 * that its own verification calls illegal could never be repaired.
 */
export class IllegalEventError extends Error {
  readonly code: string;
  readonly event: RecordedEvent;

  constructor(event: RecordedEvent, code: string, message: string) {
    super(`event ${event.sequence} (${event.type}) was not recorded: ${message}`);
    this.name = 'IllegalEventError';
    this.code = code;
    this.event = event;
  }
}

/** The next commit: the events in their chain, the files they change, what the commit says. Writes nothing. */
export const planAppend = (
  view: LedgerView,
  drafts: readonly EventDraft[],
  sha256: Sha256,
): AppendPlan => {
  const events = chain(view.head, datedInOrder(drafts, view.latest), sha256);
  const { state, decisions, latest } = view;
  const fold = events.reduce(record, { state, decisions, latest });
  const last = events.at(-1);
  const head = last === undefined ? view.head : headOf(last);
  const segments = extendSegments(view.lastSegment, events);
  return {
    events,
    files: [
      ...segments.map(({ number, content }) => ({ path: segmentPath(number), content })),
      { path: QUEUE_PATH, content: renderQueue(fold.state, head) },
      { path: INTERNAL_LOG_PATH, content: renderInternalLog(fold, head) },
    ],
    subject: subjectOf(events),
    body: bodyOf(events, head),
    view: { ...fold, head, lastSegment: segments.at(-1) ?? view.lastSegment },
  };
};

/**
 * Never before what stands there: two machines' clocks differ by more than a commit takes, and a history that runs backwards
 * would look as if somebody had set a clock back. The order is the chain's; the date says "at this time or a little before".
 */
const datedInOrder = (drafts: readonly EventDraft[], since: string): readonly EventDraft[] => {
  let latest = since;
  return drafts.map((draft) => {
    if (draft.at < latest) return { ...draft, at: latest };
    latest = draft.at;
    return draft;
  });
};

const record = (fold: LedgerFold, event: RecordedEvent): LedgerFold => {
  const known = isCurrent(event) ? governance.read(event) : null;
  if (known === null) throw new UnknownEventError(event);
  const refusal = governance.check(fold, known);
  if (refusal !== null) throw new IllegalEventError(event, refusal.code, refusal.message);
  return governance.evolve(fold, known);
};
