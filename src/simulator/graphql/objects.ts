import type {
  Account,
  CommentRecord,
  IssueRecord,
  PullIssue,
  RepositoryRecord,
  ReviewRecord,
} from '../model.ts';
import { mergeabilityOf, pullFacts } from '../operations/derive.ts';
import { threadsOf } from '../operations/threads.ts';
import { latestOpinions } from '../operations/protection.ts';
import { grantedRole } from '../permissions.ts';
import { associationOf } from '../representations/association.ts';
import { nodeId } from '../representations/common.ts';
import { issueHtml, issueNodeId } from '../representations/issue.ts';
import { headRepositoryOf, isFromFork } from '../world.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { rollup } from './checks.ts';
import { actorObject, pullRef, refObject, repositoryRef, commitObject } from './git-objects.ts';
import { queueFields } from './merge-queue.ts';
import { threadObject } from './review-threads.ts';
import { labelObject, timeline } from './timeline.ts';
import type { TimelineArguments } from './timeline.ts';

function shared(context: GraphQLContext, repository: RepositoryRecord, issue: IssueRecord) {
  const html = issueHtml(context.world, repository, issue);
  return {
    id: issueNodeId(issue),
    databaseId: issue.pull?.id ?? issue.id,
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url: html,
    resourcePath: new URL(html).pathname,
    locked: issue.locked,
    closed: issue.state === 'closed',
    closedAt: issue.closedAt,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    lastEditedAt: issue.lastEditedAt,
    author: actorObject(context, issue.author),
    authorAssociation: associationOf(context.world, repository, issue.author),
    repository: () => repositoryRef.make(context, repository),
    labels: (args: ConnectionArguments) =>
      connection('labels', issue.labels, args, (one) => labelObject(context, repository, one)),
    assignees: (args: ConnectionArguments) =>
      connection('assignees', issue.assignees, args, (one) => actorObject(context, one)),
    comments: (args: ConnectionArguments) =>
      connection(
        'comments',
        [...repository.comments.values()].filter((one) => one.issue === issue),
        args,
        (one) => commentObject(context, repository, one),
      ),
    milestone:
      issue.milestone === null
        ? null
        : {
            __typename: 'Milestone',
            id: nodeId('milestone', issue.milestone.id),
            number: issue.milestone.number,
            title: issue.milestone.title,
            state: issue.milestone.state.toUpperCase(),
          },
    timelineItems: (args: TimelineArguments) => timeline(context, repository, issue, args),
  };
}

export const issueObject = (
  context: GraphQLContext,
  repository: RepositoryRecord,
  issue: IssueRecord,
) => ({
  ...shared(context, repository, issue),
  __typename: 'Issue',
  state: issue.state.toUpperCase(),
  stateReason: issue.stateReason?.toUpperCase() ?? null,
});

export function commentObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  comment: CommentRecord,
) {
  return {
    __typename: 'IssueComment',
    id: nodeId('comment', comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    body: comment.body,
    author: actorObject(context, comment.author),
    authorAssociation: associationOf(context.world, repository, comment.author),
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    lastEditedAt: comment.lastEditedAt,
    includesCreatedEdit: comment.lastEditedAt !== null,
    isMinimized: comment.minimized !== undefined,
    minimizedReason: comment.minimized ?? null,
    viewerDidAuthor: isViewer(context, comment.author),
    url: `${issueHtml(context.world, repository, comment.issue)}#issuecomment-${comment.id}`,
  };
}

const isViewer = ({ actor }: GraphQLContext, account: Account): boolean =>
  (actor.kind === 'user' ? actor.account.id : actor.app.bot.id) === account.id;

function reviewObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  issue: PullIssue,
  review: ReviewRecord,
) {
  return {
    __typename: 'PullRequestReview',
    id: nodeId('review', review.id),
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    state: review.state,
    body: review.body,
    author: actorObject(context, review.author),
    authorAssociation: associationOf(context.world, repository, review.author),
    authorCanPushToRepository: ['write', 'maintain', 'admin'].includes(
      grantedRole(repository, review.author),
    ),
    commit: async () => {
      const commit = await repository.git.commit(review.commitId);
      return commit === null ? null : commitObject(context, repository, commit);
    },
    submittedAt: review.submittedAt,
    createdAt: review.submittedAt ?? review.updatedAt,
    updatedAt: review.updatedAt,
    lastEditedAt: review.lastEditedAt,
    url: `${issueHtml(context.world, repository, issue)}#pullrequestreview-${review.id}`,
  };
}

