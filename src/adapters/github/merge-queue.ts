import { GraphqlResponseError } from '@octokit/graphql';

import type { Refusal, Result } from '../../domain/result.ts';
import { ok, refuse, refused } from '../../domain/result.ts';
import type { Account, GroupMember, QueueStanding } from '../../ports/code-host.ts';
import type { GraphqlActor } from './accounts.ts';
import { ACTOR_FIELDS, fromActor } from './accounts.ts';
import { ask } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { CodeHostFault } from './fault.ts';
import { whyNotMerged } from './merge-refusals.ts';

const STANDING = `query QueueStanding($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      id merged headRefOid
      mergeQueueEntry { position state headCommit { oid } baseCommit { oid } }
      timelineItems(last: 1, itemTypes: [ADDED_TO_MERGE_QUEUE_EVENT, REMOVED_FROM_MERGE_QUEUE_EVENT]) { nodes {
        __typename ... on RemovedFromMergeQueueEvent { reason }
      } }
    }
  }
}`;

interface Standing {
  readonly id: string;
  readonly merged: boolean;
  readonly headRefOid: string;
  readonly mergeQueueEntry: {
    readonly position: number;
    readonly state: string;
    readonly headCommit: { readonly oid: string } | null;
    readonly baseCommit: { readonly oid: string } | null;
  } | null;
  readonly timelineItems: {
    readonly nodes:
      | readonly ({ readonly __typename: string; readonly reason?: string | null } | null)[]
      | null;
  };
}

async function standing(context: RepositoryContext, number: number): Promise<Standing | null> {
  const answer = await ask(`merge queue of ${numbered(context, number)}`, () =>
    orNothing(() =>
      context.client('queue').graphql<{
        repository: { pullRequest: Standing | null } | null;
      }>(STANDING, { ...context.at, number }),
    ),
  );
  return answer?.repository?.pullRequest ?? null;
}

export async function queueStanding(
  context: RepositoryContext,
  number: number,
): Promise<QueueStanding | null> {
  const found = await standing(context, number);
  if (found === null) return null;
  const { merged, headRefOid: head, mergeQueueEntry: entry, timelineItems } = found;
  const last = timelineItems.nodes?.at(-1) ?? null;
  return {
    merged,
    head,
    entry:
      entry === null
        ? null
        : {
            position: entry.position,
            state: entry.state.toLowerCase(),
            group:
              entry.headCommit === null || entry.baseCommit === null
                ? null
                : { head: entry.headCommit.oid, base: entry.baseCommit.oid },
          },
    left_because: last?.__typename === 'RemovedFromMergeQueueEvent' ? (last.reason ?? null) : null,
  };
}

const ENQUEUE = `mutation Enqueue($id: ID!, $head: GitObjectID!) {
  enqueuePullRequest(input: { pullRequestId: $id, expectedHeadOid: $head }) { mergeQueueEntry { id } }
}`;

/** GitHub holds the entry to `head`, and drops it when the head moves. */
export async function enqueue(
  context: RepositoryContext,
  input: { readonly pull_request: number; readonly head: string },
): Promise<Result<null>> {
  const item = numbered(context, input.pull_request);
  const now = await permitted(() => standing(context, input.pull_request));
  if (!now.ok) return now;
  if (now.value === null) return refuse('merge.no_item', `There is no ${item} to merge.`);
  const { id, headRefOid, mergeQueueEntry } = now.value;
  if (headRefOid !== input.head)
    return refuse('merge.head_moved', `The head of ${item} is no longer ${input.head}.`);
  if (mergeQueueEntry !== null) return ok(null);
  return mutate(context, `enqueuing ${item}`, ENQUEUE, { id, head: input.head }, (message) =>
    notQueued(item, input, message),
  );
}

/** The queue asks for what a merge would ask for, in the same words. */
function notQueued(item: string, input: { readonly head: string }, message: string): Refusal {
  if (/head (?:ref|sha|oid|branch).*(?:match|modified|expected)|expected head/i.test(message))
    return {
      code: 'merge.head_moved',
      message: `The head of ${item} is no longer ${input.head}: ${message}`,
    };
  const why = whyNotMerged(item, input, 405, message);
  return why === null || why.code === 'merge.queue_required'
    ? { code: 'merge.blocked', message: `The merge queue did not take ${item}: ${message}` }
    : why;
}

const DEQUEUE = `mutation Dequeue($id: ID!) {
  dequeuePullRequest(input: { id: $id }) { mergeQueueEntry { id } }
}`;

