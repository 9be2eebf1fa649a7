import { styleText } from 'node:util';
import { inspectLedger } from '../../../../application/ledger/inspect-ledger.ts';
import {
  simulatePolicies,
  type Difference,
  type Simulation,
} from '../../../../application/tools/simulate-policies.ts';
import {
  eventShapes,
  policyDocuments,
  policySource,
  readPolicyFolder,
  sha256,
} from '../../../../composition.ts';
import { plainText } from '../../../../domain/ledger/plain-text.ts';
import { changes, type Change } from '../../../../domain/policy/difference.ts';
import { waitingLine } from '../../../../domain/policy/render.ts';
import type { LedgerFolder } from '../../../../ports/ledger-folder.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { openFolder } from '../history/folder.ts';
import { exitOf } from '../history/verify.ts';
import { document, misused, type Output } from './report.ts';

interface Options extends Output {
  readonly policies: string;
  readonly ledger: string;
  readonly expectSame?: boolean;
}

export async function simulateCommand(options: Options, terminal: Terminal): Promise<ExitCode> {
  const files = await readPolicyFolder(options.policies);
  if (!files.ok) return misused(files.refusal, options, terminal);
  const loaded = policySource.load(files.value);
  if (!loaded.ok) return misused(loaded.refusal, options, terminal);
  const folder = await openFolder(options.ledger, terminal, options.json === true);
  if (folder === null) return exitCode.usage;
  const unsound = await refuseUnsound(folder, options, terminal);
  if (unsound !== null) return unsound;

  const tools = { source: policySource, documents: policyDocuments };
  const simulation = await simulatePolicies(loaded.value, folder, tools);
  if (options.json === true) document(terminal, documentOf(simulation));
  else print(simulation, terminal);
  return exitFor(simulation, options);
}

/** What was decided in a history that may be forged says nothing about policies. */
async function refuseUnsound(
  folder: LedgerFolder,
  { ledger, json }: Options,
  terminal: Terminal,
): Promise<ExitCode | null> {
  const { status } = await inspectLedger(folder, sha256, { shapes: eventShapes });
  if (status === 'valid') return null;
  const problem = status === 'faulty' ? 'does not hold' : 'cannot be judged';
  const message = `this history ${problem}, so it was not tried: see \`assent history verify ${plainText(ledger)}\``;
  if (json === true) document(terminal, { error: { code: `history.${status}`, message } });
  else terminal.err(message);
  return exitOf[status];
}

function exitFor(simulation: Simulation, { expectSame = false }: Options): ExitCode {
  const { decisions, differences, could_not_tell: untold } = simulation;
  if (decisions === untold.length) return exitCode.inconclusive;
  return expectSame && differences.length > 0 ? exitCode.fault : exitCode.done;
}

const documentOf = (simulation: Simulation) => ({
  ...simulation,
  totals: {
    ...Object.fromEntries(changes.map((change) => [change, of(simulation, change).length])),
    could_not_tell: simulation.could_not_tell.length,
  },
});

const of = ({ differences }: Simulation, change: Change): readonly Difference[] =>
  differences.filter((difference) => difference.change === change);

const titles: Readonly<Record<Change, string>> = {
  newly_allowed: 'Would have passed',
  newly_denied: 'Would have been denied',
  newly_waiting: 'Would have waited',
};

function print(simulation: Simulation, terminal: Terminal): void {
  for (const change of changes) printChange(of(simulation, change), change, terminal);
  printUntold(simulation, terminal);
  const { decisions, same, differences, could_not_tell: untold } = simulation;
  if (decisions === 0) {
    terminal.out('Nothing was decided in this history yet.');
    return;
  }
  const rest = untold.length === 0 ? '' : `, ${untold.length} cannot be told`;
  terminal.out(`${decisions} decisions: ${same} the same, ${differences.length} otherwise${rest}.`);
}

function printChange(all: readonly Difference[], change: Change, terminal: Terminal): void {
  if (all.length === 0) return;
  terminal.out(styleText('bold', `${titles[change]} (${all.length})`));
  let item: string | null = '';
  for (const { first, looks } of inLooks(all)) {
    if (first.item !== item) terminal.out(`  ${itemLine(first)}`);
    item = first.item;
    terminal.out(`    ${differenceLine(first)}${looks > 1 ? ` (${looks} times)` : ''}`);
    for (const line of whyLines(first)) terminal.out(`      ${plainText(line)}`);
  }
  terminal.out('');
}

/** By item; looks at the same thing that come out the same are told once. */
function inLooks(
  all: readonly Difference[],
): readonly { readonly first: Difference; readonly looks: number }[] {
  const groups = Map.groupBy(all, (difference) =>
    JSON.stringify([difference.item, difference.action, difference.was, difference.would_be]),
  );
  return [...groups.values()]
    .flatMap(([first, ...more]) => (first === undefined ? [] : [{ first, looks: more.length + 1 }]))
    .toSorted((a, b) => firstOf(a.first.item, all) - firstOf(b.first.item, all));
}

const firstOf = (item: string | null, all: readonly Difference[]): number =>
  all.findIndex((difference) => difference.item === item);

const itemLine = ({ item, title }: Difference): string =>
  `${plainText(item ?? 'the repository')}${title === null ? '' : `  ${plainText(title, 80)}`}`;

const differenceLine = ({ sequence, at, action, was, would_be }: Difference): string => {
  const time = styleText('dim', at.replace('T', ' ').replace(/\.\d+Z$/, 'Z'));
  const rules = would_be.rules.length === 0 ? '' : `, rule ${would_be.rules.join(', ')}`;
  return `${time}  event ${sequence}  ${plainText(action)}: ${was.outcome} → ${would_be.outcome}${plainText(rules)}`;
};

const whyLines = ({ was, would_be }: Difference): readonly string[] => [
  ...would_be.reasons,
  ...would_be.waiting_for.map(waitingLine),
  ...(was.outcome === 'approved' && would_be.outcome === 'allowed'
    ? ['nobody would have been asked']
    : []),
];

function printUntold({ could_not_tell: untold }: Simulation, terminal: Terminal): void {
  if (untold.length === 0) return;
  terminal.out(styleText('bold', `Cannot be told (${untold.length})`));
  for (const [why, all] of Map.groupBy(untold, (one) => one.why)) {
    terminal.out(`  ${all.length} ${plainText(why, 300)}`);
  }
  terminal.out('');
}
