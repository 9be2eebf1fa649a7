import { styleText } from 'node:util';
import { inspectLedger, type Inspection } from '../../../../application/ledger/inspect-ledger.ts';
import { readStory, type StoryLine } from '../../../../application/ledger/read-story.ts';
import { decisionTools, eventShapes, sha256 } from '../../../../composition.ts';
import { plainText } from '../../../../domain/ledger/plain-text.ts';
import type { LedgerFolder } from '../../../../ports/ledger-folder.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { showFacts } from './facts.ts';
import { openFolder } from './folder.ts';
import { exitOf } from './verify.ts';

interface Options {
  readonly json?: boolean;
  readonly facts?: number;
}

/** A story is only worth what its history is: it is verified first, and the exit code says so. */
export const show = async (
  path: string,
  item: string | null,
  { json = false, facts }: Options,
  terminal: Terminal,
): Promise<ExitCode> => {
  const folder = await openFolder(path, terminal, json);
  if (folder === null) return exitCode.usage;
  const inspection = await inspectLedger(folder, sha256, {
    shapes: eventShapes,
    decisions: decisionTools,
  });
  if (facts !== undefined) return showFacts(folder, facts, inspection, { json, terminal });
  const told = json
    ? await tellAsDocument(folder, item, inspection, terminal)
    : await tellAsLines(folder, item, terminal);
  if (!json) complain(path, inspection, terminal);
  if (told === 0 && item !== null && inspection.events > 0) {
    terminal.err(`The history names no item ${plainText(item)}; items are named like issue-12.`);
    return exitCode.usage;
  }
  return exitOf[inspection.status];
};

const tellAsLines = async (
  folder: LedgerFolder,
  item: string | null,
  terminal: Terminal,
): Promise<number> => {
  let told = 0;
  for await (const line of readStory(folder, item)) {
    terminal.out(lineOf(line, item === null));
    told += 1;
  }
  return told;
};

const ITEM_WIDTH = 11;
const ACTOR_WIDTH = 14;

const lineOf = ({ event, text }: StoryLine, withItem: boolean): string => {
  const time = event.at.replace('T', ' ').replace(/\.\d+Z$/, 'Z');
  const actor = plainText(event.actor.login, 40).padEnd(ACTOR_WIDTH);
  const human = event.actor.kind === 'human';
  return [
    styleText('dim', time),
    ...(withItem ? [plainText(event.item ?? '', 24).padEnd(ITEM_WIDTH)] : []),
    human ? styleText('bold', actor) : actor,
    text,
  ].join('  ');
};

const tellAsDocument = async (
  folder: LedgerFolder,
  item: string | null,
  { status, head }: Inspection,
  terminal: Terminal,
): Promise<number> => {
  const events = [];
  for await (const { event, text } of readStory(folder, item)) events.push({ ...event, text });
  const { sequence, hash } = head;
  terminal.out(JSON.stringify({ item, status, head: { sequence, hash }, events }, null, 2));
  return events.length;
};

const complain = (path: string, { status }: Inspection, terminal: Terminal): void => {
  if (status === 'valid') return;
  const problem = status === 'faulty' ? 'does not hold' : 'could not be judged';
  terminal.err(`This history ${problem}: see \`assent history verify ${plainText(path)}\`.`);
};
