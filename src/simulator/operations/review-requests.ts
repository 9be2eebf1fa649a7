import type { Doer } from '../actor.ts';
import { GitHubRefusal } from '../errors.ts';
import type { Account, PullIssue, RepositoryRecord } from '../model.ts';
import { announcePull } from './announce.ts';
import { user } from '../representations/user.ts';
import type { World } from '../world.ts';
import { record } from './events.ts';

export function requestReview(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  reviewer: Account,
): void {
  const { pull } = issue;
  if (reviewer.id === issue.author.id) {
    throw new GitHubRefusal(422, 'Review cannot be requested from pull request author.');
  }
  if (pull.requestedReviewers.some((one) => one.id === reviewer.id)) return;
  pull.requestedReviewers.push(reviewer);
  record(world, repository, by, issue, 'review_requested', { kind: 'review_request', reviewer });
  announcePull(world, repository, by, 'review_requested', issue, {
    requested_reviewer: user(world, reviewer),
  });
}

export function withdrawReviewRequest(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  reviewer: Account,
): void {
  const { pull } = issue;
  if (!pull.requestedReviewers.some((one) => one.id === reviewer.id)) return;
  pull.requestedReviewers = pull.requestedReviewers.filter((one) => one.id !== reviewer.id);
  record(world, repository, by, issue, 'review_request_removed', {
    kind: 'review_request',
    reviewer,
  });
  announcePull(world, repository, by, 'review_request_removed', issue, {
    requested_reviewer: user(world, reviewer),
  });
}
