import type { Commit } from '../git/commit.ts';
import type { GitObject } from '../git/objects.ts';
import { isDirectory } from '../git/tree.ts';
import type {
  Account,
  CommentRecord,
  IssueEventRecord,
  IssueRecord,
  LabelRecord,
  PullIssue,
  RepositoryRecord,
  ReviewRecord,
} from '../model.ts';
import { mergeabilityOf, pullFacts } from '../operations/derive.ts';
import { latestOpinions } from '../operations/protection.ts';
import { grantedRole } from '../permissions.ts';
import { associationOf } from '../representations/association.ts';
import { accountOfEmail } from '../representations/commit.ts';
import { nodeId, repositoryHtml } from '../representations/common.ts';
import { issueHtml, issueNodeId } from '../representations/issue.ts';
import { accountNodeId } from '../representations/user.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { rollup, suiteObject } from './checks.ts';

/** A GraphQL `Actor`: Bots are known there without their brackets. */
export function actorObject({ world }: GraphQLContext, account: Account) {
  const login = account.type === 'Bot' ? account.login.replace(/\[bot\]$/, '') : account.login;
  return {
    __typename: account.type,
    id: accountNodeId(account),
    databaseId: account.id,
    login,
    name: account.name,
    email: '',
    url: `${world.url}/${login}`,
    resourcePath: `/${login}`,
    avatarUrl: `${world.url}/avatars/${account.id}`,
  };
}

export const labelObject = (
  { world }: GraphQLContext,
  repository: RepositoryRecord,
  label: LabelRecord,
) => ({
  __typename: 'Label',
  id: nodeId('label', label.id),
  name: label.name,
  color: label.color,
  description: label.description,
  isDefault: false,
  url: `${repositoryHtml(world, repository)}/labels/${encodeURIComponent(label.name)}`,
});

export function refObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  ref: string,
  sha: string,
) {
  const [, kind = '', ...rest] = ref.split('/');
  return {
    __typename: 'Ref',
    id: nodeId('ref', `${repository.id}:${ref}`),
    name: rest.join('/'),
    prefix: `refs/${kind}/`,
    repository: () => repositoryRef.make(context, repository),
    target: async () => {
      const object = await repository.git.object(sha);
      return object === null ? null : gitObject(context, repository, object);
    },
  };
}

/** `objects` and `queries` need each other's repository; the one is given to the other here. */
export const repositoryRef: {
  make: (context: GraphQLContext, repository: RepositoryRecord) => unknown;
} = {
  make: () => {
    throw new Error('queries.ts has not been loaded.');
  },
};

export async function gitObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  object: GitObject,
) {
  const common = {
    id: nodeId('commit', object.sha),
    oid: object.sha,
    abbreviatedOid: object.sha.slice(0, 7),
    commitUrl: `${repositoryHtml(context.world, repository)}/commit/${object.sha}`,
    repository: () => repositoryRef.make(context, repository),
  };
  if (object.type === 'commit') {
    return commitObject(context, repository, await repository.git.requireCommit(object.sha));
  }
  if (object.type === 'tree') {
    return {
      ...common,
      __typename: 'Tree',
      entries: async () =>
        (await repository.git.tree(object.sha)).map((entry) => ({
          name: entry.name,
          path: entry.name,
          type: isDirectory(entry) ? 'tree' : 'blob',
          mode: Number.parseInt(entry.mode, 8),
          oid: entry.sha,
          object: async () => {
            const inner = await repository.git.object(entry.sha);
            return inner === null ? null : gitObject(context, repository, inner);
          },
        })),
    };
  }
  const isBinary = object.content.includes(0);
  return {
    ...common,
    __typename: object.type === 'tag' ? 'Tag' : 'Blob',
    byteSize: object.content.length,
    isBinary,
    isTruncated: false,
    text: isBinary ? null : object.content.toString(),
  };
}

export function commitObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  commit: Commit,
) {
  const [headline = '', ...rest] = commit.message.split('\n');
  const person = (signature: Commit['author']) => {
    const account = accountOfEmail(context.world, signature.email);
    return {
      name: signature.name,
      email: signature.email,
      date: signature.date,
      // A Bot is no `User`, so GitHub says null for it here.
      user: account?.type === 'User' ? actorObject(context, account) : null,
    };
  };
  return {
    __typename: 'Commit',
    id: nodeId('commit', commit.sha),
    oid: commit.sha,
    abbreviatedOid: commit.sha.slice(0, 7),
    url: `${repositoryHtml(context.world, repository)}/commit/${commit.sha}`,
    commitUrl: `${repositoryHtml(context.world, repository)}/commit/${commit.sha}`,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    author: person(commit.author),
    committer: person(commit.committer),
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    repository: () => repositoryRef.make(context, repository),
    tree: async () => {
      const object = await repository.git.object(commit.tree);
      return object === null ? null : gitObject(context, repository, object);
    },
    parents: async (args: ConnectionArguments) => {
      const parents = await Promise.all(
        commit.parents.map((sha) => repository.git.requireCommit(sha)),
      );
      return connection('parents', parents, args, (one) => commitObject(context, repository, one));
    },
    history: async (args: ConnectionArguments) => {
      const shas = await repository.git.revisions(commit.sha, []);
      return connection('history', shas, args, async (sha) =>
        commitObject(context, repository, await repository.git.requireCommit(sha)),
      );
    },
    statusCheckRollup: () => rollup(context, repository, commit.sha),
    checkSuites: (args: ConnectionArguments) =>
      connection(
        'checkSuites',
        repository.checkSuites.filter((one) => one.headSha === commit.sha),
        args,
        (one) => suiteObject(context, repository, one),
      ),
  };
}

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
    isMinimized: false,
    viewerDidAuthor: isViewer(context, comment.author),
    url: `${issueHtml(context.world, repository, comment.issue)}#issuecomment-${comment.id}`,
  };
}

