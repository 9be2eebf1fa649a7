import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openJobEngine } from '../../../src/adapters/jobs/engine.ts';
import { createMemoryInbox } from '../../../src/adapters/memory/inbox.ts';
import { createMemoryJobQueue } from '../../../src/adapters/memory/job-queue.ts';
import type { Inbox } from '../../../src/ports/inbox.ts';
import type { JobQueue } from '../../../src/ports/job-queue.ts';
import { embeddedFolder } from '../../support/embedded-folder.ts';
import { hasPostgres, startPostgres } from '../../support/postgres.ts';

export interface Store {
  readonly jobs: JobQueue;
  readonly inbox: Inbox;
  close(): Promise<void>;
}

/** Short enough for a test, long enough to be seen. */
export const retry = { attempts: 2, delay_seconds: 1, max_delay_seconds: 1 };

/** Every home of the queue and the inbox that this machine has. */
export const homes: readonly { readonly name: string; readonly open: () => Promise<Store> }[] = [
  { name: 'in memory', open: async () => openMemory() },
  { name: 'embedded (PGlite)', open: () => openEmbedded() },
  ...(hasPostgres ? [{ name: 'PostgreSQL', open: () => openShared() }] : []),
];

function openMemory(): Store {
  const jobs = createMemoryJobQueue({ ...retry, delay_seconds: 0.2 });
  return { jobs, inbox: createMemoryInbox(), close: () => jobs.close() };
}

async function openEmbedded(): Promise<Store> {
  const folder = await embeddedFolder();
  const engine = await openJobEngine({ folder, retry, notice: () => {} });
  return {
    ...engine,
    close: async () => {
      await engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openShared(): Promise<Store> {
  const database = await startPostgres();
  const engine = await openJobEngine({
    url: database.url,
    folder: tmpdir(),
    retry,
    notice: () => {},
  });
  return {
    ...engine,
    close: async () => {
      await engine.close();
      await database.close();
    },
  };
}
