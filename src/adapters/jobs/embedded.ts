import { existsSync, fsyncSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';
import { fromPglite, type Db } from 'pg-boss';
import type { JobDatabase } from './database.ts';
import { JobStoreFault, messageOf } from './fault.ts';
import { lockFolder } from './folder-lock.ts';
import { makeCluster, openCluster } from './pglite-cluster.ts';

const vacuumEveryMs = 5 * 60_000;

/**
 * PostgreSQL in this process, in a folder of its own. PGlite leaves five things to us: nothing keeps a second process out (both
 * lose rows, silently), writes are not synced, autovacuum does not run, a burst of statements starves the event loop, and a
 * folder torn by a crash does not open.
 */
export async function embeddedDatabase(
  folder: string,
  notice: (message: string) => void,
): Promise<JobDatabase> {
  const place = resolve(folder);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const unlock = lockFolder(place);
  try {
    const pglite = await openOrStartAnew(join(place, 'pg'), notice);
    syncWrites(pglite, place);
    const housekeeping = setInterval(() => void vacuum(pglite, notice), vacuumEveryMs);
    housekeeping.unref();
    return {
      options: { backend: 'pglite', db: yielding(fromPglite(pglite)) },
      sole: true,
      place,
      close: async () => {
        clearInterval(housekeeping);
        await pglite.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/**
 * A torn folder is put aside and replaced: it holds a cache, which the ledger and GitHub's delivery log fill again. Refusing to
 * start would turn a crash into an outage.
 */
async function openOrStartAnew(folder: string, notice: (message: string) => void): Promise<PGlite> {
  if (!existsSync(folder)) await makeCluster(folder);
  try {
    return await openCluster(folder);
  } catch (cause) {
    const aside = `${folder}.torn-${new Date().toISOString().replaceAll(':', '')}`;
    try {
      renameSync(folder, aside);
    } catch {
      throw new JobStoreFault(folder, `${folder} cannot be opened, nor put aside`, { cause });
    }
    notice(
      `${folder} could not be opened (${messageOf(cause)}): put aside as ${aside} and started anew; what waited comes back from the ledger and from GitHub`,
    );
    await makeCluster(folder);
    return openCluster(folder);
  }
}

/** Emscripten's file system over Node has no fsync at all: PostgreSQL asks, nothing happens, and a power cut takes acknowledged rows. */
function syncWrites(pglite: PGlite, place: string): void {
  const fileSystem: unknown = pglite.Module.NODEFS;
  if (!hasStreamOperations(fileSystem)) {
    throw new JobStoreFault(
      place,
      'this version of PGlite hides its file system, so writes cannot be made durable: pin the version in package.json',
    );
  }
  fileSystem.stream_ops['fsync'] = (stream: { readonly nfd?: number }) => {
    if (stream.nfd !== undefined) fsyncSync(stream.nfd);
    return 0;
  };
}

function hasStreamOperations(
  value: unknown,
): value is { readonly stream_ops: Record<string, unknown> } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'stream_ops' in value &&
    typeof value.stream_ops === 'object' &&
    value.stream_ops !== null
  );
}

/** A statement resolves in a microtask: without a turn of the loop between two, HTTP and timers wait for the whole burst. */
function yielding(db: Db): Db {
  const execute = db.executeSql.bind(db);
  db.executeSql = async (text, values) => {
    const answer = await execute(text, values);
    await nextTurn();
    return answer;
  };
  return db;
}

async function vacuum(pglite: PGlite, notice: (message: string) => void): Promise<void> {
  try {
    await pglite.exec('VACUUM (ANALYZE); CHECKPOINT');
  } catch (error) {
    notice(`the embedded database could not be vacuumed: ${messageOf(error)}`);
  }
}