export async function dequeue(context: RepositoryContext, number: number): Promise<Result<null>> {
  const item = numbered(context, number);
  const now = await standing(context, number);
  if (now === null || now.mergeQueueEntry === null) return ok(null);
  return mutate(context, `dequeuing ${item}`, DEQUEUE, { id: now.id }, (message) => ({
    code: 'merge.not_dequeued',
    message: `GitHub did not take ${item} out of the merge queue: ${message}`,
  }));
}

const GROUP = `query MergeGroup($owner: String!, $repo: String!, $branch: String!) {
  repository(owner: $owner, name: $repo) {
    mergeQueue(branch: $branch) {
      entries(first: 100) { nodes {
        headCommit { oid } baseCommit { oid } pullRequest { number headRefOid }
      } }
    }
  }
}`;

interface Entry {
  readonly headCommit: { readonly oid: string } | null;
  readonly baseCommit: { readonly oid: string } | null;
  readonly pullRequest: { readonly number: number; readonly headRefOid: string } | null;
}

/**
 * The webhook names no pull requests. A group stands on the one before it, so its members are the entries one passes on the
 * way from its head down to its base.
 */
export async function mergeGroup(
  context: RepositoryContext,
  { branch, head, base }: { readonly branch: string; readonly head: string; readonly base: string },
): Promise<readonly GroupMember[] | null> {
  const answer = await ask(`merge queue of ${context.ref.full_name}`, () =>
    orNothing(() =>
      context.client('queue').graphql<{
        repository: {
          mergeQueue: { entries: { nodes: readonly (Entry | null)[] | null } | null } | null;
        } | null;
      }>(GROUP, { ...context.at, branch }),
    ),
  );
  const nodes = answer?.repository?.mergeQueue?.entries?.nodes ?? [];
  const entries = nodes.filter((entry) => entry !== null);
  const members: GroupMember[] = [];
  for (let at = head; at !== base;) {
    const entry = entries.find(({ headCommit }) => headCommit?.oid === at);
    if (!entry?.baseCommit || !entry.pullRequest || members.length > entries.length) return null;
    const { number, headRefOid } = entry.pullRequest;
    members.unshift({ pull_request: number, head: headRefOid });
    at = entry.baseCommit.oid;
  }
  return members;
}

const ENQUEUER = `query Enqueuer($owner: String!, $repo: String!, $number: Int!) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      timelineItems(last: 1, itemTypes: [ADDED_TO_MERGE_QUEUE_EVENT]) { nodes {
        ... on AddedToMergeQueueEvent { actor { ${ACTOR_FIELDS} } }
      } }
    }
  }
}`;

export async function enqueuer(
  context: RepositoryContext,
  number: number,
): Promise<Account | null> {
  const answer = await ask(`merge queue of ${numbered(context, number)}`, () =>
    orNothing(() =>
      context.client('query').graphql<{
        repository: {
          pullRequest: {
            timelineItems: {
              nodes: readonly ({ readonly actor?: GraphqlActor | null } | null)[] | null;
            };
          } | null;
        } | null;
      }>(ENQUEUER, { ...context.at, number }),
    ),
  );
  const actor = answer?.repository?.pullRequest?.timelineItems.nodes?.at(-1)?.actor ?? null;
  return actor === null ? null : fromActor(actor);
}

const typesOf = (error: unknown): readonly string[] =>
  error instanceof GraphqlResponseError
    ? (error.errors ?? []).map(({ type }) => type ?? 'UNKNOWN')
    : [];

/** What is not there is nothing; every other fault is one. */
async function orNothing<T>(request: () => Promise<T>): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    const types = typesOf(error);
    if (types.length > 0 && types.every((type) => type === 'NOT_FOUND')) return null;
    throw error;
  }
}

/** An App that was not given the permission gets no token for it: an operator's business, which waiting does not mend. */
async function permitted<T>(request: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await request());
  } catch (error) {
    if (!(error instanceof CodeHostFault) || error.status !== 422) throw error;
    return refuse(
      'merge.queue_permission',
      'The branch has a merge queue, and the App may not use it: grant it the repository permission "Merge queues: write", and accept it for the installation.',
    );
  }
}

async function mutate(
  context: RepositoryContext,
  operation: string,
  mutation: string,
  variables: Readonly<Record<string, unknown>>,
  refusalFor: (message: string) => Refusal,
): Promise<Result<null>> {
  return ask(operation, async () => {
    try {
      await context.client('queue').graphql(mutation, variables);
      return ok(null);
    } catch (error) {
      const types = typesOf(error);
      if (types.length === 0 || types.includes('RATE_LIMITED')) throw error;
      const [first] = error instanceof GraphqlResponseError ? (error.errors ?? []) : [];
      return refused(refusalFor(first?.message ?? 'no reason given'));
    }
  });
}
