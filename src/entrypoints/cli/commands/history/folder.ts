import { stat } from 'node:fs/promises';
import { openLedgerFolder } from '../../../../composition.ts';
import type { LedgerFolder } from '../../../../ports/ledger-folder.ts';
import type { Terminal } from '../../command.ts';

/** The folder a command was pointed at; null, and a complaint, where there is none. */
export const openFolder = async (
  path: string,
  terminal: Terminal,
): Promise<LedgerFolder | null> => {
  try {
    if ((await stat(path)).isDirectory()) return await openLedgerFolder(path);
    terminal.err(`${path} is no folder: give one that holds .ai_metadata/`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    terminal.err(`There is no folder ${path}: give one that holds .ai_metadata/`);
  }
  return null;
};
