import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import {
  copyFile,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  writeFile,
} from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { etcFiles, etcTexts, type Host } from './arguments.ts';
import { openWay } from './reach.ts';
import type { User } from './slots.ts';

const run = promisify(execFile);

/** A program by its absolute path, or null. */
export function findProgram(name: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name);
    if (folder.startsWith('/') && isExecutable(candidate)) return candidate;
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first release that can forbid further user namespaces. */
const leastVersion = [0, 8] as const;

/** Its version, or what is wrong with it. */
export async function bubblewrapVersion(
  program: string,
): Promise<{ readonly version: string } | { readonly fault: string }> {
  const said = await run(program, ['--version']).then(
    ({ stdout }) => stdout,
    (error: unknown) => String(error),
  );
  const found = /(\d+)\.(\d+)(?:\.\d+)?/.exec(said);
  if (found === null) return { fault: `${program} does not tell its version: ${said.trim()}` };
  const [version, major, minor] = [found[0], Number(found[1]), Number(found[2])];
  const old = major < leastVersion[0] || (major === leastVersion[0] && minor < leastVersion[1]);
  return old
    ? {
        fault: `bubblewrap ${version} is too old: 0.8 is the first that can forbid user namespaces`,
      }
    : { version };
}

/** What every sandbox sees of this machine, with our own files laid out below `folder`, which is ours alone. */
export async function layOut(folder: string, user: User | null): Promise<Host> {
  const etc = join(folder, 'etc');
  await mkdir(etc, { recursive: true });
  for (const name of etcFiles) await writeFile(join(etc, name), etcTexts[name], { mode: 0o644 });
  return { etc, roots: await roots(), node: await nodeFolder(folder, user) };
}

async function roots(): Promise<Host['roots']> {
  const found: { path: string; link: string | null }[] = [];
  for (const path of ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']) {
    const entry = await lstat(path).catch(() => null);
    if (entry === null) continue;
    found.push({ path, link: entry.isSymbolicLink() ? await readlink(path) : null });
  }
  return found;
}

/** Where the Node that runs this program lies, with what was installed beside it; a copy where the slots' users cannot go there. */
async function nodeFolder(folder: string, user: User | null): Promise<string | null> {
  const prefix = dirname(dirname(process.execPath));
  if (prefix.startsWith('/usr/') || prefix === '/usr') return null;
  const plain = join(prefix, 'bin', 'node') === process.execPath;
  if (plain && (await openWay(process.execPath, user, folder)) === null) return prefix;
  const copy = join(folder, 'node', 'bin', 'node');
  await mkdir(dirname(copy), { recursive: true });
  await rm(copy, { force: true });
  // A link costs nothing; another file system wants the bytes.
  await link(process.execPath, copy).catch(() => copyFile(process.execPath, copy));
  return join(folder, 'node');
}

/** How many threads this user has by now: the kernel counts them with those of a step that runs as the same user. */
export async function threadsOfUser(uid: number): Promise<number> {
  let threads = 0;
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
    if (Number(/^Uid:\t(\d+)/m.exec(status)?.[1]) !== uid) continue;
    threads += Number(/^Threads:\t(\d+)/m.exec(status)?.[1] ?? 0);
  }
  return threads;
}

/** Open files that this program was started with and that go to every program it starts: Node marks only its own to stay. */
export async function inheritedFiles(): Promise<readonly number[]> {
  const closeOnExec = 0o2000000;
  const found: number[] = [];
  for (const name of await readdir('/proc/self/fdinfo')) {
    const info = await readFile(`/proc/self/fdinfo/${name}`, 'utf8').catch(() => null);
    const flags = Number.parseInt(/^flags:\s*(\d+)/m.exec(info ?? '')?.[1] ?? '', 8);
    if (Number(name) > 2 && info !== null && (flags & closeOnExec) === 0) found.push(Number(name));
  }
  return found;
}

/** Whether the user has a name on this machine: then it is somebody. */
export async function nameOf(uid: number): Promise<string | null> {
  if (!existsSync('/etc/passwd')) return null;
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n');
  return lines.find((line) => line.split(':')[2] === String(uid))?.split(':')[0] ?? null;
}
