import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { JobStoreFault } from './fault.ts';

/**
 * An exclusive lock that the operating system frees, also after kill -9. A file with a process id would outlive its process, and
 * Node has no flock; SQLite has one inside.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, 'lock.db');
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    chmodSync(path, 0o600);
  } catch (cause) {
    lock.close();
    throw new JobStoreFault(
      folder,
      `${folder} is in use by another process: stop that one, or give this one a folder of its own by ASSENT_DATA, or a shared database by DATABASE_URL`,
      { cause },
    );
  }
  return () => lock.close();
}
