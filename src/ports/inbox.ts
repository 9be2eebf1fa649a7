/** A webhook as it came in, its signature already found right. */
export interface Delivery {
  /** `X-GitHub-Delivery`: not signed, so never the only key. */
  readonly id: string;
  /** What the body was found to be (`issues`, `pull_request`, …). */
  readonly event: string;
  readonly action: string | null;
  /** `owner/name`; null for what belongs to no one repository (installations). */
  readonly repository: string | null;
  readonly installation: number | null;
  /** ISO 8601, UTC. */
  readonly received_at: string;
  /** SHA-256, hex, of the raw body: the same body under a new id is a replay. */
  readonly body_hash: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface StoredDelivery extends Delivery {
  /** How often it was taken, this time included. A delivery that kills its handler shows here. */
  readonly attempts: number;
}

export type DeliveryOutcome = 'handled' | 'ignored' | 'refused' | 'failed';

/** One line of the log of deliveries; the payload stays in the store. */
export interface DeliveryRecord {
  readonly id: string;
  readonly event: string;
  readonly action: string | null;
  readonly repository: string | null;
  readonly received_at: string;
  /** null while it waits. */
  readonly outcome: DeliveryOutcome | null;
  readonly reason: string | null;
  readonly settled_at: string | null;
}

/** `received` = `waiting` + all outcomes, within what retention kept; `duplicates` since this process began. */
export interface DeliveryCounts {
  readonly received: number;
  readonly duplicates: number;
  readonly waiting: number;
  readonly outcomes: Readonly<Record<DeliveryOutcome, number>>;
}

/**
 * Deliveries, stored once before they are answered. Unique by delivery id, and by event and body hash, for as long as GitHub
 * can deliver again (3 days). A disposable cache: GitHub keeps its own log. Trouble with the store is thrown.
 */
export interface Inbox {
  /** Resolves once the delivery is on disk. One that was given up (`failed`) and comes again waits again: somebody asked for it. */
  accept(delivery: Delivery): Promise<'accepted' | 'duplicate'>;
  /** What is not settled for a repository (null: for none), oldest first. The same ones again until they are settled. */
  take(repository: string | null): Promise<readonly StoredDelivery[]>;
  /** Ends a delivery. Settling twice keeps the first outcome; an unknown id is no fault (retention may have had it). */
  settle(id: string, outcome: DeliveryOutcome, reason: string): Promise<void>;
  /** Stores what was never to be handled, with its outcome, so that the log is whole. */
  record(
    delivery: Delivery,
    outcome: DeliveryOutcome,
    reason: string,
  ): Promise<'accepted' | 'duplicate'>;
  /** Repositories with unsettled deliveries: what a start has to wake. */
  waiting(): Promise<readonly (string | null)[]>;
  counts(): Promise<DeliveryCounts>;
  /** null: unknown, or forgotten. */
  find(id: string): Promise<DeliveryRecord | null>;
  /** Newest first. */
  list(limit: number): Promise<readonly DeliveryRecord[]>;
  /** Forgets settled deliveries received before (ISO 8601), and says how many; at least 3 days must be kept. */
  forget(before: string): Promise<number>;
}
