import { InvalidArgumentError, type Command } from 'commander';
import type { Cli } from '../command.ts';
import type { TryOptions } from '../demo/try/run.ts';

const help = `
Clones the HEAD of your repository into a simulated GitHub on this machine, says what Assent reads of it, files an issue, and goes
as far as your policies and you let it. Your repository is not touched, none of its code is run, and nothing leaves the machine: a
model is asked only at a loopback address in OPENAI_BASE_URL, or with --allow-remote-model.

Exit: 0 nothing waits · 2 wrong usage · 3 with --once, somebody is waited for: a human, the model, or a mended policy
· 4 interrupted with --once.

Examples:
  assent try .
  assent try . --issue issue.md --once --json
  OPENAI_BASE_URL=http://127.0.0.1:11434/v1 ASSENT_MODEL=qwen3-coder assent try ~/src/widgets`;

/** Loaded when it is run: the simulator is no weight for the other commands. */
export function tryCommand(program: Command, cli: Cli): void {
  program
    .command('try')
    .description('The loop on a clone of your own repository; nothing leaves the machine')
    .argument('<path>', 'a git repository on this machine')
    .option('--issue <file>', 'Markdown: the first line or heading is the title; else an example')
    .option('--once', 'wait until everything is at rest, say where it is, and exit')
    .option('--port <n>', 'where the page is; any free port by default', portNumber)
    .option(
      '--allow-remote-model',
      'let a model that is not on this machine see what agents read of the repository',
    )
    .option('--json', 'one JSON document on standard output once all is at rest, nothing else')
    .addHelpText('after', help)
    .action(async (path: string, options: TryOptions) => {
      const { runTry } = await import('../demo/try/run.ts');
      cli.end(await runTry(path, options, cli.terminal));
    });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('Give a port from 0 to 65535; 0 takes any free one.');
}
