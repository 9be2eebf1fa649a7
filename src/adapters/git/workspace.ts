import { chmod, lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, refuse, refused, type Result } from '../../domain/result.ts';
import type {
  ComparedText,
  OpenWorkspace,
  SearchHit,
  WorkspaceChange,
  WorkspaceHost,
} from '../../ports/workspace.ts';
import { changedFiles, patchBetween } from './diff.ts';
import { fieldsOf, git, GitFault, isBranchName, isObjectName, textOf } from './git.ts';
import { ripgrep } from './ripgrep.ts';
import {
  defaultLimits,
  refuseLarge,
  textsIn,
  tooLarge,
  type WorkspaceLimits,
} from './workspace-limits.ts';
import {
  locate,
  printable,
  readText,
  refuseNestedRepositories,
  writeText,
} from './workspace-paths.ts';

export interface WorkspaceHostOptions {
  /** The mirror's bare repository; commits are made there, outside every workspace. */
  readonly mirror: string;
  /** Folder that holds the workspaces. */
  readonly directory: string;
  readonly limits?: WorkspaceLimits | undefined;
}

const runName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;

export function createWorkspaceHost(options: WorkspaceHostOptions): WorkspaceHost {
  return {
    async open({ run, sha, branch }) {
      if (!runName.test(run)) return refuse('workspace.run', `"${run}" is no name for a run.`);
      if (!isObjectName(sha) || !isBranchName(branch))
        return refuse('workspace.base', `"${sha}" on "${branch}" is no commit on a branch.`);
      const limits = options.limits ?? defaultLimits;
      const large = await tooLarge(options.mirror, sha, limits);
      if (large !== null) return refused(large);
      const folder = join(options.directory, run);
      const workspace = new GitWorkspace({
        mirror: options.mirror,
        folder,
        run,
        base: sha,
        limits,
      });
      const out = await workspace.checkOut();
      return out.ok ? ok(workspace) : out;
    },
  };
}

/**
 * A checkout whose repository lies elsewhere: git is always given `--git-dir` and `--work-tree`, so that nothing a step writes
 * into the workspace configures it.
 */
class GitWorkspace implements OpenWorkspace {
  readonly root: string;
  private readonly mirror: string;
  private readonly folder: string;
  private readonly run: string;
  private readonly base: string;
  private readonly limits: WorkspaceLimits;
  /** Of what the index holds; null until it was written once. */
  private lastTree: string | null = null;

  constructor(
    given: Readonly<Record<'mirror' | 'folder' | 'run' | 'base', string>> & {
      readonly limits: WorkspaceLimits;
    },
  ) {
    this.mirror = given.mirror;
    this.folder = given.folder;
    this.run = given.run;
    this.base = given.base;
    this.limits = given.limits;
    this.root = join(given.folder, 'tree');
  }

  async checkOut(): Promise<Result<null>> {
    // A run that died left its folder; a run is repeated from the start.
    await this.dispose();
    await mkdir(this.root, { recursive: true });
    try {
      await this.git(['read-tree', this.base]);
      // With what `stat` says of each, or git would read every file again whenever it looks for changes.
      await this.git(['checkout-index', '--all', '--force', '--index']);
      return ok(null);
    } catch (error) {
      if (!(error instanceof GitFault) || error.exit_code === null) throw error;
      await this.dispose();
      // A tree that git itself takes for hostile, such as one with a file `.git/config`.
      return refuse(
        'workspace.tree',
        `git does not check out ${this.base.slice(0, 12)}: ${error.message}. Mend the files it names on the default branch.`,
      );
    }
  }

  async list(prefix: string): Promise<Result<readonly string[]>> {
    const nested = await refuseNestedRepositories(this.root);
    if (nested) return refused(nested);
    const listed = fieldsOf(
      await this.git(['ls-files', '-z', '--cached', '--others', '--exclude-standard']),
    );
    const wanted = [...new Set(listed)].filter((path) => path.startsWith(prefix)).sort();
    const present = await Promise.all(wanted.map((path) => isFile(join(this.root, path))));
    return ok(wanted.filter((_, index) => present[index]).map(printable));
  }

  async search(text: string, limit: number): Promise<Result<readonly SearchHit[]>> {
    if (text === '' || /[\r\n\0]/.test(text))
      return refuse('workspace.search', 'Search for a part of one line.');
    const found = await ripgrep(this.root, text);
    return found === null
      ? this.searchOneByOne(text, limit)
      : ok(found.slice(0, limit).map((hit) => ({ ...hit, path: printable(hit.path) })));
  }

  /** Where no ripgrep is. */
  private async searchOneByOne(text: string, limit: number) {
    const files = await this.list('');
    if (!files.ok) return files;
    const hits: SearchHit[] = [];
    for (const path of files.value) {
      const content = await readText(this.root, path);
      if (!content.ok) continue;
      for (const [index, line] of content.value.split('\n').entries()) {
        if (line.includes(text)) hits.push({ path, line: index + 1, text: line.slice(0, 300) });
        if (hits.length >= limit) return ok(hits);
      }
    }
    return ok(hits);
  }

  async read(path: string, from: number, to: number) {
    const content = await readText(this.root, path);
    if (!content.ok) return content;
    const lines = content.value.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const first = Math.max(1, from);
    const last = Math.min(lines.length, to);
    return ok({
      from: first,
      to: last,
      total_lines: lines.length,
      text: lines.slice(first - 1, last).join('\n'),
    });
  }

