import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { createDashboard } from '../../../application/views/dashboard.ts';
import {
  composeService,
  createLog,
  createMetrics,
  type ComposedService,
} from '../../../composition.ts';
import type { LanguageModel } from '../../../ports/language-model.ts';
import type { ChooseSandbox } from './sandboxes.ts';
import type { Simulator, SimulatorRepository } from '../../../simulator/simulator.ts';
import { startStandAlone } from '../../../simulator/stand-alone.ts';
import type { Validator } from '../../../simulator/validation/validator.ts';
import { listen, type Listening } from '../../server/listen.ts';
import { openDesk } from '../../server/open-desk.ts';
import { startService } from '../../server/service.ts';
import { packageVersion } from '../version.ts';
import { Counting } from './counting.ts';
import { buildView, emptyView } from './page/build.ts';
import { HistoryReader, readDemo } from './page/reading.ts';
import { demoPageRoutes } from './page/routes.ts';
import type { DemoView, Occasion } from './page/view.ts';
import { People } from './people.ts';

const HOST = '127.0.0.1';

/** The demo waits for nobody in production; its outages and retries are short, so that one can watch them. */
const timing = { retry_ms: 300, outage_ms: 400, blocked_ms: 5_000 } as const;

export interface StageOptions {
  /** Of the page; 0 takes any free one. */
  readonly port: number;
  readonly logLevel: string;
  /** `from`: a git repository or a plain folder. */
  readonly repository: { readonly owner: string; readonly name: string; readonly from: string };
  readonly model: LanguageModel;
  readonly sandbox: ChooseSandbox;
  readonly occasion: Omit<Occasion, 'repository' | 'github' | 'directory'>;
}

/** A simulated GitHub, and Assent beside it as anybody would run it: over HTTP, with an embedded database. */
export interface DemoStage {
  readonly simulator: Simulator;
  /** The simulated GitHub's page, without a slash at the end. */
  readonly github: string;
  readonly repository: SimulatorRepository;
  readonly people: People;
  readonly validator: Validator;
  readonly assent: ComposedService;
  readonly web: Listening;
  readonly occasion: Occasion;
  readonly counting: Counting;
  /** What the page shows. */
  readonly view: () => Promise<DemoView>;
  /** Where the repository's steps run, in a sentence. */
  readonly steps: string;
  /** Seconds until the service listened. */
  readonly started_in: number;
  /** Webhooks first, then the work, then GitHub: so nothing is cut off in the midst. */
  close(): Promise<void>;
}

export async function setStage(options: StageOptions): Promise<DemoStage> {
  const began = performance.now();
  await mustBeFree(options.port);
  const folder = await mkdtemp(join(tmpdir(), 'assent-demo-'));
  // However it ends, nothing of it stays behind.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const one of closing.splice(0).toReversed()) await one();
  };
  try {
    const alone = await startStandAlone({ directory: join(folder, 'github') });
    const { simulator } = alone;
    closing.push(() => simulator.close());
    const repository = await simulator.createRepository(options.repository);
    const counting = new Counting();
    const log = createLog(options.logLevel);
    const { sandbox, said } = await options.sandbox(folder);
    const assent = await composeService({
      github: {
        appId: simulator.app.id,
        privateKey: simulator.app.privateKey,
        baseUrl: simulator.url,
        pace: false,
        onRequest: (observation, item) => counting.request(observation, item),
      },
      folder: join(folder, 'assent'),
      databaseUrl: null,
      model: options.model,
      sandbox,
      timing,
      log,
    });
    closing.push(() => assent.close());
    const people = new People(simulator, repository.fullName);
    const occasion: Occasion = {
      ...options.occasion,
      notes: [...options.occasion.notes, said],
      repository: repository.fullName,
      github: alone.page,
      directory: repository.directory,
    };
    const table: Table = {
      simulator,
      github: alone.page,
      repository,
      people,
      assent,
      counting,
      occasion,
      view: viewOf({ repository, assent, counting, occasion }),
      steps: said,
    };
    const web = await serveAssent(table, options.port, log);
    closing.push(
      () => web.close(),
      async () => {
        simulator.setWebhook(null);
        await simulator.idle();
      },
    );
    simulator.setWebhook(`${web.url}/api/github/webhooks`);
    const started_in = (performance.now() - began) / 1000;
    return { ...table, validator: alone.validator, web, started_in, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Asked before all else is started, so that a port in use is said at once. */
async function mustBeFree(port: number): Promise<void> {
  if (port === 0) return;
  const probe = await listen(new Hono(), { host: HOST, port });
  await probe.close();
}

type Table = Omit<DemoStage, 'validator' | 'web' | 'started_in' | 'close'>;

const viewOf = ({
  repository,
  assent,
  counting,
  occasion,
}: Pick<Table, 'repository' | 'assent' | 'counting' | 'occasion'>): Table['view'] => {
  const reader = new HistoryReader(repository.directory);
  return async () => {
    const reading = await readDemo(assent, repository.fullName, reader);
    if (reading === null) return emptyView(occasion);
    const { received, duplicates, outcomes } = await assent.engine.inbox.counts();
    const { requests } = counting.total;
    const { refused } = outcomes;
    return buildView(occasion, reading, { requests, received, duplicates, refused });
  };
};

const serveAssent = (
  { simulator, github, people, assent, view }: Table,
  port: number,
  log: ReturnType<typeof createLog>,
): Promise<Listening> => {
  const { service, engine, deps } = assent;
  return startService({
    app: {
      id: simulator.app.id,
      private_key: simulator.app.privateKey,
      webhook_secret: simulator.app.webhookSecret,
    },
    listen: { host: HOST, port },
    service,
    store: { inbox: engine.inbox, jobs: engine.jobs, ping: () => engine.ping() },
    dashboard: createDashboard({
      repositories: () => service.shown(),
      inbox: engine.inbox,
      now: deps.now,
      web: `${github}/repos`,
    }),
    desk: openDesk(assent, `${github}/repos`),
    metrics: createMetrics(),
    log,
    version: packageVersion,
    now: () => new Date(),
    extra: demoPageRoutes({ view, people }),
  });
};
