import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createMemoryInbox } from '../../../src/adapters/memory/inbox.ts';
import { createMemoryJobQueue } from '../../../src/adapters/memory/job-queue.ts';
import { createHostDemoSandbox } from '../../../src/adapters/sandbox/host.ts';
import { createMetrics } from '../../../src/adapters/telemetry/metrics.ts';
import type { Deps, MostRuns, Repository, Timing } from '../../../src/application/repository.ts';
import { createService, type Service } from '../../../src/application/service.ts';
import { createDashboard } from '../../../src/application/views/dashboard.ts';
import { inspectLedger } from '../../../src/application/ledger/inspect-ledger.ts';
import {
  composeService,
  decisionTools,
  eventShapes,
  openLedgerFolder,
  sha256,
  type ComposedService,
} from '../../../src/composition.ts';
import type { Finding } from '../../../src/domain/ledger/findings.ts';
import type { TimedEvent } from '../../../src/domain/work-item/event.ts';
import type { GovernanceState, Item } from '../../../src/domain/work-item/state.ts';
import { createApp } from '../../../src/entrypoints/server/app.ts';
import { listen, type Listening } from '../../../src/entrypoints/server/listen.ts';
import { openDesk } from '../../../src/entrypoints/server/open-desk.ts';
import { createSignatureCheck } from '../../../src/entrypoints/server/signature.ts';
import type { ModelAccessHost } from '../../../src/ports/language-model.ts';
import type { Sandbox } from '../../../src/ports/sandbox.ts';
import { startSimulator, type Person, type Simulator } from '../../../src/simulator/simulator.ts';
import { ScriptedModel } from './model.ts';
import { makeProject, type Project } from './project.ts';
import { LedgerRecord } from './record.ts';

const timing = { retry_ms: 20, outage_ms: 40, blocked_ms: 600_000 } as const;

/** Whatever must be reached must be reached in this time; only a broken run takes it, on however slow a machine. */
const PATIENCE_MS = 150_000;

/** One Assent, as if on a machine of its own: its memory and its folder are nobody else's. */
export interface Machine {
  readonly service: Service;
  readonly deps: Deps;
  readonly composed: ComposedService;
  /** Ends it as an operator would: what waits for a commit is recorded. */
  stop(): Promise<void>;
  /** Its web address, where GitHub may deliver. */
  readonly url: string;
}

export interface MachineOptions {
  /** Puts something between Assent and GitHub. */
  readonly around?: (repository: Repository) => Repository;
  /** The embedded database instead of memory. */
  readonly durable?: boolean;
  readonly folder?: string;
  /** Instead of one that runs steps on the host. */
  readonly sandbox?: Sandbox;
  readonly timing?: Partial<Timing>;
  readonly most_runs?: MostRuns;
  /** The way of programs to a model; absent: none. */
  readonly modelAccess?: ModelAccessHost;
  /** Its power will be cut: it is left as it lies, since it would never stop by itself. */
  readonly mortal?: boolean;
}

type Answer = Awaited<ReturnType<ReturnType<Simulator['as']>>>;

/** GitHub, its people and a repository that Assent governs: what every story begins with. */
export class World {
  readonly simulator: Simulator;
  readonly #record: LedgerRecord;
  readonly model = new ScriptedModel();
  readonly machines: Machine[] = [];
  readonly log: string[] = [];
  #ahead = 0;
  readonly #folders: string[] = [];

  private constructor(simulator: Simulator, record: LedgerRecord) {
    this.simulator = simulator;
    this.#record = record;
  }

  static async begin(project: Project = {}): Promise<World> {
    let world: World | null = null;
    const simulator = await startSimulator({ now: () => world?.now() ?? new Date() });
    const from = await makeProject(project);
    const made = { owner: 'acme', name: 'widgets', from };
    const { directory } = await simulator.createRepository(made);
    world = new World(simulator, new LedgerRecord(directory));
    world.#folders.push(from);
    for (const name of ['assent:approve', 'assent:reject', 'assent:hold']) {
      await world.act('owner', 'POST', '/labels', { name, color: 'ededed' });
    }
    return world;
  }

