import type { DeliveryCounts } from './inbox.ts';
import type { QueueCounts, QueueName } from './job-queue.ts';

/** How a request to the webhook's address ended. */
export type WebhookEnd =
  | 'accepted'
  | 'duplicate'
  | 'ignored'
  | 'refused'
  | 'unauthenticated'
  | 'too_large'
  | 'unavailable';

/** What is counted as it happens, and read by Prometheus. */
export interface Metrics {
  /** `event` must come from a closed set: it is a label, and whoever can invent labels can fill the memory. */
  webhook(event: string, end: WebhookEnd, seconds: number): void;
  githubRequest(method: string, status: number | null, contentCreated: boolean): void;
  /** The text of `/metrics`; `levels` are read at the same moment. */
  expose(levels: MetricLevels): Promise<{ readonly content_type: string; readonly text: string }>;
}

export interface MetricLevels {
  readonly deliveries: DeliveryCounts;
  readonly queues: Readonly<Record<QueueName, QueueCounts>>;
  /** How many there are, and in how many everything waits for somebody to mend rules or ledger. */
  readonly repositories?: { readonly known: number; readonly stopped: number };
}
