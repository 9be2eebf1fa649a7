import { GraphqlResponseError } from '@octokit/graphql';

import type { Result } from '../../domain/result.ts';
import { ok, refused } from '../../domain/result.ts';
import type { LedgerBranch, LedgerCommit, LedgerMoved } from '../../ports/ledger-branch.ts';
import { ask, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { CodeHostFault, statusOf } from './fault.ts';
import { readLedgerFiles } from './ledger-files.ts';

/** Reads the ledger's files at a commit: by the API, or faster from a git mirror on this machine. */
export type ReadLedgerFiles = (oid: string) => Promise<ReadonlyMap<string, string>>;

/** The ledger's branch on GitHub. GitHub itself compares and swaps, and signs the commits. From now on it is kept. */
export function createLedgerBranch(
  context: RepositoryContext,
  branch: string,
  read: ReadLedgerFiles = readLedgerFiles(context),
): LedgerBranch {
  context.kept.add(branch);
  return {
    head: () => head(context, branch),
    read,
    commit: (input) =>
      input.expected === null
        ? begin(context, branch, input)
        : append(context, branch, input, input.expected),
  };
}

/** 409: a repository without any commit. */
async function head(context: RepositoryContext, branch: string): Promise<string | null> {
  const found = await askOrNull(`${branch} of ${context.ref.full_name}`, [404, 409], () =>
    context.client('observe').git.getRef({ ...context.at, ref: `heads/${branch}` }),
  );
  return found?.data.object.sha ?? null;
}

const APPEND = `mutation createCommitOnBranch($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

async function append(
  context: RepositoryContext,
  branch: string,
  commit: LedgerCommit,
  expected: string,
): Promise<Result<string, LedgerMoved>> {
  const input = {
    branch: { repositoryNameWithOwner: context.ref.full_name, branchName: branch },
    expectedHeadOid: expected,
    message: { headline: commit.subject, body: commit.body },
    fileChanges: {
      additions: commit.files.map(({ path, content }) => ({
        path,
        contents: Buffer.from(content, 'utf8').toString('base64'),
      })),
      deletions: (commit.deletions ?? []).map((path) => ({ path })),
    },
  };
  const operation = `commit on ${branch} of ${context.ref.full_name}`;
  try {
    const done = await context
      .client('push')
      .graphql<{ createCommitOnBranch: { commit: { oid: string } | null } | null }>(APPEND, {
        input,
      });
    const oid = done.createCommitOnBranch?.commit?.oid;
    if (oid === undefined) throw new Error('the answer names no commit');
    return ok(oid);
  } catch (error) {
    if (isStale(error)) return moved(branch, expected);
    // A branch that vanished is told by the same NOT_FOUND as a missing permission; only a look tells them apart.
    if (hasType(error, 'NOT_FOUND') && (await head(context, branch)) !== expected)
      return moved(branch, expected);
    throw new CodeHostFault(operation, error);
  }
}

/**
 * The first commit is the branch: made whole, then named, which GitHub does only if the name is free. An empty commit
 * first and `createCommitOnBranch` after it would leave, in a crash between them, a ledger without a beginning.
 */
async function begin(
  context: RepositoryContext,
  branch: string,
  commit: LedgerCommit,
): Promise<Result<string, LedgerMoved>> {
  if ((await head(context, branch)) !== null) return moved(branch, null);
  const { git } = context.client('push');
  const operation = `first commit on ${branch} of ${context.ref.full_name}`;
  const oid = await ask(operation, async () => {
    const tree = await git.createTree({
      ...context.at,
      tree: commit.files.map(({ path, content }) => ({
        path,
        mode: '100644' as const,
        type: 'blob' as const,
        content,
      })),
    });
    const message = commit.body === '' ? commit.subject : `${commit.subject}\n\n${commit.body}`;
    const made = await git.createCommit({
      ...context.at,
      message,
      tree: tree.data.sha,
      parents: [],
    });
    return made.data.sha;
  });
  try {
    await git.createRef({ ...context.at, ref: `refs/heads/${branch}`, sha: oid });
    return ok(oid);
  } catch (error) {
    if (statusOf(error) === 422 && (await head(context, branch)) !== null)
      return moved(branch, null);
    throw new CodeHostFault(operation, error);
  }
}

const hasType = (error: unknown, type: string): boolean =>
  error instanceof GraphqlResponseError && (error.errors ?? []).some((one) => one.type === type);

/** GitHub has given the same under `UNPROCESSABLE`, with these words. */
const isStale = (error: unknown): boolean =>
  hasType(error, 'STALE_DATA') ||
  (error instanceof GraphqlResponseError && /expected branch to point to/i.test(error.message));

const moved = (branch: string, expected: string | null): Result<never, LedgerMoved> =>
  refused({
    code: 'ledger.moved',
    message:
      expected === null
        ? `${branch} is there already. Read it and decide again.`
        : `${branch} is no longer at ${expected}. Read it and decide again.`,
  });