  now(): Date {
    return new Date(Date.now() + this.#ahead);
  }

  /** GitHub tells times in whole seconds; what comes after must be seen to. */
  tick(seconds = 2): void {
    this.#ahead += seconds * 1000;
  }

  /** Starts an Assent and lets GitHub deliver to it. */
  async machine(options: MachineOptions = {}): Promise<Machine> {
    const machine = await this.#compose(options);
    this.machines.push(machine);
    this.simulator.setWebhook(`${machine.url}/api/github/webhooks`);
    await machine.service.start();
    return machine;
  }

  async #compose(options: MachineOptions): Promise<Machine> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'assent-world-')));
    this.#folders.push(folder);
    const { app, url: baseUrl } = this.simulator;
    const inbox = createMemoryInbox();
    const jobs = createMemoryJobQueue({ attempts: 6, delay_seconds: 0.05, max_delay_seconds: 1 });
    const note = (level: string) => (fields: Readonly<Record<string, unknown>>, text: string) =>
      this.log.push(`${level} ${text} ${JSON.stringify(fields, errorsInWords)}`);
    const log = { info: note('info'), warn: note('warn'), error: note('error') };
    const composed = await composeService({
      github: { appId: app.id, privateKey: app.privateKey, baseUrl, pace: false },
      folder,
      databaseUrl: null,
      ...(options.durable === true
        ? {}
        : { engine: { inbox, jobs, ping: async () => {}, close: async () => {} } }),
      model: this.model,
      ...(options.modelAccess === undefined ? {} : { modelAccess: options.modelAccess }),
      sandbox: options.sandbox ?? createHostDemoSandbox(),
      timing: { ...timing, ...options.timing },
      log,
    });
    const { around, most_runs = composed.deps.most_runs } = options;
    const open = composed.deps.open;
    const deps: Deps = {
      ...composed.deps,
      now: () => this.now().toISOString(),
      most_runs,
      ...(around === undefined ? {} : { open: async (ref) => around(await open(ref)) }),
    };
    const service = createService(deps);
    const web = await this.#serve(service, composed, deps);
    let stopped = false;
    const stop = async () => {
      if (stopped) return;
      stopped = true;
      await web.close();
      if (options.mortal === true) return;
      await composed.engine.jobs.close();
      await service.settle();
      await composed.engine.close();
    };
    return { service, deps, composed, stop, url: web.url };
  }

