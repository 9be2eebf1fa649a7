import {
  expressionAfter,
  expressionBefore,
  expressionBetween,
  expressionInCell,
  type Expression,
} from './expression.ts';
import type { ListItemBlock, Span, TableBlock, TableCell, TableRow } from './outline.ts';
import type { Item, StatusSlot } from './roadmap.ts';
import type { Status } from './status.ts';

/** An item before it is known under which milestone it stands. */
export type FoundItem = Omit<Item, 'section'>;

export interface Where {
  readonly text: string;
  readonly line: number;
}

/** Nobody reads a status beyond this many characters, and the patterns that look for one take time with each of them. */
const longestTitle = 1_000;

/** The slots before and after a title, on the first line of it; a title may wrap, an edit may not. */
export function slotsAround({ text, line }: Where, content: Span, place: string): StatusSlot[] {
  const raw = firstLine(text.slice(content.start, content.end));
  if (raw.length > longestTitle) return [];
  const before = expressionBefore(raw);
  const after = expressionAfter(raw);
  const written = [
    { shape: `before ${place}`, expression: before },
    { shape: `after ${place}`, expression: after },
  ];
  const apart = before === null || after === null || before.span.end <= after.span.start;
  return written
    .slice(0, apart ? 2 : 1)
    .flatMap(({ shape, expression }) =>
      expression === null ? [] : [writtenSlot(expression, content.start, line, shape)],
    );
}

/** Of a heading that has none around it. */
export function slotBetween({ text, line }: Where, content: Span): StatusSlot[] {
  const raw = firstLine(text.slice(content.start, content.end));
  const found = raw.length > longestTitle ? null : expressionBetween(raw);
  return found === null ? [] : [writtenSlot(found, content.start, line, 'between heading')];
}

function writtenSlot(
  expression: Expression,
  origin: number,
  line: number,
  shape: string,
): StatusSlot {
  const span = { start: origin + expression.span.start, end: origin + expression.span.end };
  return { kind: 'written', line, span, shape, expression, origin, status: expression.status };
}

function firstLine(text: string): string {
  return /^[^\r\n]*/.exec(text)?.[0] ?? '';
}

/** GitHub knows two marks; `[~]` and `[/]` are common for what is under way, and are plain text to it. */
const statusOfMark: ReadonlyMap<string, Status> = new Map([
  ['x', 'done'],
  ['X', 'done'],
  [' ', 'planned'],
  ['~', 'in_progress'],
  ['/', 'in_progress'],
  // Blocked to some, dropped or deferred to others.
  ['-', 'unknown'],
]);

export function listItem(text: string, block: ListItemBlock): FoundItem | null {
  const box = block.checkBox ?? unofficialCheckBox(text, block);
  const content =
    block.checkBox === null && box !== null ? after(box, block.content) : block.content;
  const written = slotsAround({ text, line: block.line }, content, 'item');
  const slots = box === null ? written : [checkBoxSlot(text, box, block.line), ...written];
  const title = titleOf(text, block, written);
  if (title === '' || isLegend(title) || isContents(text, block.content)) return null;
  return { ...named(title), lead: block.lead, ...statusOf(slots), line: block.line, slots };
}

function unofficialCheckBox(text: string, { content }: ListItemBlock): Span | null {
  return /^\[[~/-]\] /.test(text.slice(content.start, content.end))
    ? { start: content.start + 1, end: content.start + 2 }
    : null;
}

function after(box: Span, content: Span): Span {
  return { start: box.end + 2, end: content.end };
}

function checkBoxSlot(text: string, span: Span, line: number): StatusSlot {
  const mark = text.slice(span.start, span.end);
  return { kind: 'check_box', line, span, mark, status: statusOfMark.get(mark) ?? 'planned' };
}

/** The item's own words: what says its status is no part of its name. */
function titleOf(text: string, block: ListItemBlock, written: readonly StatusSlot[]): string {
  const said = written.map(({ span }) => text.slice(span.start, span.end));
  const bare = block.text.replace(/^\[[~/-]\] /, '');
  return tidy(said.reduce((title, words) => title.replace(words, ''), bare));
}

/** Drops what a removed status leaves behind: empty brackets, a dash at an end. */
export function tidy(title: string): string {
  if (title.length > longestTitle) return title.trim();
  return title
    .replace(/^[\uFE0F\s]+/u, '')
    .replaceAll(/\s*(?:\(\s*\)|\[\s*\])/g, '')
    .replace(/^\s*[-–—:|]\s+/, '')
    .replace(/\s+(?:[-–—:|]|â€[”“])?\s*$/, '')
    .trim();
}

/** `- **Done** -- code exists` explains a word; it is nothing to be done. */
function isLegend(title: string): boolean {
  const word = expressionInCell(title);
  return word !== null && /^\s*(?:$|--|[-–—:=])/.test(title.slice(word.span.end));
}

