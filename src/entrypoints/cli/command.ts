import type { Command } from 'commander';

/** What every command answers with; the numbers are public (CONTRACTS.md, "Command line"). */
export const exitCode = {
  done: 0,
  fault: 1,
  usage: 2,
  waiting: 3,
  inconclusive: 4,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** The terminal as a command sees it: results on `out`, progress and complaints on `err`. */
export interface Terminal {
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly interactive: boolean;
}

/** One subcommand: declares itself on the program; its action reports how it ended by `end`. */
export type CommandModule = (program: Command, cli: Cli) => void;

export interface Cli {
  readonly terminal: Terminal;
  /** Records the exit code; the process ends by itself once nothing is left to do. */
  end(code: ExitCode): void;
}
