import type { Command } from 'commander';
import { readEffectiveness } from '../../../application/ledger/read-effectiveness.ts';
import { inspectLedger } from '../../../application/ledger/inspect-ledger.ts';
import { eventShapes, sha256 } from '../../../composition.ts';
import {
  acceptance,
  medianWait,
  totalOf,
  type AgentRecord,
  type Period,
} from '../../../domain/effectiveness/effectiveness.ts';
import {
  duration,
  figuresOf,
  inShort,
  money,
  percent,
  withShare,
} from '../../../domain/effectiveness/figures.ts';
import { plainText } from '../../../domain/ledger/plain-text.ts';
import { agentNames, type AgentName } from '../../../domain/work-item/state.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';
import { openFolder } from './history/folder.ts';
import { exitOf } from './history/verify.ts';

interface Options {
  readonly json?: boolean;
}

const help = `
Counted from the history alone, which is verified first. "at first": decided by a human as first proposed; "later": after rework.
"vain": the part of the tokens whose runs led to no proposal and no question.

Exit: 0 the history holds · 1 it does not · 4 cannot tell.

Example:
  git clone --branch assent/ledger https://github.com/acme/widgets ledger
  assent report ledger`;

export function reportCommand(program: Command, cli: Cli): void {
  program
    .command('report')
    .description('What each agent did, what people made of it, and what it cost')
    .argument('<dir>', 'a folder that holds .ai_metadata/, or a bare repository')
    .option('--json', 'one JSON document on standard output, nothing else')
    .addHelpText('after', help)
    .action(async (path: string, options: Options) =>
      cli.end(await report(path, options, cli.terminal)),
    );
}

export async function report(
  path: string,
  { json = false }: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const folder = await openFolder(path, terminal, json);
  if (folder === null) return exitCode.usage;
  const { status, head } = await inspectLedger(folder, sha256, { shapes: eventShapes });
  const periods = await readEffectiveness(folder);
  const total = totalOf(periods);
  if (json) {
    const { sequence, hash } = head;
    const told = {
      status,
      head: { sequence, hash },
      total: shown(total),
      cycles: periods.map(({ agents, ...period }) => ({ ...period, agents: shown(agents) })),
    };
    terminal.out(JSON.stringify(told, null, 2));
    return exitOf[status];
  }
  for (const line of [...table(total), '', ...byCycle(periods)]) terminal.out(line);
  if (status !== 'valid')
    terminal.err(
      `Of a history that does not hold, or cannot be judged: see \`assent history verify ${plainText(path)}\`.`,
    );
  return exitOf[status];
}

const shown = (agents: Period['agents']) =>
  Object.fromEntries(agentNames.map((agent) => [agent, figuresOf(agents[agent])]));

const columns: readonly (readonly [string, (record: AgentRecord) => string])[] = [
  ['made', ({ proposals }) => String(proposals)],
  ['at first', (record) => withShare(record.accepted_at_first, acceptance(record))],
  ['later', ({ accepted_after_rework: later }) => String(later)],
  ['rejected', ({ rejected }) => String(rejected)],
  ['failed', ({ failed }) => String(failed)],
  ['tokens', ({ tokens }) => inShort(tokens)],
  ['vain', ({ tokens, tokens_in_vain: vain }) => (tokens === 0 ? '–' : percent(vain / tokens))],
  ['USD', money],
  ['wait', (record) => duration(medianWait(record))],
];

function table(total: Period['agents']): readonly string[] {
  const rows = [
    ['', ...columns.map(([name]) => name)],
    ...agentNames.map((agent) => [agent, ...columns.map(([, cell]) => cell(total[agent]))]),
  ];
  const widths =
    rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  '),
  );
}

/** How much of each agent's work was accepted as first proposed, cycle by cycle: whether it gets better. */
function byCycle(periods: readonly Period[]): readonly string[] {
  const agents = agentNames.filter((agent) =>
    periods.some((period) => acceptance(period.agents[agent]) !== null),
  );
  if (agents.length === 0) return ['Humans have decided on nothing of theirs yet.'];
  return ['Accepted at first, by cycle:', ...agents.map((agent) => `  ${trend(periods, agent)}`)];
}

function trend(periods: readonly Period[], agent: AgentName): string {
  const said = periods.flatMap(({ cycle, agents }) => {
    const share = acceptance(agents[agent]);
    return share === null ? [] : [`${cycle}: ${Math.round(share * 100)}%`];
  });
  const left = said.length > 8 ? ['…'] : [];
  return `${agent.padEnd(11)}  ${[...left, ...said.slice(-8)].join('  ')}`;
}
