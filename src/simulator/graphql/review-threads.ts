import { sayOnPulls } from '../access.ts';
import { GraphQLRefusal } from '../errors.ts';
import type { PullIssue, RepositoryRecord, ReviewCommentRecord } from '../model.ts';
import { settleConversation } from '../operations/conversations.ts';
import { commentsIn, threadsOf } from '../operations/threads.ts';
import { nodeId } from '../representations/common.ts';
import { pullsOf } from '../world.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { doerIn, requireIn } from './context.ts';
import { actorObject } from './git-objects.ts';

export interface ThreadInput {
  readonly threadId: string;
  readonly clientMutationId?: string | null;
}

export function remarkByNode(
  repository: RepositoryRecord,
  node: string,
): { readonly issue: PullIssue; readonly comment: ReviewCommentRecord } | null {
  for (const issue of pullsOf(repository)) {
    const comment = issue.pull.reviewComments.find(
      ({ id }) => nodeId('reviewComment', id) === node,
    );
    if (comment !== undefined) return { issue, comment };
  }
  return null;
}

export const remarkObject = (context: GraphQLContext, comment: ReviewCommentRecord) => ({
  __typename: 'PullRequestReviewComment',
  id: nodeId('reviewComment', comment.id),
  databaseId: comment.id,
  fullDatabaseId: String(comment.id),
  author: actorObject(context, comment.author),
  body: comment.body,
  path: comment.path,
  line: comment.line,
  createdAt: comment.createdAt,
  isMinimized: comment.minimized !== undefined,
  minimizedReason: comment.minimized ?? null,
});

export const threadObject = (
  context: GraphQLContext,
  issue: PullIssue,
  first: ReviewCommentRecord,
) => ({
  __typename: 'PullRequestReviewThread',
  id: nodeId('reviewThread', first.id),
  isResolved: first.resolvedBy !== undefined,
  resolvedBy: first.resolvedBy === undefined ? null : actorObject(context, first.resolvedBy),
  path: first.path,
  line: first.line,
  comments: (args: ConnectionArguments) =>
    connection('comments', commentsIn(issue, first), args, (one) => remarkObject(context, one)),
});

/** The pull request's author may, and whoever may write. */
export function settleThread(context: GraphQLContext, input: ThreadInput, to: boolean) {
  for (const repository of context.world.repositories) {
    for (const issue of pullsOf(repository)) {
      const first = threadsOf(issue).find(
        ({ id }) => nodeId('reviewThread', id) === input.threadId,
      );
      if (first === undefined) continue;
      const by = doerIn(context);
      const role = issue.author.id === by.account.id ? ('read' as const) : ('write' as const);
      requireIn(context, repository, { ...sayOnPulls, role }, 'ResolveReviewThread');
      settleConversation(context.world, repository, by, issue, first, to);
      return {
        clientMutationId: input.clientMutationId ?? null,
        thread: threadObject(context, issue, first),
      };
    }
  }
  throw new GraphQLRefusal(
    'NOT_FOUND',
    `Could not resolve to a node with the global id of '${input.threadId}'.`,
  );
}