interface ReviewArguments extends ConnectionArguments {
  readonly states?: readonly string[] | null;
  readonly author?: string | null;
}

export function pullObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  issue: PullIssue,
) {
  const { pull } = issue;
  const submitted = pull.reviews.filter((one) => one.state !== 'PENDING');
  const sum = async (count: (file: { additions: number; deletions: number }) => number) =>
    (await pullFacts(repository, issue)).files.reduce((total, file) => total + count(file), 0);
  return {
    ...shared(context, repository, issue),
    __typename: 'PullRequest',
    state: pull.mergedAt === null ? issue.state.toUpperCase() : 'MERGED',
    isDraft: pull.draft,
    merged: pull.mergedAt !== null,
    mergedAt: pull.mergedAt,
    mergedBy: pull.mergedBy === null ? null : actorObject(context, pull.mergedBy),
    mergeCommit: async () => {
      const commit =
        pull.mergeCommitSha === null ? null : await repository.git.commit(pull.mergeCommitSha);
      return commit === null ? null : commitObject(context, repository, commit);
    },
    mergeable: async () => {
      const { mergeable } = await mergeabilityOf(context.world, repository, issue);
      return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING';
    },
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    headRef: async () => {
      const head = headRepositoryOf(context.world, pull);
      const sha = (await head?.git.branch(pull.headRef)) ?? null;
      return head === null || sha === null
        ? null
        : refObject(context, head, `refs/heads/${pull.headRef}`, sha);
    },
    headRepository: () => {
      const head = headRepositoryOf(context.world, pull);
      return head === null ? null : repositoryRef.make(context, head);
    },
    headRepositoryOwner: actorObject(context, pull.headOwner),
    isCrossRepository: isFromFork(repository, pull),
    maintainerCanModify: pull.maintainerCanModify,
    baseRefName: pull.baseRef,
    baseRefOid: pull.baseSha,
    additions: () => sum((file) => file.additions),
    deletions: () => sum((file) => file.deletions),
    changedFiles: async () => (await pullFacts(repository, issue)).files.length,
    files: async (args: ConnectionArguments) => {
      const { files } = await pullFacts(repository, issue);
      return connection('files', files, args, (file) => ({
        path: file.path,
        additions: file.additions,
        deletions: file.deletions,
        changeType: file.status === 'removed' ? 'DELETED' : file.status.toUpperCase(),
      }));
    },
    commits: async (args: ConnectionArguments) => {
      const { commits } = await pullFacts(repository, issue);
      return connection('commits', commits, args, (commit) => ({
        __typename: 'PullRequestCommit',
        id: nodeId('commit', `${pull.id}:${commit.sha}`),
        commit: commitObject(context, repository, commit),
      }));
    },
    reviews: (args: ReviewArguments) =>
      connection(
        'reviews',
        submitted.filter(
          (one) =>
            (args.states?.includes(one.state) ?? true) &&
            (typeof args.author !== 'string' || one.author.login === args.author),
        ),
        args,
        (one) => reviewObject(context, repository, issue, one),
      ),
    latestReviews: (args: ConnectionArguments) =>
      connection(
        'latestReviews',
        [...new Map(submitted.map((one) => [one.author.id, one])).values()],
        args,
        (one) => reviewObject(context, repository, issue, one),
      ),
    latestOpinionatedReviews: (args: ConnectionArguments) =>
      connection('latestOpinionatedReviews', latestOpinions(issue), args, (one) =>
        reviewObject(context, repository, issue, one),
      ),
    reviewThreads: (args: ConnectionArguments) =>
      connection('reviewThreads', threadsOf(issue), args, (one) =>
        threadObject(context, issue, one),
      ),
    statusCheckRollup: () => rollup(context, repository, pull.headSha),
    ...queueFields(context, repository, issue),
  };
}

pullRef.make = pullObject;
