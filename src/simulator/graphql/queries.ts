import { GraphQLRefusal } from '../errors.ts';
import type { Account, RepositoryRecord, Role } from '../model.ts';
import { isPull } from '../model.ts';
import { grantedRole } from '../permissions.ts';
import { rateLimit } from '../limits.ts';
import { readContents, readIssues, readPeople, readPulls } from '../access.ts';
import { nodeId, repositoryHtml } from '../representations/common.ts';
import { forksOf, fullName, parentOf, pullsOf } from '../world.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import { pullByNode, repositoryNamed, requireIn } from './context.ts';
import type { GraphQLContext } from './context.ts';
import { actorObject, gitObject, refObject, repositoryRef } from './git-objects.ts';
import { queueObject } from './merge-queue.ts';
import { issueObject, pullObject } from './objects.ts';
import { labelObject } from './timeline.ts';

export const queries = (context: GraphQLContext) => ({
  viewer: () => viewer(context),
  rateLimit: () => limits(context),
  user: ({ login }: { login: string }) => userNamed(context, login),
  repository: ({ owner, name }: { owner: string; name: string }) =>
    repositoryObject(context, repositoryNamed(context, owner, name)),
  node: ({ id }: { id: string }) => {
    const { repository, issue } = pullByNode(context, id);
    return pullObject(context, repository, issue);
  },
});

/** For an App its bot, told as a `User`, brackets and all: so GitHub does it. */
function viewer(context: GraphQLContext) {
  const { actor } = context;
  const account = actor.kind === 'user' ? actor.account : actor.app.bot;
  return { ...actorObject(context, account), __typename: 'User', login: account.login };
}

function limits({ world, actor }: GraphQLContext) {
  const { limit, remaining, used, reset } = rateLimit(world, actor);
  return {
    limit,
    remaining,
    used,
    cost: 1,
    nodeCount: 1,
    resetAt: new Date(reset * 1000).toISOString(),
  };
}

function userNamed(context: GraphQLContext, login: string) {
  const account = context.world.account(login);
  if (account?.type !== 'User') {
    throw new GraphQLRefusal(
      'NOT_FOUND',
      `Could not resolve to a User with the login of '${login}'.`,
    );
  }
  return actorObject(context, account);
}

const graphQLRole = (role: Role): string => role.toUpperCase();

interface CollaboratorArguments extends ConnectionArguments {
  readonly query?: string | null;
  readonly login?: string | null;
}

interface StateArguments extends ConnectionArguments {
  readonly states?: readonly string[] | null;
  readonly headRefName?: string | null;
  readonly baseRefName?: string | null;
  readonly labels?: readonly string[] | null;
  readonly orderBy?: { readonly field: string; readonly direction: 'ASC' | 'DESC' } | null;
}

