import type { InstallationActor } from '../actor.ts';
import { GitHubRefusal, notFound, unprocessable } from '../errors.ts';
import type { AccessLevel, AppRecord, Permissions, RepositoryRecord } from '../model.ts';
import { canSee } from '../permissions.ts';
import { app, installation, installationToken } from '../representations/app.ts';
import {
  permissionFlags,
  repository as representRepository,
} from '../representations/repository.ts';
import { isRecord } from './body.ts';
import { created, noContent, numberParam, ok, page, param } from './request.ts';
import type { RestRequest, Route } from './request.ts';

export function requireApp(request: RestRequest): AppRecord {
  if (request.actor.kind === 'app') return request.actor.app;
  throw new GitHubRefusal(401, 'A JSON web token could not be decoded');
}

function requireInstallation(request: RestRequest): InstallationActor {
  if (request.actor.kind === 'installation') return request.actor;
  throw new GitHubRefusal(
    403,
    'You must authenticate with an installation access token in order to list repositories for an installation.',
  );
}

const self: Route = {
  method: 'GET',
  template: '/app',
  handle: (request) => ok({ ...app(request.world, requireApp(request)), installations_count: 1 }),
};

const list: Route = {
  method: 'GET',
  template: '/app/installations',
  handle: (request) =>
    page(request, [requireApp(request)], (one) => installation(request.world, one)),
};

const get: Route = {
  method: 'GET',
  template: '/app/installations/{installation_id}',
  handle: (request) => ok(installation(request.world, installedApp(request))),
};

function installedApp(request: RestRequest): AppRecord {
  const found = requireApp(request);
  if (found.installation.id !== numberParam(request, 'installation_id')) throw notFound();
  return found;
}

const ofRepository: Route = {
  method: 'GET',
  template: '/repos/{owner}/{repo}/installation',
  handle(request) {
    const found = requireApp(request);
    const repository = request.world.repository(param(request, 'owner'), param(request, 'repo'));
    if (repository === undefined || !found.installation.repositories.has(repository.id))
      throw notFound();
    return ok(installation(request.world, found));
  },
};

const ofAccount = (kind: 'users/{username}' | 'orgs/{org}', name: string): Route => ({
  method: 'GET',
  template: `/${kind}/installation`,
  handle(request) {
    const found = requireApp(request);
    if (found.installation.account.login.toLowerCase() !== param(request, name).toLowerCase())
      throw notFound();
    return ok(installation(request.world, found));
  },
});

const token: Route = {
  method: 'POST',
  template: '/app/installations/{installation_id}/access_tokens',
  handle(request) {
    const { world } = request;
    const found = installedApp(request);
    const repositories = narrowedRepositories(request, found);
    const permissions = narrowedPermissions(request, found);
    const made = world.credentials.issueInstallationToken(
      found,
      permissions,
      repositories === null ? null : new Set(repositories.map((one) => one.id)),
    );
    const shown = repositories?.map((one) => ({
      ...representRepository(world, one),
      permissions: permissionFlags(one, null),
    }));
    return created(installationToken(made.token, made.expiresAt, permissions, shown ?? null));
  },
};

function narrowedRepositories(request: RestRequest, owner: AppRecord): RepositoryRecord[] | null {
  const { body, world } = request;
  const names = body.texts('repositories');
  const ids = body.raw('repository_ids');
  if (names === undefined && ids === undefined) return null;
  const wanted: unknown[] = [...(names ?? []), ...(Array.isArray(ids) ? ids : [])];
  return wanted.map((one) => {
    const found = world.repositories.find(
      (each) =>
        (each.id === one || each.name === one) && owner.installation.repositories.has(each.id),
    );
    if (found === undefined) {
      throw unprocessable(
        'There is at least one repository that does not exist or is not accessible to the parent installation.',
      );
    }
    return found;
  });
}

function narrowedPermissions(request: RestRequest, owner: AppRecord): Permissions {
  const wanted = request.body.raw('permissions');
  if (!isRecord(wanted)) return owner.permissions;
  const levels: readonly AccessLevel[] = ['read', 'write', 'admin'];
  const granted = Object.entries(wanted).map(([name, value]): [string, AccessLevel] => {
    const level = levels.find((one) => one === value);
    const held = owner.permissions[name];
    if (level === undefined || held === undefined || levels.indexOf(level) > levels.indexOf(held)) {
      throw unprocessable('The permissions requested are not granted to this installation.');
    }
    return [name, level];
  });
  // Metadata comes with every other permission.
  return { ...Object.fromEntries(granted), metadata: 'read' };
}

const revoke: Route = {
  method: 'DELETE',
  template: '/installation/token',
  handle(request) {
    requireInstallation(request);
    const value = request.token;
    if (value !== null) request.world.credentials.revoke(value);
    return noContent;
  },
};

const repositories: Route = {
  method: 'GET',
  template: '/installation/repositories',
  handle(request) {
    const actor = requireInstallation(request);
    const { world } = request;
    const found = world.repositories.filter(
      (one) =>
        actor.installation.repositories.has(one.id) &&
        (canSee(one, actor) || !one.private) &&
        (actor.repositories === null || actor.repositories.has(one.id)),
    );
    return page(
      request,
      found,
      (one) => ({ ...representRepository(world, one), permissions: permissionFlags(one, null) }),
      (shown) => ({
        total_count: found.length,
        repository_selection: 'selected',
        repositories: shown,
      }),
    );
  },
};

export const appRoutes: readonly Route[] = [
  self,
  list,
  token,
  get,
  ofRepository,
  ofAccount('users/{username}', 'username'),
  ofAccount('orgs/{org}', 'org'),
  revoke,
  repositories,
];
