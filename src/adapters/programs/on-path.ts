import { access, constants, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import { ok, refuse, type Result } from '../../domain/result.ts';
import type { FoundProgram, Programs } from '../../ports/programs.ts';

/** What a sandbox shows of a machine in any case. */
const systemFolders = ['/usr', '/bin', '/lib', '/lib64', '/sbin'];

export const createPrograms = (
  path: string = process.env['PATH'] ?? '',
  home: string = homedir(),
): Programs => ({
  async find(name) {
    // The system's own first: those are seen in the sandbox, where a version manager's stand-ins lead nowhere.
    const folders = ['/usr/bin', '/bin', ...path.split(delimiter).filter((one) => isAbsolute(one))];
    for (const folder of folders) {
      const file = join(folder, name);
      if (await isProgram(file)) return describe(name, file, await realpath(file), home);
    }
    return refuse(
      'program.absent',
      `${name} is not on the PATH of this machine: install it there, where the service runs`,
    );
  },
});

const inSystem = (path: string): boolean =>
  systemFolders.some((folder) => path.startsWith(`${folder}${sep}`));

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

function describe(name: string, file: string, path: string, home: string): Result<FoundProgram> {
  // By the name it is called by: some programs tell by it what they are.
  if (inSystem(file) && inSystem(path)) return ok({ name, path: file, folder: null });
  if (inSystem(path)) return ok({ name, path, folder: null });
  const folder = packageOf(path) ?? dirname(path);
  // A home or one of its parents would be shown whole: keys, tokens and all.
  if (home === folder || home.startsWith(folder === sep ? sep : `${folder}${sep}`)) {
    return refuse(
      'program.exposed',
      `${name} lies in ${folder}, which would be shown to it whole: put ${basename(path)} into a folder of its own`,
    );
  }
  return ok({ name, path, folder });
}

/** The package an npm program belongs to, with what it brings; null: it is none. */
function packageOf(path: string): string | null {
  const parts = path.split(sep);
  const at = parts.lastIndexOf('node_modules', parts.indexOf('node_modules'));
  if (at < 0) return null;
  const scoped = parts[at + 1]?.startsWith('@') === true;
  return parts.slice(0, at + (scoped ? 3 : 2)).join(sep);
}
