import { chmod, chown, lstat, open, readFile, realpath } from 'node:fs/promises';
import { normalize } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Entry } from '../entry.ts';
import { every } from '../every.ts';
import { giveAwayCommand } from '../give-away.ts';
import { looksAtMost, pause } from '../pause.ts';
import { launch, type Ended } from '../process.ts';
import type { Stopped } from '../../../ports/sandbox.ts';
import { bubblewrapArguments, inside } from './arguments.ts';
import type { Ground } from './ground.ts';
import { threadsOfUser } from './host.ts';
import { limitArguments } from './limits.ts';
import { openQuota } from './quota.ts';
import { openWay, within } from './reach.ts';
import type { Slot, User } from './slots.ts';

export type Entered =
  | { readonly kind: 'ended'; readonly ended: Ended }
  | { readonly kind: 'no_sandbox'; readonly reason: string };

/** Runs a command line in a sandbox of its own. */
export async function enter(ground: Ground, slot: Slot, asked: Entry): Promise<Entered> {
  const { workspace } = asked;
  // A link given away or counted would be the link alone.
  const entry = { ...asked, workspace: workspace === null ? null : await realpath(workspace) };
  const fault =
    programFault(entry.programs, ground.folder) ?? (await openDoors(ground, slot, entry));
  if (fault !== null) return { kind: 'no_sandbox', reason: fault };
  const quota =
    entry.workspace === null ? null : await openQuota(entry.workspace, ground.limits.workspace);
  const group = await ground.memory?.open(`assent-${process.pid}-${slot.index}`);
  const overrun = async (pid: number | null): Promise<Stopped | null> => {
    if ((await group?.starved()) === true) return 'memory';
    return (await quota?.(pid)) === true ? 'disk' : null;
  };
  const filter = await open(ground.filter, 'r');
  try {
    const ended = await launch({
      argv: await commandLine(ground, slot, entry, group?.door ?? null),
      cwd: '/',
      // What bubblewrap itself is given is seen inside, as the environment of process 1.
      env: {},
      input: entry.input,
      stdio: ground.stdioOf(slot),
      timeout_ms: entry.timeout_ms,
      output_cap: entry.output_cap,
      signal: entry.signal,
      // By a file, and not on the command line, where everybody on this machine and the program itself could read them.
      files: [filter.fd, { text: `${walls(ground, entry).join('\0')}\0` }, 'line', 'line'],
      watch: ({ pid, stop }) =>
        every(async () => {
          const why = await overrun(pid);
          if (why !== null) stop(why);
        }),
    });
    const [info = '', ready = ''] = ended.told;
    await untilGone(info);
    if (ready === '' && ended.stopped === null) {
      return {
        kind: 'no_sandbox',
        reason: `no sandbox could be made: ${firstLines(ended.stderr)}`,
      };
    }
    return { kind: 'ended', ended: { ...ended, stopped: ended.stopped ?? (await overrun(null)) } };
  } finally {
    await filter.close();
    await group?.close();
  }
}

/**
 * Waits until the sandbox's first process is gone, and with it, since the kernel ends them first, every other: killed from outside,
 * it goes a moment later than all that held our pipes.
 */
async function untilGone(info: string): Promise<void> {
  const pid = /"child-pid": (\d+)/.exec(info)?.[1];
  if (pid === undefined) return;
  for (let look = 0; look < looksAtMost; look += 1) {
    const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
    // Nobody may have taken note of its end yet: then it is still listed, as dead.
    if (line === null || /^[ZX]/.test(line.slice(line.lastIndexOf(')') + 2))) return;
    await delay(pause(look));
  }
  throw new Error(`process ${pid} outlives its sandbox`);
}

const firstLines = (bytes: Buffer): string =>
  bytes.subarray(0, 500).toString('utf8').trim() || 'it said nothing';

/** What the chain of programs gets besides its input and outputs, by number. */
const files = { filter: 3, arguments: 4, info: 5, ready: 6 } as const;

/**
 * Says that the sandbox stands, closes what it said it by and whatever we were started with and never opened ourselves, and becomes
 * the program. The shell of POSIX knows files of one digit alone.
 */
