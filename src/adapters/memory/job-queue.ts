import { setTimeout as pause } from 'node:timers/promises';
import type {
  DeadLetter,
  JobHandler,
  JobQueue,
  JobRequest,
  QueueName,
} from '../../ports/job-queue.ts';

export interface MemoryRetryPolicy {
  readonly attempts: number;
  readonly delay_seconds: number;
  readonly max_delay_seconds: number;
}

interface QueuedJob extends JobRequest {
  readonly id: string;
  readonly due: number;
  readonly attempt: number;
}

interface Worker {
  readonly concurrency: number;
  readonly handler: JobHandler;
}

/** The queue's contract without a disk: for one run in a process that does not outlive its work, and for tests. */
export function createMemoryJobQueue(
  retry: MemoryRetryPolicy = { attempts: 6, delay_seconds: 1, max_delay_seconds: 300 },
): JobQueue {
  let queued: QueuedJob[] = [];
  const active = new Map<QueuedJob, Promise<void>>();
  const dead: DeadLetter[] = [];
  const workers = new Map<QueueName, Worker>();
  const closing = new AbortController();

  /** Starts whatever may start now, and comes back when the next delayed job is due. */
  function dispatch(): void {
    if (closing.signal.aborted) return;
    // One look at the clock: a job that falls due between two of them would be neither begun nor waited for.
    const now = Date.now();
    for (const job of queued.toSorted((one, other) => one.due - other.due)) {
      if (mayStart(job, now)) start(job);
    }
    const next = Math.min(...queued.map((job) => job.due).filter((due) => due > now));
    if (Number.isFinite(next)) setTimeout(dispatch, next - now + 1).unref();
  }

  function mayStart(job: QueuedJob, now: number): boolean {
    const worker = workers.get(job.queue);
    if (worker === undefined || job.due > now) return false;
    const running = [...active.keys()].filter((other) => other.queue === job.queue);
    return running.length < worker.concurrency && !running.some((other) => other.key === job.key);
  }

  function start(job: QueuedJob): void {
    queued = queued.filter((other) => other !== job);
    const run = execute(job).finally(() => {
      active.delete(job);
      dispatch();
    });
    active.set(job, run);
  }

  async function execute(job: QueuedJob): Promise<void> {
    const { id, key, data, attempt } = job;
    try {
      // After a turn, as with any store: a caller that enqueues must never find its handler running inside its own call.
      await pause(0);
      await workers.get(job.queue)?.handler({ id, key, data, attempt, signal: closing.signal });
    } catch (error) {
      if (job.attempt >= retry.attempts) bury(job, error);
      else
        queued.push({ ...job, attempt: job.attempt + 1, due: Date.now() + backoffMs(job.attempt) });
    }
  }

  function bury({ id, queue, key, data }: QueuedJob, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    dead.unshift({ id, queue, key, data, died_at: new Date().toISOString(), reason });
  }

  const backoffMs = (attempt: number): number => {
    const whole = retry.delay_seconds * 2 ** (attempt - 1);
    return Math.min(retry.max_delay_seconds, whole * (0.5 + Math.random() / 2)) * 1000;
  };

  function unbury(id: string): DeadLetter | null {
    const index = dead.findIndex((letter) => letter.id === id);
    return index < 0 ? null : (dead.splice(index, 1)[0] ?? null);
  }

  function add(request: JobRequest): void {
    const due = Date.now() + (request.delay_seconds ?? 0) * 1000;
    queued.push({ ...request, id: crypto.randomUUID(), due, attempt: 1 });
    dispatch();
  }

  return {
    enqueue: async (request) => {
      const due = Date.now() + (request.delay_seconds ?? 0) * 1000;
      const served = queued.some(
        (job) => job.queue === request.queue && job.key === request.key && job.due <= due,
      );
      if (!served) add(request);
      return !served;
    },
    work: async (queue, concurrency, handler) => {
      workers.set(queue, { concurrency, handler });
      dispatch();
    },
    counts: async (queue) => ({
      queued: queued.filter((job) => job.queue === queue).length,
      active: [...active.keys()].filter((job) => job.queue === queue).length,
      dead: dead.filter((letter) => letter.queue === queue).length,
    }),
    deadLetters: async () => [...dead],
    retry: async (id) => {
      const letter = unbury(id);
      if (letter !== null) add({ queue: letter.queue, key: letter.key, data: letter.data });
      return letter !== null;
    },
    drop: async (id) => unbury(id) !== null,
    idle: async ({ ignore_delays_over: ignored = Number.POSITIVE_INFINITY } = {}) => {
      const counts = (job: QueuedJob) => job.due - Date.now() <= ignored * 1000;
      while (active.size > 0 || queued.some(counts)) await pause(5);
    },
    close: async () => {
      const running = Promise.allSettled(active.values());
      closing.abort();
      await Promise.race([running, pause(10_000, undefined, { ref: false })]);
    },
  };
}
