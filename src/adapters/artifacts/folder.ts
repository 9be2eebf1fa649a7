import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, refuse } from '../../domain/result.ts';
import type { Artifacts } from '../../ports/artifacts.ts';
import type { Artifact } from '../../ports/sandbox.ts';

export interface ArtifactLimits {
  /** In bytes: of a file, of all that is kept at once, and of the store, which forgets what was longest not asked for. */
  readonly file: number;
  readonly together: number;
  readonly store: number;
  /** Of files in one keeping, folders walked. */
  readonly files: number;
}

const MiB = 2 ** 20;

const usualLimits: ArtifactLimits = {
  file: 32 * MiB,
  together: 128 * MiB,
  store: 1024 * MiB,
  files: 1000,
};

/** Keeps artifacts in a folder, each under its SHA-256. */
export function createArtifactFolder(
  folder: string,
  limits: ArtifactLimits = usualLimits,
): Artifacts {
  return {
    async keep(root, paths) {
      await mkdir(folder, { recursive: true });
      const kept: Artifact[] = [];
      const refused: string[] = [];
      let room = limits.together;
      const found = await findFiles(root, paths, limits.files);
      refused.push(...found.refused);
      for (const path of found.files) {
        const stored = await store(folder, root, path, Math.min(limits.file, room));
        if (typeof stored === 'string') refused.push(`${path}: ${stored}`);
        else {
          kept.push(stored);
          room -= stored.bytes;
        }
      }
      await forgetOldest(folder, limits.store, new Set(kept.map(({ sha256 }) => sha256)));
      return { kept, refused };
    },
    async read(sha256) {
      if (!isDigest(sha256)) return refuse('artifacts.missing', `"${sha256}" is no SHA-256`);
      const path = join(folder, sha256);
      const bytes = await readFile(path).catch(nullWhereAbsent);
      if (bytes === null)
        return refuse('artifacts.missing', `${sha256} is not kept, or not any more`);
      if (digestOf(bytes) !== sha256) {
        await rm(path, { force: true });
        return refuse('artifacts.damaged', `what was kept as ${sha256} is something else by now`);
      }
      const now = new Date();
      await utimes(path, now, now);
      return ok(bytes);
    },
  };
}

const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Plain files by path, in order; a folder stands for all that is in it. */
async function findFiles(
  root: string,
  paths: readonly string[],
  most: number,
): Promise<{ readonly files: readonly string[]; readonly refused: readonly string[] }> {
  const files: string[] = [];
  const refused: string[] = [];
  const visit = async (path: string): Promise<void> => {
    if (files.length >= most) return;
    const fault = pathFault(path) ?? (await linkOnTheWay(root, path));
    const entry = fault === null ? await lstat(join(root, path)).catch(() => null) : null;
    if (fault !== null) refused.push(`${printable(path)}: ${fault}`);
    else if (entry === null) refused.push(`${path}: there is no such file`);
    else if (entry.isFile()) files.push(path);
    else if (!entry.isDirectory()) refused.push(`${path}: only plain files are kept`);
    else {
      const names = await readdir(join(root, path)).catch(() => null);
      if (names === null) refused.push(`${path}: the folder is closed`);
      for (const name of (names ?? []).toSorted()) await visit(`${path}/${name}`);
    }
  };
  for (const path of paths) await visit(path.replace(/\/+$/, ''));
  if (files.length >= most) refused.push(`more than ${most} files: the rest was left`);
  return { files: [...new Set(files)], refused };
}

function pathFault(path: string): string | null {
  if (path === '' || path.startsWith('/')) return 'name it from the workspace';
  if (/[\p{Cc}\\]/u.test(path)) return 'its name has characters that no file should have';
  const parts = path.split('/');
  return parts.includes('..') || parts.includes('.') || parts.includes('')
    ? 'it must be a plain path inside the workspace'
    : null;
}

const printable = (path: string): string => JSON.stringify(path).slice(1, -1).slice(0, 200);

/** A link anywhere on the way leads where it likes. */
async function linkOnTheWay(root: string, path: string): Promise<string | null> {
  const parts = path.split('/');
  for (const [index] of parts.entries()) {
    const part = parts.slice(0, index + 1).join('/');
    const entry = await lstat(join(root, part)).catch(() => null);
    if (entry?.isSymbolicLink() === true) return `${part} is a link, and those are not followed`;
  }
  return null;
}

/** What it holds by its hash, or why it was not kept. */
async function store(
  folder: string,
  root: string,
  path: string,
  room: number,
): Promise<Artifact | string> {
  // What became a link or a pipe since it was looked at is neither followed nor waited for.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(join(root, path), flags).catch(() => null);
  if (file === null) return 'it cannot be read';
  try {
    const { size } = await file.stat();
    if (size > room) return `${size} bytes are more than may be kept (${room})`;
    const bytes = await file.readFile();
    if (bytes.length > room) return `it grew beyond what may be kept (${room})`;
    const sha256 = digestOf(bytes);
    await writeWhole(join(folder, sha256), bytes);
    return { path, sha256, bytes: bytes.length };
  } finally {
    await file.close();
  }
}

/** A name stands for whole contents, or is not there. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const draft = `${path}.${randomUUID()}.part`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
}

async function forgetOldest(
  folder: string,
  most: number,
  spared: ReadonlySet<string>,
): Promise<void> {
  const names = await readdir(folder);
  const entries = await Promise.all(
    names.map(async (name) => ({ name, ...(await sizeAndTime(join(folder, name))) })),
  );
  let held = entries.reduce((sum, { size }) => sum + size, 0);
  for (const { name, size } of entries.toSorted((a, b) => a.time - b.time)) {
    if (held <= most) return;
    if (spared.has(name)) continue;
    await rm(join(folder, name), { force: true });
    held -= size;
  }
}

const sizeAndTime = async (path: string): Promise<{ size: number; time: number }> => {
  const entry = await lstat(path).catch(() => null);
  return { size: entry?.size ?? 0, time: entry?.mtimeMs ?? 0 };
};

/** A disk that fails is no artifact that was forgotten. */
function nullWhereAbsent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
