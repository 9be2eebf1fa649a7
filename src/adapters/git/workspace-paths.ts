import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { ok, refuse, type Refusal, type Result } from '../../domain/result.ts';

const maxPath = 400;
const maxFileBytes = 1024 * 1024;

/** The path as it may be used below the root, by its spelling alone. */
function checkPath(path: string): Result<readonly string[]> {
  const parts = path.split('/');
  const fault = faultOf(path, parts);
  return fault === null ? ok(parts) : refuse('workspace.path', `"${printable(path)}" ${fault}.`);
}

function faultOf(path: string, parts: readonly string[]): string | null {
  if (path === '' || path.length > maxPath) return `has no usable length (1 to ${maxPath})`;
  if (path.startsWith('/') || path.includes('\\')) return 'must be relative, with forward slashes';
  if (/\p{Cc}/u.test(path)) return 'has control characters';
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'must not have empty, "." or ".." parts';
  if (parts.some((part) => part.toLowerCase() === '.git')) return 'is inside a git folder';
  return null;
}

export const printable = (path: string): string => path.replace(/\p{Cc}/gu, '?').slice(0, maxPath);

/**
 * The absolute path, once every folder on the way is a real folder below the root: a step may have planted symlinks. With
 * `create`, missing folders are made.
 */
export async function locate(
  root: string,
  path: string,
  options: { readonly create: boolean },
): Promise<Result<string>> {
  const parts = checkPath(path);
  if (!parts.ok) return parts;
  let folder = root;
  for (const part of parts.value.slice(0, -1)) {
    folder = join(folder, part);
    const found = await lstat(folder).catch(() => null);
    if (found === null && options.create) await mkdir(folder);
    else if (found?.isDirectory() !== true)
      return refuse('workspace.path', `There is no folder for "${path}".`);
  }
  const real = relative(await realpath(root), await realpath(folder));
  if (real === '..' || real.startsWith(`..${sep}`))
    return refuse('workspace.path', `"${path}" leaves the workspace.`);
  return ok(join(folder, parts.value.at(-1) ?? ''));
}

/** A file's text; refuses what is no regular UTF-8 file of at most 1 MiB. */
export async function readText(root: string, path: string): Promise<Result<string>> {
  const located = await locate(root, path, { create: false });
  if (!located.ok) return located;
  // Not to follow a planted link, not to wait on a planted pipe.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(located.value, flags).catch(() => null);
  if (file === null) return refuse('workspace.missing', `There is no file "${path}".`);
  try {
    return await textOf(file, path);
  } finally {
    await file.close();
  }
}

async function textOf(file: FileHandle, path: string): Promise<Result<string>> {
  const stat = await file.stat();
  if (!stat.isFile()) return refuse('workspace.missing', `"${path}" is no file.`);
  if (stat.size > maxFileBytes)
    return refuse(
      'workspace.large',
      `"${path}" has ${stat.size} bytes; at most ${maxFileBytes} are read.`,
    );
  const bytes = await file.readFile();
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? refuse('workspace.binary', `"${path}" is binary.`) : ok(text);
  } catch {
    return refuse('workspace.binary', `"${path}" is not UTF-8 text.`);
  }
}

export async function writeText(root: string, path: string, text: string): Promise<Result<null>> {
  if (Buffer.byteLength(text) > maxFileBytes)
    return refuse('workspace.large', `"${path}" would exceed ${maxFileBytes} bytes.`);
  const located = await locate(root, path, { create: true });
  if (!located.ok) return located;
  const existing = await lstat(located.value).catch(() => null);
  if (existing !== null && !existing.isFile())
    return refuse('workspace.path', `"${path}" is there and is no regular file.`);
  const flags =
    constants.O_WRONLY |
    constants.O_CREAT |
    constants.O_TRUNC |
    constants.O_NOFOLLOW |
    constants.O_NONBLOCK;
  const file = await open(located.value, flags);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  return ok(null);
}

const maxEntries = 200_000;

/**
 * Refuses nested repositories, wherever they lie: git would enter them and obey their configuration (`core.fsmonitor` runs a
 * program). Links are not followed.
 */
export async function refuseNestedRepositories(root: string): Promise<Refusal | null> {
  const folders = [''];
  let entries = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      entries += 1;
      if (entries > maxEntries)
        return {
          code: 'workspace.large',
          message: `The workspace holds more than ${maxEntries} files.`,
        };
      if (entry.name.toLowerCase() === '.git')
        return {
          code: 'workspace.nested_repository',
          message: `"${printable(path)}" is a repository inside the workspace; remove it.`,
        };
      if (entry.isDirectory()) folders.push(path);
    }
  }
  return null;
}
