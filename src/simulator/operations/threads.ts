import type { PullIssue, ReviewCommentRecord } from '../model.ts';

/** A conversation is known by the comment it begins with. */
export const threadsOf = ({ pull }: PullIssue): readonly ReviewCommentRecord[] =>
  pull.reviewComments.filter(({ inReplyTo }) => inReplyTo === null);

export const commentsIn = (
  { pull }: PullIssue,
  first: ReviewCommentRecord,
): readonly ReviewCommentRecord[] =>
  pull.reviewComments.filter((one) => one === first || one.inReplyTo === first.id);

/** Outdated ones count as well; what stands in a review that was not submitted yet is nobody's to resolve. */
export function hasUnresolved(issue: PullIssue): boolean {
  const pending = new Set(
    issue.pull.reviews.filter(({ state }) => state === 'PENDING').map(({ id }) => id),
  );
  return threadsOf(issue).some(
    ({ reviewId, resolvedBy }) => resolvedBy === undefined && !pending.has(reviewId),
  );
}
