import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import type { SimulatorRepository } from '../../../simulator/simulator.ts';
import type { StandAlone } from '../../../simulator/stand-alone.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';
import { interrupted, onInterruption } from '../interruption.ts';

/** Loaded when it is started: it takes half a second, which every other command and `--help` would pay. */
const load = () => import('../../../simulator/stand-alone.ts');

interface Options {
  readonly port: number;
  readonly repository?: string;
  readonly webhook?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  assent simulator --port 4567
  assent simulator --repository . --webhook http://127.0.0.1:3000/api/github/webhooks
  assent simulator --json | jq -r .tokens.owner

It serves until Ctrl-C; nothing leaves the machine, and what it held is removed at the end.`;

export function simulatorCommand(program: Command, cli: Cli): void {
  program
    .command('simulator')
    .description(
      'A GitHub of its own on this machine: real git, REST, GraphQL, webhooks, and a page to act as anyone',
    )
    .option('--port <number>', 'port on 127.0.0.1 (default: any that is free)', portOf, 0)
    .option(
      '--repository <path>',
      'a git repository to import (default: a small one, acme/widgets)',
      repositoryPathOf,
    )
    .option('--webhook <url>', 'where webhooks are delivered', webhookOf)
    .option('--json', 'one JSON document on standard output, nothing else')
    .addHelpText('after', examples)
    .action(async (options: Options) => cli.end(await serve(options, cli.terminal)));
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function repositoryPathOf(text: string): string {
  const path = resolve(text);
  if (
    existsSync(join(path, '.git')) ||
    (existsSync(join(path, 'HEAD')) && existsSync(join(path, 'objects')))
  )
    return path;
  throw new InvalidArgumentError(`There is no git repository at ${path}.`);
}

function webhookOf(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new InvalidArgumentError(
    'Give a whole URL, such as http://127.0.0.1:3000/api/github/webhooks.',
  );
}

async function serve(options: Options, terminal: Terminal): Promise<ExitCode> {
  const stopped = interrupted(onInterruption());
  const alone = await start(options);
  if (alone === null) {
    terminal.err(
      `Port ${options.port} is in use: choose another with --port, or leave it out for any that is free.`,
    );
    return exitCode.usage;
  }
  try {
    const facts = await factsOf(alone, await provide(alone, options));
    if (options.json === true) terminal.out(JSON.stringify(facts));
    else describe(facts, terminal);
    await stopped;
  } finally {
    await alone.simulator.close();
  }
  return exitCode.done;
}

/** Null: the port is in use. */
async function start({ port, webhook }: Options): Promise<StandAlone | null> {
  const { startStandAlone } = await load();
  try {
    return await startStandAlone({
      port,
      ...(webhook === undefined ? {} : { webhookUrl: webhook }),
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
    throw error;
  }
}

async function provide(
  { simulator }: StandAlone,
  { repository }: Options,
): Promise<SimulatorRepository> {
  const { seedWidgets } = await load();
  if (repository === undefined) return seedWidgets(simulator);
  const name = basename(repository)
    .replace(/\.git$/, '')
    .replaceAll(/[^\w.-]+/g, '-');
  return simulator.createRepository({
    owner: 'acme',
    name: name === '' ? 'repository' : name,
    from: repository,
  });
}

type Facts = Awaited<ReturnType<typeof factsOf>>;

/** The document of `--json`; the text shows the same. */
async function factsOf({ simulator, page }: StandAlone, repository: SimulatorRepository) {
  const { app, url } = simulator;
  const keyFile = join(simulator.directory, 'app.private-key.pem');
  await writeFile(keyFile, app.privateKey, { mode: 0o400 });
  const { peopleOf } = await load();
  const people = peopleOf(simulator);
  return {
    url,
    rest: `${url}/api/v3`,
    graphql: `${url}/api/graphql`,
    page,
    control: page,
    repository: {
      full_name: repository.fullName,
      default_branch: repository.defaultBranch,
      clone_url: repository.cloneUrl,
    },
    app: {
      id: app.id,
      slug: app.slug,
      client_id: app.clientId,
      installation_id: app.installationId,
      private_key_path: keyFile,
      webhook_secret: app.webhookSecret,
    },
    webhook: simulator.webhookUrl,
    people,
    tokens: Object.fromEntries(Object.entries(people).map(([name, { token }]) => [name, token])),
    env: {
      APP_ID: String(app.id),
      PRIVATE_KEY_PATH: keyFile,
      WEBHOOK_SECRET: app.webhookSecret,
      GHE_HOST: url,
    },
  };
}

function describe(
  { url, rest, graphql, page, repository, app, webhook, people, env }: Facts,
  terminal: Terminal,
): void {
  const { owner } = people;
  const lines = [
    `A simulated GitHub on ${url}`,
    `  page      ${page}`,
    `  REST      ${rest}   (or ${url})`,
    `  GraphQL   ${graphql}`,
    `  git       ${repository.clone_url}`,
    `  webhooks  ${webhook ?? 'to nobody; with --webhook to a service, such as http://127.0.0.1:3000/api/github/webhooks'}`,
    '',
    'People (token as password for git, "authorization: Bearer …" for the API)',
    ...Object.entries(people).map(
      ([name, { login, token }]) => `  ${name.padEnd(11)} ${login.padEnd(16)} ${token}`,
    ),
    '',
    `App ${app.slug}: id ${app.id}, installation ${app.installation_id}, webhook secret ${app.webhook_secret}`,
    `  key       ${app.private_key_path}`,
    '',
    'Try',
    `  curl -H 'authorization: Bearer ${owner?.token ?? ''}' ${rest}/repos/${repository.full_name}/issues`,
    `  git clone ${repository.clone_url.replace('://', `://x-access-token:${owner?.token ?? ''}@`)}`,
    '',
    'Point Assent at it',
    `  ${Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')} assent start`,
    '',
    'Faults, deliveries and validation: docs/simulator.md. Ctrl-C ends it.',
  ];
  lines.forEach((line) => terminal.out(line));
}
