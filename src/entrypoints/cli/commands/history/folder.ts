import { stat } from 'node:fs/promises';
import { openLedgerFolder } from '../../../../composition.ts';
import type { LedgerFolder } from '../../../../ports/ledger-folder.ts';
import type { Terminal } from '../../command.ts';

/** The folder a command was pointed at; null, and a complaint, where there is none: with `json` as the one document. */
export const openFolder = async (
  path: string,
  terminal: Terminal,
  json: boolean,
): Promise<LedgerFolder | null> => {
  const complain = (message: string): null => {
    if (json) {
      terminal.out(JSON.stringify({ error: { code: 'history.folder', message } }, null, 2));
    } else terminal.err(message);
    return null;
  };
  try {
    if ((await stat(path)).isDirectory()) return await openLedgerFolder(path);
    return complain(`${path} is no folder: give one that holds .ai_metadata/`);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    return complain(`There is no folder ${path}: give one that holds .ai_metadata/`);
  }
};