function repositoryObject(context: GraphQLContext, repository: RepositoryRecord) {
  const { git } = repository;
  const need = (access: Parameters<typeof requireIn>[2], what: string) =>
    requireIn(context, repository, access, what);
  const branch = async (ref: string) => {
    need(readContents, 'Ref');
    const sha = await git.ref(ref);
    return sha === null ? null : refObject(context, repository, ref, sha);
  };
  return {
    __typename: 'Repository',
    id: nodeId('repository', repository.id),
    databaseId: repository.id,
    name: repository.name,
    nameWithOwner: fullName(repository),
    owner: actorObject(context, repository.owner),
    description: repository.description,
    url: repositoryHtml(context.world, repository),
    isPrivate: repository.private,
    isArchived: repository.archived,
    isFork: repository.parent !== null,
    forkCount: forksOf(context.world, repository).length,
    parent: () => {
      const parent = parentOf(context.world, repository);
      return parent === null ? null : repositoryObject(context, parent);
    },
    visibility: repository.private ? 'PRIVATE' : 'PUBLIC',
    createdAt: repository.createdAt,
    updatedAt: repository.updatedAt,
    pushedAt: repository.pushedAt,
    viewerPermission: () => viewerPermission(context, repository),
    defaultBranchRef: () => branch(`refs/heads/${repository.defaultBranch}`),
    ref: ({ qualifiedName }: { qualifiedName: string }) =>
      branch(qualifiedName.startsWith('refs/') ? qualifiedName : `refs/heads/${qualifiedName}`),
    refs: async ({ refPrefix, ...args }: ConnectionArguments & { refPrefix: string }) => {
      need(readContents, 'Refs');
      const found = [...(await git.refs(refPrefix.replace(/\/$/, '')))];
      return connection('refs', found, args, ([ref, sha]) =>
        refObject(context, repository, ref, sha),
      );
    },
    object: async ({ expression, oid }: { expression?: string | null; oid?: string | null }) => {
      need(readContents, 'Object');
      const object = await git.object(oid ?? expression ?? '');
      return object === null ? null : gitObject(context, repository, object);
    },
    label: ({ name }: { name: string }) => {
      const found = repository.labels.get(name.toLowerCase());
      return found === undefined ? null : labelObject(context, repository, found);
    },
    labels: (args: ConnectionArguments) =>
      connection('labels', [...repository.labels.values()], args, (one) =>
        labelObject(context, repository, one),
      ),
    issue: ({ number }: { number: number }) => {
      need(readIssues, 'Issue');
      const issue = repository.issues.get(number);
      if (issue === undefined || isPull(issue)) throw missing('Issue', number);
      return issueObject(context, repository, issue);
    },
    issueOrPullRequest: ({ number }: { number: number }) => {
      need(readIssues, 'IssueOrPullRequest');
      const issue = repository.issues.get(number);
      if (issue === undefined) throw missing('issue or pull request', number);
      return isPull(issue)
        ? pullObject(context, repository, issue)
        : issueObject(context, repository, issue);
    },
    mergeQueue: ({ branch: name }: { branch?: string | null }) => {
      need(readPulls, 'MergeQueue');
      const queue = repository.queues.get(name ?? repository.defaultBranch);
      return queue === undefined ? null : queueObject(context, repository, queue);
    },
    pullRequest: ({ number }: { number: number }) => {
      need(readPulls, 'PullRequest');
      const issue = repository.issues.get(number);
      if (issue === undefined || !isPull(issue)) throw missing('PullRequest', number);
      return pullObject(context, repository, issue);
    },
    issues: (args: StateArguments) => {
      need(readIssues, 'Issues');
      const found = [...repository.issues.values()].filter(
        (one) => !isPull(one) && (args.states?.includes(one.state.toUpperCase()) ?? true),
      );
      return connection('issues', ordered(found, args), args, (one) =>
        issueObject(context, repository, one),
      );
    },
    pullRequests: (args: StateArguments) => {
      need(readPulls, 'PullRequests');
      const found = pullsOf(repository).filter((one) => {
        const state = one.pull.mergedAt === null ? one.state.toUpperCase() : 'MERGED';
        return (
          (args.states?.includes(state) ?? true) &&
          (args.headRefName ?? one.pull.headRef) === one.pull.headRef &&
          (args.baseRefName ?? one.pull.baseRef) === one.pull.baseRef
        );
      });
      return connection('pullRequests', ordered(found, args), args, (one) =>
        pullObject(context, repository, one),
      );
    },
    collaborators: (args: CollaboratorArguments) => {
      need(readPeople, 'Collaborators');
      const people = context.world.accounts.filter((one) => isFound(repository, one, args));
      return connection(
        'collaborators',
        people,
        args,
        (one) => actorObject(context, one),
        (one) => ({ permission: graphQLRole(grantedRole(repository, one)) }),
      );
    },
  };
}

repositoryRef.make = repositoryObject;

function viewerPermission({ actor }: GraphQLContext, repository: RepositoryRecord): string | null {
  if (actor.kind === 'user') {
    const role = grantedRole(repository, actor.account);
    return role === 'none' ? null : graphQLRole(role);
  }
  return actor.permissions['contents'] === 'write' ? 'WRITE' : 'READ';
}

function isFound(
  repository: RepositoryRecord,
  account: Account,
  args: CollaboratorArguments,
): boolean {
  if (account.type !== 'User' || grantedRole(repository, account) === 'none') return false;
  if (typeof args.login === 'string' && account.login.toLowerCase() !== args.login.toLowerCase())
    return false;
  return (
    typeof args.query !== 'string' || account.login.toLowerCase().includes(args.query.toLowerCase())
  );
}

function ordered<
  T extends { readonly createdAt: string; readonly updatedAt: string; readonly number: number },
>(items: readonly T[], { orderBy }: StateArguments): T[] {
  if (orderBy === undefined || orderBy === null) return [...items];
  const key = (one: T) => (orderBy.field === 'UPDATED_AT' ? one.updatedAt : one.createdAt);
  const up = items.toSorted((a, b) =>
    key(a) === key(b) ? a.number - b.number : key(a) < key(b) ? -1 : 1,
  );
  return orderBy.direction === 'ASC' ? up : up.toReversed();
}

const missing = (what: string, number: number): GraphQLRefusal =>
  new GraphQLRefusal('NOT_FOUND', `Could not resolve to a ${what} with the number of ${number}.`);
