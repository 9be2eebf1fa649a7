import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials } from './auth.ts';
import type {
  CreateRepositoryInput,
  Person,
  PersonAccount,
  Simulator,
  SimulatorOptions,
  SimulatorPeople,
  SimulatorRepository,
} from './face.ts';
import { Faults } from './faults.ts';
import { isoSeconds } from './git/commit.ts';
import type { Account, AppRecord, Permissions, RepositoryRecord, Role } from './model.ts';
import { installation } from './representations/app.ts';
import { repositoryStub } from './representations/repository.ts';
import { user } from './representations/user.ts';
import { makeGitRepository, shownRepository } from './repositories.ts';
import { GitHubServer } from './server.ts';
import { Webhooks } from './webhooks.ts';
import { World } from './world.ts';

const roles: Readonly<Record<Person, Role>> = {
  owner: 'admin',
  maintainer: 'maintain',
  writer: 'write',
  triager: 'triage',
  reader: 'read',
  stranger: 'none',
};

const isPerson = (text: string): text is Person => text in roles;
const personNames = Object.keys(roles).filter((name) => isPerson(name));

/** What `assent` asks for; `otherapp` has the same, so that only who it is makes the difference. */
const permissions: Permissions = {
  metadata: 'read',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
  checks: 'write',
  statuses: 'read',
  actions: 'read',
  members: 'read',
};

const events: readonly string[] = [
  'check_run',
  'check_suite',
  'create',
  'delete',
  'issue_comment',
  'issues',
  'label',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'push',
  'status',
];

