import type { CommandModule } from './command.ts';
import { historyCommand } from './commands/history.ts';
import { policyCommand } from './commands/policy.ts';
import { roadmapCommand } from './commands/roadmap.ts';
import { simulatorCommand } from './commands/simulator.ts';
import { startCommand, workerCommand } from './commands/start.ts';

/** Every subcommand, in the order `assent --help` shows them. */
export const commands: readonly CommandModule[] = [
  policyCommand,
  historyCommand,
  simulatorCommand,
  startCommand,
  workerCommand,
  roadmapCommand,
];
