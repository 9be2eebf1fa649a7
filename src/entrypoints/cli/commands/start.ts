import type { Command } from 'commander';
import { createDashboard } from '../../../application/views/dashboard.ts';
import { createLog, createMetrics } from '../../../composition.ts';
import { readConfig, type ConfigFault, type ServiceConfig } from '../../../config.ts';
import { composeFrom } from '../../worker/compose.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';
import { packageVersion } from '../version.ts';

interface Options {
  readonly json?: boolean;
}

const examples = `
Example:
  APP_ID=12345 PRIVATE_KEY_PATH=app.pem WEBHOOK_SECRET=$(cat secret) assent start

The environment is its configuration (docs/operations.md): APP_ID, PRIVATE_KEY or PRIVATE_KEY_PATH, WEBHOOK_SECRET, GHE_HOST,
HOST, PORT, DATABASE_URL (absent: embedded, in ASSENT_DATA), OPENAI_API_KEY, OPENAI_BASE_URL, ASSENT_MODEL, ASSENT_EMBEDDING_MODEL, LOG_LEVEL.
It serves until SIGTERM or Ctrl-C.`;

export function startCommand(program: Command, cli: Cli): void {
  program
    .command('start')
    .description('The service: webhooks, dashboard, and its own worker')
    .option('--json', 'one JSON document on standard output once it listens, nothing else')
    .addHelpText('after', examples)
    .action(async (options: Options) => cli.end(await start(options, cli.terminal)));
}

export function workerCommand(program: Command, cli: Cli): void {
  program
    .command('worker')
    .description('A worker alone, for more machines on one DATABASE_URL')
    .option('--json', 'one JSON document on standard output once it works, nothing else')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://assent@db/assent assent worker')
    .action(async (options: Options) => cli.end(await work(options, cli.terminal)));
}

async function start(options: Options, terminal: Terminal): Promise<ExitCode> {
  const reading = readConfig(process.env);
  if (!reading.ok) return refuse(reading.faults, terminal);
  return untilStopped(terminal, (stopped) => serve(reading.config, options, terminal, stopped));
}

/** What the log must not show, wherever it comes from. */
const secretsOf = ({ app, model, store }: ServiceConfig): readonly string[] =>
  [app.private_key, app.webhook_secret, model?.api_key, store.database_url].flatMap(
    (secret) => secret?.reveal() ?? [],
  );

async function serve(
  config: ServiceConfig,
  options: Options,
  terminal: Terminal,
  stopped: Promise<NodeJS.Signals>,
): Promise<void> {
  // What serves the web is loaded here, where it is needed: this file is read with each command.
  const { openDesk } = await import('../../server/open-desk.ts');
  const { startService } = await import('../../server/service.ts');
  const log = createLog(config.log_level, secretsOf(config));
  const metrics = createMetrics();
  const composed = await composeFrom(config, log, metrics);
  try {
    const { engine, service, deps } = composed;
    const listening = await startService({
      app: {
        id: config.app.id,
        private_key: config.app.private_key.reveal(),
        webhook_secret: config.app.webhook_secret.reveal(),
      },
      listen: config.listen,
      service,
      store: engine,
      dashboard: createDashboard({
        repositories: () => service.shown(),
        inbox: engine.inbox,
        now: deps.now,
        web: config.github.web,
      }),
      desk: openDesk(composed, config.github.web),
      metrics,
      log,
      version: packageVersion,
      now: () => new Date(),
    });
    const webhook = `${listening.url}/api/github/webhooks`;
    if (options.json === true) terminal.out(JSON.stringify({ url: listening.url, webhook }));
    else terminal.out(`Assent listens on ${listening.url} (webhooks: ${webhook})`);
    log.info({ signal: await stopped }, 'stopping: no more requests, running work ends first');
    await listening.close();
  } finally {
    await composed.close();
  }
}

async function work(options: Options, terminal: Terminal): Promise<ExitCode> {
  const reading = readConfig(process.env, { receives: false });
  const faults = reading.ok ? sharedDatabaseFault(reading.config) : reading.faults;
  if (!reading.ok || faults.length > 0) return refuse(faults, terminal);
  const { config } = reading;
  return untilStopped(terminal, async (stopped) => {
    const log = createLog(config.log_level, secretsOf(config));
    const composed = await composeFrom(config, log, null);
    try {
      await composed.service.start();
      if (options.json === true) terminal.out(JSON.stringify({ working: true }));
      else terminal.out('Assent works on the shared database');
      log.info({ signal: await stopped }, 'stopping: running work ends first');
    } finally {
      await composed.close();
    }
  });
}

const sharedDatabaseFault = ({ store }: ServiceConfig): readonly ConfigFault[] =>
  store.database_url !== null
    ? []
    : [
        {
          variable: 'DATABASE_URL',
          message:
            'DATABASE_URL is missing: a worker shares a PostgreSQL with the service; the embedded database has room for one process',
        },
      ];

function refuse(faults: readonly ConfigFault[], terminal: Terminal): ExitCode {
  terminal.err(
    `Assent does not start: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in its environment.`,
  );
  for (const { message } of faults) terminal.err(`  - ${message}`);
  return exitCode.usage;
}

/** Faults that the operator mends by configuration; others are for whoever reads the log. */
const configurable = new Set(['JobStoreFault', 'ListenFault']);

async function untilStopped(
  terminal: Terminal,
  run: (stopped: Promise<NodeJS.Signals>) => Promise<void>,
): Promise<ExitCode> {
  try {
    await run(firstSignal());
    return exitCode.done;
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    terminal.err(`Assent stops: ${message}`);
    return configurable.has(name) ? exitCode.usage : exitCode.fault;
  }
}

/** The second signal is no longer held back: whoever presses Ctrl-C twice means it. */
function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const signals: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
    for (const signal of signals) process.once(signal, () => resolve(signal));
  });
}
