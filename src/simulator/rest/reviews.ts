import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { PullIssue, ReviewCommentRecord, ReviewRecord } from '../model.ts';
import { mayEdit } from '../operations/issues.ts';
import {
  createReview,
  createReviewComment,
  dismiss,
  editReview,
  submit,
} from '../operations/reviews.ts';
import { deleteReviewComment, editReviewComment } from '../operations/review-comments.ts';
import type { DraftComment } from '../operations/review-comments.ts';
import type { ReviewEvent } from '../operations/reviews.ts';
import { review, reviewComment } from '../representations/review.ts';
import { pullsOf } from '../world.ts';
import { readPulls, sayOnPulls, writePulls } from '../access.ts';
import type { Body } from './body.ts';
import {
  created,
  doer,
  inRepository,
  noContent,
  numberParam,
  ok,
  page,
  pullOf,
} from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

const events: readonly ReviewEvent[] = ['APPROVE', 'REQUEST_CHANGES', 'COMMENT'];

/** A pending review is its author's secret. */
const visible = (request: RepositoryRequest, issue: PullIssue): ReviewRecord[] => {
  const me = request.actor.kind === 'anonymous' ? null : doer(request).account.id;
  return issue.pull.reviews.filter((one) => one.state !== 'PENDING' || one.author.id === me);
};

function reviewOf(request: RepositoryRequest): ReviewRecord {
  const id = numberParam(request, 'review_id');
  const found = visible(request, pullOf(request)).find((one) => one.id === id);
  if (found === undefined) throw notFound();
  return found;
}

const list = inRepository('GET', '/pulls/{pull_number}/reviews', readPulls, (request) => {
  const issue = pullOf(request);
  return page(request, visible(request, issue), (one) =>
    review(request.world, request.repository, issue, one),
  );
});

const get = inRepository('GET', '/pulls/{pull_number}/reviews/{review_id}', readPulls, (request) =>
  ok(review(request.world, request.repository, pullOf(request), reviewOf(request))),
);

const create = inRepository('POST', '/pulls/{pull_number}/reviews', sayOnPulls, async (request) => {
  const { world, repository, body } = request;
  const issue = pullOf(request);
  const made = await createReview(world, repository, doer(request), issue, {
    event: body.choice('event', events) ?? null,
    body: body.optionalText('body') ?? '',
    commitId: body.optionalText('commit_id') ?? null,
    comments: (body.list('comments') ?? []).map(draft),
  });
  return ok(review(world, repository, issue, made));
});

function draft(body: Body): DraftComment {
  const line = body.number('line') ?? body.number('position') ?? null;
  return {
    path: body.text('path'),
    body: body.text('body'),
    line,
    startLine: body.number('start_line') ?? null,
    side: body.choice('side', ['LEFT', 'RIGHT']) ?? 'RIGHT',
    subjectType: body.choice('subject_type', ['line', 'file']) ?? 'line',
  };
}

const update = inRepository(
  'PUT',
  '/pulls/{pull_number}/reviews/{review_id}',
  sayOnPulls,
  (request) => {
    const { world, repository, body } = request;
    const found = reviewOf(request);
    requireOwn(request, found);
    editReview(world, repository, doer(request), pullOf(request), found, body.text('body'));
    return ok(review(world, repository, pullOf(request), found));
  },
);

function requireOwn(request: RepositoryRequest, found: ReviewRecord): void {
  if (found.author.id !== doer(request).account.id) {
    throw new GitHubRefusal(403, 'You can only change your own review.');
  }
}

const send = inRepository(
  'POST',
  '/pulls/{pull_number}/reviews/{review_id}/events',
  sayOnPulls,
  (request) => {
    const { world, repository, body } = request;
    const issue = pullOf(request);
    const found = reviewOf(request);
    requireOwn(request, found);
    const event = body.choice('event', events);
    if (event === undefined) throw unprocessable('Validation Failed');
    if (found.state !== 'PENDING')
      throw unprocessable('Can not submit a review that is not pending');
    found.body = body.optionalText('body') ?? found.body;
    submit(world, repository, doer(request), issue, found, event);
    return ok(review(world, repository, issue, found));
  },
);

