import { associationOf } from './association.ts';
import type {
  CommentRecord,
  IssueRecord,
  LabelRecord,
  MilestoneRecord,
  RepositoryRecord,
} from '../model.ts';
import type { World } from '../world.ts';
import { nodeId, noReactions, repositoryApi, repositoryHtml } from './common.ts';
import type { Json } from './common.ts';
import { appInside } from './app.ts';
import { user } from './user.ts';

export const label = (world: World, repository: RepositoryRecord, record: LabelRecord): Json => ({
  id: record.id,
  node_id: nodeId('label', record.id),
  url: `${repositoryApi(world, repository)}/labels/${encodeURIComponent(record.name)}`,
  name: record.name,
  color: record.color,
  default: false,
  description: record.description,
});

/** OpenAPI `milestone`. */
export function milestone(
  world: World,
  repository: RepositoryRecord,
  record: MilestoneRecord,
): Json {
  const url = `${repositoryApi(world, repository)}/milestones/${record.number}`;
  const of = [...repository.issues.values()].filter((one) => one.milestone === record);
  return {
    url,
    html_url: `${repositoryHtml(world, repository)}/milestone/${record.number}`,
    labels_url: `${url}/labels`,
    id: record.id,
    node_id: nodeId('milestone', record.id),
    number: record.number,
    title: record.title,
    description: record.description,
    creator: user(world, record.creator),
    open_issues: of.filter(({ state }) => state === 'open').length,
    closed_issues: of.filter(({ state }) => state === 'closed').length,
    state: record.state,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    due_on: null,
    closed_at: record.closedAt,
  };
}

export const issueNodeId = (issue: IssueRecord): string =>
  issue.pull === null ? nodeId('issue', issue.id) : nodeId('pull', issue.pull.id);

export const issueHtml = (world: World, repository: RepositoryRecord, issue: IssueRecord): string =>
  `${repositoryHtml(world, repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;

export function commentCount(repository: RepositoryRecord, issue: IssueRecord): number {
  let count = 0;
  for (const comment of repository.comments.values()) {
    if (comment.issue.number === issue.number) count += 1;
  }
  return count;
}

/** OpenAPI `issue`, for issues and for the issue side of pull requests. */
export function issue(world: World, repository: RepositoryRecord, record: IssueRecord): Json {
  const url = `${repositoryApi(world, repository)}/issues/${record.number}`;
  return {
    url,
    repository_url: repositoryApi(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: issueHtml(world, repository, record),
    id: record.id,
    node_id: issueNodeId(record),
    number: record.number,
    title: record.title,
    user: user(world, record.author),
    labels: record.labels.map((one) => label(world, repository, one)),
    state: record.state,
    locked: record.locked,
    assignee: record.assignees[0] === undefined ? null : user(world, record.assignees[0]),
    assignees: record.assignees.map((one) => user(world, one)),
    milestone: record.milestone === null ? null : milestone(world, repository, record.milestone),
    comments: commentCount(repository, record),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    closed_at: record.closedAt,
    author_association: associationOf(world, repository, record.author),
    active_lock_reason: record.lockReason,
    body: record.body,
    reactions: noReactions(url),
    timeline_url: `${url}/timeline`,
    performed_via_github_app: record.viaApp === null ? null : appInside(world, record.viaApp),
    state_reason: record.stateReason,
    ...pullSide(world, repository, record),
  };
}

function pullSide(world: World, repository: RepositoryRecord, record: IssueRecord): Json {
  if (record.pull === null) return {};
  const html = issueHtml(world, repository, record);
  return {
    draft: record.pull.draft,
    pull_request: {
      url: `${repositoryApi(world, repository)}/pulls/${record.number}`,
      html_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      merged_at: record.pull.mergedAt,
    },
  };
}

/** One issue alone says who closed it; lists do not. */
export const issueAlone = (
  world: World,
  repository: RepositoryRecord,
  record: IssueRecord,
): Json => ({
  ...issue(world, repository, record),
  closed_by: record.closedBy === null ? null : user(world, record.closedBy),
});

/** OpenAPI `issue-comment`. */
export function comment(world: World, repository: RepositoryRecord, record: CommentRecord): Json {
  const url = `${repositoryApi(world, repository)}/issues/comments/${record.id}`;
  return {
    url,
    html_url: `${issueHtml(world, repository, record.issue)}#issuecomment-${record.id}`,
    issue_url: `${repositoryApi(world, repository)}/issues/${record.issue.number}`,
    id: record.id,
    node_id: nodeId('comment', record.id),
    user: user(world, record.author),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    author_association: associationOf(world, repository, record.author),
    body: record.body,
    reactions: noReactions(url),
    performed_via_github_app: record.viaApp === null ? null : appInside(world, record.viaApp),
  };
}
