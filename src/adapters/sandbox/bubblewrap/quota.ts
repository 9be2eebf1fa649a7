import { execFile } from 'node:child_process';
import { readdir, readFile, stat, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a file takes at least: a block, and an inode that no byte counts. */
const block = 4096;

/** Whether the workspace is over its quota. `pid`: the sandbox's outermost process, while it runs. */
export type Quota = (pid: number | null) => Promise<boolean>;

/**
 * Looks at the file system's free space, which costs nothing, and counts the workspace only once that fell by half the quota: a
 * walk over it every quarter of a second would cost more than the step.
 */
export async function openQuota(folder: string, quota: number): Promise<Quota> {
  const before = await statfs(folder);
  return async (pid) => {
    const now = await statfs(folder);
    const written = (before.bfree - now.bfree) * now.bsize;
    const created = (before.ffree - now.ffree) * block;
    if (Math.max(written, created) <= quota / 2) return false;
    if (created > written) return ((await count(folder, 'inodes')) ?? created) > quota;
    const held = (await count(folder, 'bytes')) ?? written;
    return held + (pid === null ? 0 : await countNameless(pid, folder)) > quota;
  };
}

const countWithinMs = 2_000;

/** In bytes as the disk has them; null where it could not see everything, or not in time: then what the file system lost counts. */
async function count(folder: string, what: 'bytes' | 'inodes'): Promise<number | null> {
  const unit = what === 'bytes' ? '--block-size=1' : '--inodes';
  const args = ['--summarize', '--one-file-system', unit, '--', folder];
  // Whoever makes files faster than they are counted would never be caught.
  const limits = { timeout: countWithinMs, killSignal: 'SIGKILL' } as const;
  const counted = await run('du', args, limits).catch(() => null);
  const number = Number.parseInt(counted?.stdout ?? '', 10);
  if (Number.isNaN(number)) return null;
  return what === 'bytes' ? number : number * block;
}

/** In bytes: deleted files take their room as long as somebody has them open. */
async function countNameless(pid: number, folder: string): Promise<number> {
  const { dev } = await stat(folder);
  const seen = new Map<number, number>();
  for (const member of await family(pid)) {
    for (const descriptor of await readdir(`/proc/${member}/fd`).catch(() => [])) {
      const file = await stat(`/proc/${member}/fd/${descriptor}`).catch(() => null);
      if (file?.isFile() === true && file.nlink === 0 && file.dev === dev) {
        seen.set(file.ino, file.blocks * 512);
      }
    }
  }
  return [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** A process and all below it. */
async function family(pid: number): Promise<readonly number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) =>
      readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''),
    ),
  );
  const children = lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  return [pid, ...(await Promise.all(children.map(family))).flat()];
}
