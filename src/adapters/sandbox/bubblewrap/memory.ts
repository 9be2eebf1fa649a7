import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { looksAtMost, pause } from '../pause.ts';
import type { Limits } from './limits.ts';

/** Counts the memory of a whole step: the kernel's control groups, of the second or of the first kind. */
export interface MemoryGroups {
  readonly kind: 'cgroup2' | 'cgroup1';
  /** Makes a group; a process joins it by writing its id to `door`. */
  open(name: string): Promise<MemoryGroup>;
}

export interface MemoryGroup {
  readonly door: string;
  /** Whether a process in it was killed for want of memory. */
  starved(): Promise<boolean>;
  /** Removes it, which only an empty group can be. */
  close(): Promise<void>;
}

/** One kind of control group: what is written where, and where the kernel says that it killed. */
interface Kind {
  readonly kind: MemoryGroups['kind'];
  readonly limits: (limits: Limits) => readonly (readonly [file: string, value: string])[];
  readonly events: string;
}

const second: Kind = {
  kind: 'cgroup2',
  limits: ({ memory, processes }) => [
    ['memory.max', String(memory)],
    ['memory.swap.max', '0'],
    // All or none: half a step is a riddle.
    ['memory.oom.group', '1'],
    ['pids.max', String(processes)],
  ],
  events: 'memory.events',
};

const first: Kind = {
  kind: 'cgroup1',
  limits: ({ memory }) => [
    ['memory.limit_in_bytes', String(memory)],
    ['memory.memsw.limit_in_bytes', String(memory)],
  ],
  events: 'memory.oom_control',
};

/** The groups this program may make, or null: then memory is limited by process alone. */
export async function findMemoryGroups(
  limits: Limits,
  root = '/sys/fs/cgroup',
  membership = '/proc/self/cgroup',
): Promise<MemoryGroups | null> {
  const lines = (await readFile(membership, 'utf8').catch(() => '')).split('\n');
  for (const [kind, parent] of candidates(lines, root)) {
    const groups = await tryParent(kind, parent, limits);
    if (groups !== null) return groups;
  }
  return null;
}

/** Beside our own group (where an operator delegated one to us), then at the top (where we are root). */
function candidates(lines: readonly string[], root: string): readonly (readonly [Kind, string])[] {
  const own = (controller: string): string | null =>
    lines.find((line) => line.split(':')[1]?.split(',').includes(controller))?.split(':')[2] ??
    null;
  const places: [Kind, string][] = [];
  const add = (kind: Kind, mount: string, path: string | null): void => {
    if (path !== null && path !== '/') places.push([kind, join(mount, dirname(path))]);
    places.push([kind, mount]);
  };
  add(second, root, own(''));
  add(first, join(root, 'memory'), own('memory'));
  return places;
}

async function tryParent(kind: Kind, parent: string, limits: Limits): Promise<MemoryGroups | null> {
  const groups: MemoryGroups = {
    kind: kind.kind,
    open: (name) => openGroup(kind, join(parent, name), limits),
  };
  try {
    if (kind === second) await delegate(parent);
    const probe = await groups.open(`assent-probe-${process.pid}`);
    await probe.close();
    return groups;
  } catch {
    return null;
  }
}

/** A group has only the controllers that its parent hands down. */
async function delegate(parent: string): Promise<void> {
  const control = join(parent, 'cgroup.subtree_control');
  const handed = (await readFile(control, 'utf8')).trim().split(' ');
  const missing = ['memory', 'pids'].filter((controller) => !handed.includes(controller));
  if (missing.length > 0) await writeFile(control, missing.map((name) => `+${name}`).join(' '));
}

async function openGroup(kind: Kind, folder: string, limits: Limits): Promise<MemoryGroup> {
  await makeAnew(folder);
  try {
    for (const [file, value] of kind.limits(limits)) {
      const path = join(folder, file);
      // Kernels without an account of swap lack its file; the others must all be there.
      if (!file.includes('sw') || existsSync(path)) await writeFile(path, value);
    }
  } catch (error) {
    await rmdir(folder);
    throw error;
  }
  return {
    door: join(folder, 'cgroup.procs'),
    starved: async () => {
      const events = await readFile(join(folder, kind.events), 'utf8');
      return /^oom_kill [1-9]/m.test(events);
    },
    close: () => removeGroup(folder),
  };
}

/** A group of this name was left by an Assent that was killed and had our process id: it is not ours to count in. */
async function makeAnew(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    await removeGroup(folder);
    await mkdir(folder);
  }
}

/** The kernel takes a moment to let go of processes that were killed; a group that stays is a step that did not end. */
async function removeGroup(folder: string): Promise<void> {
  for (let look = 0; ; look += 1) {
    try {
      await rmdir(folder);
      return;
    } catch (error) {
      if (look === looksAtMost)
        throw new Error(`processes are left in ${folder}`, { cause: error });
      await delay(pause(look));
    }
  }
}
