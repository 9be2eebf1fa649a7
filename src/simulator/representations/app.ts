import type { AppRecord, Permissions } from '../model.ts';
import type { World } from '../world.ts';
import { api, nodeId } from './common.ts';
import type { Json } from './common.ts';
import { user } from './user.ts';

/** OpenAPI `integration`. */
export function app(world: World, record: AppRecord): Json {
  return {
    id: record.id,
    client_id: record.clientId,
    slug: record.slug,
    node_id: nodeId('app', record.id),
    owner: user(world, record.owner),
    name: record.name,
    description: '',
    external_url: `${world.url}/apps/${record.slug}`,
    html_url: `${world.url}/apps/${record.slug}`,
    created_at: record.createdAt,
    updated_at: record.createdAt,
    permissions: record.permissions,
    events: record.events,
  };
}

/** OpenAPI `installation`. */
export function installation(world: World, record: AppRecord): Json {
  const { id, account, createdAt } = record.installation;
  const page =
    account.type === 'Organization' ? `organizations/${account.login}/settings` : 'settings';
  return {
    id,
    client_id: record.clientId,
    account: user(world, account),
    repository_selection: 'selected',
    access_tokens_url: `${api(world)}/app/installations/${id}/access_tokens`,
    repositories_url: `${api(world)}/installation/repositories`,
    html_url: `${world.url}/${page}/installations/${id}`,
    app_id: record.id,
    app_slug: record.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: record.permissions,
    events: record.events,
    created_at: createdAt,
    updated_at: createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}

export const installationToken = (
  token: string,
  expiresAt: Date,
  permissions: Permissions,
  repositories: Json[] | null,
): Json => ({
  token,
  expires_at: expiresAt.toISOString().replace(/\.\d+Z$/, 'Z'),
  permissions,
  repository_selection: 'selected',
  ...(repositories === null ? {} : { repositories }),
});

/** Inside issues and comments an App is told without its client id. */
export function appInside(world: World, record: AppRecord): Json {
  const { client_id: _clientId, ...rest } = app(world, record);
  return rest;
}

/** The `ping` webhook of an App. */
export function ping(world: World, record: AppRecord): Json {
  const { hook } = world.webhooks;
  return {
    zen: 'Approachable is better than simple.',
    hook_id: hook.id,
    hook: {
      type: 'App',
      id: hook.id,
      name: 'web',
      active: true,
      events: record.events,
      config: {
        content_type: 'json',
        insecure_ssl: '0',
        secret: '********',
        url: hook.url ?? '',
      },
      app_id: record.id,
      deliveries_url: `${api(world)}/app/hook/deliveries`,
      updated_at: record.createdAt,
      created_at: record.createdAt,
    },
  };
}
