import type { RepositoryRef } from '../../ports/code-host.ts';
import { ask } from './call.ts';
import type { Client } from './client.ts';
import type { Identity } from './context.ts';

/** Installations that are at work; GitHub refuses tokens for suspended ones. */
export async function installations(app: Client): Promise<readonly number[]> {
  const all = await ask('installations of the App', () =>
    app.paginate(app.apps.listInstallations, { per_page: 100 }),
  );
  return all.filter((found) => (found.suspended_at ?? null) === null).map(({ id }) => id);
}

export async function repositoriesOf(
  client: Client,
  installation: number,
): Promise<readonly RepositoryRef[]> {
  const all = await ask(`repositories of installation ${installation}`, () =>
    client.paginate(client.apps.listReposAccessibleToInstallation, { per_page: 100 }),
  );
  return all.map((found) => ({
    id: found.id,
    owner: found.owner.login,
    name: found.name,
    full_name: found.full_name,
    installation,
  }));
}

/** `reader` may be any installation's client: the App's own signature is not taken where accounts are asked for. */
export async function identityOf(app: Client, reader: Client): Promise<Identity> {
  return ask('who the App is', async () => {
    const { data } = await app.apps.getAuthenticated();
    if (data === null || data.slug === undefined)
      throw new Error('the answer names no App; is APP_ID right?');
    const login = `${data.slug}[bot]`;
    const account = await reader.users.getByUsername({ username: login });
    return { app_id: data.id, slug: data.slug, login, id: account.data.id };
  });
}
