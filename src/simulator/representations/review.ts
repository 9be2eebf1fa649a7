import { associationOf } from './association.ts';
import type { PullIssue, RepositoryRecord, ReviewCommentRecord, ReviewRecord } from '../model.ts';
import type { World } from '../world.ts';
import { nodeId, noReactions, repositoryApi } from './common.ts';
import type { Json } from './common.ts';
import { issueHtml } from './issue.ts';
import { user } from './user.ts';

/** OpenAPI `pull-request-review`: the state in capitals. */
export function review(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  record: ReviewRecord,
): Json {
  const html = `${issueHtml(world, repository, issue)}#pullrequestreview-${record.id}`;
  const pull = `${repositoryApi(world, repository)}/pulls/${issue.number}`;
  return {
    id: record.id,
    node_id: nodeId('review', record.id),
    user: user(world, record.author),
    body: record.body,
    state: record.state,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(world, repository, record.author),
    _links: { html: { href: html }, pull_request: { href: pull } },
    ...(record.submittedAt === null ? {} : { submitted_at: record.submittedAt }),
    commit_id: record.commitId,
  };
}

/** In webhooks the state is in lower case and an empty body is null. */
export const reviewInWebhook = (
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  record: ReviewRecord,
): Json => ({
  ...review(world, repository, issue, record),
  state: record.state.toLowerCase(),
  body: record.body === '' ? null : record.body,
  submitted_at: record.submittedAt,
  updated_at: record.updatedAt,
});

/** OpenAPI `pull-request-review-comment`. */
export function reviewComment(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  record: ReviewCommentRecord,
): Json {
  const url = `${repositoryApi(world, repository)}/pulls/comments/${record.id}`;
  const html = `${issueHtml(world, repository, issue)}#discussion_r${record.id}`;
  const pull = `${repositoryApi(world, repository)}/pulls/${issue.number}`;
  return {
    url,
    pull_request_review_id: record.reviewId,
    id: record.id,
    node_id: nodeId('reviewComment', record.id),
    diff_hunk: record.diffHunk,
    position: positionOf(record),
    original_position: positionOf(record),
    path: record.path,
    commit_id: record.commitId,
    original_commit_id: record.commitId,
    user: user(world, record.author),
    body: record.body,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    html_url: html,
    pull_request_url: pull,
    author_association: associationOf(world, repository, record.author),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pull } },
    reactions: noReactions(url),
    start_line: record.startLine,
    original_start_line: record.startLine,
    start_side: record.startLine === null ? null : record.side,
    ...(record.line === null ? {} : { line: record.line, original_line: record.line }),
    side: record.side,
    subject_type: record.subjectType,
    ...(record.inReplyTo === null ? {} : { in_reply_to_id: record.inReplyTo }),
  };
}

/** GitHub's older way to name a line: counted from the first hunk's header through the whole patch of the file. */
function positionOf({ diffHunk, line, side }: ReviewCommentRecord): number {
  let left = 0;
  let right = 0;
  for (const [position, text] of diffHunk.split('\n').entries()) {
    const header = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(text);
    if (header) {
      left = Number(header[1]) - 1;
      right = Number(header[2]) - 1;
      continue;
    }
    if (!text.startsWith('+')) left += 1;
    if (!text.startsWith('-')) right += 1;
    if (line === (side === 'LEFT' ? left : right) && !text.startsWith(side === 'LEFT' ? '+' : '-'))
      return position;
  }
  return 1;
}
