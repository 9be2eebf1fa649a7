import { InvalidArgumentError, type Command } from 'commander';
import type { Cli } from '../command.ts';
import type { DemoCommandOptions } from '../demo/options.ts';

const help = `
Everything runs on this machine: a simulated GitHub on real git, Assent beside it, an embedded database. Without
OPENAI_API_KEY or OPENAI_BASE_URL the model's answers come from a tape, and the page says so.

The page shows what happens and what waits for whom; with --once it stays up while the demo's humans act.

Exit: 0 all that the demo shows held · 1 something did not · 2 the port is in use, or --out is not empty · 4 interrupted
with --once. Ctrl-C ends it and removes all of it.

Examples:
  assent demo                     you are the human: open the page it prints
  assent demo --once --json       the demo's humans play it to the end; one document on standard output
  assent demo --once --out out    keeps out/repository.git, out/ledger and out/demo.json`;

/** Loaded when it is run: the simulator and GitHub's description of itself are no weight for the other commands. */
export function demoCommand(program: Command, cli: Cli): void {
  program
    .command('demo')
    .description('The whole loop on this machine: no account, no key')
    .option('--once', "play it to the end with the demo's humans, and exit")
    .option('--port <n>', 'where the page is; any free port by default', portNumber)
    .option('--out <dir>', 'keep the governed repository, its ledger and the document there')
    .option('--json', 'one JSON document on standard output, nothing else')
    .addHelpText('after', help)
    .action(async (options: DemoCommandOptions) => {
      const { runDemo } = await import('../demo/run.ts');
      cli.end(await runDemo(options, cli.terminal));
    });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes any free one.');
}
