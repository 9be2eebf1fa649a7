import { Command, CommanderError } from 'commander';
import { exitCode, type Cli } from './command.ts';
import { commands } from './commands.ts';

const terminal = {
  out: (line: string) => process.stdout.write(`${line}\n`),
  err: (line: string) => process.stderr.write(`${line}\n`),
  interactive: process.stderr.isTTY === true,
};

const cli: Cli = {
  terminal,
  end: (code) => {
    process.exitCode = code;
  },
};

// Whoever reads has seen enough (`| head`): no fault of the command's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const program = new Command('assent')
  .description('Agents propose, humans assent, the repository remembers.')
  .showHelpAfterError('(add --help for the options and an example)')
  .exitOverride();
for (const register of commands) register(program, cli);

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
  } else {
    terminal.err(error instanceof Error ? error.message : String(error));
    process.exitCode = exitCode.fault;
  }
}
