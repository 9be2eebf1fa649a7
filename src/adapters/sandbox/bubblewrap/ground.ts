import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Host } from './arguments.ts';
import { filterFor } from './filter.ts';
import { bubblewrapVersion, findProgram, inheritedFiles, layOut, nameOf } from './host.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { findMemoryGroups, type MemoryGroups } from './memory.ts';
import { openWay } from './reach.ts';
import { StdioMaker } from '../stdio.ts';
import { createSlots, defaultUsers, type Slot, type Slots, type UserRange } from './slots.ts';

export interface BubblewrapOptions {
  /** Ours alone. Workspaces lie below it too, so that the way to them may be opened to the slots' users. */
  readonly folder: string;
  readonly users?: UserRange;
  readonly limits?: Partial<Limits>;
  /** Where programs are looked for; PATH. */
  readonly path?: string;
}

/** All that is found out once, before the first step. */
export interface Ground {
  readonly folder: string;
  readonly version: string;
  readonly programs: Readonly<Record<'bwrap' | 'prlimit' | 'setpriv', string>>;
  readonly host: Host;
  /** Path of the system call filter. */
  readonly filter: string;
  readonly limits: Limits;
  readonly slots: Slots;
  readonly memory: MemoryGroups | null;
  readonly stdioOf: (slot: Slot) => StdioMaker;
  /** Numbers of open files that every program would get from us, and none should. */
  readonly inherited: readonly number[];
}

const packages = { bwrap: 'bubblewrap', prlimit: 'util-linux', setpriv: 'util-linux' } as const;

/** What a sandbox stands on here, or why there can be none and what to do. */
export async function layGround(
  options: BubblewrapOptions,
): Promise<{ readonly ground: Ground } | { readonly fault: string }> {
  const programs = findPrograms(options.path ?? process.env['PATH'] ?? '');
  if (typeof programs === 'string') return { fault: programs };
  const filter = filterFor(process.arch);
  if (filter === null) {
    return { fault: `there is no list of system calls for ${process.arch} (only x64 and arm64)` };
  }
  const told = await bubblewrapVersion(programs.bwrap);
  if ('fault' in told) return told;
  const users = options.users ?? defaultUsers;
  const slots = createSlots(users, process.getuid?.() === 0);
  const taken = slots.first.user === null ? null : await takenUser(users);
  if (taken !== null) return { fault: taken };
  const { folder } = options;
  const own = join(folder, 'sandbox');
  await mkdir(own, { recursive: true });
  const host = await layOut(own, slots.first.user);
  const closed = await openWay(join(host.etc, 'passwd'), slots.first.user, folder);
  if (closed !== null) {
    return { fault: `${closed}: name a folder that everybody may enter as ASSENT_DATA` };
  }
  const filterFile = join(own, 'filter.bpf');
  // Another process of ours may be reading it: the same bytes, but never half of them.
  await rm(filterFile, { force: true });
  await writeFile(filterFile, filter);
  const limits = { ...defaultLimits, ...options.limits };
  const memory = await findMemoryGroups(limits);
  const { version } = told;
  return {
    ground: {
      folder,
      version,
      programs,
      host,
      filter: filterFile,
      limits,
      slots,
      memory,
      stdioOf: stdioBySlot(own),
      inherited: await inheritedFiles(),
    },
  };
}

function stdioBySlot(folder: string): Ground['stdioOf'] {
  const makers = new Map<number, StdioMaker>();
  return ({ index, user }) => {
    const maker = makers.get(index) ?? new StdioMaker(folder, user?.gid ?? null);
    makers.set(index, maker);
    return maker;
  };
}

function findPrograms(path: string): Ground['programs'] | string {
  const found = {
    bwrap: findProgram('bwrap', path),
    prlimit: findProgram('prlimit', path),
    setpriv: findProgram('setpriv', path),
  };
  const { bwrap, prlimit, setpriv } = found;
  if (bwrap !== null && prlimit !== null && setpriv !== null) return { bwrap, prlimit, setpriv };
  const missing = (['bwrap', 'prlimit', 'setpriv'] as const).filter((name) => found[name] === null);
  const wanted = [...new Set(missing.map((name) => packages[name]))].join(' ');
  return `${missing.join(' and ')} cannot be found on PATH: apt-get install ${wanted}`;
}

async function takenUser({ first, count }: UserRange): Promise<string | null> {
  for (let uid = first; uid < first + count; uid += 1) {
    const name = await nameOf(uid);
    if (name !== null) {
      return `uid ${uid} belongs to ${name}, and steps must run as nobody else: name a free range as ASSENT_SANDBOX_USERS (first-last)`;
    }
  }
  return null;
}

/** What holds here, in words. */
export function describe({ version, slots, limits, memory }: Ground): string {
  const megabytes = Math.round(limits.memory / 2 ** 20);
  return [
    `bubblewrap ${version}, system calls filtered, no network`,
    slots.first.user === null
      ? `steps run as this user (uid ${process.getuid?.() ?? '?'}), whose other processes count towards their limit of processes: as root each would have a user of its own`
      : `each step as a user of its own, from uid ${slots.first.user.uid}`,
    memory === null
      ? `memory limited to ${megabytes} MiB for each process and not for a step as a whole: no control group can be made here`
      : `memory limited to ${megabytes} MiB a step (${memory.kind})`,
  ].join('; ');
}
