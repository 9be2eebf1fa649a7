import { associationOf } from './association.ts';
import type { Account, PullIssue, RepositoryRecord } from '../model.ts';
import type { PullFacts } from '../operations/derive.ts';
import { headRepositoryOf } from '../world.ts';
import type { World } from '../world.ts';
import { nodeId, repositoryApi } from './common.ts';
import type { Json } from './common.ts';
import { commentCount, issueHtml, label, milestone } from './issue.ts';
import { repository as representRepository } from './repository.ts';
import { user } from './user.ts';

/** OpenAPI `pull-request-simple`, as lists have it. */
export function pullSimple(world: World, repository: RepositoryRecord, issue: PullIssue): Json {
  const { pull } = issue;
  const url = `${repositoryApi(world, repository)}/pulls/${issue.number}`;
  const issueUrl = `${repositoryApi(world, repository)}/issues/${issue.number}`;
  const html = issueHtml(world, repository, issue);
  const statuses = `${repositoryApi(world, repository)}/statuses/${pull.headSha}`;
  const people = (accounts: readonly Account[]) => accounts.map((one) => user(world, one));
  return {
    url,
    id: pull.id,
    node_id: nodeId('pull', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: user(world, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: issue.assignees[0] === undefined ? null : user(world, issue.assignees[0]),
    assignees: people(issue.assignees),
    requested_reviewers: people(pull.requestedReviewers),
    requested_teams: [],
    labels: issue.labels.map((one) => label(world, repository, one)),
    milestone: issue.milestone === null ? null : milestone(world, repository, issue.milestone),
    draft: pull.draft,
    commits_url: `${url}/commits`,
    review_comments_url: `${url}/comments`,
    review_comment_url: `${repositoryApi(world, repository)}/pulls/comments{/number}`,
    comments_url: `${issueUrl}/comments`,
    statuses_url: statuses,
    head: branchSide(world, headRepositoryOf(world, pull), pull.headOwner, {
      ref: pull.headRef,
      sha: pull.headSha,
    }),
    base: branchSide(world, repository, repository.owner, {
      ref: pull.baseRef,
      sha: pull.baseSha,
    }),
    _links: {
      self: { href: url },
      html: { href: html },
      issue: { href: issueUrl },
      comments: { href: `${issueUrl}/comments` },
      review_comments: { href: `${url}/comments` },
      review_comment: { href: `${repositoryApi(world, repository)}/pulls/comments{/number}` },
      commits: { href: `${url}/commits` },
      statuses: { href: statuses },
    },
    author_association: associationOf(world, repository, issue.author),
    auto_merge: null,
    active_lock_reason: issue.lockReason,
  };
}

/** `repository` null: it was deleted. */
function branchSide(
  world: World,
  repository: RepositoryRecord | null,
  owner: Account,
  { ref, sha }: { readonly ref: string; readonly sha: string },
): Json {
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: user(world, owner),
    repo: repository === null ? null : branchRepository(world, repository),
  };
}

const branchRepository = (world: World, repository: RepositoryRecord): Json => ({
  ...representRepository(world, repository),
  allow_squash_merge: repository.settings.allowSquashMerge,
  allow_merge_commit: repository.settings.allowMergeCommit,
  allow_rebase_merge: repository.settings.allowRebaseMerge,
  allow_auto_merge: false,
  delete_branch_on_merge: repository.settings.deleteBranchOnMerge,
  allow_update_branch: false,
  use_squash_pr_title_as_default: false,
});

/** OpenAPI `pull-request`. `mergeability` is null where GitHub has not computed it yet, as in webhooks. */
export const pull = (
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  facts: PullFacts,
  mergeability: { mergeable: boolean | null; state: string } | null,
): Json => ({ ...pullAsItIs(world, repository, issue, mergeability), ...sizes(facts) });

/** All of it that needs no look into git, and so can be told of the very moment. */
export function pullAsItIs(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  mergeability: { mergeable: boolean | null; state: string } | null,
): Json {
  return {
    ...pullSimple(world, repository, issue),
    merged: issue.pull.mergedAt !== null,
    mergeable: mergeability?.mergeable ?? null,
    rebaseable: mergeability?.mergeable ?? null,
    mergeable_state: mergeability?.state ?? 'unknown',
    merged_by: issue.pull.mergedBy === null ? null : user(world, issue.pull.mergedBy),
    comments: commentCount(repository, issue),
    review_comments: issue.pull.reviewComments.length,
    maintainer_can_modify: issue.pull.maintainerCanModify,
  };
}

export const sizes = (facts: PullFacts): Json => ({
  commits: facts.commits.length,
  additions: facts.files.reduce((sum, file) => sum + file.additions, 0),
  deletions: facts.files.reduce((sum, file) => sum + file.deletions, 0),
  changed_files: facts.files.length,
});

/** OpenAPI `pull-request-minimal`, inside check runs. */
export function pullMinimal(world: World, repository: RepositoryRecord, issue: PullIssue): Json {
  const url = repositoryApi(world, repository);
  const repo = { id: repository.id, url, name: repository.name };
  return {
    url: `${url}/pulls/${issue.number}`,
    id: issue.pull.id,
    number: issue.number,
    head: { ref: issue.pull.headRef, sha: issue.pull.headSha, repo },
    base: { ref: issue.pull.baseRef, sha: issue.pull.baseSha, repo },
  };
}
