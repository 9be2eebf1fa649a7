import type { Intent } from '../../domain/work-item/state.ts';
import type { Session } from '../session.ts';

/** An act that is asked for and not ours to hasten: no failure, and no reason to try at once. */
export interface Waiting {
  readonly waiting: { readonly code: string; readonly reason: string };
}

export const waiting = (code: string, reason: string): Waiting => ({ waiting: { code, reason } });

/** The merge queue has it; whoever else merges, merges what was approved. */
export const QUEUED = 'merge.queued';

/** About to be put into the merge queue, or put there and not known of. */
export const QUEUEING = 'merge.queueing';

export const isQueued = ({ waiting: why }: Intent): boolean =>
  why?.code === QUEUED || why?.code === QUEUEING;

export const isDue = (session: Session, intent: Intent): boolean =>
  intent.waiting === undefined
    ? intent.not_before === null || intent.not_before <= session.deps.now()
    : isWorthALook(session, intent);

/** On news of its item, and now and then in case the news was lost. A new process looks once. */
function isWorthALook({ state, memory, dirty, deps }: Session, { key, item }: Intent): boolean {
  const next = memory.waits.get(key)?.next;
  return (
    next === undefined ||
    next <= deps.now() ||
    dirty.has(item) ||
    state.items[item]?.authority !== 'resumed'
  );
}

/** Four times as long each time, from the first retry of a failure to six hours: what blocks a merge mostly tells when it stops. */
const LONGEST_MS = 6 * 3_600_000;

/** Recorded where it says something new, so that a year in a queue is one line. */
export function settleWaiting(session: Session, intent: Intent, { waiting: why }: Waiting): void {
  const { key, item } = intent;
  const { memory, deps } = session;
  const isNews = session.give({ kind: 'effect_waiting', key, ...why }).ok;
  session.give({ kind: 'block', item, reason: why.reason });
  const looks = isNews ? 0 : (memory.waits.get(key)?.looks ?? 0) + 1;
  const wait = Math.min(deps.timing.retry_ms * 4 ** Math.min(looks, 12), LONGEST_MS);
  // Nothing has to come first but that this is recorded.
  if (why.code === QUEUEING) session.dirty.add(item);
  memory.waits.set(key, {
    looks,
    next: new Date(Date.parse(deps.now()) + wait).toISOString(),
  });
}

/** When to look again at what waits; what waits no longer is forgotten. */
export function nextLooks({ memory, state }: Session): readonly string[] {
  for (const key of memory.waits.keys())
    if (state.intents[key]?.waiting === undefined) memory.waits.delete(key);
  return [...memory.waits.values()].map(({ next }) => next);
}
