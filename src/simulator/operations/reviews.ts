import type { Doer } from '../actor.ts';
import { unprocessable } from '../errors.ts';
import type {
  PullIssue,
  RepositoryRecord,
  ReviewCommentRecord,
  ReviewRecord,
  ReviewState,
} from '../model.ts';
import { announce, pullInReview } from './announce.ts';
import { reviewInWebhook } from '../representations/review.ts';
import type { World } from '../world.ts';
import { pullFacts } from './derive.ts';
import { countContent, record } from './events.ts';
import { requireText, requireUnlocked } from './issues.ts';
import { requirePaths, announceReviewComment, addComment } from './review-comments.ts';
import type { DraftComment } from './review-comments.ts';

export type ReviewEvent = 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';

export async function createReview(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  input: {
    event: ReviewEvent | null;
    body: string;
    commitId: string | null;
    comments: readonly DraftComment[];
  },
): Promise<ReviewRecord> {
  requireUnlocked(repository, by, issue);
  if (input.event !== null) checkVerdict(by, issue, input.event, input.body, input.comments.length);
  const { reviews } = issue.pull;
  if (reviews.some((one) => one.author.id === by.account.id && one.state === 'PENDING')) {
    throw unprocessable('User can only have one pending review per pull request');
  }
  const commitId = input.commitId ?? issue.pull.headSha;
  await requireCommitOf(repository, issue, commitId);
  await requirePaths(repository, issue, input.comments);
  const now = world.time();
  const review: ReviewRecord = {
    id: world.id(),
    author: by.account,
    body: input.body,
    state: 'PENDING',
    commitId,
    submittedAt: null,
    updatedAt: now,
    lastEditedAt: null,
  };
  reviews.push(review);
  for (const draft of input.comments)
    await addComment(world, repository, by, issue, review, draft, null);
  if (input.event !== null) submit(world, repository, by, issue, review, input.event);
  return review;
}

const stateOf: Record<ReviewEvent, ReviewState> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

function checkVerdict(
  by: Doer,
  issue: PullIssue,
  event: ReviewEvent,
  body: string,
  comments: number,
): void {
  const own = issue.author.id === by.account.id;
  if (own && event === 'APPROVE') {
    throw unprocessable('Unprocessable Entity: "Can not approve your own pull request"');
  }
  if (own && event === 'REQUEST_CHANGES') {
    throw unprocessable('Unprocessable Entity: "Can not request changes on your own pull request"');
  }
  if (event !== 'APPROVE' && body.trim() === '' && comments === 0) {
    throw unprocessable('Unprocessable Entity: "Body cannot be blank"');
  }
}

async function requireCommitOf(
  repository: RepositoryRecord,
  issue: PullIssue,
  commitId: string,
): Promise<void> {
  const { commits } = await pullFacts(repository, issue);
  const known = commits.some((one) => one.sha === commitId) || issue.pull.headSha === commitId;
  // A commit that was pushed away by force is no longer in the list, and GitHub still takes a review of it.
  if (known || (await repository.git.commit(commitId)) !== null) return;
  throw unprocessable('Unprocessable Entity: "Commit ID is not part of the pull request"');
}

export function submit(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  review: ReviewRecord,
  event: ReviewEvent,
): void {
  const { pull } = issue;
  const comments = pull.reviewComments.filter((one) => one.reviewId === review.id);
  checkVerdict(by, issue, event, review.body, comments.length);
  review.state = stateOf[event];
  review.submittedAt = record(world, repository, by, issue, 'reviewed');
  review.updatedAt = review.submittedAt;
  pull.requestedReviewers = pull.requestedReviewers.filter((one) => one.id !== by.account.id);
  countContent(world, by);
  announceReview(world, repository, by, 'submitted', issue, review);
  for (const comment of comments) announceReviewComment(world, repository, by, issue, comment);
}

function announceReview(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  action: 'submitted' | 'edited' | 'dismissed',
  issue: PullIssue,
  review: ReviewRecord,
  extra: Record<string, unknown> = {},
): void {
  announce(world, repository, by, 'pull_request_review', () => ({
    action,
    review: reviewInWebhook(world, repository, issue, review),
    pull_request: pullInReview(world, repository, issue),
    ...extra,
  }));
}

export function editReview(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  review: ReviewRecord,
  body: string,
): void {
  requireText('PullRequestReview', body);
  const from = review.body;
  review.body = body;
  review.lastEditedAt = world.time();
  review.updatedAt = review.lastEditedAt;
  if (review.state !== 'PENDING') {
    announceReview(world, repository, by, 'edited', issue, review, { changes: { body: { from } } });
  }
}

export function dismiss(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  review: ReviewRecord,
  message: string,
): void {
  if (message.trim() === '') throw unprocessable('Validation Failed');
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    throw unprocessable(
      'Can not dismiss a pull request review that is not approved or requesting changes',
    );
  }
  const state = review.state;
  review.state = 'DISMISSED';
  review.updatedAt = record(world, repository, by, issue, 'review_dismissed', {
    kind: 'dismissal',
    reviewId: review.id,
    state,
    message,
    commitId: null,
  });
  announceReview(world, repository, by, 'dismissed', issue, review);
}

/** Where protection says so, a push ends the approvals given before it. */
export function dismissStale(world: World, repository: RepositoryRecord, issue: PullIssue): void {
  const protection = repository.protections.get(issue.pull.baseRef);
  if (protection?.requiredReviews?.dismissStale !== true) return;
  const by: Doer = { account: issue.author, app: issue.viaApp };
  for (const review of issue.pull.reviews) {
    if (review.state !== 'APPROVED' || review.commitId === issue.pull.headSha) continue;
    review.state = 'DISMISSED';
    review.updatedAt = record(world, repository, by, issue, 'review_dismissed', {
      kind: 'dismissal',
      reviewId: review.id,
      state: 'APPROVED',
      message: null,
      commitId: issue.pull.headSha,
    });
    announceReview(world, repository, by, 'dismissed', issue, review);
  }
}

/** A comment outside a review is a review of one comment. */
export async function createReviewComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  draft: DraftComment,
  inReplyTo: number | null,
): Promise<ReviewCommentRecord> {
  requireUnlocked(repository, by, issue);
  requireText('PullRequestReviewComment', draft.body);
  if (inReplyTo === null) await requirePaths(repository, issue, [draft]);
  const now = world.time();
  const review: ReviewRecord = {
    id: world.id(),
    author: by.account,
    body: '',
    state: 'COMMENTED',
    commitId: issue.pull.headSha,
    submittedAt: now,
    updatedAt: now,
    lastEditedAt: null,
  };
  issue.pull.reviews.push(review);
  const comment = await addComment(world, repository, by, issue, review, draft, inReplyTo);
  countContent(world, by);
  announceReview(world, repository, by, 'submitted', issue, review);
  announceReviewComment(world, repository, by, issue, comment);
  return comment;
}
