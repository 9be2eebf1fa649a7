import type { CommandModule } from './command.ts';

/** Every subcommand, in the order `assent --help` shows them. */
export const commands: readonly CommandModule[] = [];
