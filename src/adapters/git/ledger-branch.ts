import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ok, refused } from '../../domain/result.ts';
import type { LedgerBranch, LedgerCommit } from '../../ports/ledger-branch.ts';
import { GitFault } from './git.ts';
import { objectsOf } from './objects.ts';
import { repositoryAt, type Repository } from './repository.ts';
import { LEDGER_PATHS, readPaths } from './tree.ts';

interface Options {
  /** A bare repository (or a `.git` folder). No work tree is touched, no configuration but its own is read. */
  readonly repository: string;
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly author: { readonly name: string; readonly email: string };
}

/** git's way to say, in an old or a new value, that there is no such ref. */
const NO_REF = '0'.repeat(40);

/** A ledger branch in a git repository on this machine. The compare-and-swap is `update-ref` with the old value. */
export const createGitLedgerBranch = ({ repository, branch, author }: Options): LedgerBranch => {
  const git = repositoryAt(repository);
  const ref = `refs/heads/${branch}`;

  const head = async (): Promise<string | null> => {
    const found = await git.text(['for-each-ref', '--format=%(refname) %(objectname)', ref]);
    // A pattern also matches what lies beneath it: `assent/ledger` finds `assent/ledger/x`.
    const line = found.split('\n').find((one) => one.startsWith(`${ref} `));
    return line?.slice(ref.length + 1) ?? null;
  };

  const commit: LedgerBranch['commit'] = async (input) => {
    const tip = await head();
    if (tip !== input.expected) return moved(input.expected, tip);
    const tree = await writeTree(git, input);
    const oid = await writeCommit(git, tree, input, author);
    try {
      await git.bytes(['update-ref', ref, oid, input.expected ?? NO_REF]);
    } catch (error) {
      const now = await head();
      if (error instanceof GitFault && now !== input.expected) return moved(input.expected, now);
      // Two writers at once can find the ref's lock taken while the other has not moved it yet: that race is lost too.
      if (error instanceof GitFault && /\.lock': File exists/.test(error.message)) {
        return moved(input.expected, now);
      }
      throw error;
    }
    return ok(oid);
  };

  return { head, read: (oid) => readPaths(objectsOf(repository), oid, LEDGER_PATHS), commit };
};

const moved = (expected: string | null, tip: string | null) =>
  refused({
    code: 'ledger.moved' as const,
    message: `the ledger branch is at ${tip ?? 'no commit'}, not at ${expected ?? 'no commit'}`,
  });

/** The tree of `expected` with the files of the commit, made in an index of its own. */
const writeTree = async (git: Repository, { expected, files, deletions = [] }: LedgerCommit) => {
  const folder = await mkdtemp(join(tmpdir(), 'assent-index-'));
  const env = { GIT_INDEX_FILE: join(folder, 'index') };
  try {
    if (expected !== null) await git.bytes(['read-tree', expected], { env });
    const entries = deletions.map((path) => `0 ${NO_REF}\t${path}\0`);
    for (const { path, content } of files) {
      const blob = await git.text(['hash-object', '-w', '--stdin'], { input: content });
      entries.push(`100644 ${blob}\t${path}\0`);
    }
    const input = entries.join('');
    await git.bytes(['update-index', '-z', '--index-info'], { env, input });
    return await git.text(['write-tree'], { env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const writeCommit = (
  git: Repository,
  tree: string,
  { expected, subject, body }: LedgerCommit,
  author: Options['author'],
): Promise<string> => {
  const parents = expected === null ? [] : ['-p', expected];
  return git.text(['commit-tree', tree, ...parents], {
    input: body === '' ? `${subject}\n` : `${subject}\n\n${body}\n`,
    env: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
    },
  });
};
