import { GitHubRefusal, notFound } from '../errors.ts';
import type { Account, TeamRecord } from '../model.ts';
import { nodeId, api } from '../representations/common.ts';
import { organization, user } from '../representations/user.ts';
import { teamRole } from '../society.ts';
import { doer, noContent, ok, page, param } from './request.ts';
import type { RestRequest, Route } from './request.ts';
import { accountOf } from './accounts.ts';

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
    const role = teamRole(request.world, team, account);
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
    const found = teamOf(request);
    const people = request.world.accounts.filter(
      (one) => teamRole(request.world, found, one) !== undefined,
    );
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
      parent: parentOf(request, found, owner),
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

/** OpenAPI `team-simple`. */
function parentOf(
  request: RestRequest,
  { organization: login, parent }: TeamRecord,
  owner: Account,
) {
  const above = request.world.teams.find(
    (one) => one.organization === login && one.slug === parent,
  );
  if (above === undefined) return null;
  const url = `${api(request.world)}/organizations/${owner.id}/team/${above.id}`;
  return {
    id: above.id,
    node_id: nodeId('team', above.id),
    url,
    html_url: `${request.world.url}/orgs/${login}/teams/${above.slug}`,
    name: above.name,
    slug: above.slug,
    description: '',
    privacy: 'closed',
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
  };
}

export const teamRoutes: readonly Route[] = [
  org,
  orgMembership,
  teamMembership,
  putTeamMember,
  removeTeamMember,
  teamMembers,
  team,
];
