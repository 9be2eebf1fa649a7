import { GraphqlResponseError } from '@octokit/graphql';

import type {
  CommitFacts,
  ForcePush,
  IssueEvidence,
  LabelEventFacts,
  PullRequestEvidence,
} from '../../ports/code-host.ts';
import { fromActor, WEB_FLOW } from './accounts.ts';
import { ask } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { comments, labelEvents, reviews, toComment, toReview } from './evidence.ts';
import type {
  Commit,
  Common,
  ForcePushes,
  Issue,
  LabelEvent,
  PullRequest,
  Signature,
} from './evidence-queries.ts';
import { ISSUE, PULL_REQUEST } from './evidence-queries.ts';
import type { Connection } from './graphql.ts';
import { issue as issueByRest } from './issues.ts';
import { commits, MOST_COMMITS, pullRequest } from './pull-requests.ts';

export async function issueWithEvidence(
  context: RepositoryContext,
  number: number,
): Promise<IssueEvidence | null> {
  const found = await look<{ issue: Issue | null }>(context, number, ISSUE);
  if (found === 'in parts' || (found !== null && hasMore(found.issue?.labels)))
    return issueInParts(context, number);
  const issue = found?.issue ?? null;
  if (issue === null) return null;
  const [comments, label_events] = await discussion(context, issue);
  return {
    issue: {
      number: issue.number,
      title: issue.title,
      body: issue.body,
      state: issue.state === 'OPEN' ? 'open' : 'closed',
      author: fromActor(issue.author),
      labels: nodesOf(issue.labels).map(({ name }) => name),
      milestone: issue.milestone,
      created_at: issue.createdAt,
      updated_at: issue.updatedAt,
      is_pull_request: false,
    },
    comments,
    label_events,
  };
}

export async function pullRequestWithEvidence(
  context: RepositoryContext,
  number: number,
): Promise<PullRequestEvidence | null> {
  const found = await look<{ pullRequest: PullRequest | null }>(context, number, PULL_REQUEST);
  if (found === 'in parts' || (found !== null && hasMore(found.pullRequest?.labels)))
    return pullRequestInParts(context, number);
  const pull = found?.pullRequest ?? null;
  if (pull === null) return null;
  const [given, [said, label_events], made] = await Promise.all([
    pull.reviews === null || hasMore(pull.reviews)
      ? reviews(context, number)
      : nodesOf(pull.reviews).map(toReview),
    discussion(context, pull),
    hasMore(pull.commits) || pull.commits.totalCount >= MOST_COMMITS
      ? commits(context, number)
      : nodesOf(pull.commits).map(({ commit }) => toCommit(commit)),
  ]);
  return {
    pull_request: {
      number: pull.number,
      title: pull.title,
      body: pull.body,
      state: pull.state === 'OPEN' ? 'open' : 'closed',
      merged: pull.merged,
      merge_commit: pull.merged ? (pull.mergeCommit?.oid ?? null) : null,
      merged_by: pull.mergedBy === null ? null : fromActor(pull.mergedBy),
      merged_at: pull.mergedAt,
      draft: pull.isDraft,
      author: fromActor(pull.author),
      labels: nodesOf(pull.labels).map(({ name }) => name),
      milestone: pull.milestone,
      head: pull.headRefOid,
      head_branch: pull.headRefName,
      head_repository: pull.headRepository?.nameWithOwner ?? null,
      base: pull.baseRefName,
      base_sha: pull.baseRefOid,
      mergeable: null,
    },
    reviews: given,
    comments: said,
    label_events,
    commits: made,
    retargeted_at: pull.retargets.nodes?.at(-1)?.createdAt ?? null,
    force_pushes: toForcePushes(pull.forcePushes),
  };
}

/** Of those before the page nobody knows what they put there: the first one known stands for them. */
function toForcePushes({ pageInfo, nodes }: ForcePushes): readonly ForcePush[] {
  const known = (nodes ?? []).filter((node) => node !== null);
  return known.map(({ createdAt: at, afterCommit }, index) => {
    const first = index === 0 && pageInfo.hasPreviousPage;
    return { at, head: first ? null : (afterCommit?.oid ?? null) };
  });
}