export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const given = options.directory;
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'simulator-')));
  await mkdir(directory, { recursive: true });
  const now = options.now ?? (() => new Date());
  const keys = makeKeys();
  const people = makePeople();
  const createdAt = isoSeconds(now());
  const app = makeApp(1, 'assent', keys.publicKey, people.owner, createdAt);
  const other = makeApp(2, 'otherapp', makeKeys().publicKey, people.owner, createdAt);
  const credentials = new Credentials([app, other], now);
  const faults = new Faults();
  const webhookSecret = randomBytes(20).toString('hex');
  const hook = { id: 4_001, appId: app.id, secret: webhookSecret, url: options.webhookUrl ?? null };
  const webhooks = new Webhooks(hook, faults, now, options.observer);
  const world = new World({
    directory,
    now,
    apps: [app, other],
    credentials,
    webhooks,
    faults,
    counters: {
      requests: 0,
      byRoute: {},
      byActor: {},
      byActorAndRoute: {},
      contentCreated: 0,
      contentCreatedByActor: {},
      secondsServing: 0,
    },
  });
  world.accounts.push(...Object.values(people), app.bot, other.bot);
  const server = new GitHubServer(world, options.observer);
  world.url = await listen(server, options.port ?? 0);
  const tokens = issueTokens(credentials, people);
  const otherToken = credentials.issueInstallationToken(other, permissions, null, 365 * 86_400_000);

  return {
    url: world.url,
    directory,
    app: {
      id: app.id,
      slug: app.slug,
      clientId: app.clientId,
      privateKey: keys.privateKey,
      webhookSecret,
      installationId: app.installation.id,
    },
    people: tokens,
    otherApp: {
      id: other.id,
      slug: other.slug,
      login: other.bot.login,
      installationId: other.installation.id,
      token: otherToken.token,
    },
    get repositories() {
      return world.repositories.map((one) => shownRepository(world, one));
    },
    faults,
    get deliveries() {
      return webhooks.deliveries;
    },
    counters: world.counters,
    get webhookUrl() {
      return hook.url;
    },
    createRepository: (input) => createRepository(world, people, input),
    setWebhook(url) {
      hook.url = url;
    },
    redeliver: (id) => webhooks.redeliver(id),
    as: (person) => caller(world.url, tokens[person].token),
    handle(handler) {
      server.handlers.push(handler);
    },
    idle: () => webhooks.idle(),
    async close() {
      webhooks.stop();
      server.http.closeAllConnections();
      server.http.close();
      for (const repository of world.repositories) repository.git.close();
      if (given === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

const makeKeys = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

async function listen(server: GitHubServer, port: number): Promise<string> {
  server.http.listen(port, '127.0.0.1');
  await once(server.http, 'listening');
  const address = server.http.address();
  if (address === null || typeof address === 'string')
    throw new Error('The simulator has no port.');
  return `http://127.0.0.1:${address.port}`;
}

function makePeople(): Readonly<Record<Person, Account>> {
  const person = (login: Person, id: number): Account => ({
    id,
    login,
    name: `${login.charAt(0).toUpperCase()}${login.slice(1)}`,
    type: 'User',
  });
  return {
    owner: person('owner', 101),
    maintainer: person('maintainer', 102),
    writer: person('writer', 103),
    triager: person('triager', 104),
    reader: person('reader', 105),
    stranger: person('stranger', 106),
  };
}

function makeApp(
  number: number,
  slug: string,
  publicKey: string,
  owner: Account,
  createdAt: string,
): AppRecord {
  return {
    id: 500_000 + number,
    slug,
    name: slug,
    clientId: `Iv23li${slug.padEnd(14, 'x')}`,
    owner,
    bot: { id: 200 + number, login: `${slug}[bot]`, name: `${slug}[bot]`, type: 'Bot' },
    publicKey,
    permissions,
    events,
    createdAt,
    installation: { id: 700_000 + number, account: owner, repositories: new Set(), createdAt },
  };
}

function issueTokens(
  credentials: Credentials,
  people: Readonly<Record<Person, Account>>,
): SimulatorPeople {
  const of = (person: Person): PersonAccount => ({
    login: people[person].login,
    id: people[person].id,
    token: credentials.issueUserToken(people[person]),
  });
  return {
    owner: of('owner'),
    maintainer: of('maintainer'),
    writer: of('writer'),
    triager: of('triager'),
    reader: of('reader'),
    stranger: of('stranger'),
  };
}

async function createRepository(
  world: World,
  people: Readonly<Record<Person, Account>>,
  input: CreateRepositoryInput,
): Promise<SimulatorRepository> {
  if (world.repository(input.owner, input.name) !== undefined) {
    throw new RangeError(`${input.owner}/${input.name} exists already.`);
  }
  const { git, defaultBranch } = await makeGitRepository(world, input);
  const owner = world.account(input.owner) ?? addOrganization(world, people, input.owner);
  const now = world.time();
  const record: RepositoryRecord = {
    id: world.id(),
    owner,
    name: input.name,
    private: input.private ?? false,
    description: input.description ?? null,
    homepage: null,
    archived: false,
    topics: [],
    defaultBranch,
    createdAt: now,
    updatedAt: now,
    pushedAt: now,
    settings: {
      allowMergeCommit: true,
      allowSquashMerge: true,
      allowRebaseMerge: true,
      deleteBranchOnMerge: false,
    },
    git,
    roles: new Map(personNames.map((name) => [people[name].id, roles[name]])),
    labels: new Map(),
    issues: new Map(),
    comments: new Map(),
    events: [],
    checkSuites: [],
    checkRuns: new Map(),
    statuses: [],
    protections: new Map(),
    nextNumber: 1,
  };
  world.repositories.push(record);
  for (const app of world.apps) install(world, app, record, people.owner);
  return shownRepository(world, record);
}

function addOrganization(
  world: World,
  people: Readonly<Record<Person, Account>>,
  login: string,
): Account {
  const account: Account = { id: world.id(), login, name: login, type: 'Organization' };
  world.accounts.push(account);
  world.members.set(
    account.id,
    new Map([
      [people.owner.id, 'admin' as const],
      [people.maintainer.id, 'member' as const],
      [people.writer.id, 'member' as const],
      [people.triager.id, 'member' as const],
    ]),
  );
  world.teams.push({
    id: world.id(),
    organization: login,
    slug: 'core',
    name: 'core',
    members: new Map([
      [people.owner.id, 'maintainer' as const],
      [people.maintainer.id, 'member' as const],
    ]),
  });
  return account;
}

/** The first repository makes the installation, the next ones join it. */
function install(world: World, app: AppRecord, repository: RepositoryRecord, by: Account): void {
  const { installation: record } = app;
  const first = record.repositories.size === 0;
  if (first) record.account = repository.owner;
  record.repositories.add(repository.id);
  if (app.id !== world.webhooks.hook.appId || world.webhooks.unheard) return;
  const common = { installation: installation(world, app), sender: user(world, by) };
  const to = { installationId: record.id, repositoryId: repository.id };
  const stubs = [repositoryStub(repository)];
  if (first) {
    world.webhooks.emit('installation', to, {
      action: 'created',
      ...common,
      repositories: stubs,
      requester: null,
    });
    return;
  }
  world.webhooks.emit('installation_repositories', to, {
    action: 'added',
    ...common,
    repository_selection: 'selected',
    repositories_added: stubs,
    repositories_removed: [],
    requester: null,
  });
}

const caller =
  (url: string, token: string): ReturnType<Simulator['as']> =>
  async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : json ? JSON.parse(text) : text,
    };
  };
