import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { openJobEngine } from '../../../src/adapters/jobs/engine.ts';
import { createMemoryInbox } from '../../../src/adapters/memory/inbox.ts';
import { createMemoryJobQueue } from '../../../src/adapters/memory/job-queue.ts';
import type { Inbox } from '../../../src/ports/inbox.ts';
import type { JobQueue } from '../../../src/ports/job-queue.ts';
import { embeddedFolder } from '../../support/embedded-folder.ts';

export interface Store {
  readonly jobs: JobQueue;
  readonly inbox: Inbox;
  close(): Promise<void>;
}

/** Short enough for a test, long enough to be seen. */
export const retry = { attempts: 2, delay_seconds: 1, max_delay_seconds: 1 };

const sharedUrl = process.env['ASSENT_TEST_DATABASE_URL'];

/** Every home of the queue and the inbox that this machine has. */
export const homes: readonly { readonly name: string; readonly open: () => Promise<Store> }[] = [
  { name: 'in memory', open: async () => openMemory() },
  { name: 'embedded (PGlite)', open: () => openEmbedded() },
  ...(sharedUrl === undefined ? [] : [{ name: 'PostgreSQL', open: () => openShared(sharedUrl) }]),
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

const openShared = (url: string): Promise<Store> =>
  openJobEngine({ url, folder: tmpdir(), retry, notice: () => {} });