/** null: GitHub has no such item. `in parts`: it has, and could not tell all of it at once. */
async function look<Found>(
  context: RepositoryContext,
  number: number,
  query: string,
): Promise<Found | 'in parts' | null> {
  return ask(`evidence of ${numbered(context, number)}`, async () => {
    try {
      const answer = await context
        .client('query')
        .graphql<{ repository: Found | null }>(query, { ...context.at, number });
      return answer.repository;
    } catch (error) {
      const types = error instanceof GraphqlResponseError ? (error.errors ?? []) : [];
      if (types.length === 0 || types.some(({ type }) => type === 'RATE_LIMITED')) throw error;
      // One event whose label was deleted since can spoil the whole answer; REST tells such an event all the same.
      return types.every(({ type }) => type === 'NOT_FOUND') ? null : 'in parts';
    }
  });
}

/** What has more than a page is read whole by a query of its own: a list cut off could leave out a removal. */
const hasMore = (connection: Connection<unknown> | null | undefined): boolean =>
  connection?.pageInfo.hasNextPage === true;

const nodesOf = <Node>(connection: Connection<Node> | null): readonly Node[] =>
  (connection?.nodes ?? []).filter((node) => node !== null);

const discussion = (context: RepositoryContext, item: Common) =>
  Promise.all([
    hasMore(item.comments) ? comments(context, item.number) : nodesOf(item.comments).map(toComment),
    hasMore(item.timelineItems)
      ? labelEvents(context, item.number)
      : nodesOf(item.timelineItems).map(toLabelEvent),
  ]);

const toLabelEvent = (event: LabelEvent): LabelEventFacts => ({
  name: event.label.name,
  action: event.__typename === 'LabeledEvent' ? 'labeled' : 'unlabeled',
  user: fromActor(event.actor),
  at: event.createdAt,
});

const toCommit = (commit: Commit): CommitFacts => {
  const committer = loginOf(commit.committer) === WEB_FLOW ? null : commit.committer;
  return {
    sha: commit.oid,
    author: loginOf(commit.author),
    committer: loginOf(committer),
    author_id: commit.author?.user?.databaseId ?? null,
    committer_id: committer?.user?.databaseId ?? null,
    parents: (commit.parents.nodes ?? []).flatMap((parent) => parent?.oid ?? []),
  };
};

/** GraphQL names people only; a bot's commits carry its login in the address, by which REST knows it too. */
function loginOf(signature: Signature | null): string | null {
  if (signature === null) return null;
  const bot = /^\d+\+([\w-]+\[bot\])@users\.noreply\./.exec(signature.email ?? '')?.[1];
  return signature.user?.login ?? bot ?? null;
}

async function issueInParts(
  context: RepositoryContext,
  number: number,
): Promise<IssueEvidence | null> {
  const issue = await issueByRest(context, number);
  if (issue === null || issue.is_pull_request) return null;
  const [said, label_events] = await Promise.all([
    comments(context, number),
    labelEvents(context, number),
  ]);
  return { issue, comments: said, label_events };
}

async function pullRequestInParts(
  context: RepositoryContext,
  number: number,
): Promise<PullRequestEvidence | null> {
  const pull_request = await pullRequest(context, number);
  if (pull_request === null) return null;
  const [given, said, label_events, made, moves] = await Promise.all([
    reviews(context, number),
    comments(context, number),
    labelEvents(context, number),
    commits(context, number),
    movesOf(context, number),
  ]);
  return {
    pull_request,
    reviews: given,
    comments: said,
    label_events,
    commits: made,
    ...moves,
  };
}

const retargeting = ['base_ref_changed', 'automatic_base_change_succeeded'];

/** REST does not say what a force push put there. */
async function movesOf(
  context: RepositoryContext,
  number: number,
): Promise<Pick<PullRequestEvidence, 'retargeted_at' | 'force_pushes'>> {
  const events = await ask(`events of ${numbered(context, number)}`, () => {
    const client = context.client('observe');
    return client.paginate(client.issues.listEvents, {
      ...context.at,
      issue_number: number,
      per_page: 100,
    });
  });
  return {
    retargeted_at: events.findLast(({ event }) => retargeting.includes(event))?.created_at ?? null,
    force_pushes: events
      .filter(({ event }) => event === 'head_ref_force_pushed')
      .map(({ created_at: at }) => ({ at, head: null })),
  };
}
