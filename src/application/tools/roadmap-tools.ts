import { ok, refuse, type Result } from '../../domain/result.ts';
import type { RoadmapEdit } from '../../domain/roadmap/edit.ts';
import { findByText, type Target } from '../../domain/roadmap/find.ts';
import { gated } from '../../domain/roadmap/gate.ts';
import { interpret } from '../../domain/roadmap/interpret.ts';
import { restateNumbers, revise, setStatus, type Revision } from '../../domain/roadmap/revise.ts';
import type { Roadmap } from '../../domain/roadmap/roadmap.ts';
import type { SettableStatus } from '../../domain/roadmap/status.ts';
import type { RoadmapDocument } from '../../ports/roadmap-document.ts';

export function readRoadmap(document: RoadmapDocument, bytes: Uint8Array): Result<Roadmap> {
  const text = document.decode(bytes);
  return text.ok ? ok(interpret(document.outline(text.value))) : text;
}

export function readRoadmapText(document: RoadmapDocument, text: string): Roadmap {
  return interpret(document.outline(text));
}

/** Names an item: by its text, id or bold name, and where several read alike by its line too. */
export interface ItemName {
  readonly text: string;
  readonly line: number | null;
}

export interface ItemEdit {
  readonly item: Target;
  /** Null where the item says so already. */
  readonly edit: RoadmapEdit | null;
  /** Headings whose percentage or count was changed with it. */
  readonly also: readonly RoadmapEdit[];
  /** Those that it makes wrong and leaves, as they would have to be; nobody asked for them. */
  readonly stale: readonly RoadmapEdit[];
  /** The whole document after the edit. */
  readonly text: string;
}

const generatedSaid =
  /\b(?:auto-?generated|generated (?:by|from|file|automatically|with)|do not edit|don['’]t edit)\b/i;

/** Programs that write changelogs say who they are in passing, and not that the file is theirs. */
const maintainedBy =
  /\b(?:standard-version|release-please|semantic-release|changesets|git-cliff|auto-changelog|lerna)\b/i;

/** Its next making would take the edit away again, so whoever asks is told to go where it is made. */
function generatedBy(text: string): Result<never> | null {
  const head = text
    .slice(0, 4_000)
    .split(/\r\n|\n|\r/)
    .slice(0, 15);
  let inComment = false;
  for (const [index, line] of head.entries()) {
    inComment ||= line.includes('<!--');
    const aside = inComment || /^\s*(?:>|\[\/\/\]:)/.test(line);
    if (aside && generatedSaid.test(line)) {
      return refuse(
        'generated_file',
        `Line ${index + 1} says that the file is generated ("${line.trim().slice(0, 80)}"): change what it is made from.`,
      );
    }
    if (line.includes('-->')) inComment = false;
  }
  return null;
}

/** The same for a changelog. */
export function writtenByProgram(text: string): Result<never> | null {
  const [program] = maintainedBy.exec(text.slice(0, 1_000)) ?? [];
  return program === undefined
    ? generatedBy(text)
    : refuse('generated_file', `It names ${program}, which writes it: nothing is added by hand.`);
}

/** Bytes that are no UTF-8 were read as U+FFFD, and would be written as that. */
export const notWhole = (text: string): Result<never> | null =>
  text.includes('\uFFFD')
    ? refuse(
        'not_utf8',
        'The file is not UTF-8, or holds U+FFFD: save it as UTF-8, without that character.',
      )
    : null;

/**
 * Makes one item say one status by changing one line, or refuses and changes nothing. With `headings` those that count it
 * follow; without, they are named.
 */
export function setItemStatus(
  document: RoadmapDocument,
  roadmap: Roadmap,
  name: ItemName,
  { status, headings }: { readonly status: SettableStatus; readonly headings: boolean },
): Result<ItemEdit> {
  const generated = generatedBy(roadmap.text);
  if (generated !== null) return generated;
  const found = findByText(roadmap, name.text, name.line);
  if (!found.ok) return found;
  const item = found.value;
  const edit = setStatus(roadmap, item, { status, percent: headingPercent(roadmap, item, status) });
  if (!edit.ok) return edit;
  if (edit.value === null) return ok({ item, edit: null, also: [], stale: [], text: roadmap.text });
  const flip = { line: item.line, text: item.text, to: status };
  const numbers = item.kind === 'item' ? restateNumbers(roadmap, flip) : ok([]);
  if (headings && !numbers.ok) return numbers;
  const counting = numbers.ok ? numbers.value : [];
  const also = headings ? counting : [];
  const edits = [edit.value, ...also].sort((a, b) => a.line - b.line);
  const text = gated(roadmap, edits, (edited) => readRoadmapText(document, edited), {
    statuses: new Map([[item.line, status]]),
    version: null,
    history: null,
  });
  const stale = headings ? [] : counting;
  return text.ok ? ok({ item, edit: edit.value, also, stale, text: text.value }) : text;
}

/** A heading on its way says how far its items are; all of them done would contradict it. */
function headingPercent(roadmap: Roadmap, item: Target, status: SettableStatus): number | null {
  if (item.kind === 'item' || status !== 'in_progress' || item.status === status) return null;
  const percent = roadmap.milestones.find(({ line }) => line === item.line)?.measured.percent;
  return percent === 100 ? null : (percent ?? null);
}

export interface RevisedRoadmap {
  readonly text: string;
  readonly edits: readonly RoadmapEdit[];
}

/** All that a governance cycle changes in the roadmap, as single-line edits; all of it or nothing. */
export function reviseRoadmap(
  document: RoadmapDocument,
  roadmap: Roadmap,
  revision: Revision,
): Result<RevisedRoadmap> {
  const generated = generatedBy(roadmap.text) ?? notWhole(roadmap.text);
  if (generated !== null) return generated;
  const edits = revise(roadmap, revision);
  if (!edits.ok) return edits;
  const text = gated(roadmap, edits.value, (edited) => readRoadmapText(document, edited), {
    statuses: new Map(revision.flips.map(({ line, to }) => [line, to])),
    version: revision.version,
    history: revision.history?.version ?? null,
  });
  return text.ok ? ok({ text: text.value, edits: edits.value }) : text;
}
