import { InvalidArgumentError, type Command } from 'commander';
import { parseAnchor, type Anchor } from '../../../domain/ledger/anchor-check.ts';
import type { Cli } from '../command.ts';
import { replay } from './history/replay.ts';
import { show } from './history/show.ts';
import { verify } from './history/verify.ts';

const verifyHelp = `
A history that was cut off shows only against a head kept elsewhere: that of queue.json, of each commit of the
branch (read by itself where DIR is a git checkout or a bare repository), or of --anchor.

Exit: 0 it holds · 1 a fault was found · 4 cannot tell (no history, or events of a newer version).

Example:
  git clone --branch assent/ledger https://github.com/acme/widgets ledger
  assent history verify ledger --anchor 241:9f86d081884c7d65…`;

const replayHelp = `
Exit: 0 the same · 1 differs, or the history is broken · 4 cannot tell.

Example:
  assent history replay ledger --out /tmp/queue.json`;

const showHelp = `
A decision's facts are the request that policy was asked, to be asked again: by \`assent policy evaluate\`.

Exit: 0 the history holds · 1 it does not · 2 it names no such item or decision · 4 cannot tell, or the decision was
recorded without its facts.

Examples:
  assent history show ledger issue-12
  assent history show ledger --facts 154 > request.json
  assent policy evaluate --policies policies --request request.json`;

const json = ['--json', 'one JSON document on standard output, nothing else'] as const;

export function historyCommand(program: Command, cli: Cli): void {
  const history = program
    .command('history')
    .description('The history of a repository: verify it, replay it, read it');

  history
    .command('verify')
    .description('Checks chain, order, legality of each transition, truncation, and queue.json')
    .argument('<dir>', 'a folder that holds .ai_metadata/, or a bare repository')
    .option('--anchor <sequence:hash>', 'a head you know, which the history must pass', anchors)
    .option(...json)
    .addHelpText('after', verifyHelp)
    .action(async (folder: string, options) =>
      cli.end(await verify(folder, options, cli.terminal)),
    );

  history
    .command('replay')
    .description(
      'Rebuilds queue.json from the history, and says whether it is the same to the byte',
    )
    .argument('<dir>', 'a folder that holds .ai_metadata/, or a bare repository')
    .option('--out <file>', 'where the rebuilt queue.json goes; - for standard output')
    .option(...json)
    .addHelpText('after', replayHelp)
    .action(async (folder: string, options) =>
      cli.end(await replay(folder, options, cli.terminal)),
    );

  history
    .command('show')
    .description('The story: a line an event, with time, actor and what happened')
    .argument('<dir>', 'a folder that holds .ai_metadata/, or a bare repository')
    .argument('[item]', 'one item alone, such as issue-12')
    .option('--facts <event>', 'what the decision of that event was made on, as JSON', wholeNumber)
    .option(...json)
    .addHelpText('after', showHelp)
    .action(async (folder: string, item: string | undefined, options) =>
      cli.end(await show(folder, item ?? null, options, cli.terminal)),
    );
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Give the number of an event, such as 154.');
}

function anchors(text: string, before: readonly Anchor[] = []): readonly Anchor[] {
  const anchor = parseAnchor(text, '--anchor');
  if (anchor !== null) return [...before, anchor];
  throw new InvalidArgumentError('Give SEQUENCE:HASH, the hash in 64 hex digits.');
}