  async #serve(
    service: Service,
    { engine, people }: ComposedService,
    deps: Deps,
  ): Promise<Listening> {
    const { id: appId, privateKey, webhookSecret: secret } = this.simulator.app;
    const { log } = deps;
    const metrics = createMetrics();
    const app = createApp({
      receiver: {
        verify: await createSignatureCheck({ appId, privateKey, secret }),
        inbox: engine.inbox,
        wake: (stimulus) => service.hear(stimulus),
        metrics,
        log,
        now: () => this.now(),
      },
      metrics,
      levels: async () => ({
        deliveries: await engine.inbox.counts(),
        queues: {
          repository: await engine.jobs.counts('repository'),
          agent: await engine.jobs.counts('agent'),
        },
      }),
      checks: {},
      dashboard: createDashboard({
        repositories: () => service.shown(),
        inbox: engine.inbox,
        now: deps.now,
        web: this.simulator.url,
      }),
      desk: openDesk({ people, service, engine, deps }, this.simulator.url),
      version: 'test',
    });
    return listen(app, { host: '127.0.0.1', port: 0 });
  }

  async act(person: Person, method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.try(person, method, path, body);
    if (answer.status >= 300) {
      throw new Error(
        `${person} ${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
    return answer.body;
  }

  /** Each act has a second of its own. */
  async try(person: Person, method: string, path: string, body?: unknown): Promise<Answer> {
    this.tick();
    return this.simulator.as(person)(method, `/repos/acme/widgets${path}`, body);
  }

  /** Somebody who is none of the cast. */
  async simulatorAs(token: string, method: string, path: string, body: unknown): Promise<void> {
    this.tick();
    const response = await fetch(`${this.simulator.url}/repos/acme/widgets${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  }

  async issue(title: string, body = 'Please.', person: Person = 'reader'): Promise<number> {
    return numberOf(await this.act(person, 'POST', '/issues', { title, body }));
  }

  comment(person: Person, number: number, body: string): Promise<unknown> {
    return this.act(person, 'POST', `/issues/${number}/comments`, { body });
  }

  label(person: Person, number: number, label: string): Promise<unknown> {
    return this.act(person, 'POST', `/issues/${number}/labels`, { labels: [label] });
  }

  unlabel(person: Person, number: number, label: string): Promise<unknown> {
    return this.act(person, 'DELETE', `/issues/${number}/labels/${encodeURIComponent(label)}`);
  }

  async review(
    person: Person,
    number: number,
    event: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT',
    body = 'Looked at.',
  ): Promise<number> {
    const review = await this.act(person, 'POST', `/pulls/${number}/reviews`, { event, body });
    return idOf(review);
  }

  /** A commit of a person's own on a branch, made from `main` where it is new. */
  async push(person: Person, branch: string, path: string, text: string): Promise<void> {
    const at = `/contents/${path}?ref=${encodeURIComponent(branch)}`;
    const { body } = await this.try(person, 'GET', at);
    const sha = fieldOf(body, 'sha');
    await this.act(person, 'PUT', `/contents/${path}`, {
      message: `change ${path}`,
      content: Buffer.from(text).toString('base64'),
      branch,
      ...(typeof sha === 'string' ? { sha } : {}),
    });
  }

  async branch(person: Person, branch: string): Promise<void> {
    const main = await this.act(person, 'GET', '/git/ref/heads/main');
    const sha = fieldOf(fieldOf(main, 'object'), 'sha');
    await this.act(person, 'POST', '/git/refs', { ref: `refs/heads/${branch}`, sha });
  }

  /** A pull request of a person's own, ready for review. */
  async pull(person: Person, branch: string, path = `${branch}.txt`): Promise<number> {
    await this.branch(person, branch);
    await this.push(person, branch, path, `by ${person}\n`);
    const opened = { title: `Add ${path}`, head: branch, base: 'main', body: '' };
    return numberOf(await this.act(person, 'POST', '/pulls', opened));
  }

  async merge(person: Person, number: number): Promise<void> {
    await this.act(person, 'PUT', `/pulls/${number}/merge`, {});
  }

  async read(branch: string, path: string): Promise<string | null> {
    const at = `/contents/${path}?ref=${encodeURIComponent(branch)}`;
    const { status, body } = await this.simulator.as('owner')('GET', `/repos/acme/widgets${at}`);
    const content = fieldOf(body, 'content');
    if (status === 404 || typeof content !== 'string') return null;
    return Buffer.from(content, 'base64').toString('utf8');
  }

  /** What the repository itself remembers, folded from its history; nothing of this is asked of the service. */
  async state(): Promise<GovernanceState> {
    return (await this.#record.read()).state;
  }

  async item(id: string): Promise<Item | undefined> {
    return (await this.state()).items[id];
  }

  async history(): Promise<readonly TimedEvent[]> {
    return (await this.#record.read()).history;
  }

  /** Waits until the ledger says what is wished; fails with what it last said, and with what Assent last logged. */
  async until<T>(
    what: string,
    look: (state: GovernanceState) => T | null | undefined | false,
  ): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const state = await this.state();
      const found = look(state);
      if (found !== null && found !== undefined && found !== false) return found;
      if (performance.now() > deadline) {
        throw new Error(
          `waited in vain for ${what}; items: ${JSON.stringify(Object.values(state.items).map(({ plan: _plan, ...item }) => item))}\n${this.log
            .filter((line) => !line.startsWith('info webhook'))
            .slice(-15)
            .join('\n')}`,
        );
      }
      await pause(15);
    }
  }

  waits(id: string, stage: string): Promise<Item> {
    return this.until(`${id} to wait for a human at ${stage}`, ({ items }) => {
      const item = items[id];
      return item?.stage === stage && item.authority === 'waiting_for_human' && item;
    });
  }

  ended(id: string) {
    return this.until(`${id} to end`, ({ finished }) => finished[id]);
  }

  /** All deliveries made, and all that follows from them done. */
  async settled(machine = this.machines.at(-1)): Promise<void> {
    for (let quiet = 0; quiet < 2; quiet += 1) {
      await this.simulator.idle();
      await machine?.composed.engine.jobs.idle({ ignore_delays_over: 3 });
    }
    await this.simulator.idle();
  }

  /** From a new issue to a plan that waits for its human. */
  async planned(title: string): Promise<{ readonly number: number; readonly id: string }> {
    const number = await this.issue(title);
    const id = `issue-${number}`;
    await this.waits(id, 'plan');
    return { number, id };
  }

  /** From a new issue to a pull request of Assent's that waits for its human. */
  async contributed(title: string) {
    const { number, id } = await this.planned(title);
    await this.label('maintainer', number, 'assent:approve');
    const item = await this.waits(id, 'merge');
    if (item.pull_request === null) throw new Error(`${id} has no pull request`);
    return {
      number,
      id,
      pull: item.pull_request.number,
      head: item.pull_request.head,
      branch: item.pull_request.branch,
    };
  }

  /** How often somebody did something, counted by GitHub. */
  async comments(
    number: number,
  ): Promise<readonly { readonly login: string; readonly body: string }[]> {
    const all = await this.act('owner', 'GET', `/issues/${number}/comments?per_page=100`);
    return list(all).map((one) => ({
      login: String(fieldOf(fieldOf(one, 'user'), 'login')),
      body: String(fieldOf(one, 'body')),
    }));
  }

  /** The text of Assent's one comment; throws where there is another number of them. */
  async comment1(number: number): Promise<string> {
    const ours = (await this.comments(number)).filter(({ login }) => login === 'assent[bot]');
    if (ours.length !== 1) throw new Error(`Assent has ${ours.length} comments on ${number}`);
    return ours[0]?.body ?? '';
  }

  /** What `assent history verify` finds wrong with the repository's own record. */
  async findings(): Promise<readonly Finding[]> {
    const [repository] = this.simulator.repositories;
    const folder = await openLedgerFolder(repository?.directory ?? '');
    const scrutiny = { shapes: eventShapes, decisions: decisionTools };
    return (await inspectLedger(folder, sha256, scrutiny)).findings;
  }

  /** Every story leaves a history that holds, whatever it was about; `told`: what is right to be told of this one. */
  async end(...told: readonly Finding['code'][]): Promise<void> {
    this.simulator.setWebhook(null);
    await this.simulator.idle();
    for (const machine of this.machines) await machine.stop();
    const findings = (await this.findings()).filter(({ code }) => !told.includes(code));
    this.#record.close();
    await this.simulator.close();
    for (const folder of this.#folders) {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
    if (findings.length > 0)
      throw new Error(`the history does not hold: ${JSON.stringify(findings)}`);
  }
}

const errorsInWords = (_key: string, value: unknown): unknown =>
  value instanceof Error ? `${value.name}: ${value.message}` : value;

export const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function numberOf(value: unknown): number {
  const number = fieldOf(value, 'number');
  if (typeof number !== 'number') throw new Error(`no number in ${JSON.stringify(value)}`);
  return number;
}

function idOf(value: unknown): number {
  const id = fieldOf(value, 'id');
  if (typeof id !== 'number') throw new Error(`no id in ${JSON.stringify(value)}`);
  return id;
}
