import { parseCsv } from './csv.js';
import { renderTable } from './table.js';

/** The command: reads CSV, gives what to print and how to exit. */
export function main(args, readInput) {
  return { output: renderTable(parseCsv(readInput())), error: '', exitCode: 0 };
}
