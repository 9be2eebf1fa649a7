import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Socket } from 'node:net';
import { GitFault, startGit } from './git.ts';

export interface GitObject {
  readonly oid: string;
  readonly type: 'blob' | 'tree' | 'commit' | 'tag';
  readonly content: Buffer;
}

/** `mode` as trees have it: `100644`, `100755`, `120000` a link, `40000` a folder, `160000` a submodule. */
export interface TreeEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

interface Waiting {
  readonly resolve: (object: GitObject | null) => void;
  readonly reject: (cause: GitFault) => void;
}

/** Whoever reads once reads again soon; then the process is let go. */
const IDLE_MS = 5_000;

/** Git answers from the disk: what takes longer does not come. */
const STUCK_MS = 120_000;

const LARGEST_BYTES = 256 * 1024 * 1024;

/**
 * The objects of a repository, through one `git cat-file --batch` that stays open while it is asked: to start a process stands a
 * large program still for some milliseconds, and what rules, roadmap and history say took two for each file.
 */
class ObjectReader {
  readonly #directory: string;
  #child: ChildProcessWithoutNullStreams | null = null;
  #unread: Buffer[] = [];
  /** Bytes that have to be there before there is anything to take. */
  #wanted = 0;
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Null where there is none. `name`: of an object, or a revision of one line that ends at the object wanted. */
  read(name: string): Promise<GitObject | null> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      const child = this.#open();
      this.#watch(child);
      child.stdin.write(`${name}\n`);
    });
  }

  /** Null where there is no such commit, nor tree. */
  async tree(revision: string): Promise<readonly TreeEntry[] | null> {
    const tree = await this.read(`${revision}^{tree}`);
    return tree === null ? null : entriesOf(tree);
  }

  #open(): ChildProcessWithoutNullStreams {
    if (this.#child !== null) return this.#child;
    const child = startGit(this.#directory, ['cat-file', '--batch']);
    child.stdin.on('error', () => undefined);
    child.stderr.resume();
    child.stdout.on('data', (chunk: Buffer) => {
      this.#unread.push(chunk);
      this.#wanted -= chunk.length;
      if (this.#wanted <= 0) this.#take(child);
    });
    child.on('error', (cause) => this.#lose(child, cause.message));
    child.on('close', () => this.#lose(child, 'it ended'));
    this.#child = child;
    return child;
  }

  /** A process that nobody waits for keeps no program from ending. */
  #watch(child: ChildProcessWithoutNullStreams): void {
    const isIdle = this.#waiting.length === 0;
    for (const handle of [child, child.stdin, child.stdout, child.stderr]) {
      if (handle !== child && !(handle instanceof Socket)) continue;
      if (isIdle) handle.unref();
      else handle.ref();
    }
    if (this.#timer !== null) clearTimeout(this.#timer);
    const end = () => (isIdle ? this.#letGo(child) : child.kill('SIGKILL'));
    this.#timer = setTimeout(end, isIdle ? IDLE_MS : STUCK_MS).unref();
  }

  #letGo(child: ChildProcessWithoutNullStreams): void {
    if (this.#child === child) this.#child = null;
    this.#unread = [];
    this.#wanted = 0;
    child.stdin.end();
  }

  #lose(child: ChildProcessWithoutNullStreams, reason: string): void {
    if (this.#child !== child) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#letGo(child);
    const lost = this.#waiting;
    this.#waiting = [];
    for (const { reject } of lost) reject(new GitFault('cat-file', null, reason));
  }

  #take(child: ChildProcessWithoutNullStreams): void {
    let unread = Buffer.concat(this.#unread);
    this.#wanted = 1;
    for (let end = unread.indexOf(10); end >= 0; end = unread.indexOf(10)) {
      const head = unread.toString('utf8', 0, end);
      const [, oid = '', type = '', bytes = ''] =
        /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(head) ?? [];
      if (Number(bytes) > LARGEST_BYTES) {
        child.kill('SIGKILL');
        return;
      }
      const after = oid === '' ? end + 1 : end + 1 + Number(bytes) + 1;
      this.#wanted = after - unread.length;
      if (this.#wanted > 0) break;
      const content = Buffer.from(unread.subarray(end + 1, Math.max(end + 1, after - 1)));
      unread = unread.subarray(after);
      const found = oid === '' ? null : { oid, type: type as GitObject['type'], content };
      this.#waiting.shift()?.resolve(found);
    }
    this.#unread = unread.length === 0 ? [] : [unread];
    this.#wanted = Math.max(1, this.#wanted);
    this.#watch(child);
  }
}

export type Objects = Pick<ObjectReader, 'read' | 'tree'>;

const readers = new Map<string, ObjectReader>();

/** One reader a repository, whoever asks. */
export function objectsOf(gitDirectory: string): Objects {
  const reader = readers.get(gitDirectory) ?? new ObjectReader(gitDirectory);
  readers.set(gitDirectory, reader);
  return reader;
}

function entriesOf({ oid, content }: GitObject): readonly TreeEntry[] {
  const width = oid.length / 2;
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(32, at);
    const zero = content.indexOf(0, space);
    entries.push({
      mode: content.toString('latin1', at, space),
      name: content.toString('utf8', space + 1, zero),
      oid: content.toString('hex', zero + 1, zero + 1 + width),
    });
    at = zero + 1 + width;
  }
  return entries;
}

/** What stands at a path; null where nothing does. Throws a `GitFault` where the revision itself is not here. */
export async function entryAt(
  objects: Objects,
  revision: string,
  path: string,
): Promise<TreeEntry | null> {
  let tree = await treeAt(objects, revision);
  const names = path.split('/');
  for (const [index, name] of names.entries()) {
    const entry = tree.find((one) => one.name === name);
    if (entry === undefined || index === names.length - 1) return entry ?? null;
    if (!isFolder(entry)) return null;
    tree = await treeAt(objects, entry.oid);
  }
  return null;
}

export const isFolder = ({ mode }: TreeEntry): boolean => mode === '40000';

/** A symlink's content is a path of whoever wrote it: for a reader of files it is no file. */
export const isPlainFile = ({ mode }: TreeEntry): boolean => /^100(?:644|755)$/.test(mode);

export async function treeAt(objects: Objects, revision: string): Promise<readonly TreeEntry[]> {
  const tree = await objects.tree(revision);
  if (tree === null) throw new GitFault('cat-file', null, `not a tree object: ${revision}`);
  return tree;
}

export async function textOfBlob(objects: Objects, oid: string): Promise<string> {
  const blob = await objects.read(oid);
  if (blob?.type !== 'blob') throw new GitFault('cat-file', null, `not a blob: ${oid}`);
  return blob.content.toString('utf8');
}
