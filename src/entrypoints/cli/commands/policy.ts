import type { Command } from 'commander';
import type { Cli } from '../command.ts';
import { checkCommand } from './policy/check.ts';
import { evaluateCommand } from './policy/evaluate.ts';
import { simulateCommand } from './policy/simulate.ts';
import { proveCommand } from './policy/prove.ts';
import { testCommand } from './policy/test.ts';

const checkHelp = `
Says everything that is wrong: schema, unknown names, types of conditions, the floor (no merge and no roadmap without
a human), and warns of rules without effect.

Exit: 0 no fault · 1 a fault · 2 no such folder · 4 no policy in it, so everything is denied.

Example:
  assent policy check policies`;

const evaluateHelp = `
The request is JSON, described in docs/policies.md and schema/verdict-request.json.

Exit: 0 allowed, or the humans it requires have approved · 1 denied · 2 policies or request are malformed ·
3 waiting for a human.

Example:
  assent policy evaluate --policies policies --request request.json`;

const testHelp = `
Exit: 0 every case is as expected · 1 one is not · 2 policies or tests are malformed · 4 there are no tests.

Example:
  assent policy test policies`;

const simulateHelp = `
Each decision of the history is made again on the facts it was made on, by the code that enforces; what followed from it
is left as it happened. DIR of --ledger is any folder that holds .ai_metadata/, or a bare repository.

Exit: 0 it was tried, differences are what it tells · 1 --expect-same and something differs, or the history does not
hold · 2 the policies are malformed, or there is no such folder · 4 nothing could be told.

Example:
  git clone --branch assent/ledger https://github.com/acme/widgets ledger
  assent policy simulate --policies policies --ledger ledger`;

const proveHelp = `
Asks, of every request there could be: does a merge or a roadmap pass without a human? First of the rules as they are
written, then with the floor. What is refuted comes with a request that the evaluator itself was asked about.
With --against: does DIR let pass what the policies of that folder do not, on the same evidence?

Exit: 0 proved · 1 refuted, with a counterexample · 2 the policies are malformed · 4 cannot be proved, with the reason.

Examples:
  assent policy prove policies
  assent policy prove policies --out counterexamples
  assent policy prove policies --against ../main/policies --json`;

const json = ['--json', 'one JSON document on standard output, nothing else'] as const;

export function policyCommand(program: Command, cli: Cli): void {
  const policy = program.command('policy').description('Policies: check them, test them, ask them');

  policy
    .command('check')
    .description('Schema, types of conditions, floor, dead and shadowed rules')
    .argument('<dir>', 'the folder of the policies')
    .option(...json)
    .addHelpText('after', checkHelp)
    .action(async (folder: string, options) =>
      cli.end(await checkCommand(folder, options, cli.terminal)),
    );

  policy
    .command('evaluate')
    .description('One verdict, with its reasons')
    .requiredOption('--policies <dir>', 'the folder of the policies')
    .requiredOption('--request <file>', 'the request, JSON')
    .option(...json)
    .addHelpText('after', evaluateHelp)
    .action(async (options) => cli.end(await evaluateCommand(options, cli.terminal)));

  policy
    .command('simulate')
    .description('The history under other policies: what would have been decided otherwise')
    .requiredOption('--policies <dir>', 'the folder of the policies to try')
    .requiredOption('--ledger <dir>', 'the history')
    .option('--expect-same', 'exit 1 where anything would have been decided otherwise')
    .option(...json)
    .addHelpText('after', simulateHelp)
    .action(async (options) => cli.end(await simulateCommand(options, cli.terminal)));

  policy
    .command('test')
    .description('Runs the *.test.yml beside the policies: request → expected verdict')
    .argument('<dir>', 'the folder of the policies')
    .option(...json)
    .addHelpText('after', testHelp)
    .action(async (folder: string, options) =>
      cli.end(await testCommand(folder, options, cli.terminal)),
    );

  policy
    .command('prove')
    .description(
      'Proves that no merge and no roadmap passes without a human; else a counterexample',
    )
    .argument('<dir>', 'the folder of the policies')
    .option('--against <dir>', 'other policies: what is newly allowed, compared with them')
    .option('--out <dir>', 'a folder for the counterexamples, as requests of `policy evaluate`')
    .option(...json)
    .addHelpText('after', proveHelp)
    .action(async (folder: string, options) =>
      cli.end(await proveCommand(folder, options, cli.terminal)),
    );
}
