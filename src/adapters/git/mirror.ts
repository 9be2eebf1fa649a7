import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ok, refuse } from '../../domain/result.ts';
import type { CommitFacts, RepositoryFiles } from '../../ports/repository-files.ts';
import { changedFiles, hashOfPatch, patchBetween, patchOfPaths } from './diff.ts';
import { createFetching, type FetchOptions } from './fetching.ts';
import type { GitOutput } from './git.ts';
import { reach, type Remote } from './remote.ts';
import { fieldsOf, git, GitFault, isBranchName, isObjectName, textOf } from './git.ts';
import { isLasting, kept, keptAt, onceTrue } from './kept.ts';
import { entryAt, isPlainFile, objectsOf, textOfBlob } from './objects.ts';
import { isHere, pushedChange } from './pushes.ts';

/** The code host's git side could not be reached or refused us; not about what we asked for. */
export class MirrorFault extends Error {
  readonly operation: 'fetch' | 'push';

  constructor(operation: 'fetch' | 'push', message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'MirrorFault';
    this.operation = operation;
  }
}

export interface MirrorOptions {
  /** The bare repository's folder, made where absent; never inside a workspace. */
  readonly directory: string;
  /** Asked before each contact: tokens are short-lived. */
  readonly remote: Remote;
}

/** Every commit an agent may propose lies below this; anything else is somebody else's branch. */
const ownPrefix = 'assent/';

export interface Mirror extends RepositoryFiles {
  /** All of it, or without what a branch leads to. */
  fetch(options?: FetchOptions): Promise<void>;
}

export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const { directory } = options;
  if (!existsSync(`${directory}/HEAD`)) {
    await mkdir(dirname(directory), { recursive: true });
    await git(['init', '--quiet', '--bare', '--template=', '--initial-branch=main', directory]);
  }
  const local = (args: readonly string[], allow: readonly number[] = []) =>
    git([`--git-dir=${directory}`, ...args], { allow });

  const mergeBase = kept(async (a, b) => {
    const found = await local(['merge-base', revision(a), revision(b)], [1]);
    return found.code === 0 ? textOf(found).trim() : null;
  });
  const objects = objectsOf(directory);
  const here = onceTrue((rev) => isHere(objects, rev));
  /** A pull request shows what its branch did since it left the base; unrelated histories show everything. */
  const from = async (base: string, head: string) => (await mergeBase(base, head)) ?? base;

  const remote = createFetching({ directory, remote: options.remote, local });
  const fetch = (asked?: FetchOptions) => remote.fetch(asked).catch(failed('fetch'));

  return {
    fetch,
    mergeBase,
    async head(branch) {
      return isBranchName(branch) ? remote.head(branch) : null;
    },
    readFile: keptAt(async (rev, path) => {
      const entry = await entryAt(objects, revision(rev), path);
      return entry !== null && isPlainFile(entry) ? textOfBlob(objects, entry.oid) : null;
    }),
    listFiles: keptAt(async (rev, prefix) => {
      const files = fieldsOf(await local(['ls-tree', '-r', '-z', '--name-only', revision(rev)]));
      return files.filter((path) => path.startsWith(prefix)).sort();
    }),
    async isMentioned(rev, word) {
      const asked = [
        'grep',
        '--files-with-matches',
        '-z',
        '-I',
        '--word-regexp',
        '--fixed-strings',
      ];
      const found = fieldsOf(await local([...asked, '-e', word, revision(rev), '--'], [1]));
      // Each is `REV:PATH`. Paths are never patterns here, so documents are told apart afterwards.
      return found.some((place) => !/\.(?:md|mdx|markdown)$/i.test(place));
    },
    changedFiles: kept(async (base, head) =>
      changedFiles(directory, await from(base, head), revision(head)),
    ),
    patch: async (base, head) =>
      (await patchBetween(directory, await from(base, head), revision(head))).toString('utf8'),
    patchOf: async (base, head, paths, limits) =>
      (await here(revision(head)))
        ? patchOfPaths(directory, await from(base, head), revision(head), paths, limits)
        : null,
    churn: async (rev, commits) => churnOf(local, revision(rev), commits),
    diffHash: kept(async (base, head) =>
      (await here(revision(head)))
        ? hashOfPatch(await patchBetween(directory, await from(base, head), revision(head)))
        : null,
    ),
    pushed: kept((base, before, after) =>
      pushedChange({ local, objects }, revision(base), before, after),
    ),
    async isAncestor(ancestor, descendant) {
      const asked = ['merge-base', '--is-ancestor', revision(ancestor), revision(descendant)];
      return (await local(asked, [1])).code === 0;
    },
    commits: kept(async (base, head) =>
      commitsOf(
        fieldsOf(
          await local([
            'log',
            '-z',
            '--reverse',
            '--topo-order',
            '--no-show-signature',
            `--format=${commitFields.join('%x00')}`,
            `${revision(base)}..${revision(head)}`,
          ]),
        ),
      ),
    ),
    async push({ branch, sha, lease }) {
      if (!isBranchName(branch) || !branch.startsWith(ownPrefix))
        return refuse('push.branch', `Assent pushes to ${ownPrefix}* only, not to "${branch}".`);
      if (!isObjectName(sha) || (lease !== null && !isObjectName(lease)))
        return refuse('push.sha', `Not a commit: ${sha}, lease ${String(lease)}.`);
      // Made on another machine, and perhaps pushed by it: git calls that up to date without having the commit.
      if (!(await here(sha))) await fetch();
      if (!(await here(sha)))
        return refuse(
          'push.missing',
          `The commit ${sha} is neither here nor on the code host: it has to be made again.`,
        );
      const ref = `refs/heads/${branch}`;
      const pushing = [
        `--git-dir=${directory}`,
        'push',
        '--porcelain',
        `--force-with-lease=${ref}:${lease ?? ''}`,
      ];
      const pushed = await reach(options.remote, ({ url, env }) =>
        git([...pushing, url, `${sha}:${ref}`], { env, allow: [1] }),
      ).catch(failed('push'));
      const rejection = textOf(pushed)
        .split('\n')
        .find((line) => line.startsWith('!'));
      if (rejection?.includes('stale info') === true)
        return refuse(
          'push.lease',
          `${branch} is no longer at ${lease ?? '"not there"'}: somebody else pushed. Read it again.`,
        );
      if (pushed.code !== 0)
        return refuse(
          'push.rejected',
          `The code host refused the push: ${rejection ?? pushed.stderr}`.trim(),
        );
      await local(['update-ref', ref, sha]);
      remote.pushed(branch, sha);
      return ok(null);
    },
  };
}

