import type { Command } from 'commander';
import { inspectLedger } from '../../../application/ledger/inspect-ledger.ts';
import { readMemory } from '../../../application/ledger/read-memory.ts';
import { eventShapes, sha256 } from '../../../composition.ts';
import { plainText } from '../../../domain/ledger/plain-text.ts';
import type { Note } from '../../../domain/memory/note.ts';
import { recall, sourceOf, usualBounds } from '../../../domain/memory/recall.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';
import { openFolder } from './history/folder.ts';
import { exitOf } from './history/verify.ts';

interface Options {
  readonly days?: number;
  readonly json?: boolean;
}

const help = `
With words: what an agent would be reminded of for a text with them, best first. Without: all that is remembered, oldest first.

Exit: 0 the history holds · 1 it does not · 2 no such folder · 4 cannot tell.

Example:
  git clone --branch assent/ledger https://github.com/acme/widgets ledger
  assent memory ledger the parser crashes on an empty file`;

export function memoryCommand(program: Command, cli: Cli): void {
  program
    .command('memory')
    .description(
      'What a repository remembers of its own decisions and failures, and recalls for a text',
    )
    .argument('<dir>', 'a folder that holds .ai_metadata/, or a bare repository')
    .argument('[words...]', 'what to recall it for')
    .option(
      '--days <number>',
      'how long a memory lasts (as memory.days in .github/assent.yml)',
      Number,
    )
    .option('--json', 'one JSON document on standard output, nothing else')
    .addHelpText('after', help)
    .action(async (path: string, words: readonly string[], options: Options) =>
      cli.end(await memory(path, words.join(' '), options, cli.terminal)),
    );
}

/** `now`: a memory is as old as it is when somebody looks. */
export async function memory(
  path: string,
  words: string,
  { json = false, days = usualBounds.days }: Options,
  terminal: Terminal,
  now = new Date(),
): Promise<ExitCode> {
  const folder = await openFolder(path, terminal, json);
  if (folder === null) return exitCode.usage;
  const { status } = await inspectLedger(folder, sha256, { shapes: eventShapes });
  const { notes } = await readMemory(folder);
  const asked = { text: words, item: null, at: now.toISOString() };
  const found =
    words === '' ? notes : recall(notes, asked, { ...usualBounds, days }).map(({ note }) => note);
  if (json) terminal.out(JSON.stringify({ status, words, notes: found }, null, 2));
  else if (found.length === 0)
    terminal.out(words === '' ? 'Nothing is remembered yet.' : 'Nothing that bears on it.');
  else for (const line of found.flatMap(shown)) terminal.out(line);
  if (!json && status !== 'valid')
    terminal.err(
      `From a history that does not hold, or cannot be judged: see \`assent history verify ${plainText(path)}\`.`,
    );
  return exitOf[status];
}

const shown = (note: Note): readonly string[] => [
  plainText(sourceOf(note), 200),
  `  ${plainText(`${note.title}: ${note.text}`, 400)}`,
];