const remove = inRepository(
  'DELETE',
  '/pulls/{pull_number}/reviews/{review_id}',
  sayOnPulls,
  (request) => {
    const issue = pullOf(request);
    const found = reviewOf(request);
    requireOwn(request, found);
    if (found.state !== 'PENDING')
      throw unprocessable('Can not delete a non-pending pull request review');
    issue.pull.reviews.splice(issue.pull.reviews.indexOf(found), 1);
    return ok(review(request.world, request.repository, issue, found));
  },
);

const dismissal = inRepository(
  'PUT',
  '/pulls/{pull_number}/reviews/{review_id}/dismissals',
  writePulls,
  (request) => {
    const { world, repository, body } = request;
    const issue = pullOf(request);
    const found = reviewOf(request);
    dismiss(world, repository, doer(request), issue, found, body.text('message'));
    return ok(review(world, repository, issue, found));
  },
);

const comments = inRepository('GET', '/pulls/{pull_number}/comments', readPulls, (request) => {
  const issue = pullOf(request);
  return page(request, issue.pull.reviewComments, (one) =>
    reviewComment(request.world, request.repository, issue, one),
  );
});

const commentsOfReview = inRepository(
  'GET',
  '/pulls/{pull_number}/reviews/{review_id}/comments',
  readPulls,
  (request) => {
    const issue = pullOf(request);
    const { id } = reviewOf(request);
    const own = issue.pull.reviewComments.filter((one) => one.reviewId === id);
    return page(request, own, (one) => {
      const {
        line: _line,
        original_line: _original,
        ...rest
      } = reviewComment(request.world, request.repository, issue, one);
      return rest;
    });
  },
);

const comment = inRepository(
  'POST',
  '/pulls/{pull_number}/comments',
  sayOnPulls,
  async (request) => {
    const { world, repository, body } = request;
    const issue = pullOf(request);
    const to = body.number('in_reply_to');
    const parent = issue.pull.reviewComments.find((one) => one.id === to);
    if (to !== undefined && parent === undefined) throw notFound();
    const made = await createReviewComment(
      world,
      repository,
      doer(request),
      issue,
      parent === undefined ? draft(body) : { ...parent, body: body.text('body') },
      parent?.id ?? null,
    );
    return created(reviewComment(world, repository, issue, made));
  },
);

function commentOf(request: RepositoryRequest): { issue: PullIssue; found: ReviewCommentRecord } {
  const id = numberParam(request, 'comment_id');
  for (const issue of pullsOf(request.repository)) {
    const found = issue.pull.reviewComments.find((one) => one.id === id);
    if (found !== undefined) return { issue, found };
  }
  throw notFound();
}

const getComment = inRepository('GET', '/pulls/comments/{comment_id}', readPulls, (request) => {
  const { issue, found } = commentOf(request);
  return ok(reviewComment(request.world, request.repository, issue, found));
});

const patchComment = inRepository(
  'PATCH',
  '/pulls/comments/{comment_id}',
  sayOnPulls,
  (request) => {
    const { world, repository, body } = request;
    const { issue, found } = commentOf(request);
    requireEdit(request, found);
    editReviewComment(world, repository, doer(request), issue, found, body.text('body'));
    return ok(reviewComment(world, repository, issue, found));
  },
);

const removeComment = inRepository(
  'DELETE',
  '/pulls/comments/{comment_id}',
  sayOnPulls,
  (request) => {
    const { issue, found } = commentOf(request);
    requireEdit(request, found);
    deleteReviewComment(request.world, request.repository, doer(request), issue, found);
    return noContent;
  },
);

function requireEdit(request: RepositoryRequest, found: ReviewCommentRecord): void {
  if (!mayEdit(request.repository, doer(request), found.author)) {
    throw new GitHubRefusal(403, 'Must have admin rights to Repository.');
  }
}

export const reviewRoutes: readonly Route[] = [
  list,
  create,
  get,
  update,
  send,
  remove,
  dismissal,
  getComment,
  patchComment,
  removeComment,
  comments,
  commentsOfReview,
  comment,
];
