import { Ancestry } from './ancestry.ts';
import { ObjectReader, writeObject } from './objects.ts';
import type { GitObject, ObjectType } from './objects.ts';
import { readLooseRef, readRefFiles } from './ref-files.ts';
import { RefWriter } from './ref-writer.ts';
import { gitText, runGit } from './run.ts';
import type { GitRun } from './run.ts';
import { parseCommit, serializeCommit } from './commit.ts';
import type { Commit } from './commit.ts';
import { parseTree } from './tree.ts';
import type { TreeEntry } from './tree.ts';

export const zeroSha = '0'.repeat(40);

export interface RefUpdate {
  readonly ref: string;
  /** Null creates: the ref must not exist. */
  readonly before: string | null;
  /** Null deletes. */
  readonly after: string | null;
}

export type MergeTrial =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly conflicts: readonly string[] };

/** A bare repository on disk. */
export class GitRepository {
  readonly directory: string;
  readonly #objects: ObjectReader;
  readonly #refs: RefWriter;
  readonly #ancestry = new Ancestry((sha) => this.commit(sha));
  /** What git itself was asked of ancestors. */
  readonly #asked = new Map<string, boolean>();
  readonly #merges = new Map<string, Promise<MergeTrial>>();

  constructor(directory: string) {
    this.directory = directory;
    this.#objects = new ObjectReader(directory);
    this.#refs = new RefWriter(directory);
  }

  run(args: readonly string[], options: Parameters<typeof runGit>[2] = {}): Promise<GitRun> {
    return runGit(this.directory, args, options);
  }

  text(args: readonly string[], options: Parameters<typeof runGit>[2] = {}): Promise<string> {
    return gitText(this.directory, args, options);
  }

  close(): void {
    this.#objects.close();
    this.#refs.close();
  }

  object(revision: string): Promise<GitObject | null> {
    return this.#objects.read(revision);
  }

  write(type: ObjectType, content: Buffer): Promise<string> {
    return writeObject(this.directory, type, content);
  }

  /** The commit a revision names, or null. A branch by its short name is not enough: write `refs/heads/…`. */
  async commit(revision: string): Promise<Commit | null> {
    const object = await this.object(`${revision}^{commit}`);
    return object?.type === 'commit' ? parseCommit(object.sha, object.content) : null;
  }

  async requireCommit(revision: string): Promise<Commit> {
    const commit = await this.commit(revision);
    if (commit === null) throw new Error(`${this.directory} has no commit ${revision}`);
    return commit;
  }

  writeCommit(commit: Omit<Commit, 'sha'>): Promise<string> {
    return this.write('commit', serializeCommit(commit));
  }

  async tree(revision: string): Promise<TreeEntry[]> {
    const object = await this.object(`${revision}^{tree}`);
    return object?.type === 'tree' ? parseTree(object.content) : [];
  }

  /** The sha a full ref points to, or null. */
  async ref(name: string): Promise<string | null> {
    if (!name.startsWith('refs/') || !isSafeRefName(name)) return null;
    return readLooseRef(this.directory, name) ?? (await this.object(name))?.sha ?? null;
  }

  branch(name: string): Promise<string | null> {
    return this.ref(`refs/heads/${name}`);
  }

  /** Full ref names with what they point to, in order of name. */
  async refs(...patterns: string[]): Promise<Map<string, string>> {
    const files = await readRefFiles(this.directory);
    if (files !== null) {
      const under = (ref: string) =>
        patterns.some((one) => ref === one || ref.startsWith(`${one}/`));
      return new Map([...files].filter(([ref]) => patterns.length === 0 || under(ref)));
    }
    const lines = await this.text([
      'for-each-ref',
      '--format=%(objectname) %(refname)',
      ...patterns,
    ]);
    const entries = lines.split('\n').filter((line) => line !== '');
    return new Map(entries.map((line) => [line.slice(41), line.slice(0, 40)]));
  }

  /** Compare-and-swap by git itself, all or nothing; false if a ref was not where it was said to be. */
  async updateRefs(updates: readonly RefUpdate[]): Promise<boolean> {
    const commands = updates.map(({ ref, before, after }) => {
      if (after === null) return `delete ${ref} ${before ?? ''}`.trim();
      return before === null ? `create ${ref} ${after}` : `update ${ref} ${after} ${before}`;
    });
    return this.#refs.commit(commands);
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    const key = `${ancestor} ${descendant}`;
    const known = this.#asked.get(key) ?? (await this.#ancestry.isAncestor(ancestor, descendant));
    if (known !== undefined) return known;
    const run = await this.run(['merge-base', '--is-ancestor', ancestor, descendant], {
      accept: [0, 1, 128],
    });
    this.#asked.set(key, run.code === 0);
    return run.code === 0;
  }

  async mergeBase(a: string, b: string): Promise<string | null> {
    const known = await this.#ancestry.mergeBase(a, b);
    if (known !== undefined) return known;
    const run = await this.run(['merge-base', a, b], { accept: [0, 1, 128] });
    return run.code === 0 ? run.stdout.toString().trim() : null;
  }

  /** `include` without what `exclude` reaches, newest first. */
  async revisions(include: string, exclude: readonly string[], limit?: number): Promise<string[]> {
    const commit = exclude.length === 1 ? await this.commit(include) : null;
    if (commit !== null && commit.parents.length === 1 && commit.parents[0] === exclude[0])
      return [commit.sha];
    const known = await this.#ancestry.revisions(include, exclude, limit);
    if (known !== undefined) return known;
    const count = limit === undefined ? [] : [`--max-count=${limit}`];
    const lines = await this.text([
      'rev-list',
      ...count,
      include,
      ...exclude.map((sha) => `^${sha}`),
    ]);
    return lines.split('\n').filter((line) => line !== '');
  }

  /** A three-way merge that touches no ref. */
  tryMerge(base: string, head: string): Promise<MergeTrial> {
    const key = `${base} ${head}`;
    const trial = this.#merges.get(key) ?? this.#merge(base, head);
    this.#merges.set(key, trial);
    // A fault of the moment must not be the answer for good.
    trial.catch(() => this.#merges.delete(key));
    return trial;
  }

  async #merge(base: string, head: string): Promise<MergeTrial> {
    // Where one side holds the other there is nothing to join.
    const common = await this.mergeBase(base, head);
    if (common === base || common === head) {
      const ahead = await this.requireCommit(common === base ? head : base);
      return { clean: true, tree: ahead.tree };
    }
    const run = await this.run(
      ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', base, head],
      { accept: [0, 1] },
    );
    const [tree = '', ...conflicts] = run.stdout
      .toString()
      .split('\0')
      .filter((part) => part !== '');
    return run.code === 0 ? { clean: true, tree } : { clean: false, conflicts };
  }
}

/** Those of git-check-ref-format's rules that matter for a name from outside. */
export function isSafeRefName(name: string): boolean {
  return (
    !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/$|\.$|^\/|^-/.test(name) &&
    name.split('/').every((part) => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}
