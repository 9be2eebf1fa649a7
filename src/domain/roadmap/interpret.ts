import {
  listItem,
  slotBetween,
  slotsAround,
  statusOf,
  tableItems,
  tidy,
  type FoundItem,
} from './items.ts';
import { columnOf, countIn, countSaid, statusLine } from './sections.ts';
import type { Block, HeadingBlock, Outline, ParagraphBlock, Span, TableBlock } from './outline.ts';
import type {
  Count,
  CurrentVersion,
  HistoryColumn,
  Item,
  Measure,
  Milestone,
  Roadmap,
  StatusSlot,
  VersionHistory,
} from './roadmap.ts';
import type { Status } from './status.ts';

/** Reads an outline as a roadmap: which headings are milestones, what stands under each, and where statuses are said. */
export function interpret(outline: Outline): Roadmap {
  const sections = sectionsOf(outline);
  return {
    text: outline.text,
    milestones: milestonesOf(sections),
    versions: outline.blocks.flatMap((block) => currentVersions(outline.text, block)),
    history: outline.blocks.map(versionHistory).find((history) => history !== null) ?? null,
  };
}

interface Section {
  readonly title: string;
  readonly line: number;
  readonly level: number;
  readonly isTitle: boolean;
  readonly slots: readonly StatusSlot[];
  readonly isMilestone: boolean;
  /** Of a column of a board written as sections (`## In Progress`): what stands in it is so. */
  readonly column: Status | null;
  readonly count: Count | null;
  readonly above: Section | null;
  readonly items: FoundItem[];
}

const beforeAnyHeading: Omit<Section, 'items'> = {
  title: '',
  line: 1,
  level: 0,
  isTitle: false,
  slots: [],
  isMilestone: false,
  column: null,
  count: null,
  above: null,
};

function sectionsOf({ text, blocks }: Outline): Section[] {
  const sections: Section[] = [{ ...beforeAnyHeading, items: [] }];
  const title = documentTitle(blocks);
  for (const block of blocks) {
    const current = sections.at(-1);
    if (current === undefined) break;
    if (block.kind === 'heading') sections.push(sectionOf(text, block, current, block === title));
    else if (block.kind === 'paragraph')
      sections.splice(-1, 1, withStatusLine(text, block, current));
    else current.items.push(...itemsIn(text, block));
  }
  return sections;
}

/** A single first heading of the first level names the document, however much it looks like a milestone. */
function documentTitle(blocks: readonly Block[]): HeadingBlock | null {
  const headings = blocks.filter((block) => block.kind === 'heading');
  const top = headings.filter(({ level }) => level === 1);
  return top.length === 1 && headings[0] === top[0] ? (top[0] ?? null) : null;
}

/** A name stands at the beginning; the pattern takes time with each character. */
const longestName = 100;

const milestoneName =
  /^(?:[^\p{L}\p{N}]*|\S*[^\x20-\x7E]\S*\s+)(?:milestone|phase|stage|cluster|sprint|iteration|release|epic|theme|q[1-4]|h[12]|v?\d+(?:\.\d+)*)\b/iu;

function sectionOf(
  text: string,
  block: HeadingBlock,
  previous: Section,
  isTitle: boolean,
): Section {
  const column = isTitle ? null : columnOf(block.text);
  const slots = isTitle || column !== null ? [] : headingSlots(text, block);
  return {
    title: headingTitle(text, block, slots),
    line: block.line,
    level: block.level,
    isTitle,
    slots,
    isMilestone:
      !isTitle && (slots.length > 0 || milestoneName.test(block.text.slice(0, longestName))),
    column,
    count: isTitle ? null : countIn(block.text),
    above: enclosing(previous, (section) => section.level < block.level),
    items: [],
  };
}

function headingSlots(text: string, { line, content }: HeadingBlock): StatusSlot[] {
  const around = slotsAround({ text, line }, beforeCount(text, content), 'heading');
  return around.length > 0 ? around : slotBetween({ text, line }, content);
}

