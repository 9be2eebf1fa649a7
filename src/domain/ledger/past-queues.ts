import type { ChainHead } from './envelope.ts';
import { renderQueue, type QueueSource } from './projection.ts';

/**
 * How `queue.json` was written before today. A key that it gained since is cut away again, so an old ledger that nobody
 * touched since is still what its history gives, byte for byte. Compared with all of them, rather than by a version in the
 * file, which whoever edits the file could choose.
 */
interface PastQueue {
  /** The first day it was no longer written. */
  readonly until: string;
  readonly show: (source: QueueSource) => QueueSource;
}

type Cut = (value: unknown) => unknown;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const whole: Cut = (value) => value;

/** These keys and no others, in what is an object. */
const only =
  (names: string, cuts: Readonly<Record<string, Cut>> = {}): Cut =>
  (value) => {
    if (!isRecord(value)) return value;
    const kept = [...names.split(' '), ...Object.keys(cuts)].filter((key) =>
      Object.hasOwn(value, key),
    );
    return Object.fromEntries(kept.map((key) => [key, (cuts[key] ?? whole)(value[key])]));
  };

const each =
  (cut: Cut): Cut =>
  (value) => {
    if (Array.isArray(value)) return value.map(cut);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, cut(one)]));
  };

const person = only('id login type');

const item2026Nov = only(
  'id kind number title opened_at stage authority run round revisions attempts not_before note missing duplicates ' +
    'tokens outcome updated_at',
  {
    author: person,
    held: only('by reason'),
    plan: only('digest summary files steps risks tests published_at'),
    pull_request: only('number head head_since branch ours', { author: person }),
    // What an agent proposed is as it was recorded.
    proposal: only('agent action digest content'),
    gate: only('action digest since rules', {
      waiting_for: each(only('step count have from')),
      ignored: each(only('evidence reason')),
    }),
    approvals: each(only('gate login id by digest step at')),
    notices: each(only('to text at')),
    completed: each(only('stage at')),
  },
);

const control2026Nov = only('disabled_agents', { halted: only('by reason at') });

const cycle2026Nov = only('number every', {
  merges: each(only('pull_request item sha at title issue approvals by tokens')),
  tally: only('invalidated_approvals model_outages reworks', {
    overrides: each(only('pull_request by justification')),
  }),
});

/** Newest first. What is written now is not among them. */
const pastQueues: readonly PastQueue[] = [
  {
    until: '2026-11-21',
    show: ({ items, control, cycle }) => ({
      items: Object.fromEntries(Object.entries(items).map(([id, item]) => [id, item2026Nov(item)])),
      control: control2026Nov(control),
      cycle: cycle2026Nov(cycle),
    }),
  },
];

/** What `queue.json` would have been for this state, in each form it had before today. */
export const olderQueues = (
  source: QueueSource,
  head: ChainHead,
): readonly { readonly until: string; readonly text: string }[] =>
  pastQueues.map(({ until, show }) => ({ until, text: renderQueue(show(source), head) }));

/** Until when `queue.json` was written like this; null if it is not, nor ever was, what this state gives. */
export const writtenUntil = (text: string, source: QueueSource, head: ChainHead): string | null =>
  olderQueues(source, head).find((older) => older.text === text)?.until ?? null;