function doorstep(inherited: readonly number[]): readonly string[] {
  const close = [files.ready, ...inherited].map((file) => `exec ${file}>&-`).join('; ');
  const shell = inherited.some((file) => file > 9) ? '/bin/bash' : '/bin/sh';
  return [shell, '-c', `echo ready >&${files.ready}; ${close}; exec "$@"`, 'sh'];
}

/**
 * Joins the memory's group, before anything can be counted elsewhere, and gives the workspace away: from a shell, where starting a
 * program costs a third of what it costs from Node. What cannot be done it says, and nothing is started.
 */
function preparation(
  door: string | null,
  workspace: string | null,
  user: User | null,
): readonly string[] {
  const join = door === null ? null : { say: 'echo 0 >"$1" && shift', told: [door] };
  const give =
    workspace === null || user === null
      ? null
      : {
          say: `${giveAwayCommand} && shift 3`,
          told: [workspace, String(user.uid), String(user.gid)],
        };
  const tasks = [join, give].filter((task) => task !== null);
  if (tasks.length === 0) return [];
  const script = [...tasks.map(({ say }) => say), 'exec "$@"'].join(' && ');
  return ['/bin/sh', '-c', script, 'sh', ...tasks.flatMap(({ told }) => told)];
}

async function commandLine(
  { programs, limits, inherited }: Ground,
  { user }: Slot,
  { argv, workspace, timeout_ms }: Entry,
  door: string | null,
): Promise<readonly string[]> {
  const own = process.getuid?.() ?? 0;
  const processes = limits.processes + (user === null ? await threadsOfUser(own) : 0);
  return [
    preparation(door, workspace, user),
    [programs.prlimit, ...limitArguments(limits, { processes, timeout_ms })],
    user === null ? [] : becomeArguments(programs.setpriv, user),
    [programs.bwrap, '--args', String(files.arguments), '--info-fd', String(files.info), '--'],
    doorstep(inherited),
    argv,
  ].flat();
}

const walls = (
  { host, limits }: Ground,
  { workspace, programs, socket, checkout, environment }: Entry,
): readonly string[] =>
  bubblewrapArguments({
    host,
    limits,
    workspace,
    programs: programs.filter((folder) => !within(folder, '/usr')),
    socket,
    checkout,
    environment,
    filter: files.filter,
  });

const becomeArguments = (setpriv: string, { uid, gid }: User): readonly string[] => [
  setpriv,
  `--reuid=${uid}`,
  `--regid=${gid}`,
  '--clear-groups',
  '--inh-caps=-all',
  '--bounding-set=-all',
  '--',
];

/** Folders that a program may not bring along: they would hide what the sandbox has there, or show what nobody should see. */
function programFault(folders: readonly string[], ours: string): string | null {
  for (const folder of folders) {
    if (!folder.startsWith('/') || normalize(folder) !== folder) {
      return `"${folder}" is no plain absolute path of a program's folder`;
    }
    const hidden = [...laidOut, ours].find((path) => within(path, folder));
    const shown = [...closed, ours].find((path) => within(folder, path));
    if (hidden !== undefined || shown !== undefined) {
      return `${folder} cannot be shown to a program: the sandbox keeps ${hidden ?? shown ?? ''} to itself`;
    }
  }
  return null;
}

const closed = ['/proc', '/dev', '/sys', '/etc', inside.workspace] as const;
const laidOut = [...closed, '/usr', '/opt/node', '/tmp', inside.home] as const;

/** Gives the socket to the slot's user, and opens the way to all it must see; says what cannot be. */
async function openDoors({ folder }: Ground, { user }: Slot, entry: Entry): Promise<string | null> {
  const { workspace, socket, checkout, programs } = entry;
  if (user === null) return null;
  for (const path of [workspace, socket?.host ?? null, checkout?.host ?? null, ...programs]) {
    const closed = path === null ? null : await openWay(path, user, folder);
    if (closed !== null) return closed;
  }
  if (socket !== null) await shareSocket(socket.host, user);
  return null;
}

/** With the slots' group: several may speak to one socket at a time, each as its own user. */
async function shareSocket(path: string, { gid }: User): Promise<void> {
  const entry = await lstat(path);
  if (!entry.isSocket()) throw new TypeError(`${path} is no socket`);
  await chown(path, entry.uid, gid);
  await chmod(path, (entry.mode & 0o7777) | 0o060);
}