/** `- [Phase 1](#phase-1)`: a line of a table of contents names what stands elsewhere. */
const isContents = (text: string, { start, end }: Span): boolean =>
  end - start <= longestTitle && /^\[.*\]\(#[^)\s]*\)$/.test(text.slice(start, end));

const numbering = /^(?:([A-Z]{1,6}-?\d+)|(\d+(?:\.\d+)+))\b/;

function named(title: string): { text: string; id: string | null } {
  const found = numbering.exec(title);
  return { text: title, id: found?.[1] ?? found?.[2] ?? null };
}

/** A box that is ticked settles it; else words and pictures say more than an empty box. */
export function statusOf(slots: readonly StatusSlot[]): { status: Status; stated: boolean } {
  const box = slots.find(({ kind }) => kind === 'check_box');
  if (box?.status === 'done') return { status: 'done', stated: true };
  const written = slots
    .filter((slot) => slot.kind === 'written')
    .sort((a, b) => Number(saysMore(b)) - Number(saysMore(a)));
  const said = [...written.map(({ status }) => status), ...(box === undefined ? [] : [box.status])];
  const known = said.find((status) => status !== 'unknown');
  // A mark we cannot read (`❌`) is said all the same: the item does not stand where its heading stands.
  const stated = box !== undefined || written.some((slot) => isWritten(slot));
  return { status: known ?? 'unknown', stated };
}

function isWritten(slot: StatusSlot): boolean {
  return slot.kind === 'written' && slot.expression !== null;
}

function saysMore(slot: StatusSlot): boolean {
  return slot.kind === 'written' && slot.expression !== null && slot.expression.word !== null;
}

const columnNames = {
  status:
    /^(?:current |implementation )?(?:status|state|progress|completion|complete\??|done\??|implemented\??)$/i,
  id: /^(?:id|#|no\.?|nr\.?|number|key|ref)$/i,
  count: /^(?:count|total|number of .+|amount|%)$/i,
  title:
    /^(?:feature|item|task|name|title|capability|goal|deliverable|milestone|epic|story|work item|component|what)s?$/i,
};

/** One item a row, where the table has a column that names things; a tally of statuses has none. */
export function tableItems(text: string, table: TableBlock): FoundItem[] {
  const headers = table.header.cells.map((cell) => cell.text.trim());
  const column = (pattern: RegExp): number => headers.findIndex((header) => pattern.test(header));
  const status = column(columnNames.status);
  const id = column(columnNames.id);
  const title = titleColumn(headers, { status, id });
  if (title === -1) return [];
  return table.rows.flatMap((row) => {
    const name = row.cells[title]?.text.trim() ?? '';
    if (name === '') return [];
    const slots = status === -1 ? [] : cellSlots(text, row, status, table.line);
    const number = id === -1 ? named(name).id : (row.cells[id]?.text.trim() ?? null);
    return [{ text: name, id: number, lead: '', ...statusOf(slots), line: row.line, slots }];
  });
}

/** Without a status column only a known name tells items from any other table. */
function titleColumn(
  headers: readonly string[],
  { status, id }: { status: number; id: number },
): number {
  const known = headers.findIndex(
    (header, index) => index !== status && columnNames.title.test(header),
  );
  if (known !== -1 || status === -1) return known;
  return headers.findIndex(
    (header, index) => index !== status && index !== id && !columnNames.count.test(header),
  );
}

function cellSlots(text: string, row: TableRow, column: number, table: number): StatusSlot[] {
  const cell = row.cells[column];
  if (cell === undefined) return [];
  const shape = `cell of the table at line ${table}`;
  if (cell.content === null) return emptyCell(text, cell, row.line, shape);
  const raw = text.slice(cell.content.start, cell.content.end);
  const box = /^`?\[([ xX~/-])\]`?(?:\s|$)/.exec(raw);
  if (box !== null) {
    const start = cell.content.start + box[0].indexOf('[') + 1;
    return [checkBoxSlot(text, { start, end: start + 1 }, row.line)];
  }
  const expression = expressionInCell(raw);
  if (expression !== null) return [writtenSlot(expression, cell.content.start, row.line, shape)];
  // Anything else in the cell was put there by somebody for a reason we do not know: not ours to overwrite.
  return /^(?:-+|–|—|\?|n\/a)$/i.test(raw) ? [unwritten(cell.content, row.line, shape)] : [];
}

/** An empty cell takes a status where it has room for one between its bars. */
function emptyCell(text: string, { whole }: TableCell, line: number, shape: string): StatusSlot[] {
  const room = /\|([ \t]{2,})/.exec(text.slice(whole.start, whole.end));
  if (room === null) return [];
  const offset = whole.start + room.index + 2;
  return [unwritten({ start: offset, end: offset }, line, shape)];
}

function unwritten(span: Span, line: number, shape: string): StatusSlot {
  return {
    kind: 'written',
    line,
    span,
    shape,
    expression: null,
    origin: span.start,
    status: 'unknown',
  };
}
