import {
  hashEvent,
  type ChainHead,
  type EventDraft,
  type RecordedEvent,
  type Sha256,
} from './envelope.ts';

/** Gives drafts their place behind `head`: sequence, predecessor, hash. */
export const chain = (
  head: ChainHead,
  drafts: readonly EventDraft[],
  sha256: Sha256,
): readonly RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  let last = head;
  for (const draft of drafts) {
    const event = link(last, draft, sha256);
    events.push(event);
    last = event;
  }
  return events;
};

export const headOf = ({ sequence, hash }: ChainHead): ChainHead => ({ sequence, hash });

const link = (last: ChainHead, draft: EventDraft, sha256: Sha256): RecordedEvent => {
  const unhashed = { ...draft, sequence: last.sequence + 1, previous: last.hash };
  return { ...unhashed, hash: hashEvent(unhashed, sha256) };
};
