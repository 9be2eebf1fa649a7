import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { NotLookedAt } from '../../domain/scan/report.ts';
import type { ScanEntry, ScanFolder, ScanListing } from '../../ports/scan.ts';

/** `mode` as git writes it: 120000 a symlink, 160000 another repository. */
export type TrackedPaths = (
  root: string,
) => Promise<readonly { readonly path: string; readonly mode: string }[] | null>;

/** In a folder without git nobody has said what belongs to it; these hold what was installed or built there. */
const leftOut = new Set([
  'node_modules',
  'bower_components',
  '.venv',
  'venv',
  '__pycache__',
  '.tox',
  '.gradle',
  '.terraform',
  '.mypy_cache',
  '.pytest_cache',
]);

export async function openScanFolder(path: string, tracked: TrackedPaths): Promise<ScanFolder> {
  const root = await realpath(path);
  const real = realFolders(root);
  return {
    root,
    list: async (maxFiles) => {
      const paths = await tracked(root);
      const found =
        paths === null ? await walk(root, maxFiles) : await listed(root, paths, maxFiles, real);
      const entries = found.entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
      return { ...found, entries };
    },
    read: async (file, offset, length) => {
      if (!(await real(dirname(file)))) return null;
      return readPart(join(root, file), offset, length);
    },
  };
}

/** Whether a folder is reached without a symlink; each is looked at once. */
function realFolders(root: string): (folder: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>([['.', Promise.resolve(true)]]);
  const look = async (folder: string): Promise<boolean> =>
    (await real(dirname(folder))) && (await statsOf(join(root, folder)))?.isDirectory() === true;
  const real = (folder: string): Promise<boolean> => {
    const answer = known.get(folder) ?? look(folder);
    known.set(folder, answer);
    return answer;
  };
  return real;
}

async function statsOf(path: string): Promise<Stats | null> {
  try {
    return await lstat(path);
  } catch {
    return null;
  }
}

/** Never waits for a pipe and never follows: what is no plain file is none of ours. */
async function readPart(path: string, offset: number, length: number): Promise<Uint8Array | null> {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) return null;
    const buffer = new Uint8Array(length);
    const { bytesRead } = await file.read(buffer, 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } catch {
    return null;
  } finally {
    await file?.close();
  }
}

async function listed(
  root: string,
  tracked: readonly { readonly path: string; readonly mode: string }[],
  maxFiles: number,
  real: (folder: string) => Promise<boolean>,
): Promise<ScanListing> {
  const entries: ScanEntry[] = [];
  const folders = new Set<string>();
  const submodules = new Set<string>();
  for (const { path, mode } of tracked.slice(0, maxFiles)) {
    if (!isInside(path)) continue;
    for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1))
      folders.add(path.slice(0, at));
    if (mode === '160000') {
      submodules.add(path);
      entries.push({ path, kind: 'submodule', bytes: 0, target: null });
    } else if (await real(dirname(path))) {
      const entry = await entryAt(root, path);
      if (entry !== null) entries.push(entry);
    }
  }
  const nested: string[] = [];
  for (const folder of folders)
    if (
      !submodules.has(folder) &&
      (await real(folder)) &&
      (await statsOf(join(root, folder, '.git')))
    )
      nested.push(`${folder}/.git`);
  return {
    source: 'git',
    entries,
    nested_git: nested,
    left_out: [],
    not_looked_at: beyond(tracked.length, maxFiles),
  };
}

/** An index may hold any name: one that leads out of the folder is not followed. */
const isInside = (path: string): boolean =>
  !isAbsolute(path) && !path.split('/').includes('..') && !path.includes('\0');

async function entryAt(root: string, path: string): Promise<ScanEntry | null> {
  const full = join(root, path);
  const stats = await statsOf(full);
  if (stats === null) return null;
  if (stats.isSymbolicLink()) return symlink(root, path, full);
  return stats.isFile() ? { path, kind: 'file', bytes: stats.size, target: null } : null;
}

async function symlink(root: string, path: string, full: string): Promise<ScanEntry | null> {
  try {
    const text = await readlink(full);
    const outside = isAbsolute(text) || leavesRoot(root, resolve(dirname(full), text));
    return { path, kind: 'symlink', bytes: 0, target: { text, outside } };
  } catch {
    return null;
  }
}

const leavesRoot = (root: string, target: string): boolean => {
  const way = relative(root, target);
  return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
};

async function walk(root: string, maxFiles: number): Promise<ScanListing> {
  const entries: ScanEntry[] = [];
  const nested: string[] = [];
  const passedOver: NotLookedAt[] = [];
  const unread: NotLookedAt[] = [];
  const waiting = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    let names;
    try {
      names = await readdir(join(root, folder), { withFileTypes: true });
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
      unread.push({ path: folder === '' ? '.' : folder, why: `cannot be listed: ${why}` });
      continue;
    }
    for (const name of names) {
      const path = folder === '' ? name.name : `${folder}/${name.name}`;
      if (name.name === '.git') {
        if (folder !== '') nested.push(path);
      } else if (name.isDirectory()) {
        if (leftOut.has(name.name)) passedOver.push({ path, why: 'installed or built' });
        else waiting.push(path);
      } else if (entries.length >= maxFiles) {
        return {
          source: 'folder',
          entries,
          nested_git: nested,
          left_out: passedOver,
          not_looked_at: [...unread, ...beyond(maxFiles + 1, maxFiles)],
        };
      } else {
        const entry = await entryAt(root, path);
        if (entry !== null) entries.push(entry);
      }
    }
  }
  return {
    source: 'folder',
    entries,
    nested_git: nested,
    left_out: passedOver,
    not_looked_at: unread,
  };
}

const beyond = (files: number, maxFiles: number): readonly NotLookedAt[] =>
  files <= maxFiles
    ? []
    : [{ path: '.', why: `more than ${maxFiles} files; the rest was not looked at` }];