/** `## Phase 1 ✅ 43% (3/7)`: the status stands before the count, which may be the last word. */
function beforeCount(text: string, { start, end }: Span): Span {
  const raw = text.slice(start, end);
  const found = raw.length > 300 ? null : countSaid.exec(raw);
  const isLast = found !== null && raw.slice(found.index + found[0].length).trim() === '';
  return isLast
    ? { start, end: start + raw.slice(0, found.index).trimEnd().length }
    : { start, end };
}

/**
 * `**Status:** Done` under a heading that says nothing itself. Below items, only where it begins its line: indented, it would be one
 * item's.
 */
function withStatusLine(text: string, block: ParagraphBlock, section: Section): Section {
  const silent = section.level > 0 && !section.isTitle && section.column === null;
  const mayBeAnItems = section.items.length > 0 && !beginsLine(text, block.content);
  if (!silent || section.slots.length > 0 || mayBeAnItems) return section;
  const slot = statusLine(text, block);
  return slot === null ? section : { ...section, slots: [slot], isMilestone: true };
}

const beginsLine = (text: string, { start }: Span): boolean =>
  start === 0 || /[\r\n]/.test(text.charAt(start - 1));

function headingTitle(text: string, block: HeadingBlock, slots: readonly StatusSlot[]): string {
  const said = slots.map(({ span }) => text.slice(span.start, span.end));
  const bare = said.reduce((title, words) => title.replace(words, ''), block.text);
  return tidy(bare.replace(countSaid, ''));
}

function enclosing(from: Section | null, test: (section: Section) => boolean): Section | null {
  let section = from;
  while (section !== null && !test(section)) section = section.above;
  return section;
}

function itemsIn(text: string, block: Exclude<Block, HeadingBlock>): FoundItem[] {
  if (block.kind === 'table') {
    return versionHistory(block) === null ? tableItems(text, block) : [];
  }
  const item = block.kind === 'list_item' ? listItem(text, block) : null;
  return item === null ? [] : [item];
}

/** `### Deliverables` under `## Phase 2` belongs to the phase; without such a heading above, each heading is its own. */
function ownerOf(section: Section): Section {
  return enclosing(section, ({ isMilestone }) => isMilestone) ?? section;
}

function milestonesOf(sections: readonly Section[]): Milestone[] {
  const owned = Map.groupBy(sections, ownerOf);
  const owners = sections.filter(
    (section) =>
      section.slots.length > 0 || owned.get(section)?.some(({ items }) => items.length > 0),
  );
  const ids = uniqueIds(owners);
  const itemsBelow = (owner: Section): FoundItem[] =>
    sections
      .filter((section) => enclosing(section, (above) => above === owner) !== null)
      .flatMap(({ items }) => items);
  return owners.map((owner): Milestone => {
    const heading = statusOf(owner.slots);
    const below = itemsBelow(owner);
    const measured = measure(below);
    const parent = enclosing(owner.above, (section) => ids.has(section));
    return {
      id: ids.get(owner) ?? '',
      title: owner.title,
      line: owner.line,
      level: owner.level,
      status: heading.stated ? heading.status : (owner.column ?? comesTo(below, measured)),
      percent: percentIn(owner.slots),
      measured,
      slots: owner.slots,
      count: owner.count,
      items: (owned.get(owner) ?? []).flatMap(({ title, items, column }) =>
        items.map((item) => inSection(item, title, column ?? heading.status)),
      ),
      parent: parent === null ? null : (ids.get(parent) ?? null),
    };
  });
}

/** Three ticks among ten lines that say nothing are no finished milestone. */
function comesTo(items: readonly FoundItem[], measured: Measure): Status {
  return items.every(({ stated }) => stated) ? measured.status : 'unknown';
}

/** An item that says nothing stands where its milestone's heading says. */
function inSection(item: FoundItem, section: string, status: Status): Item {
  return { ...item, status: item.stated ? item.status : status, section };
}

