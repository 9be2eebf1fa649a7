import type { Delivery, DeliveryOutcome, DeliveryRecord, Inbox } from '../../ports/inbox.ts';

interface Entry {
  readonly delivery: Delivery;
  attempts: number;
  settled: {
    readonly outcome: DeliveryOutcome;
    readonly reason: string;
    readonly at: string;
  } | null;
}

/** The inbox's contract without a disk: for one run in a process that does not outlive its work, and for tests. */
export function createMemoryInbox(): Inbox {
  let entries: Entry[] = [];
  let duplicates = 0;

  function store(delivery: Delivery, settled: Entry['settled']): 'accepted' | 'duplicate' {
    const known = entries.find(
      ({ delivery: other }) =>
        other.id === delivery.id ||
        (other.event === delivery.event && other.body_hash === delivery.body_hash),
    );
    if (known === undefined) {
      entries.push({ delivery, attempts: 0, settled });
      return 'accepted';
    }
    if (settled === null && known.settled?.outcome === 'failed') {
      known.settled = null;
      return 'accepted';
    }
    duplicates += 1;
    return 'duplicate';
  }

  const waiting = () => entries.filter((entry) => entry.settled === null);
  const now = () => new Date().toISOString();
  const count = (outcome: DeliveryOutcome) =>
    entries.filter((entry) => entry.settled?.outcome === outcome).length;

  return {
    accept: async (delivery) => store(delivery, null),
    record: async (delivery, outcome, reason) => store(delivery, { outcome, reason, at: now() }),
    take: async (repository) =>
      waiting()
        .filter(({ delivery }) => delivery.repository === repository)
        .toSorted((one, other) => compare(one.delivery.received_at, other.delivery.received_at))
        .map((entry) => {
          entry.attempts += 1;
          return { ...entry.delivery, attempts: entry.attempts };
        }),
    settle: async (id, outcome, reason) => {
      const entry = waiting().find(({ delivery }) => delivery.id === id);
      if (entry !== undefined) entry.settled = { outcome, reason, at: now() };
    },
    waiting: async () => [...new Set(waiting().map(({ delivery }) => delivery.repository))],
    counts: async () => ({
      received: entries.length,
      duplicates,
      waiting: waiting().length,
      outcomes: {
        handled: count('handled'),
        ignored: count('ignored'),
        refused: count('refused'),
        failed: count('failed'),
      },
    }),
    find: async (id) => {
      const entry = entries.find(({ delivery }) => delivery.id === id);
      return entry === undefined ? null : recordOf(entry);
    },
    list: async (limit) => entries.toReversed().slice(0, limit).map(recordOf),
    forget: async (before) => {
      const kept = entries.filter(
        ({ delivery, settled }) => settled === null || delivery.received_at >= before,
      );
      const forgotten = entries.length - kept.length;
      entries = kept;
      return forgotten;
    },
  };
}

function recordOf({ delivery, settled }: Entry): DeliveryRecord {
  const { id, event, action, repository, received_at } = delivery;
  return {
    id,
    event,
    action,
    repository,
    received_at,
    outcome: settled?.outcome ?? null,
    reason: settled?.reason ?? null,
    settled_at: settled?.at ?? null,
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
