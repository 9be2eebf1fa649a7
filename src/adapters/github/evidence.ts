import type {
  CommentFacts,
  LabelEventFacts,
  ReviewCommentFacts,
  ReviewFacts,
} from '../../ports/code-host.ts';
import type { GraphqlActor } from './accounts.ts';
import { ACTOR_FIELDS, fromActor, toAccount } from './accounts.ts';
import { ask } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import type { Connection } from './graphql.ts';
import { allNodes } from './graphql.ts';

interface Written {
  /** As a string: ids have outgrown GraphQL's 32-bit `Int`. */
  readonly fullDatabaseId: string;
  readonly author: GraphqlActor | null;
  readonly body: string;
  readonly lastEditedAt: string | null;
}

export interface Review extends Written {
  readonly state: string;
  readonly commit: { readonly oid: string } | null;
  readonly submittedAt: string | null;
}

export interface Comment extends Written {
  readonly createdAt: string;
  readonly isMinimized: boolean;
}

interface ReviewsAnswer {
  readonly repository: {
    readonly pullRequest: { readonly reviews: Connection<Review> | null } | null;
  } | null;
}

export const REVIEW_FIELDS = `fullDatabaseId author { ${ACTOR_FIELDS} } body lastEditedAt
  state commit { oid } submittedAt`;
export const COMMENT_FIELDS = `fullDatabaseId author { ${ACTOR_FIELDS} } body createdAt lastEditedAt isMinimized`;

/** By GraphQL: REST does not tell whether a review was edited, and an edited one may be no approval. */
const REVIEWS = `query Reviews($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviews(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { ${REVIEW_FIELDS} }
      }
    }
  }
}`;

export async function reviews(
  context: RepositoryContext,
  pull: number,
): Promise<readonly ReviewFacts[]> {
  const found = await allNodes(`reviews of ${numbered(context, pull)}`, async (after) => {
    const answer = await context
      .client('query')
      .graphql<ReviewsAnswer>(REVIEWS, { ...context.at, number: pull, after });
    return answer.repository?.pullRequest?.reviews;
  });
  return found.map(toReview);
}

export const toReview = (review: Review): ReviewFacts => ({
  id: Number(review.fullDatabaseId),
  user: fromActor(review.author),
  state: review.state.toLowerCase(),
  commit: review.commit?.oid ?? null,
  at: review.submittedAt,
  edited_at: review.lastEditedAt,
  body: review.body,
});

interface CommentsAnswer {
  readonly repository: {
    readonly issueOrPullRequest: { readonly comments: Connection<Comment> } | null;
  } | null;
}

/** By GraphQL: REST's `updated_at` has whole seconds, and an edit within the first would go unseen. */
const COMMENTS = `query Comments($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    issueOrPullRequest(number: $number) {
      ... on Issue { comments(first: 100, after: $after) { ...Page } }
      ... on PullRequest { comments(first: 100, after: $after) { ...Page } }
    }
  }
}
fragment Page on IssueCommentConnection {
  pageInfo { hasNextPage endCursor }
  nodes { ${COMMENT_FIELDS} }
}`;

export async function comments(
  context: RepositoryContext,
  number: number,
): Promise<readonly CommentFacts[]> {
  const found = await allNodes(`comments of ${numbered(context, number)}`, async (after) => {
    const answer = await context
      .client('query')
      .graphql<CommentsAnswer>(COMMENTS, { ...context.at, number, after });
    return answer.repository?.issueOrPullRequest?.comments;
  });
  return found.map(toComment);
}

export const toComment = (comment: Comment): CommentFacts => ({
  id: Number(comment.fullDatabaseId),
  user: fromActor(comment.author),
  body: comment.body,
  at: comment.createdAt,
  edited_at: comment.lastEditedAt,
  ...(comment.isMinimized ? { hidden: true } : {}),
});

export async function reviewComments(
  context: RepositoryContext,
  pull: number,
): Promise<readonly ReviewCommentFacts[]> {
  const client = context.client('observe');
  const found = await ask(`review comments of ${numbered(context, pull)}`, () =>
    client.paginate(client.pulls.listReviewComments, {
      ...context.at,
      pull_number: pull,
      per_page: 100,
    }),
  );
  return found.map((comment) => ({
    id: comment.id,
    user: toAccount(comment.user),
    path: comment.path,
    // null once the line is gone from the diff.
    line: comment.line ?? null,
    body: comment.body,
    at: comment.created_at,
  }));
}

/** Oldest first. The event's actor is who did it; the label on the item tells nothing of that. */
export async function labelEvents(
  context: RepositoryContext,
  number: number,
): Promise<readonly LabelEventFacts[]> {
  const client = context.client('observe');
  const events = await ask(`label events of ${numbered(context, number)}`, () =>
    client.paginate(client.issues.listEvents, {
      ...context.at,
      issue_number: number,
      per_page: 100,
    }),
  );
  return events.flatMap((event): LabelEventFacts[] => {
    const action = event.event;
    if (action !== 'labeled' && action !== 'unlabeled') return [];
    const name = 'label' in event ? event.label.name : null;
    if (typeof name !== 'string') return [];
    return [{ name, action, user: toAccount(event.actor), at: event.created_at }];
  });
}