export function measure(items: readonly Pick<Item, 'status' | 'stated'>[]): Measure {
  const stated = items.filter((item) => item.stated).map(({ status }) => status);
  const done = stated.filter((status) => status === 'done').length;
  const total = stated.length;
  if (total === 0) return { done, total, percent: null, status: 'unknown' };
  const percent = done === total ? 100 : Math.min(99, Math.round((100 * done) / total));
  return { done, total, percent, status: statusOfAll(stated, done) };
}

function statusOfAll(stated: readonly Status[], done: number): Status {
  if (done === stated.length) return 'done';
  if (done > 0 || stated.includes('in_progress')) return 'in_progress';
  const [first] = stated;
  return first !== undefined && stated.every((status) => status === first) ? first : 'planned';
}

function percentIn(slots: readonly StatusSlot[]): number | null {
  const said = slots.flatMap((slot) =>
    slot.kind === 'written' && slot.expression?.percent
      ? [slot.expression.percent.found.value]
      : [],
  );
  return said[0] ?? null;
}

function uniqueIds(sections: readonly Section[]): Map<Section, string> {
  const ids = new Map<Section, string>();
  const taken = new Set<string>();
  for (const section of sections) {
    const base = slug(section.title) || 'roadmap';
    let id = base;
    for (let n = 2; taken.has(id); n += 1) id = `${base}-${n}`;
    taken.add(id);
    ids.set(section, id);
  }
  return ids;
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}

const versionSaid =
  /\bcurrent\s+version\b[^\w\r\n]{0,12}(v?\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?(?:\+[\w.]+)?)/i;

function currentVersions(text: string, block: Block): CurrentVersion[] {
  return linesWith(block).flatMap(({ line, span }) => {
    const lines = text.slice(span.start, span.end).split(/\r\n|\n|\r/);
    const found = versionSaid.exec(text.slice(span.start, span.end));
    const version = found?.[1];
    if (found === null || version === undefined) return [];
    const start = span.start + found.index + found[0].length - version.length;
    const above =
      lines.length === 1 ? 0 : text.slice(span.start, start).split(/\r\n|\n|\r/).length - 1;
    return [{ version, line: line + above, span: { start, end: start + version.length } }];
  });
}

function linesWith(block: Block): { line: number; span: Span }[] {
  if (block.kind !== 'table') return [{ line: block.line, span: block.content }];
  return [block.header, ...block.rows].flatMap(({ line, cells }) => {
    const first = cells[0];
    const last = cells.at(-1);
    if (first === undefined || last === undefined) return [];
    return [{ line, span: { start: first.whole.start, end: last.whole.end } }];
  });
}

const historyColumns: readonly (readonly [RegExp, HistoryColumn])[] = [
  [/^(?:version|release|tag)$/i, 'version'],
  [/^(?:date|released|release date|released on|when)$/i, 'date'],
  [/^(?:type|kind|bump|level|change type)$/i, 'type'],
  [/^(?:summary|notes?|changes?|description|highlights?|what changed)$/i, 'summary'],
];

/** A table of versions and dates is the document's past, not its plan. */
function versionHistory(block: Block): VersionHistory | null {
  if (block.kind !== 'table') return null;
  const columns = block.header.cells.map(({ text }) => historyColumn(text.trim()));
  if (!columns.includes('version') || !columns.includes('date')) return null;
  if (block.header.cells.some(({ text }) => /^status$/i.test(text.trim()))) return null;
  return { line: block.line, columns, rows: historyRows(block, columns.indexOf('version')) };
}

function historyColumn(header: string): HistoryColumn {
  return historyColumns.find(([pattern]) => pattern.test(header))?.[1] ?? 'other';
}

function historyRows(table: TableBlock, version: number): VersionHistory['rows'] {
  return table.rows.map(({ line, cells }) => ({
    version: cells[version]?.text.trim() ?? '',
    line,
  }));
}