const commitFields = ['%H', '%P', '%an', '%ae', '%cn', '%ce', '%cI', '%s', '%b'];

/** A footer ends a message; nobody needs more of a longer one. */
const MOST_OF_A_MESSAGE = 20_000;

function commitsOf(fields: readonly string[]): readonly CommitFacts[] {
  const commits: CommitFacts[] = [];
  for (let at = 0; at + commitFields.length <= fields.length; at += commitFields.length) {
    const [
      sha = '',
      parents = '',
      an = '',
      ae = '',
      cn = '',
      ce = '',
      committed_at = '',
      subject = '',
      body = '',
    ] = fields.slice(at, at + commitFields.length);
    commits.push({
      sha,
      parents: parents === '' ? [] : parents.split(' '),
      author: { name: an, email: ae },
      committer: { name: cn, email: ce },
      committed_at,
      subject,
      body: body.slice(-MOST_OF_A_MESSAGE),
    });
  }
  return commits;
}

type Local = (args: readonly string[]) => Promise<GitOutput>;

/** Merges are passed over: what they brought was counted where it was made. */
async function churnOf(local: Local, rev: string, most: number) {
  const asked = ['log', '-z', '--no-merges', '--no-show-signature', `-n${most}`, '--name-only'];
  const fields = fieldsOf(await local([...asked, '--no-renames', '--format=%H', rev]));
  const touched = new Map<string, number>();
  let commits = 0;
  for (const field of fields) {
    const name = field.replace(/^\n/, '');
    if (field === name && isObjectName(name)) commits += 1;
    else if (name !== '') touched.set(name, (touched.get(name) ?? 0) + 1);
  }
  return { commits, touched };
}

/** A sha, a sha's parent (`SHA^1`) or a branch: nothing that git would read as an option or a range. */
function revision(rev: string): string {
  if (isLasting(rev)) return rev;
  if (isBranchName(rev)) return `refs/heads/${rev}`;
  throw new GitFault('rev-parse', null, `"${rev}" is neither a sha nor a branch`);
}

/** An address that is none of ours is a fault of the program, not of the host. */
const failed =
  (operation: MirrorFault['operation']) =>
  (error: unknown): never => {
    throw error instanceof TypeError ? error : new MirrorFault(operation, messageOf(error), error);
  };

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
