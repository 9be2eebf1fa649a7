import type { CommandModule } from './command.ts';
import { actCommands } from './commands/acts.ts';
import { agentsCommand } from './commands/agents.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { historyCommand } from './commands/history.ts';
import { memoryCommand } from './commands/memory.ts';
import { policyCommand } from './commands/policy.ts';
import { reportCommand } from './commands/report.ts';
import { roadmapCommand } from './commands/roadmap.ts';
import { scanCommand } from './commands/scan.ts';
import { simulatorCommand } from './commands/simulator.ts';
import { startCommand, workerCommand } from './commands/start.ts';
import { statusCommands } from './commands/status.ts';
import { switchCommands } from './commands/switch.ts';
import { tryCommand } from './commands/try.ts';

/** Every subcommand, in the order `assent --help` shows them. */
export const commands: readonly CommandModule[] = [
  demoCommand,
  tryCommand,
  simulatorCommand,
  startCommand,
  workerCommand,
  doctorCommand,
  statusCommands,
  actCommands,
  switchCommands,
  agentsCommand,
  policyCommand,
  historyCommand,
  reportCommand,
  memoryCommand,
  roadmapCommand,
  scanCommand,
];
