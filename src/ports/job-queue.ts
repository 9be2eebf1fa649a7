/** `repository`: one wake-up a repository, reads what waits for it. `agent`: one run, minutes long. */
export type QueueName = 'repository' | 'agent';

export type JobData = Readonly<Record<string, unknown>>;

export interface JobRequest {
  readonly queue: QueueName;
  /** One job of a key runs at a time, on all machines together. */
  readonly key: string;
  readonly data: JobData;
  readonly delay_seconds?: number;
}

export interface Job {
  readonly id: string;
  readonly key: string;
  readonly data: JobData;
  /** 1 the first time. */
  readonly attempt: number;
  /** Aborted when the lease is lost or the queue closes: stop, another may run this job already. */
  readonly signal: AbortSignal;
}

/** Returning ends the job. Throwing tries again later, with backoff and jitter, until the attempts are spent: then a dead letter. */
export type JobHandler = (job: Job) => Promise<void>;

/** A job whose attempts are spent; only a human retries or drops it. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: QueueName;
  readonly key: string;
  readonly data: JobData;
  /** ISO 8601, UTC. */
  readonly died_at: string;
  readonly reason: string;
}

export interface QueueCounts {
  /** Ready, delayed, or waiting for their next attempt. */
  readonly queued: number;
  readonly active: number;
  readonly dead: number;
}

/**
 * Durable jobs, at least once: a job may run again after a crash, so what it does outward needs a key of its own.
 * Trouble with the store is thrown.
 */
export interface JobQueue {
  /**
   * False when a job of this key, not yet begun, will begin no later than this one would: that one serves (its data stays). A job
   * that is running never counts, since it may have read before the news came.
   */
  enqueue(request: JobRequest): Promise<boolean>;
  /** Begins to work a queue, `concurrency` keys at once in this process. At most once a queue. */
  work(queue: QueueName, concurrency: number, handler: JobHandler): Promise<void>;
  counts(queue: QueueName): Promise<QueueCounts>;
  /** Newest first. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Puts a dead letter back with all its attempts. False: no such letter. */
  retry(id: string): Promise<boolean>;
  drop(id: string): Promise<boolean>;
  /** Resolves when nothing is queued or active in any queue. A job delayed by more than `ignore_delays_over` seconds (default: none is ignored) does not count. */
  idle(options?: { readonly ignore_delays_over?: number }): Promise<void>;
  /** Takes no more jobs, lets the running ones end for a while, then aborts them. */
  close(): Promise<void>;
}
