import { execFile } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PGlite } from '@electric-sql/pglite';
import { JobStoreFault } from './fault.ts';

/** Opens the database in a folder that holds one; an empty folder gets one made in this process. */
export async function openCluster(folder: string): Promise<PGlite> {
  compileLean();
  return PGlite.create({
    dataDir: folder,
    // The default of 128 MB is touched page by page until the process owns all of it.
    postgresqlconf: ['shared_buffers=16MB'],
    startParams: [
      // -F is fsync=off.
      ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
      '-c',
      'fsync=on',
      '-c',
      'wal_sync_method=fsync',
    ],
  });
}

/**
 * Makes a new database in another process, and beside its place until it is whole. Making one needs half a gigabyte for a second,
 * which this process would keep; and a start that is killed half-way leaves nothing that looks like a database.
 */
export async function makeCluster(folder: string): Promise<void> {
  const staging = `${folder}.new`;
  rmSync(staging, { recursive: true, force: true });
  const here = fileURLToPath(import.meta.url);
  // Published, these files end in .js.
  const program = join(dirname(here), `make-cluster${extname(here)}`);
  try {
    await promisify(execFile)(process.execPath, [program, staging], { env: {} });
  } catch (cause) {
    throw new JobStoreFault(folder, `no database could be made in ${folder}`, { cause });
  }
  renameSync(staging, folder);
}

/**
 * V8's optimising compiler takes 600 MB for PostgreSQL's code, to save milliseconds a service like this never notices: with the
 * baseline compiler alone, the peak is 170 MB and the start takes half the time. The three go together; one alone does nothing.
 */
function compileLean(): void {
  setFlagsFromString('--no-wasm-dynamic-tiering');
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--liftoff-only');
}
