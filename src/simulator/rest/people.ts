import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { Account, Role, TeamRecord } from '../model.ts';
import { canSee, effectiveRole, grantedRole, isRole, roleReaches } from '../permissions.ts';
import { nodeId, api } from '../representations/common.ts';
import {
  listedRepository,
  repository as representRepository,
} from '../representations/repository.ts';
import { organization, publicUser, user } from '../representations/user.ts';
import { readMetadata, readPeople, writeAdministration } from '../access.ts';
import { doer, inRepository, noContent, numberParam, ok, page, param } from './request.ts';
import type { RepositoryRequest, RestRequest, Route } from './request.ts';

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

function accountOf(request: RestRequest, name: string): Account {
  const account = request.world.account(param(request, name));
  if (account === undefined) throw notFound();
  return account;
}

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

const org: Route = {
  method: 'GET',
  template: '/orgs/{org}/members/{username}',
  handle(request) {
    const owner = accountOf(request, 'org');
    const account = accountOf(request, 'username');
    if (request.world.members.get(owner.id)?.has(account.id) !== true) throw notFound();
    return noContent;
  },
};

const orgMembership: Route = {
  method: 'GET',
  template: '/orgs/{org}/memberships/{username}',
  handle(request) {
    const { world } = request;
    const owner = accountOf(request, 'org');
    requireMembersRead(request, owner);
    const account = accountOf(request, 'username');
    const role = world.members.get(owner.id)?.get(account.id);
    if (role === undefined) throw notFound();
    const url = `${api(world)}/orgs/${owner.login}`;
    return ok({
      url: `${url}/memberships/${account.login}`,
      state: 'active',
      role,
      organization_url: url,
      organization: organization(world, owner),
      user: user(world, account),
    });
  },
};

/** Members see their organization's teams; so does an App with `members: read`. Others get 404. */
function requireMembersRead(request: RestRequest, owner: Account): void {
  const { actor, world } = request;
  const allowed =
    (actor.kind === 'installation' && actor.permissions['members'] !== undefined) ||
    (actor.kind === 'user' && world.members.get(owner.id)?.has(actor.account.id) === true);
  if (allowed) return;
  if (actor.kind === 'installation') {
    throw new GitHubRefusal(403, 'Resource not accessible by integration');
  }
  throw notFound();
}

function teamOf(request: RestRequest): TeamRecord {
  const owner = accountOf(request, 'org');
  requireMembersRead(request, owner);
  const slug = param(request, 'team_slug');
  const team = request.world.teams.find(
    (one) => one.organization === owner.login && one.slug === slug,
  );
  if (team === undefined) throw notFound();
  return team;
}

const teamMembership: Route = {
  method: 'GET',
  template: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
  handle(request) {
    const team = teamOf(request);
    const account = accountOf(request, 'username');
    const role = team.members.get(account.id);
    if (role === undefined) throw notFound();
    return ok(membership(request, team, account, role));
  },
};

/** Members are added at once: nobody has an invitation to accept here. */
const putTeamMember: Route = {
  method: 'PUT',
  template: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
  handle(request) {
    const team = managedTeam(request);
    const account = accountOf(request, 'username');
    const role = request.body.choice('role', ['member', 'maintainer']) ?? 'member';
    team.members.set(account.id, role);
    return ok(membership(request, team, account, role));
  },
};

const removeTeamMember: Route = {
  method: 'DELETE',
  template: '/orgs/{org}/teams/{team_slug}/memberships/{username}',
  handle(request) {
    managedTeam(request).members.delete(accountOf(request, 'username').id);
    return noContent;
  },
};

function managedTeam(request: RestRequest): TeamRecord {
  const owner = accountOf(request, 'org');
  const by = doer(request);
  if (request.world.members.get(owner.id)?.get(by.account.id) !== 'admin') {
    throw new GitHubRefusal(
      403,
      'You must be an organization owner or team maintainer to add a team membership.',
    );
  }
  return teamOf(request);
}

const membership = (request: RestRequest, team: TeamRecord, account: Account, role: string) => ({
  url: `${api(request.world)}/organizations/${team.organization}/team/${team.id}/memberships/${account.login}`,
  role,
  state: 'active',
});

const teamMembers: Route = {
  method: 'GET',
  template: '/orgs/{org}/teams/{team_slug}/members',
  handle(request) {
    const { members } = teamOf(request);
    const people = request.world.accounts.filter((one) => members.has(one.id));
    return page(request, people, (one) => user(request.world, one));
  },
};

const team: Route = {
  method: 'GET',
  template: '/orgs/{org}/teams/{team_slug}',
  handle(request) {
    const found = teamOf(request);
    const owner = accountOf(request, 'org');
    const url = `${api(request.world)}/organizations/${owner.id}/team/${found.id}`;
    return ok({
      id: found.id,
      node_id: nodeId('team', found.id),
      url,
      html_url: `${request.world.url}/orgs/${owner.login}/teams/${found.slug}`,
      name: found.name,
      slug: found.slug,
      description: '',
      privacy: 'closed',
      notification_setting: 'notifications_enabled',
      permission: 'pull',
      members_url: `${url}/members{/member}`,
      repositories_url: `${url}/repos`,
      parent: null,
      members_count: found.members.size,
      repos_count: 0,
      created_at: '2020-01-01T00:00:00Z',
      updated_at: '2020-01-01T00:00:00Z',
      organization: {
        ...organization(request.world, owner),
        name: owner.login,
        html_url: `${request.world.url}/${owner.login}`,
        type: 'Organization',
        has_organization_projects: false,
        has_repository_projects: false,
        public_repos: 0,
        public_gists: 0,
        followers: 0,
        following: 0,
        created_at: '2020-01-01T00:00:00Z',
        updated_at: '2020-01-01T00:00:00Z',
        archived_at: null,
      },
      type: 'organization',
    });
  },
};

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
  org,
  orgMembership,
  teamMembership,
  putTeamMember,
  removeTeamMember,
  teamMembers,
  team,
];