const isViewer = ({ actor }: GraphQLContext, account: Account): boolean =>
  (actor.kind === 'user' ? actor.account.id : actor.app.bot.id) === account.id;

export function reviewObject(
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
      const { mergeable } = await mergeabilityOf(repository, issue);
      return mergeable === null ? 'UNKNOWN' : mergeable ? 'MERGEABLE' : 'CONFLICTING';
    },
    headRefName: pull.headRef,
    headRefOid: pull.headSha,
    headRef: async () => {
      const sha = await repository.git.branch(pull.headRef);
      return sha === null
        ? null
        : refObject(context, repository, `refs/heads/${pull.headRef}`, sha);
    },
    headRepository: () => repositoryRef.make(context, repository),
    isCrossRepository: false,
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
    statusCheckRollup: () => rollup(context, repository, pull.headSha),
  };
}

interface TimelineArguments extends ConnectionArguments {
  readonly itemTypes?: readonly string[] | null;
  readonly since?: string | null;
}

/** GitHub's names for recorded events, in REST and in GraphQL. */
const timelineTypes: Readonly<Record<string, readonly [type: string, item: string]>> = {
  labeled: ['LabeledEvent', 'LABELED_EVENT'],
  unlabeled: ['UnlabeledEvent', 'UNLABELED_EVENT'],
  closed: ['ClosedEvent', 'CLOSED_EVENT'],
  reopened: ['ReopenedEvent', 'REOPENED_EVENT'],
  merged: ['MergedEvent', 'MERGED_EVENT'],
  renamed: ['RenamedTitleEvent', 'RENAMED_TITLE_EVENT'],
  assigned: ['AssignedEvent', 'ASSIGNED_EVENT'],
  unassigned: ['UnassignedEvent', 'UNASSIGNED_EVENT'],
  review_dismissed: ['ReviewDismissedEvent', 'REVIEW_DISMISSED_EVENT'],
  ready_for_review: ['ReadyForReviewEvent', 'READY_FOR_REVIEW_EVENT'],
  convert_to_draft: ['ConvertToDraftEvent', 'CONVERT_TO_DRAFT_EVENT'],
  head_ref_force_pushed: ['HeadRefForcePushedEvent', 'HEAD_REF_FORCE_PUSHED_EVENT'],
};

function timeline(
  context: GraphQLContext,
  repository: RepositoryRecord,
  issue: IssueRecord,
  args: TimelineArguments,
) {
  const wanted = args.itemTypes ?? null;
  const known = new Set(Object.values(timelineTypes).map(([, item]) => item));
  const unknown = wanted?.find((item) => !known.has(item));
  if (unknown !== undefined)
    throw new Error(`The simulator does not resolve ${unknown} in timelineItems.`);
  const since = typeof args.since === 'string' ? Date.parse(args.since) : 0;
  const found = repository.events.filter((one) => {
    const item = timelineTypes[one.event]?.[1];
    return (
      one.issue === issue &&
      item !== undefined &&
      (wanted?.includes(item) ?? true) &&
      Date.parse(one.createdAt) >= since
    );
  });
  return {
    ...connection('timelineItems', found, args, (one) => eventObject(context, repository, one)),
    filteredCount: found.length,
    pageCount: found.length,
    updatedAt: found.at(-1)?.createdAt ?? issue.createdAt,
  };
}

function eventObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  event: IssueEventRecord,
) {
  const common = {
    __typename: timelineTypes[event.event]?.[0],
    id: nodeId('event', event.id),
    actor: actorObject(context, event.actor),
    createdAt: event.createdAt,
  };
  const { detail } = event;
  if (detail.kind === 'label') {
    const label = repository.labels.get(detail.label.name.toLowerCase()) ?? {
      id: event.id,
      description: null,
      ...detail.label,
    };
    return { ...common, label: labelObject(context, repository, label) };
  }
  if (detail.kind === 'rename') {
    return { ...common, previousTitle: detail.from, currentTitle: detail.to };
  }
  if (detail.kind === 'dismissal') {
    return { ...common, dismissalMessage: detail.message, previousReviewState: detail.state };
  }
  if (detail.kind === 'assignee') {
    return { ...common, assignee: actorObject(context, detail.assignee) };
  }
  return common;
}
