import type {
  AppFacts,
  InstallationFacts,
  Permissions,
  WebhookFacts,
} from '../../domain/doctor/app.ts';
import type { BranchRules } from '../../domain/doctor/repository.ts';
import type { Result } from '../../domain/result.ts';
import { ok, refuse } from '../../domain/result.ts';
import type { AppInspection, Installed } from '../../ports/app-inspection.ts';
import type { RepositoryRef } from '../../ports/code-host.ts';
import { ask, askOrNull } from './call.ts';
import type { Client } from './client.ts';
import { createClient } from './client.ts';
import { CodeHostFault } from './fault.ts';
import { repositoriesOf } from './installations.ts';
import type { GitHubOptions } from './options.ts';
import { baseUrlOf, gitHostOf } from './options.ts';
import { clientsOf, createTokens } from './tokens.ts';
import { createFetch } from './transport.ts';

/** Looks at the App as GitHub has it: with its own signature, and in repositories with tokens that read alone. */
export function createAppInspection(options: GitHubOptions): AppInspection {
  const fetch = createFetch(options);
  const tokens = createTokens(options, fetch);
  const app = createClient(options, fetch, tokens.app());
  const web = gitHostOf(baseUrlOf(options));
  const overview = (id: number) => clientsOf(options, fetch, tokens, id, null)('describe');
  const within = ({ installation, id }: RepositoryRef) =>
    clientsOf(options, fetch, tokens, installation, id);
  return {
    app: () => asked('who the App is', () => readApp(app, web)),
    webhook: () => asked('the webhook of the App', () => readWebhook(app)),
    installations: () =>
      asked('where the App is installed', () => readInstallations(app, overview)),
    defaultBranch: (ref) =>
      asked(`repository ${ref.full_name}`, async () => {
        const { data } = await within(ref)('describe').repos.get(at(ref));
        return data.default_branch;
      }),
    branchRules: (ref, branch) =>
      asked(`rules of ${branch} in ${ref.full_name}`, () =>
        readRules(within(ref)('observe'), ref, branch),
      ),
    file: (ref, path) =>
      asked(`${path} in ${ref.full_name}`, () => readFile(within(ref)('observe'), ref, path)),
    filesBeneath: (ref, folder) =>
      asked(`${folder} in ${ref.full_name}`, () => listFiles(within(ref)('observe'), ref, folder)),
    labels: (ref) =>
      asked(`labels of ${ref.full_name}`, async () => {
        const client = within(ref)('observe');
        const all = await client.paginate(client.issues.listLabelsForRepo, {
          ...at(ref),
          per_page: 100,
        });
        return all.map(({ name }) => name);
      }),
  };
}

const at = ({ owner, name }: RepositoryRef) => ({ owner, repo: name });

async function asked<T>(what: string, read: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await ask(what, read));
  } catch (error) {
    if (!(error instanceof CodeHostFault)) throw error;
    const answered = error.status !== null && error.status < 500;
    return refuse(answered ? 'github.refused' : 'github.unreachable', error.message);
  }
}

async function readApp(client: Client, web: string): Promise<AppFacts> {
  const { data, headers } = await client.apps.getAuthenticated();
  if (data === null || data.slug === undefined) throw new Error('the answer names no App');
  const theirs = Date.parse(headers.date ?? '');
  const owner = data.owner;
  const organization = 'type' in owner && owner.type === 'Organization' ? owner.login : null;
  return {
    slug: data.slug,
    permissions: permissionsOf(data.permissions),
    events: data.events,
    clock_ahead: Number.isFinite(theirs) ? (theirs - Date.now()) / 1000 : null,
    settings:
      organization === null
        ? `${web}/settings/apps/${data.slug}`
        : `${web}/organizations/${organization}/settings/apps/${data.slug}`,
  };
}

const levels = new Set(['read', 'write', 'admin']);

/** What is none of GitHub's levels grants nothing. */
const permissionsOf = (given: object): Permissions =>
  Object.fromEntries(
    Object.entries(given).filter(([, access]) => levels.has(String(access))),
  ) as Permissions;

async function readWebhook(client: Client): Promise<WebhookFacts> {
  const { data } = await client.apps.getWebhookConfigForApp();
  return {
    url: data.url ?? null,
    content_type: data.content_type ?? 'form',
    // Masked, and there only where one is set.
    has_secret: (data.secret ?? '') !== '',
    checks_certificate: String(data.insecure_ssl ?? '0') === '0',
  };
}

async function readInstallations(
  client: Client,
  overview: (installation: number) => Client,
): Promise<readonly Installed[]> {
  const all = await client.paginate(client.apps.listInstallations, { per_page: 100 });
  return Promise.all(
    all.map(async (found): Promise<Installed> => {
      const suspended = (found.suspended_at ?? null) !== null;
      // GitHub gives no token for a suspended one.
      const repositories = suspended ? [] : await repositoriesOf(overview(found.id), found.id);
      const { account } = found;
      const facts: InstallationFacts = {
        account: account !== null && 'login' in account ? account.login : String(found.target_id),
        permissions: permissionsOf(found.permissions),
        events: found.events,
        suspended,
        repositories: repositories.length,
        settings: found.html_url,
      };
      return { facts, repositories };
    }),
  );
}

async function readRules(client: Client, ref: RepositoryRef, branch: string): Promise<BranchRules> {
  const what = `rules of ${branch} in ${ref.full_name}`;
  const found = await askOrNull(what, [404], () => client.repos.getBranch({ ...at(ref), branch }));
  const rules = await client.paginate(client.repos.getBranchRules, {
    ...at(ref),
    branch,
    per_page: 100,
  });
  const older = found?.data.protection?.required_status_checks?.checks ?? [];
  const newer = rules.flatMap((rule) =>
    rule.type === 'required_status_checks' ? (rule.parameters?.required_status_checks ?? []) : [],
  );
  return {
    exists: found !== null,
    rules: rules.map(({ type }) => type),
    protected: found?.data.protected === true,
    required_checks: [
      ...older.map(({ context, app_id: id }) => ({ name: context, app_id: id })),
      ...newer.map(({ context, integration_id: id }) => ({ name: context, app_id: id ?? null })),
    ],
  };
}

async function readFile(client: Client, ref: RepositoryRef, path: string): Promise<string | null> {
  const what = `${path} in ${ref.full_name}`;
  const found = await askOrNull(what, [404], () => client.repos.getContent({ ...at(ref), path }));
  const data = found?.data;
  if (data === undefined || Array.isArray(data) || data.type !== 'file') return null;
  return Buffer.from(data.content, 'base64').toString('utf8');
}

async function listFiles(
  client: Client,
  ref: RepositoryRef,
  folder: string,
): Promise<readonly string[]> {
  const what = `${folder} in ${ref.full_name}`;
  const found = await askOrNull(what, [404], () =>
    client.repos.getContent({ ...at(ref), path: folder }),
  );
  if (found === null || !Array.isArray(found.data)) return [];
  const each = await Promise.all(
    found.data.map(async ({ type, path }) => {
      if (type === 'file') return [path];
      return type === 'dir' ? listFiles(client, ref, path) : [];
    }),
  );
  return each.flat();
}
