import type { StoredDelivery } from '../../ports/inbox.ts';
import { readFinishedRun, RUN_FINISHED } from '../runs/finished-run.ts';
import type { Failing, Session } from '../session.ts';

const LONGEST_GAP_MS = 15 * 60_000;
/** Longer than GitHub is out, so that nothing is given up for somebody else's trouble. */
const PATIENCE_MS = 24 * 3_600_000;
/** About twenty minutes of tries, also for what is old when it is first taken. */
const LEAST_FAILURES = 8;

/** When to try again; null: it is given up. Times are ISO 8601. */
export function nextTryOf(
  failures: number,
  received_at: string,
  now: string,
  first_gap_ms: number,
): string | null {
  const waited = Date.parse(now) - Date.parse(received_at);
  if (failures >= LEAST_FAILURES && waited >= PATIENCE_MS) return null;
  const gap = Math.min(LONGEST_GAP_MS, first_gap_ms * 2 ** (failures - 1));
  return new Date(Date.parse(now) + gap).toISOString();
}

export const isSetAside = (
  { failing }: { readonly failing: ReadonlyMap<string, Failing> },
  { id }: StoredDelivery,
  now: string,
): boolean => (failing.get(id)?.next ?? '') > now;

/**
 * A delivery that its handler stumbles over must not keep what came after it from being heard: it stays in the inbox, tried ever
 * more rarely, and is given up visibly. `later`: it is tried again.
 */
export function setAside(
  { memory, deps }: Session,
  delivery: StoredDelivery,
  error: unknown,
): 'later' | { readonly outcome: 'failed'; readonly reason: string } {
  const { id, event } = delivery;
  const failures = (memory.failing.get(id)?.failures ?? 0) + 1;
  const next = nextTryOf(failures, delivery.received_at, deps.now(), deps.timing.retry_ms);
  deps.log.error({ delivery: id, event, failures, next, err: error }, 'a delivery cannot be taken');
  const run = event === RUN_FINISHED ? readFinishedRun(delivery.payload).run : null;
  if (next !== null) {
    memory.failing.set(id, { failures, next });
    // Its work is in the inbox: begun again, it would be paid for twice.
    if (run !== null) memory.running.add(run);
    return 'later';
  }
  memory.failing.delete(id);
  if (run !== null) memory.running.delete(run);
  const why = (error instanceof Error ? error.message : String(error)).slice(0, 300);
  const again = run === null ? '; deliver it again from the App’s settings on GitHub' : '';
  return { outcome: 'failed', reason: `given up after ${failures} tries: ${why}${again}` };
}
