import type { Doer } from '../actor.ts';
import { unprocessable } from '../errors.ts';
import type { PullIssue, RepositoryRecord, ReviewCommentRecord, ReviewRecord } from '../model.ts';
import { announce, pullInReview } from './announce.ts';
import { reviewComment } from '../representations/review.ts';
import type { World } from '../world.ts';
import { pullFacts } from './derive.ts';
import { requireText } from './issues.ts';

export interface DraftComment {
  readonly path: string;
  readonly body: string;
  readonly line: number | null;
  readonly startLine: number | null;
  readonly side: 'LEFT' | 'RIGHT';
  readonly subjectType: 'line' | 'file';
}

export async function requirePaths(
  repository: RepositoryRecord,
  issue: PullIssue,
  comments: readonly DraftComment[],
): Promise<void> {
  if (comments.length === 0) return;
  const { files } = await pullFacts(repository, issue);
  for (const { path, line, subjectType, side } of comments) {
    const file = files.find((one) => one.path === path);
    if (file === undefined)
      throw unprocessable('Unprocessable Entity: "Path could not be resolved"');
    if (subjectType === 'line' && !touches(file.patch ?? '', line, side)) {
      throw unprocessable('Unprocessable Entity: "Line could not be resolved"');
    }
  }
}

/** Whether the patch shows that line on that side. */
function touches(patch: string, line: number | null, side: 'LEFT' | 'RIGHT'): boolean {
  if (line === null) return false;
  return [...patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].some((hunk) => {
    const start = Number(side === 'LEFT' ? hunk[1] : hunk[3]);
    const length = Number((side === 'LEFT' ? hunk[2] : hunk[4]) ?? 1);
    return line >= start && line < start + length;
  });
}

export function announceReviewComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  comment: ReviewCommentRecord,
  action: 'created' | 'edited' | 'deleted' = 'created',
  extra: Record<string, unknown> = {},
): void {
  announce(world, repository, by, 'pull_request_review_comment', () => ({
    action,
    comment: reviewComment(world, repository, issue, comment),
    pull_request: pullInReview(world, repository, issue),
    ...extra,
  }));
}

export function editReviewComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  comment: ReviewCommentRecord,
  body: string,
): void {
  requireText('PullRequestReviewComment', body);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = world.time();
  const changes = { body: { from } };
  announceReviewComment(world, repository, by, issue, comment, 'edited', { changes });
}

export function deleteReviewComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  comment: ReviewCommentRecord,
): void {
  const { reviewComments } = issue.pull;
  reviewComments.splice(reviewComments.indexOf(comment), 1);
  announceReviewComment(world, repository, by, issue, comment, 'deleted');
}

export async function addComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  review: ReviewRecord,
  draft: DraftComment,
  inReplyTo: number | null,
): Promise<ReviewCommentRecord> {
  const { files } = await pullFacts(repository, issue);
  const now = world.time();
  const comment: ReviewCommentRecord = {
    id: world.id(),
    reviewId: review.id,
    author: by.account,
    path: draft.path,
    line: draft.line,
    startLine: draft.startLine,
    side: draft.side,
    subjectType: draft.subjectType,
    diffHunk: files.find((one) => one.path === draft.path)?.patch?.slice(0, 2_000) ?? '',
    commitId: review.commitId,
    inReplyTo,
    createdAt: now,
    body: draft.body,
    updatedAt: now,
  };
  issue.pull.reviewComments.push(comment);
  return comment;
}
