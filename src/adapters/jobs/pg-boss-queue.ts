import type { Job as ClaimedJob, PgBoss } from 'pg-boss';
import type {
  DeadLetter,
  Job,
  JobHandler,
  JobQueue,
  JobRequest,
  QueueCounts,
  QueueName,
} from '../../ports/job-queue.ts';
import { makeOnce, read, type Row, type Sql } from './sql.ts';

export interface RetryPolicy {
  /** Attempts in all, the first included. */
  readonly attempts: number;
  /** Of the first retry; doubles each time, with jitter. */
  readonly delay_seconds: number;
  readonly max_delay_seconds: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  attempts: 6,
  delay_seconds: 1,
  max_delay_seconds: 300,
};

const queues: readonly QueueName[] = ['repository', 'agent'];
const deadQueue = 'dead';
const day = 86_400;

/** A lease: a worker that says nothing for so long is taken for dead. pg-boss accepts no less than 10. */
const leaseSeconds = 15;
const closeTimeoutMs = 10_000;

type Envelope = { readonly key: string; readonly data: Readonly<Record<string, unknown>> };

/**
 * One at a time per key is a group limit of one, with an index of our own behind it for two machines that fetch in the same
 * instant. pg-boss's own `singleton` policy was tried and left: a queued job whose key is busy stands at the head and holds back
 * every other key, until a list that is cached for a minute says so, and then holds that key back for as long again.
 */
const oneActivePerKey = `
  create unique index if not exists assent_one_active_per_key on pgboss.job (name, group_id)
   where state = 'active' and group_id is not null`;

export async function openPgBossQueue(
  boss: PgBoss,
  sql: Sql,
  options: { readonly retry: RetryPolicy; readonly sole: boolean },
): Promise<JobQueue> {
  await createQueues(boss, options.retry);
  await makeOnce(sql, oneActivePerKey);
  if (options.sole) await failOrphans(boss, sql);
  const workers = new Set<string>();
  const closing = new AbortController();

  const wakeUp = () => {
    for (const worker of workers) boss.notifyWorker(worker);
  };

  return {
    enqueue: async (request) => {
      if (await soonEnough(sql, request)) return false;
      const { queue, key, data, delay_seconds: delay = 0 } = request;
      const envelope: Envelope = { key, data };
      await boss.send(queue, envelope, { group: { id: key }, startAfter: delay });
      // NOTIFY is for what is due now; a delayed job would wait for the next poll.
      if (delay > 0) setTimeout(wakeUp, delay * 1000 + 20).unref();
      return true;
    },

    work: async (queue, concurrency, handler) => {
      const worker = await boss.work<Envelope>(
        queue,
        {
          localConcurrency: concurrency,
          groupConcurrency: 1,
          pollingIntervalSeconds: 0.5,
          notifyPollingIntervalSeconds: 1,
          heartbeatRefreshSeconds: 4,
        },
        async ([job]) => {
          if (job === undefined) return;
          // Else the worker sleeps until its next poll after each job, however many wait.
          boss.notifyWorker(worker);
          await handle(job, handler, closing.signal);
        },
      );
      workers.add(worker);
    },

    counts: (queue) => countsOf(sql, queue),

    deadLetters: async () => {
      const rows = await sql(
        `select id::text, source_name, data, created_on, source_output
           from pgboss.job where name = $1 and state = 'created' order by created_on desc`,
        [deadQueue],
      );
      return rows.map(deadLetterOf);
    },

    retry: async (id) => isUuid(id) && (await boss.redrive(deadQueue, { ids: [id] })) > 0,

    drop: async (id) => {
      if (!isUuid(id)) return false;
      const dropped =
        'delete from pgboss.job where name = $1 and id = $2::uuid returning 1 as gone';
      return (await sql(dropped, [deadQueue, id])).length > 0;
    },

    idle: async ({ ignore_delays_over: ignored = Number.POSITIVE_INFINITY } = {}) => {
      while (!(await nothingToDo(sql, ignored))) await pause(25);
    },

    close: async () => {
      const abandon = setTimeout(() => closing.abort(), closeTimeoutMs - 2_000);
      await boss.stop({ graceful: true, timeout: closeTimeoutMs, close: true });
      clearTimeout(abandon);
    },
  };
}

