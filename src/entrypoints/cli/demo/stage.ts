import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDashboard } from '../../../application/dashboard.ts';
import {
  composeService,
  createLog,
  createMetrics,
  demoModel,
  hostDemoSandbox,
  type ComposedService,
} from '../../../composition.ts';
import {
  startSimulator,
  type Simulator,
  type SimulatorRepository,
} from '../../../simulator/simulator.ts';
import { createValidator, type Validator } from '../../../simulator/validation/validator.ts';
import type { Listening } from '../../server/listen.ts';
import { startService } from '../../server/service.ts';
import { packageVersion } from '../version.ts';
import { Counting } from './counting.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

export const demoRepository = { owner: 'acme', name: 'widgets' } as const;

/** The demo waits for nobody in production; its outages and retries are short, so that one can watch them. */
const timing = { retry_ms: 300, outage_ms: 400, blocked_ms: 5_000 } as const;

export interface DemoOptions {
  readonly port: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logLevel: string;
}

/** A simulated GitHub, and Assent beside it as anybody would run it: over HTTP, with an embedded database. */
export interface DemoStage {
  readonly simulator: Simulator;
  readonly repository: SimulatorRepository;
  readonly validator: Validator;
  readonly assent: ComposedService;
  readonly web: Listening;
  readonly model: 'tape' | 'live';
  readonly counting: Counting;
  /** Seconds until the service listened. */
  readonly started_in: number;
  /** Webhooks first, then the work, then GitHub: so nothing is cut off in the midst. */
  close(): Promise<void>;
}

export async function setStage(options: DemoOptions): Promise<DemoStage> {
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), 'assent-demo-'));
  const validator = createValidator();
  const simulator = await startSimulator({ observer: validator });
  const repository = await simulator.createRepository({
    ...demoRepository,
    from: join(here, 'project'),
  });
  const counting = new Counting();
  const { model, kind } = demoModel(options.environment, join(here, 'tape', 'tape.jsonl'));
  const log = createLog(options.logLevel);
  const assent = await composeService({
    github: {
      appId: simulator.app.id,
      privateKey: simulator.app.privateKey,
      baseUrl: simulator.url,
      pace: false,
      onRequest: (observation, item) => counting.request(observation, item),
    },
    folder,
    databaseUrl: null,
    model,
    // Only because the one repository here is our own: anything else waits for a sandbox.
    sandbox: hostDemoSandbox(),
    timing,
    log,
  });
  const web = await serveAssent(simulator, assent, options, log);
  simulator.setWebhook(`${web.url}/api/github/webhooks`);
  return {
    simulator,
    repository,
    validator,
    assent,
    web,
    model: kind,
    counting,
    started_in: (performance.now() - began) / 1000,
    async close() {
      simulator.setWebhook(null);
      await simulator.idle();
      await web.close();
      await assent.close();
      await simulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const serveAssent = (
  simulator: Simulator,
  { service, engine, deps }: ComposedService,
  { port }: DemoOptions,
  log: ReturnType<typeof createLog>,
): Promise<Listening> =>
  startService({
    app: {
      id: simulator.app.id,
      private_key: simulator.app.privateKey,
      webhook_secret: simulator.app.webhookSecret,
    },
    listen: { host: '127.0.0.1', port },
    service,
    store: { inbox: engine.inbox, jobs: engine.jobs, ping: () => engine.ping() },
    dashboard: createDashboard({
      repositories: () => service.shown(),
      inbox: engine.inbox,
      now: deps.now,
      web: `${simulator.url}/_simulator`,
    }),
    metrics: createMetrics(),
    log,
    version: packageVersion,
    now: () => new Date(),
  });
