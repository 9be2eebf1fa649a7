import { chmod, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { InvalidArgumentError, type Command } from 'commander';
import {
  readRoadmap,
  setItemStatus,
  type ItemEdit,
} from '../../../application/tools/roadmap-tools.ts';
import { roadmapDocument } from '../../../composition.ts';
import type { Refusal, Result } from '../../../domain/result.ts';
import type { Item, Measure, Milestone, Roadmap } from '../../../domain/roadmap/roadmap.ts';
import {
  settableStatus,
  settableStatuses,
  type SettableStatus,
} from '../../../domain/roadmap/status.ts';
import { exitCode, type Cli, type ExitCode, type Terminal } from '../command.ts';

const showHelp = `
Exit: 0 read · 1 not a text · 2 wrong usage.

Example:
  assent roadmap show ROADMAP.md --json`;

const setHelp = `
Without --write nothing is written: the one line that would change is shown.

Exit: 0 done, or shown · 1 refused (no such item, several, nothing to set) · 2 wrong usage.

Example:
  assent roadmap set ROADMAP.md --item CA-012 --status done --write`;

const json = ['--json', 'one JSON document on standard output, nothing else'] as const;

export function roadmapCommand(program: Command, cli: Cli): void {
  const roadmap = program
    .command('roadmap')
    .description('A roadmap in Markdown: read it, or change one status by one line');

  roadmap
    .command('show')
    .description('Milestones, items and their statuses, as the document says them')
    .argument('<file>', 'a Markdown file')
    .option(...json)
    .addHelpText('after', showHelp)
    .action(async (file: string, options: ShowOptions) =>
      cli.end(await show(file, options, cli.terminal)),
    );

  roadmap
    .command('set')
    .description('Sets the status of one item by changing one line, in the words of the document')
    .argument('<file>', 'a Markdown file')
    .requiredOption('--item <text>', 'its text, a part of it, or its id')
    .requiredOption('--status <status>', settableStatuses.join(', '), statusOption)
    .option('--line <number>', 'the line it stands on, where several items read alike', lineOption)
    .option('--headings', 'also the percentages and counts of headings above it')
    .option('--write', 'write the file')
    .option(...json)
    .addHelpText('after', setHelp)
    .action(async (file: string, options: SetOptions) =>
      cli.end(await set(file, options, cli.terminal)),
    );
}

function statusOption(word: string): SettableStatus {
  const status = settableStatus(word);
  if (status !== null) return status;
  throw new InvalidArgumentError(`Give one of ${settableStatuses.join(', ')}.`);
}

function lineOption(text: string): number {
  const line = Number(text);
  if (Number.isSafeInteger(line) && line > 0) return line;
  throw new InvalidArgumentError('Give a line number, from 1.');
}

interface ShowOptions {
  readonly json?: true;
}

interface SetOptions extends ShowOptions {
  readonly item: string;
  readonly status: SettableStatus;
  readonly line?: number;
  readonly headings?: true;
  readonly write?: true;
}

async function show(file: string, options: ShowOptions, terminal: Terminal): Promise<ExitCode> {
  const roadmap = await open(file);
  if (!roadmap.ok) return complain(file, roadmap.refusal, options, terminal);
  if (options.json) terminal.out(JSON.stringify(documentOf(file, roadmap.value), null, 2));
  else for (const line of linesFor(roadmap.value)) terminal.out(line);
  return exitCode.done;
}

async function set(file: string, options: SetOptions, terminal: Terminal): Promise<ExitCode> {
  const roadmap = await open(file);
  if (!roadmap.ok) return complain(file, roadmap.refusal, options, terminal);
  const name = { text: options.item, line: options.line ?? null };
  const wanted = { status: options.status, headings: options.headings === true };
  const edited = setItemStatus(roadmapDocument(), roadmap.value, name, wanted);
  if (!edited.ok) return complain(file, edited.refusal, options, terminal);
  const written = options.write === true && edited.value.edit !== null;
  if (written) await replace(file, edited.value.text);
  report(file, edited.value, { ...options, written }, terminal);
  return exitCode.done;
}

/** Beside it first, then in its place: a process that dies while writing leaves the old document, not half of the new one. */
async function replace(file: string, text: string): Promise<void> {
  const target = await realpath(file);
  const { mode } = await stat(target);
  const beside = `${target}.${process.pid}.new`;
  try {
    await writeFile(beside, text, { flag: 'wx' });
    await chmod(beside, mode);
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

const unreadable = 'unreadable';

async function open(file: string): Promise<Result<Roadmap>> {
  try {
    return readRoadmap(roadmapDocument(), await readFile(file));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, refusal: { code: unreadable, message: `Cannot be read: ${why}.` } };
  }
}

function complain(
  file: string,
  refusal: Refusal,
  options: ShowOptions,
  terminal: Terminal,
): ExitCode {
  if (options.json) terminal.out(JSON.stringify({ file, refused: refusal }, null, 2));
  else terminal.err(`${file}: ${refusal.message}`);
  return refusal.code === unreadable ? exitCode.usage : exitCode.fault;
}

interface Outcome extends SetOptions {
  readonly written: boolean;
}

function report(
  file: string,
  { item, edit, also, stale }: ItemEdit,
  options: Outcome,
  terminal: Terminal,
): void {
  const { written } = options;
  if (options.json) {
    const status = { from: item.status, to: options.status };
    const { line, text } = item;
    const document = { file, item: text, line, status, edit, also, stale, written };
    terminal.out(JSON.stringify(document, null, 2));
    return;
  }
  if (edit === null) {
    terminal.out(`${file}:${item.line}: is ${options.status} already; nothing to change.`);
    return;
  }
  for (const { line, before, after } of [edit, ...also].toSorted((a, b) => a.line - b.line)) {
    terminal.out(`${file}:${line}`);
    terminal.out(`-${before}`);
    terminal.out(`+${after}`);
  }
  for (const { line, before } of stale) {
    terminal.err(
      `${file}:${line}: "${(before ?? '').trim()}" counts it otherwise now: --headings changes that too.`,
    );
  }
  terminal.err(written ? 'Written.' : 'Not written: add --write.');
}

interface ItemDocument extends Pick<Item, 'id' | 'text' | 'status' | 'line' | 'section'> {
  /** Whether `roadmap set` can change it. */
  readonly settable: boolean;
}

interface MilestoneDocument extends Pick<
  Milestone,
  'id' | 'title' | 'line' | 'status' | 'percent' | 'parent'
> {
  readonly measured: Measure;
  readonly items: readonly ItemDocument[];
}

interface RoadmapShown {
  readonly file: string;
  readonly version: string | null;
  readonly milestones: readonly MilestoneDocument[];
  readonly history: readonly { readonly version: string; readonly line: number }[];
}

function documentOf(file: string, roadmap: Roadmap): RoadmapShown {
  return {
    file,
    version: roadmap.versions[0]?.version ?? null,
    milestones: roadmap.milestones.map(milestoneDocument),
    history: roadmap.history?.rows ?? [],
  };
}

function milestoneDocument(milestone: Milestone): MilestoneDocument {
  const { id, title, line, status, percent, parent, measured, items } = milestone;
  return { id, title, line, status, percent, parent, measured, items: items.map(itemDocument) };
}

function itemDocument({ id, text, status, line, section, slots }: Item): ItemDocument {
  return { id, text, status, line, section, settable: slots.length > 0 };
}

function linesFor(roadmap: Roadmap): string[] {
  const version = roadmap.versions[0]?.version;
  return [
    ...(version === undefined ? [] : [`Current version ${version}`]),
    ...roadmap.milestones.flatMap((milestone) => [
      '',
      headline(milestone),
      ...milestone.items.map(itemLine),
    ]),
  ];
}

function headline({ title, status, measured }: Milestone): string {
  const progress = measured.total === 0 ? '' : `, ${measured.done} of ${measured.total} done`;
  return `${title === '' ? '(no heading)' : title} [${status}${progress}]`;
}

function itemLine({ line, status, text, slots }: Item): string {
  const settable = slots.length > 0 ? '' : '  (nothing to set)';
  return `${String(line).padStart(5)}  ${status.padEnd(11)} ${text.replaceAll(/\s+/g, ' ')}${settable}`;
}
