import { stat } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import { scanFolder } from '../../../application/tools/scan.ts';
import { openScan } from '../../../composition.ts';
import { outcomeOf, type ScanOutcome, type ScanReport } from '../../../domain/scan/report.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';
import { reportLines } from './scan/print.ts';

const help = `
Reads the files git tracks, or all of a folder without git. Writes nothing,
follows no symlink, runs nothing of the folder, asks nobody. Secrets are shown
by kind and place, never by value.

Exit: 0 fine · 1 a secret was found · 2 wrong usage · 4 not all could be read.

Examples:
  assent scan .
  assent scan . --json | jq .dependencies.ecosystems
  assent scan . --gitignore >> .gitignore`;

export function scanCommand(program: Command, cli: Cli): void {
  program
    .command('scan')
    .description('Read-only inventory: languages, dependency graph, secrets, binaries, hygiene')
    .argument('<path>', 'a folder')
    .option('--gitignore', 'the proposed lines of .gitignore alone')
    .option('--all', 'every entry of long lists')
    .option('--seconds <number>', 'stop reading after that long', positive, 600)
    .option('--json', 'one JSON document on standard output, nothing else')
    .addHelpText('after', help)
    .action(async (path: string, options: ScanOptions) =>
      cli.end(await scan(path, options, cli.terminal)),
    );
}

function positive(text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a number above 0.');
}

interface ScanOptions {
  readonly gitignore?: true;
  readonly all?: true;
  readonly seconds: number;
  readonly json?: true;
}

const maxFiles = 250_000;
const maxTextBytes = 32 * 1024 * 1024;

async function scan(path: string, options: ScanOptions, terminal: Terminal): Promise<ExitCode> {
  const misuse = await misuseOf(path);
  if (misuse !== null) return complain(path, misuse, options, terminal);
  const { folder, tools } = await openScan(path);
  const signal = AbortSignal.timeout(options.seconds * 1000);
  const bounds = { files: maxFiles, bytes: maxTextBytes, signal };
  const report = await scanFolder(path, folder, tools, bounds, progressOn(terminal));
  if (terminal.interactive) process.stderr.write('\r\u001B[K');
  print(report, options, terminal);
  return options.gitignore === true ? exitCode.done : codes[outcomeOf(report)];
}

const codes: Readonly<Record<ScanOutcome, ExitCode>> = {
  fine: exitCode.done,
  found: exitCode.fault,
  unclear: exitCode.inconclusive,
};

async function misuseOf(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isDirectory()) return 'is no folder: name the folder it is in.';
  } catch {
    return 'cannot be read: is there such a folder?';
  }
  return (await isBare(path)) ? 'is a bare repository: name a checkout of it.' : null;
}

async function isBare(path: string): Promise<boolean> {
  const found = await Promise.allSettled(
    ['HEAD', 'objects', 'refs', 'config'].map((name) => stat(`${path}/${name}`)),
  );
  return found.every(({ status }) => status === 'fulfilled');
}

function complain(path: string, why: string, { json }: ScanOptions, terminal: Terminal): ExitCode {
  const refused = { code: 'scan.path', message: why };
  if (json === true) terminal.out(JSON.stringify({ path, refused }, null, 2));
  else terminal.err(`${path} ${why}`);
  return exitCode.usage;
}

/** A line that is written over on a terminal; elsewhere nothing, since a minute at most goes by. */
function progressOn({ interactive }: Terminal): (done: number, total: number) => void {
  if (!interactive) return () => {};
  let shown = 0;
  return (done, total) => {
    const share = Math.floor((done * 100) / total);
    if (share === shown) return;
    shown = share;
    process.stderr.write(`\r\u001B[K${done} of ${total} files`);
  };
}

function print(report: ScanReport, options: ScanOptions, terminal: Terminal): void {
  if (options.json === true) terminal.out(JSON.stringify(report, null, 2));
  else if (options.gitignore === true)
    for (const line of report.gitignore.lines) terminal.out(line);
  else for (const line of reportLines(report, options.all === true)) terminal.out(line);
}
