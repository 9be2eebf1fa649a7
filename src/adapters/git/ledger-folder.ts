import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open, readdir, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { parseHeadTrailer } from '../../domain/ledger/commit-message.ts';
import { HISTORY_FOLDER } from '../../domain/ledger/segments.ts';
import type { CommitAnchors, LedgerFolder } from '../../ports/ledger-folder.ts';
import { GitFault } from './git.ts';
import { repositoryAt } from './repository.ts';
import { LEDGER_PATHS, readBlobs } from './tree.ts';

const CHUNK_BYTES = 65_536;

/** Files beside the history are held whole; far beyond any real one, and far below the memory of a machine. */
const SMALL_FILE_BYTES = 64 * 1024 * 1024;

/** A file of the ledger is too large to be one. */
class LedgerFileTooLargeError extends Error {
  readonly path: string;

  constructor(path: string, bytes: number) {
    super(`${path} has ${bytes} bytes; at most ${SMALL_FILE_BYTES} are read`);
    this.name = 'LedgerFileTooLargeError';
    this.path = path;
  }
}

/** A folder on this machine that may hold `.ai_metadata/`; of any origin, so no link in it is followed. */
export const createLedgerFolder = (root: string): LedgerFolder => {
  const spare: Buffer[] = [];
  return {
    history: () => listHistory(root),
    chunks: (path) => readChunks(root, path, spare),
    bytes: (path) => readSmall(root, path),
    commitAnchors: () => readCommitAnchors(join(root, '.git')),
  };
};

const listHistory = async (root: string): ReturnType<LedgerFolder['history']> => {
  if (!(await isPlainFolder(join(root, '.ai_metadata')))) return null;
  const folder = join(root, HISTORY_FOLDER);
  if (!(await isPlainFolder(folder))) return null;
  const entries = await readdir(folder, { withFileTypes: true });
  return entries
    .map((entry) => ({ name: entry.name, file: entry.isFile() }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
};

const isPlainFolder = async (path: string): Promise<boolean> => {
  const found = await unlessAbsent(lstat(path));
  return found?.isDirectory() === true;
};

/**
 * Asks the system directly: a history is a thousand files of one chunk each, and going through the thread pool for each of the
 * five calls a file takes is most of the time of a verification. One call holds up nobody for long. A buffer is used again for the next
 * file: a new one for each makes the collector go over the whole heap. It is a `Buffer`, in which a newline is found several times as
 * fast as in an array.
 */
async function* readChunks(
  root: string,
  path: string,
  spare: Buffer[],
): AsyncGenerator<Uint8Array> {
  const file = openPlainSync(join(root, path));
  if (file === null) return;
  const buffer = spare.pop() ?? Buffer.alloc(CHUNK_BYTES);
  try {
    for (;;) {
      const bytesRead = readSync(file, buffer);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    spare.push(buffer);
    closeSync(file);
  }
}

const openPlainSync = (path: string): number | null => {
  try {
    const file = openSync(path, PLAIN);
    if (fstatSync(file).isFile()) return file;
    closeSync(file);
    return null;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
};

const readSmall = async (root: string, path: string): Promise<Uint8Array | null> => {
  // A link in place of the folder would lead out of the root as well as one in place of the file.
  if (path.startsWith('.ai_metadata/') && !(await isPlainFolder(join(root, '.ai_metadata')))) {
    return null;
  }
  const file = await openPlain(join(root, path));
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    if (size > SMALL_FILE_BYTES) throw new LedgerFileTooLargeError(path, size);
    return await readFile(file);
  } finally {
    await file.close();
  }
};

/** Null for what is not there, and for what is a link, a folder or a device: no file of a ledger. */
const openPlain = async (path: string): Promise<FileHandle | null> => {
  const file = await unlessAbsent(open(path, PLAIN));
  if (file === null) return null;
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return null;
};

/** No link is followed, and a pipe does not make the reader wait. */
const PLAIN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const absent: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO']);

const unlessAbsent = async <T>(found: Promise<T>): Promise<T | null> => {
  try {
    return await found;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
};

const isAbsence = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && absent.has(error.code);

/**
 * The heads that the commits of a repository recorded, each of which the history must pass through: so no commit shortened
 * or rewrote what another had written. By plumbing alone, since `git log` obeys configuration that can name programs.
 */
const readCommitAnchors = async (
  gitDirectory: string,
  revision = 'HEAD',
): Promise<CommitAnchors> => {
  if ((await unlessAbsent(lstat(gitDirectory))) === null) return none(null);
  const format = '--format=tformat:%H %(trailers:key=Assent-Head,valueonly,separator=%x2C)';
  const range = [revision, '--', '.ai_metadata'];
  try {
    const git = repositoryAt(gitDirectory);
    const log = await git.text(['rev-list', '--first-parent', format, ...range]);
    return anchorsOf(log.split('\n').filter((line) => line !== '' && !line.startsWith('commit ')));
  } catch (error) {
    if (error instanceof GitFault) return none(error.message);
    throw error;
  }
};

const none = (problem: string | null): CommitAnchors => ({ anchors: [], foreign: [], problem });

const anchorsOf = (lines: readonly string[]): CommitAnchors => {
  const foreign: string[] = [];
  const anchors: CommitAnchors['anchors'][number][] = [];
  for (const line of lines) {
    const [oid = '', ...rest] = line.split(' ');
    const head = parseHeadTrailer(rest.join(' '));
    if (head === null) foreign.push(oid);
    else anchors.push({ ...head, source: `commit ${oid.slice(0, 12)}`, commit: oid });
  }
  return { anchors, foreign, problem: null };
};

/** The branches a bare repository may keep its ledger on, tried in turn. */
const bareRevisions = ['refs/heads/assent/ledger', 'HEAD'];

/** The ledger in a bare repository, with what its commits say; null where the folder is no bare repository. */
export const readBareLedger = async (
  root: string,
): Promise<{
  readonly files: ReadonlyMap<string, string>;
  readonly commits: CommitAnchors;
} | null> => {
  const isBare =
    (await isPlainFolder(join(root, 'objects'))) &&
    (await isPlainFolder(join(root, 'refs'))) &&
    !(await isPlainFolder(join(root, '.ai_metadata')));
  if (!isBare) return null;
  const git = repositoryAt(root);
  for (const revision of bareRevisions) {
    const oid = await git.text(['rev-parse', '--verify', '--quiet', revision], { allow: [1, 128] });
    if (oid === '') continue;
    const files = await readBlobs(git, oid, LEDGER_PATHS);
    return { files, commits: await readCommitAnchors(root, oid) };
  }
  return null;
};
