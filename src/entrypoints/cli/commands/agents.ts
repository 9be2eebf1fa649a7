import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { listAgents, type ListedAgent } from '../../../application/tools/list-agents.ts';
import { programsOnPath, repositoryConfig } from '../../../composition.ts';
import { REPOSITORY_CONFIG_PATH } from '../../../domain/repository-config.ts';
import { visible } from '../../../domain/text.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';

const help = `
Reads ${REPOSITORY_CONFIG_PATH} of a checkout, and looks for the programs it names on this machine. The service reads it from
the default branch, and looks where it runs.

Exit: 0 all there · 1 a program is missing, or the configuration cannot be read · 2 wrong usage.

Example:
  assent agents . --json`;

export function agentsCommand(program: Command, cli: Cli): void {
  program
    .command('agents')
    .description('What does the work of each role, with which tools, and what of it is installed')
    .argument('[path]', 'a checkout of the repository', '.')
    .option('--json', 'one JSON document on standard output, nothing else')
    .addHelpText('after', help)
    .action(async (path: string, options: { readonly json?: true }) =>
      cli.end(await list(path, options.json === true, cli.terminal)),
    );
}

async function list(path: string, json: boolean, terminal: Terminal): Promise<ExitCode> {
  const config = repositoryConfig(await textOf(join(path, REPOSITORY_CONFIG_PATH)));
  if (!config.ok) {
    terminal.err(config.refusal.message);
    return exitCode.fault;
  }
  const agents = await listAgents(config.value, programsOnPath());
  if (json) terminal.out(JSON.stringify({ agents }, null, 2));
  else for (const agent of agents) for (const line of told(agent)) terminal.out(line);
  const missing = agents.some(
    (agent) => agent.enabled && agent.programs.some(({ path: at }) => at === null),
  );
  return missing ? exitCode.fault : exitCode.done;
}

/** Null: there is none, and the defaults hold. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function told({
  role,
  enabled,
  uses,
  model,
  tools,
  capabilities,
  programs,
}: ListedAgent): string[] {
  const what =
    uses.kind === 'built-in'
      ? 'built in'
      : uses.kind === 'coder'
        ? uses.coder
        : uses.command.join(' ');
  const having = tools.map(({ name, tier }) => `${name} (${tier})`).join(', ');
  return [
    `${role.padEnd(12)}${visible(what)}${enabled ? '' : ', off'}`,
    `            model: ${visible(model ?? "the service's own")}`,
    `            tools: ${having === '' ? 'none' : having}`,
    `            ${capabilities.join('; ')}`,
    ...programs.map(
      ({ name, path, missing }) =>
        `            ${path === null ? `✗ ${visible(missing ?? name)}` : `✓ ${visible(path)}`}`,
    ),
  ];
}
