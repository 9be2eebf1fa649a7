import { PgBoss } from 'pg-boss';
import type { Inbox } from '../../ports/inbox.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { VectorCache } from '../../ports/vector-cache.ts';
import { sharedDatabase, type JobDatabase } from './database.ts';
import { embeddedDatabase } from './embedded.ts';
import { JobStoreFault } from './fault.ts';
import { defaultRetryPolicy, openPgBossQueue, type RetryPolicy } from './pg-boss-queue.ts';
import { openSqlInbox } from './sql-inbox.ts';
import { sqlOver } from './sql.ts';
import { openSqlVectors } from './sql-vectors.ts';

export interface JobEngineOptions {
  /** PostgreSQL; absent: embedded, in `folder`. */
  readonly url?: string;
  readonly folder: string;
  readonly retry?: RetryPolicy;
  /** What an operator should know, once: a folder put aside, a statement that failed in the background. */
  readonly notice: (message: string) => void;
}

export interface JobEngine {
  readonly inbox: Inbox;
  readonly jobs: JobQueue;
  /** Absent: they are kept in memory only. */
  readonly vectors?: VectorCache;
  /** Throws where the database does not answer. */
  ping(): Promise<void>;
  /** Ends the workers, then the database. */
  close(): Promise<void>;
}

/** Inbox and jobs in one database: embedded, or shared by many machines. */
export async function openJobEngine(options: JobEngineOptions): Promise<JobEngine> {
  const database =
    options.url === undefined
      ? await embeddedDatabase(options.folder, options.notice)
      : sharedDatabase(options.url);
  try {
    return await openOn(database, options);
  } catch (cause) {
    await database.close();
    if (cause instanceof JobStoreFault) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new JobStoreFault(
      database.place,
      `the job store at ${database.place} cannot be used: ${message}`,
      { cause },
    );
  }
}

async function openOn(database: JobDatabase, options: JobEngineOptions): Promise<JobEngine> {
  const boss = new PgBoss({
    ...database.options,
    useListenNotify: true,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
  });
  boss.on('error', (error) => options.notice(`jobs: ${error.message}`));
  await boss.start();
  const sql = sqlOver(boss.getDb());
  const inbox = await openSqlInbox(sql);
  const jobs = await openPgBossQueue(boss, sql, {
    retry: options.retry ?? defaultRetryPolicy,
    sole: database.sole,
  });
  return {
    inbox,
    jobs,
    vectors: await openSqlVectors(sql),
    ping: async () => void (await sql('select 1 as alive')),
    close: async () => {
      await jobs.close();
      await database.close();
    },
  };
}
