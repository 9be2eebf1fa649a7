import type { CommitFacts, PullRequestFacts } from '../../ports/code-host.ts';
import { toAccount, WEB_FLOW } from './accounts.ts';
import { ask, askOrNull } from './call.ts';
import type { Client } from './client.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { labelNames, milestoneRef } from './issues.ts';
import { allPages } from './pages.ts';

type Detail = Awaited<ReturnType<Client['pulls']['get']>>['data'];
type Listed = Awaited<ReturnType<Client['pulls']['list']>>['data'][number];

export async function pullRequest(
  context: RepositoryContext,
  number: number,
): Promise<PullRequestFacts | null> {
  const found = await pullRequestDetail(context, number);
  return found === null ? null : fromDetail(found);
}

export async function pullRequestDetail(
  context: RepositoryContext,
  number: number,
): Promise<Detail | null> {
  const found = await askOrNull(`pull request ${numbered(context, number)}`, [404, 410], () =>
    context.client('observe').pulls.get({ ...context.at, pull_number: number }),
  );
  return found?.data ?? null;
}

/** One request for a hundred; GitHub's list does not tell `mergeable`, so it is null: not known. */
export async function openPullRequests(
  context: RepositoryContext,
  head?: string,
): Promise<readonly PullRequestFacts[]> {
  const client = context.client('observe');
  const open = await ask(`open pull requests of ${context.ref.full_name}`, () =>
    client.paginate(client.pulls.list, {
      ...context.at,
      state: 'open',
      per_page: 100,
      ...(head === undefined ? {} : { head: `${context.at.owner}:${head}` }),
    }),
  );
  return open.map(fromListed);
}

/**
 * GitHub cannot list by time of merge. It can by time of change, which is never before the merge: whatever was changed
 * before `since` was merged before `since`, and the search ends there.
 */
export async function mergedSince(
  context: RepositoryContext,
  base: string,
  since: string,
): Promise<readonly PullRequestFacts[]> {
  const from = Date.parse(since);
  const numbers = await ask(`merges of ${context.ref.full_name} since ${since}`, async () => {
    const client = context.client('observe');
    const found = new Set<number>();
    const pages = client.paginate.iterator(client.pulls.list, {
      ...context.at,
      state: 'closed',
      base,
      sort: 'updated',
      direction: 'desc',
      per_page: 100,
    });
    for await (const { data } of pages) {
      for (const { number, merged_at: mergedAt } of data)
        if (mergedAt !== null && Date.parse(mergedAt) >= from) found.add(number);
      if (data.some(({ updated_at: updatedAt }) => Date.parse(updatedAt) < from)) break;
    }
    return [...found];
  });
  // One by one because GitHub's list leaves out who merged, and that is evidence.
  const merged = await Promise.all(numbers.map((number) => pullRequest(context, number)));
  return merged
    .filter((pull) => pull !== null)
    .toSorted((a, b) => mergedAt(a).localeCompare(mergedAt(b)) || a.number - b.number);
}

const mergedAt = (pull: PullRequestFacts): string => pull.merged_at ?? '';

/** GitHub lists the first 250 commits of a pull request, and says nothing of the rest. */
export const MOST_COMMITS = 250;

/** Oldest first. */
export async function commits(
  context: RepositoryContext,
  number: number,
): Promise<readonly CommitFacts[]> {
  const client = context.client('observe');
  const operation = `commits of ${numbered(context, number)}`;
  const listed = await ask(operation, () =>
    client.paginate(client.pulls.listCommits, {
      ...context.at,
      pull_number: number,
      per_page: 100,
    }),
  );
  if (listed.length < MOST_COMMITS) return listed.map(toCommit);
  // A commit left out would let its author approve it: the comparison pages through all of them.
  const pull = await ask(operation, () => client.pulls.get({ ...context.at, pull_number: number }));
  const basehead = `${pull.data.base.sha}...${pull.data.head.sha}`;
  const all = await ask(operation, () =>
    allPages(async (page) => {
      const at = { ...context.at, basehead, per_page: 100, page };
      return (await client.repos.compareCommitsWithBasehead(at)).data.commits;
    }),
  );
  return all.map(toCommit);
}

function toCommit(commit: {
  readonly sha: string;
  readonly author: unknown;
  readonly committer: unknown;
  readonly parents: readonly { readonly sha: string }[];
}): CommitFacts {
  // REST names GitHub itself as the committer of what was written through it, GraphQL nobody.
  const committer = loginOf(commit.committer) === WEB_FLOW ? null : commit.committer;
  return {
    sha: commit.sha,
    author: loginOf(commit.author),
    committer: loginOf(committer),
    author_id: idOf(commit.author),
    committer_id: idOf(committer),
    parents: commit.parents.map(({ sha }) => sha),
  };
}

/** GitHub gives `null` or `{}` for an e-mail address that is nobody's. */
const loginOf = (user: unknown): string | null =>
  typeof user === 'object' && user !== null && 'login' in user && typeof user.login === 'string'
    ? user.login
    : null;

/** Of people alone: a bot approves nothing, and GraphQL gives no id for its commits. */
const idOf = (user: unknown): number | null =>
  typeof user === 'object' &&
  user !== null &&
  'id' in user &&
  'type' in user &&
  user.type === 'User' &&
  typeof user.id === 'number'
    ? user.id
    : null;

export const fromDetail = (found: Detail): PullRequestFacts => ({
  ...inCommon(found),
  merged: found.merged,
  merged_by: found.merged_by === null ? null : toAccount(found.merged_by),
  mergeable: found.mergeable,
});

const fromListed = (found: Listed): PullRequestFacts => ({
  ...inCommon(found),
  merged: found.merged_at !== null,
  merged_by: null,
  mergeable: null,
});

function inCommon(
  found: Detail | Listed,
): Omit<PullRequestFacts, 'merged' | 'merged_by' | 'mergeable'> {
  return {
    number: found.number,
    title: found.title,
    body: found.body ?? '',
    state: found.state === 'open' ? 'open' : 'closed',
    // While it is open, GitHub puts a trial merge in this field.
    merge_commit: found.merged_at === null ? null : found.merge_commit_sha,
    merged_at: found.merged_at,
    draft: found.draft ?? false,
    author: toAccount(found.user),
    labels: labelNames(found.labels),
    milestone: milestoneRef(found.milestone),
    head: found.head.sha,
    head_branch: found.head.ref,
    head_repository: headRepository(found.head),
    base: found.base.ref,
    base_sha: found.base.sha,
  };
}

/** GitHub's description calls it certain; it is null when the fork was deleted. */
const headRepository = (head: {
  readonly repo: { readonly full_name: string } | null;
}): string | null => head.repo?.full_name ?? null;