async function createQueues(boss: PgBoss, retry: RetryPolicy): Promise<void> {
  const names = new Set((await boss.getQueues()).map((queue) => queue.name));
  if (!names.has(deadQueue)) {
    await boss.createQueue(deadQueue, { retentionSeconds: 365 * day });
  }
  const options = {
    notify: true,
    retryLimit: retry.attempts - 1,
    retryDelay: retry.delay_seconds,
    retryBackoff: true,
    retryDelayMax: retry.max_delay_seconds,
    deadLetter: deadQueue,
    heartbeatSeconds: leaseSeconds,
    expireInSeconds: day - 1,
    retentionSeconds: 90 * day,
    // Ended jobs are of no use: the ledger says what came of them.
    deleteAfterSeconds: 3600,
  };
  for (const queue of queues) {
    if (names.has(queue)) await boss.updateQueue(queue, options);
    else await boss.createQueue(queue, options);
  }
}

/** With the database to ourselves, whatever is active at boot belonged to a process that is dead: no need to wait out its lease. */
async function failOrphans(boss: PgBoss, sql: Sql): Promise<void> {
  for (const queue of queues) {
    const rows = await sql(`select id::text from pgboss.job where name = $1 and state = 'active'`, [
      queue,
    ]);
    const ids = rows.map((row) => read.text(row, 'id'));
    if (ids.length > 0) await boss.fail(queue, ids, { message: 'the process that ran it died' });
  }
}

/** A running job is never "soon enough": it may have read before this news came. */
async function soonEnough(sql: Sql, request: JobRequest): Promise<boolean> {
  const rows = await sql(
    `select 1 as found from pgboss.job
      where name = $1 and group_id = $2 and state in ('created', 'retry')
        and start_after <= now() + $3::float8 * interval '1 second' limit 1`,
    [request.queue, request.key, request.delay_seconds ?? 0],
  );
  return rows.length > 0;
}

async function handle(
  job: ClaimedJob<Envelope>,
  handler: JobHandler,
  closing: AbortSignal,
): Promise<void> {
  const given: Job = {
    id: job.id,
    key: job.data.key,
    data: job.data.data,
    attempt: job.retryCount + 1,
    signal: AbortSignal.any([job.signal, closing]),
  };
  await handler(given);
}

async function countsOf(sql: Sql, queue: QueueName): Promise<QueueCounts> {
  const [row = {}] = await sql(
    `select count(*) filter (where name = $1 and state in ('created', 'retry')) as queued,
            count(*) filter (where name = $1 and state = 'active') as active,
            count(*) filter (where name = $2 and source_name = $1 and state = 'created') as dead
       from pgboss.job where name in ($1, $2)`,
    [queue, deadQueue],
  );
  return {
    queued: read.integer(row, 'queued'),
    active: read.integer(row, 'active'),
    dead: read.integer(row, 'dead'),
  };
}

function deadLetterOf(row: Row): DeadLetter {
  const envelope = read.object(row, 'data');
  return {
    id: read.text(row, 'id'),
    queue: queueOf(read.text(row, 'source_name')),
    key: read.text(envelope, 'key'),
    data: read.object(envelope, 'data'),
    died_at: read.time(row, 'created_on'),
    reason: reasonOf(row['source_output']),
  };
}

function queueOf(name: string): QueueName {
  const queue = queues.find((known) => known === name);
  if (queue === undefined) throw new Error(`a dead letter of an unknown queue: ${name}`);
  return queue;
}

/** pg-boss keeps the error that ended the last attempt, as an object of its fields. */
function reasonOf(output: unknown): string {
  if (typeof output === 'object' && output !== null) {
    if ('message' in output && typeof output.message === 'string') return output.message;
    if ('value' in output) return reasonOf(output.value);
  }
  return 'no reason was given';
}

async function nothingToDo(sql: Sql, ignored: number): Promise<boolean> {
  const bounded = Number.isFinite(ignored);
  const rows = await sql(
    `select 1 as found from pgboss.job
      where name = any($1::text[])
        and (state = 'active'
             or (state in ('created', 'retry')
                 and (not $2::boolean or start_after <= now() + $3::float8 * interval '1 second')))
      limit 1`,
    [queues, bounded, bounded ? ignored : 0],
  );
  return rows.length === 0;
}

const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(text);

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
