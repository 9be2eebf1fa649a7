import type { Command } from 'commander';

/** What every command takes that acts as its human. */
export const remoteOptions = (command: Command): Command =>
  command
    .option('--service <address>', 'where Assent listens (default: ASSENT_URL)')
    .option('--repository <owner/name>', 'which repository (default: the origin of this checkout)')
    .option('--json', 'one JSON document on standard output, nothing else');
