import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { Account, Role } from '../model.ts';
import { canSee, effectiveRole, grantedRole, isRole, roleReaches } from '../permissions.ts';
import {
  listedRepository,
  repository as representRepository,
} from '../representations/repository.ts';
import { publicUser, user } from '../representations/user.ts';
import { readMetadata, readPeople, writeAdministration } from '../access.ts';
import { accountOf } from './accounts.ts';
import { doer, inRepository, noContent, numberParam, ok, page, param } from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

const self: Route = {
  method: 'GET',
  template: '/user',
  handle(request) {
    const { actor, world } = request;
    if (actor.kind === 'anonymous') throw new GitHubRefusal(401, 'Requires authentication');
    if (actor.kind !== 'user')
      throw new GitHubRefusal(403, 'Resource not accessible by integration');
    return ok(publicUser(world, actor.account));
  },
};

const someone: Route = {
  method: 'GET',
  template: '/users/{username}',
  handle: (request) => ok(publicUser(request.world, accountOf(request, 'username'))),
};

const byId: Route = {
  method: 'GET',
  template: '/user/{account_id}',
  handle(request) {
    const id = numberParam(request, 'account_id');
    const account = request.world.accounts.find((one) => one.id === id);
    if (account === undefined) throw notFound();
    return ok(publicUser(request.world, account));
  },
};

const ownRepositories: Route = {
  method: 'GET',
  template: '/user/repos',
  handle(request) {
    const { account } = doer(request);
    const { world } = request;
    const found = world.repositories.filter((one) => grantedRole(one, account) !== 'none');
    return page(request, found, (one) => listedRepository(world, one, account));
  },
};

const repositoriesOf: Route = {
  method: 'GET',
  template: '/users/{username}/repos',
  handle(request) {
    const { world } = request;
    const owner = accountOf(request, 'username');
    const found = world.repositories.filter(
      (one) => one.owner.id === owner.id && canSee(one, request.actor),
    );
    return page(request, found, (one) => representRepository(world, one));
  },
};

/** `permission` has no triage and no maintain: they read as read and write. `role_name` tells. */
const legacy = (role: Role): 'admin' | 'write' | 'read' | 'none' => {
  if (role === 'admin' || role === 'none') return role;
  return roleReaches(role, 'write') ? 'write' : 'read';
};

const flags = (role: Role) => ({
  admin: roleReaches(role, 'admin'),
  maintain: roleReaches(role, 'maintain'),
  push: roleReaches(role, 'write'),
  triage: roleReaches(role, 'triage'),
  pull: roleReaches(role, 'read'),
});

const roleOfWord = (word: string): Role | null => {
  if (word === 'pull') return 'read';
  if (word === 'push') return 'write';
  return isRole(word) && word !== 'none' ? word : null;
};

const list = inRepository('GET', '/collaborators', readPeople, (request) => {
  const { world, repository, query } = request;
  const wanted = query.get('permission');
  const needed = roleOfWord(wanted ?? 'pull') ?? 'read';
  const people = world.accounts.filter(
    (one) => one.type === 'User' && roleReaches(grantedRole(repository, one), needed),
  );
  return page(request, people, (one) => {
    const role = grantedRole(repository, one);
    return { ...user(world, one), permissions: flags(role), role_name: role };
  });
});

const isCollaborator = inRepository('GET', '/collaborators/{username}', readPeople, (request) => {
  const account = request.world.account(param(request, 'username'));
  if (account === undefined || grantedRole(request.repository, account) === 'none')
    throw notFound();
  return noContent;
});

const permission = inRepository(
  'GET',
  '/collaborators/{username}/permission',
  readMetadata,
  (request) => {
    const { world, repository } = request;
    const account = accountOf(request, 'username');
    if (account.type === 'Organization')
      throw new GitHubRefusal(404, `${account.login} is not a user`);
    // A public repository lends everyone read, and GitHub says so here; a Bot has no role of a person.
    const role = account.type === 'User' ? effectiveRole(repository, account) : 'none';
    return ok({
      permission: legacy(role),
      user: { ...user(world, account), permissions: flags(role), role_name: role },
      role_name: role,
    });
  },
);

const put = inRepository('PUT', '/collaborators/{username}', writeAdministration, (request) => {
  const account = accountOf(request, 'username');
  const role = roleOfWord(request.body.optionalText('permission') ?? 'push');
  if (role === null || account.type !== 'User') throw unprocessable('Validation Failed');
  // Nobody has to accept an invitation here.
  request.repository.roles.set(account.id, role);
  return noContent;
});

const remove = inRepository(
  'DELETE',
  '/collaborators/{username}',
  writeAdministration,
  (request) => {
    request.repository.roles.delete(accountOf(request, 'username').id);
    return noContent;
  },
);

const contributors = inRepository(
  'GET',
  '/contributors',
  readMetadata,
  (request: RepositoryRequest) => {
    const { world, repository } = request;
    const people = new Map<number, { account: Account; contributions: number }>();
    for (const issue of repository.issues.values()) {
      if (issue.pull === null || issue.pull.mergedAt === null) continue;
      const known = people.get(issue.author.id) ?? { account: issue.author, contributions: 0 };
      people.set(issue.author.id, { ...known, contributions: known.contributions + 1 });
    }
    return page(request, [...people.values()], ({ account, contributions }) => ({
      ...user(world, account),
      contributions,
    }));
  },
);

export const peopleRoutes: readonly Route[] = [
  self,
  ownRepositories,
  byId,
  someone,
  repositoriesOf,
  list,
  isCollaborator,
  permission,
  put,
  remove,
  contributors,
];
