import { chmod, chown, lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative } from 'node:path';
import type { User } from './slots.ts';

/**
 * Why the user cannot come to this path, or null. Folders below `own` that are in the way are opened to the user's group, to be
 * passed through and not to be read; what is not ours is left as it is, and named.
 */
export async function openWay(
  path: string,
  user: User | null,
  own: string,
): Promise<string | null> {
  // Who runs as itself sees what it sees; bubblewrap says what it does not.
  if (user === null) return null;
  const ours = await realpath(own);
  for (const folder of above(await realpath(path))) {
    const { mode, gid, uid } = await lstat(folder);
    const open =
      uid === user.uid
        ? (mode & 0o100) !== 0
        : gid === user.gid
          ? (mode & 0o010) !== 0
          : (mode & 0o001) !== 0;
    if (open) continue;
    if (!within(folder, ours)) return `${folder} cannot be entered by uid ${user.uid}`;
    await chown(folder, uid, user.gid);
    await chmod(folder, (mode & 0o7777) | 0o010);
  }
  return null;
}

/** Every folder on the way, from the root. */
function above(path: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (folder === dirname(folder)) return folders;
  }
}

export function within(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
