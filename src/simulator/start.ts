import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Credentials } from './auth.ts';
import type { Simulator, SimulatorOptions } from './face.ts';
import { Faults } from './faults.ts';
import { isoSeconds } from './git/commit.ts';
import { shownRepository } from './repositories.ts';
import { ping } from './representations/app.ts';
import { GitHubServer } from './server.ts';
import { Webhooks } from './webhooks.ts';
import { World } from './world.ts';
import { permissions, queueBot, makeKeys, makePeople, makeApp, issueTokens } from './cast.ts';
import { createRepository } from './founding.ts';
import { mergeQueues, setMergeQueue } from './operations/merge-queue.ts';
import { society } from './society.ts';

export async function createSimulator(options: SimulatorOptions): Promise<Simulator> {
  const given = options.directory;
  const directory = given ?? (await mkdtemp(join(tmpdir(), 'simulator-')));
  await mkdir(directory, { recursive: true });
  const now = options.now ?? (() => new Date());
  const [keys, otherKeys] = await Promise.all([makeKeys(), makeKeys()]);
  const people = makePeople();
  const createdAt = isoSeconds(now());
  const app = makeApp(1, 'assent', keys.publicKey, people.owner, createdAt);
  const other = makeApp(2, 'otherapp', otherKeys.publicKey, people.owner, createdAt);
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
    queues: mergeQueues,
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
  world.accounts.push(...Object.values(people), app.bot, other.bot, queueBot);
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
    society: society(world, credentials),
    createRepository: (input) => createRepository(world, people, input),
    setMergeQueue: (name, branch, queue) => setMergeQueue(world, name, branch, queue),
    setWebhook(url) {
      hook.url = url;
    },
    ping: () => {
      webhooks.emit('ping', { installationId: null, repositoryId: null }, ping(world, app));
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

async function listen(server: GitHubServer, port: number): Promise<string> {
  server.http.listen(port, '127.0.0.1');
  await once(server.http, 'listening');
  const address = server.http.address();
  if (address === null || typeof address === 'string')
    throw new Error('The simulator has no port.');
  return `http://127.0.0.1:${address.port}`;
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
