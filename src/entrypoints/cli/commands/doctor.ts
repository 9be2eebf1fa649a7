import type { Command } from 'commander';
import type { Finding } from '../../../domain/doctor/finding.ts';
import { answeredEvents } from '../../server/webhook-events.ts';
import { examineSetUp } from '../../../composition.ts';
import { readConfig, type ServiceConfig } from '../../../config.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';
import { programs } from './doctor/programs.ts';
import { report } from './doctor/report.ts';

interface Options {
  readonly repository?: string;
  readonly live?: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  APP_ID=12345 PRIVATE_KEY_PATH=app.pem WEBHOOK_SECRET=$(cat secret) assent doctor
  assent doctor --repository acme/widgets --live
  assent doctor --json

It reads the environment of \`start\` (docs/operations.md), and changes nothing.

Exit: 0 all is well, advice aside · 1 there are faults · 2 wrong usage · 4 something could not be looked at.`;

export function doctorCommand(program: Command, cli: Cli): void {
  program
    .command('doctor')
    .description(
      'Checks App, permissions, branches, sandbox, model and database; each finding with its remedy',
    )
    .option('--repository <owner/name>', 'this repository alone (default: all of the App)')
    .option('--live', 'ask the model one question, which costs a few tokens')
    .option('--json', 'one JSON document on standard output, nothing else')
    .addHelpText('after', examples)
    .action(async (options: Options) => cli.end(await doctor(options, cli.terminal)));
}

async function doctor(options: Options, terminal: Terminal): Promise<ExitCode> {
  if (options.repository !== undefined && !/^[\w.-]+\/[\w.-]+$/u.test(options.repository)) {
    terminal.err('--repository takes owner/name');
    return exitCode.usage;
  }
  const reading = readConfig(process.env);
  const findings = await examineSetUp({
    faults: reading.ok ? [] : reading.faults,
    config: reading.ok ? access(reading.config) : null,
    repository: options.repository ?? null,
    live: options.live === true,
    programs,
    events: alwaysChosen([...answeredEvents]),
  });
  const { lines, counts } = report(findings);
  if (options.json === true) terminal.out(JSON.stringify({ counts, findings }, null, 2));
  else for (const line of lines) terminal.out(line);
  return ended(findings);
}

function ended(findings: readonly Finding[]): ExitCode {
  const is = (state: Finding['state']) => findings.some((one) => one.state === state);
  if (is('fault')) return exitCode.fault;
  return is('unknown') ? exitCode.inconclusive : exitCode.done;
}

/** Those one ticks: GitHub sends the rest to every App, or (merge groups) only where there is a queue. */
const alwaysChosen = (events: readonly string[]): readonly string[] =>
  events.filter(
    (event) => event !== 'ping' && event !== 'merge_group' && !event.startsWith('installation'),
  );

const access = ({ app, github, store, sandbox, model }: ServiceConfig) => ({
  sandbox,
  appId: app.id,
  privateKey: app.private_key.reveal(),
  baseUrl: github.api,
  databaseUrl: store.database_url?.reveal() ?? null,
  folder: store.folder,
  model:
    model === null
      ? null
      : { apiKey: model.api_key?.reveal() ?? null, baseUrl: model.base_url, model: model.name },
});
