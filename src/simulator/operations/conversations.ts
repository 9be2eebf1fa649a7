import type { Doer } from '../actor.ts';
import type { PullIssue, RepositoryRecord, ReviewCommentRecord } from '../model.ts';
import { nodeId } from '../representations/common.ts';
import { reviewComment } from '../representations/review.ts';
import type { World } from '../world.ts';
import { announce, pullInReview } from './announce.ts';
import { commentsIn } from './threads.ts';

export function settleConversation(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  first: ReviewCommentRecord,
  resolved: boolean,
): void {
  if ((first.resolvedBy !== undefined) === resolved) return;
  if (resolved) first.resolvedBy = by.account;
  else delete first.resolvedBy;
  announce(world, repository, by, 'pull_request_review_thread', () => ({
    action: resolved ? 'resolved' : 'unresolved',
    thread: {
      node_id: nodeId('reviewThread', first.id),
      comments: commentsIn(issue, first).map((one) => reviewComment(world, repository, issue, one)),
    },
    pull_request: pullInReview(world, repository, issue),
    updated_at: world.time(),
  }));
}
