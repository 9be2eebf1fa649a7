import { doerOf } from '../actor.ts';
import type { Actor, Doer } from '../actor.ts';
import { GitHubRefusal, GraphQLRefusal } from '../errors.ts';
import type { PullIssue, RepositoryRecord } from '../model.ts';
import type { Access } from '../permissions.ts';
import { canSee, holds } from '../permissions.ts';
import { parseNodeId } from '../representations/common.ts';
import { pullsOf } from '../world.ts';
import type { World } from '../world.ts';

export interface GraphQLContext {
  readonly world: World;
  readonly actor: Extract<Actor, { kind: 'user' | 'installation' }>;
}

export function doerIn(context: GraphQLContext): Doer {
  const found = doerOf(context.actor);
  if (found === null) throw new GitHubRefusal(401, 'Requires authentication');
  return found;
}

export function repositoryNamed(
  context: GraphQLContext,
  owner: string,
  name: string,
): RepositoryRecord {
  const found = context.world.repository(owner, name);
  if (found === undefined || !canSee(found, context.actor)) {
    throw new GraphQLRefusal(
      'NOT_FOUND',
      `Could not resolve to a Repository with the name '${owner}/${name}'.`,
    );
  }
  return found;
}

export function requireIn(
  context: GraphQLContext,
  repository: RepositoryRecord,
  access: Access,
  what: string,
): void {
  if (holds(context.actor, repository, access)) return;
  throw new GraphQLRefusal(
    'FORBIDDEN',
    context.actor.kind === 'installation'
      ? 'Resource not accessible by integration'
      : `${context.actor.account.login} does not have the correct permissions to execute \`${what}\``,
  );
}

const unresolved = (id: string): GraphQLRefusal =>
  new GraphQLRefusal('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);

export function pullByNode(
  context: GraphQLContext,
  node: string,
): { repository: RepositoryRecord; issue: PullIssue } {
  const parsed = parseNodeId(node);
  for (const repository of context.world.repositories) {
    if (parsed?.kind !== 'pull' || !canSee(repository, context.actor)) continue;
    const issue = pullsOf(repository).find((one) => String(one.pull.id) === parsed.id);
    if (issue !== undefined) return { repository, issue };
  }
  throw unresolved(node);
}

/** A branch's node id names its repository and ref. */
export function refByNode(
  context: GraphQLContext,
  node: string,
): { repository: RepositoryRecord; ref: string } {
  const parsed = parseNodeId(node);
  const [, id = '', ref = ''] = /^(\d+):(.+)$/.exec(parsed?.id ?? '') ?? [];
  const repository = context.world.repositories.find((one) => String(one.id) === id);
  if (parsed?.kind !== 'ref' || repository === undefined || !canSee(repository, context.actor)) {
    throw unresolved(node);
  }
  return { repository, ref };
}

export function repositoryByNode(context: GraphQLContext, node: string): RepositoryRecord {
  const parsed = parseNodeId(node);
  const repository = context.world.repositories.find((one) => String(one.id) === parsed?.id);
  if (
    parsed?.kind !== 'repository' ||
    repository === undefined ||
    !canSee(repository, context.actor)
  ) {
    throw unresolved(node);
  }
  return repository;
}