  async replaceOnce(path: string, before: string, after: string): Promise<Result<null>> {
    const content = await readText(this.root, path);
    if (!content.ok) return content;
    const times = before === '' ? 0 : content.value.split(before).length - 1;
    if (times !== 1)
      return refuse(
        'workspace.replace',
        times === 0
          ? `The text to replace is not in "${path}". Read the file and copy it exactly, white space included.`
          : `The text to replace stands ${times} times in "${path}". Give more of its surroundings.`,
      );
    // A function, since a string would have its `$&` read as patterns.
    return writeText(
      this.root,
      path,
      content.value.replace(before, () => after),
    );
  }

  write(path: string, text: string): Promise<Result<null>> {
    return writeText(this.root, path, text);
  }

  async remove(path: string): Promise<Result<null>> {
    const located = await locate(this.root, path, { create: false });
    if (!located.ok) return located;
    if (!(await isFile(located.value)))
      return refuse('workspace.missing', `There is no file "${path}".`);
    await rm(located.value);
    return ok(null);
  }

  async changes(): Promise<Result<readonly WorkspaceChange[]>> {
    const tree = await this.tree();
    return tree.ok ? this.changesIn(tree.value) : tree;
  }

  private async changesIn(tree: string): Promise<Result<readonly WorkspaceChange[]>> {
    const files = await changedFiles(this.mirror, this.base, tree);
    const odd = files.filter(
      (file) =>
        file.status === 'type_changed' ||
        !['100644', '100755', '000000'].includes(file.new_mode) ||
        /[\p{Cc}\uFFFD]/u.test(file.path),
    );
    if (odd.length > 0)
      return refuse(
        'workspace.odd_files',
        `Only regular files with plain names can be proposed: ${odd.map((file) => `"${printable(file.path)}" (mode ${file.new_mode})`).join(', ')}.`,
      );
    return ok(
      files.map(({ path, status, additions, deletions, binary }) => ({
        path,
        status: status === 'type_changed' ? 'modified' : status,
        additions,
        deletions,
        binary,
      })),
    );
  }

  async patch(): Promise<Result<string>> {
    const tree = await this.tree();
    if (!tree.ok) return tree;
    return ok((await patchBetween(this.mirror, this.base, tree.value)).toString('utf8'));
  }

  async compare(paths: readonly string[]): Promise<Result<ReadonlyMap<string, ComparedText>>> {
    const tree = await this.tree();
    if (!tree.ok) return tree;
    const [before, after] = await Promise.all(
      [this.base, tree.value].map((side) => textsIn(this.mirror, side, paths)),
    );
    const texts = new Map<string, ComparedText>();
    for (const path of paths) {
      const sides = { before: before?.get(path) ?? null, after: after?.get(path) ?? null };
      if (sides.before !== null || sides.after !== null) texts.set(path, sides);
    }
    return ok(texts);
  }

  async commit(input: Parameters<OpenWorkspace['commit']>[0]): Promise<Result<string>> {
    const tree = await this.tree();
    if (!tree.ok) return tree;
    const changes = await this.changesIn(tree.value);
    if (!changes.ok) return changes;
    if (changes.value.length === 0) return refuse('workspace.empty', 'Nothing was changed.');
    const { author, at } = input;
    const made = await git(
      [`--git-dir=${this.mirror}`, 'commit-tree', tree.value, '-p', this.base],
      {
        input: input.message,
        env: {
          GIT_AUTHOR_NAME: author.name,
          GIT_AUTHOR_EMAIL: author.email,
          GIT_AUTHOR_DATE: at,
          GIT_COMMITTER_NAME: author.name,
          GIT_COMMITTER_EMAIL: author.email,
          GIT_COMMITTER_DATE: at,
        },
      },
    );
    const sha = textOf(made).trim();
    await git([`--git-dir=${this.mirror}`, 'update-ref', `refs/assent/runs/${this.run}`, sha]);
    return ok(sha);
  }

  /** A step may have taken its own folders' permissions away; without them nothing below can be removed. */
  async dispose(): Promise<void> {
    await restoreModes(this.folder);
    await rm(this.folder, { recursive: true, force: true });
    // What stays would be read by the next run of that name as its own.
    if ((await lstat(this.folder).catch(() => null)) !== null) {
      throw new Error(`${this.folder} could not be removed`);
    }
  }

  /** The workspace as a tree object in the mirror. */
  private async tree(): Promise<Result<string>> {
    const nested = await refuseNestedRepositories(this.root);
    if (nested) return refused(nested);
    // Before git reads them: a sparse file of some gigabytes is nothing on disk and minutes of hashing.
    const touched = await this.git([
      'ls-files',
      '-z',
      '--others',
      '--modified',
      '--exclude-standard',
    ]);
    const paths = fieldsOf(touched);
    // What differs from the index is what changed since the tree was made: an agent's gates ask several times in a row.
    if (paths.length === 0 && this.lastTree !== null) return ok(this.lastTree);
    const large = await refuseLarge(this.root, paths, this.limits);
    if (large) return refused(large);
    await this.git(['add', '--all', '.']);
    this.lastTree = textOf(await this.git(['write-tree'])).trim();
    return ok(this.lastTree);
  }

  private git(args: readonly string[]) {
    return git(['-C', this.root, `--git-dir=${this.mirror}`, `--work-tree=${this.root}`, ...args], {
      env: { GIT_INDEX_FILE: join(this.folder, 'index') },
    });
  }
}

const isFile = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => null))?.isFile() === true;

async function restoreModes(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => null);
  if (found?.isDirectory() !== true) return;
  await chmod(folder, 0o700);
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await restoreModes(join(folder, entry.name));
}
