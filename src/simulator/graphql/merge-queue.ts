import { mayQueue } from '../access.ts';
import type { PullIssue, QueueEntryRecord, QueueRecord, RepositoryRecord } from '../model.ts';
import { dequeue, enqueue, entryOf } from '../operations/merge-queue.ts';
import { nodeId, repositoryHtml } from '../representations/common.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import { doerIn, pullByNode, requireIn } from './context.ts';
import type { GraphQLContext } from './context.ts';
import { actorObject, commitObject, pullRef, repositoryRef } from './git-objects.ts';

export function queueObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  queue: QueueRecord,
) {
  const url = `${repositoryHtml(context.world, repository)}/queue/${queue.branch}`;
  return {
    __typename: 'MergeQueue',
    id: nodeId('queue', queue.id),
    url,
    resourcePath: new URL(url).pathname,
    repository: () => repositoryRef.make(context, repository),
    nextEntryEstimatedTimeToMerge: null,
    configuration: { mergeMethod: queue.method.toUpperCase() },
    entries: (args: ConnectionArguments) =>
      connection('entries', queue.entries, args, (entry) =>
        entryObject(context, repository, entry),
      ),
  };
}

function entryObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  entry: QueueEntryRecord,
) {
  const { issue, group } = entry;
  const queue = repository.queues.get(issue.pull.baseRef);
  const commit = async (sha: string | undefined) =>
    sha === undefined
      ? null
      : commitObject(context, repository, await repository.git.requireCommit(sha));
  return {
    __typename: 'MergeQueueEntry',
    id: nodeId('queueEntry', entry.id),
    position: (queue?.entries.indexOf(entry) ?? 0) + 1,
    state: group === null ? 'QUEUED' : 'AWAITING_CHECKS',
    jump: false,
    solo: false,
    estimatedTimeToMerge: null,
    enqueuedAt: entry.enqueuedAt,
    enqueuer: actorObject(context, entry.enqueuer.account),
    headCommit: () => commit(group?.head),
    baseCommit: () => commit(group?.base),
    mergeQueue: () => (queue === undefined ? null : queueObject(context, repository, queue)),
    pullRequest: () => pullRef.make(context, repository, issue),
  };
}

/** What a pull request says of its queue. */
export const queueFields = (
  context: GraphQLContext,
  repository: RepositoryRecord,
  issue: PullIssue,
) => {
  const queue = repository.queues.get(issue.pull.baseRef);
  const entry = entryOf(repository, issue);
  return {
    isMergeQueueEnabled: queue !== undefined,
    isInMergeQueue: entry !== undefined,
    mergeQueue: () => (queue === undefined ? null : queueObject(context, repository, queue)),
    mergeQueueEntry: () => (entry === undefined ? null : entryObject(context, repository, entry)),
  };
};

interface EnqueueInput {
  readonly pullRequestId: string;
  readonly expectedHeadOid?: string | null;
  readonly clientMutationId?: string | null;
}

interface DequeueInput {
  readonly id: string;
  readonly clientMutationId?: string | null;
}

export const queueMutations = (context: GraphQLContext) => ({
  enqueuePullRequest: async ({ input }: { input: EnqueueInput }) => {
    const { repository, issue } = pullByNode(context, input.pullRequestId);
    requireIn(context, repository, mayQueue, 'EnqueuePullRequest');
    const expected = input.expectedHeadOid ?? null;
    const entry = await enqueue(context.world, repository, doerIn(context), issue, expected);
    return answer(context, repository, entry, input);
  },
  dequeuePullRequest: async ({ input }: { input: DequeueInput }) => {
    const { repository, issue } = pullByNode(context, input.id);
    requireIn(context, repository, mayQueue, 'DequeuePullRequest');
    const entry = await dequeue(context.world, repository, doerIn(context), issue);
    return answer(context, repository, entry, input);
  },
});

const answer = (
  context: GraphQLContext,
  repository: RepositoryRecord,
  entry: QueueEntryRecord,
  { clientMutationId = null }: { readonly clientMutationId?: string | null },
) => ({ clientMutationId, mergeQueueEntry: entryObject(context, repository, entry) });
