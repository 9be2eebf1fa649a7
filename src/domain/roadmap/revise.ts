import { ok, refuse, type Result } from '../result.ts';
import { linesOf, type RoadmapEdit } from './edit.ts';
import { findByLine, placeOf, type Target } from './find.ts';
import { measure } from './interpret.ts';
import { itemsOf, type Item, type Milestone, type Roadmap, type StatusSlot } from './roadmap.ts';
import { countSaid } from './sections.ts';
import type { SettableStatus, Status } from './status.ts';
import { historyRow, type HistoryEntry } from './history.ts';
import { render, vocabularyOf, type Vocabulary, type Wanted } from './vocabulary.ts';

export interface Flip {
  readonly line: number;
  /** The item's text as it was read, checked again: lines move. */
  readonly text: string;
  readonly to: SettableStatus;
}

/** What a cycle changes in a roadmap. Headings that say a status or a percentage follow their items. */
export interface Revision {
  readonly flips: readonly Flip[];
  /** The new current version, with or without `v`. */
  readonly version: string | null;
  /** A new row of the version history. */
  readonly history: HistoryEntry | null;
}

/** The edits of a revision, or the first reason why it cannot be made. Nothing to change gives no edits. */
export function revise(roadmap: Roadmap, revision: Revision): Result<RoadmapEdit[]> {
  const edits: RoadmapEdit[] = [];
  for (const flip of revision.flips) {
    const found = flipped(roadmap, flip);
    if (!found.ok) return found;
    if (found.value !== null) edits.push(found.value);
  }
  const steps = [
    () => restateHeadings(roadmap, revision.flips),
    () => (revision.version === null ? ok([]) : setVersion(roadmap, revision.version)),
    () => (revision.history === null ? ok([]) : historyRow(roadmap, revision.history)),
  ];
  for (const step of steps) {
    const more = step();
    if (!more.ok) return more;
    edits.push(...more.value);
  }
  return ok(edits.sort((a, b) => a.line - b.line));
}

function flipped(roadmap: Roadmap, flip: Flip): Result<RoadmapEdit | null> {
  const found = findByLine(roadmap, flip.line);
  if (!found.ok) return found;
  if (found.value.text !== flip.text) {
    return refuse(
      'stale_edit',
      `Line ${flip.line} holds "${found.value.text}", not "${flip.text}": read the document again and plan anew.`,
    );
  }
  return setStatus(roadmap, found.value, { status: flip.to, percent: null });
}

/** The one-line edit that makes a target say what is wanted; null where it says so already. */
export function setStatus(
  roadmap: Roadmap,
  target: Pick<Target, 'line' | 'text' | 'slots' | 'status' | 'stated'>,
  wanted: Wanted,
): Result<RoadmapEdit | null> {
  if (target.slots.length === 0) {
    const where = !target.stated && target.status !== 'unknown';
    return refuse(
      'no_status_slot',
      where
        ? `${placeOf(target)} is ${target.status.replace('_', ' ')} because of the section it stands in: move it by hand, or add a status of its own.`
        : `Nothing on ${placeOf(target)} says a status (no check box, status cell or marker): add one by hand first.`,
    );
  }
  if (target.stated && target.status === wanted.status && wanted.percent === null) return ok(null);
  const vocabulary = vocabularyOf(roadmap);
  const replaced = target.slots.map((slot) => ({ slot, text: render(slot, wanted, vocabulary) }));
  if (replaced.every(({ text }) => text === null)) return cannotSay(target, wanted.status);
  const changes = replaced.map(({ slot, text }) => ({
    slot,
    text: text ?? asOpen(slot, vocabulary),
  }));
  // A heading's status may stand on a line of its own below it.
  return ok(spliced(roadmap, target.slots[0]?.line ?? target.line, changes));
}

/** A box beside a marker that says "blocked" is simply not ticked. */
function asOpen(slot: StatusSlot, vocabulary: Vocabulary): string {
  return render(slot, { status: 'planned', percent: null }, vocabulary) ?? ' ';
}

function cannotSay(target: Pick<Target, 'line' | 'text' | 'slots'>, status: Status): Result<never> {
  const [slot] = target.slots;
  const what = slot?.kind === 'check_box' ? 'a check box, ticked or not' : 'a percentage';
  return refuse(
    'status_not_expressible',
    `${placeOf(target)} has ${what}, which cannot say "${status}": set it to done or planned, or add a marker by hand.`,
  );
}

interface Change {
  readonly slot: StatusSlot;
  readonly text: string;
}

function spliced(roadmap: Roadmap, line: number, changes: readonly Change[]): RoadmapEdit | null {
  const found = linesOf(roadmap.text)[line - 1];
  if (found === undefined) return null;
  const after = changes
    .toSorted((a, b) => b.slot.span.start - a.slot.span.start)
    .reduce(
      (text, { slot: { span }, text: words }) =>
        text.slice(0, span.start - found.start) + words + text.slice(span.end - found.start),
      found.text,
    );
  return after === found.text ? null : { line, before: found.text, after };
}

/** A heading that says how far its items are is made to say it again, for the milestones whose items flip and those above. */
function restateHeadings(roadmap: Roadmap, flips: readonly Flip[]): Result<RoadmapEdit[]> {
  const to = new Map(flips.map((flip) => [flip.line, flip.to]));
  const edits: RoadmapEdit[] = [];
  for (const milestone of roadmap.milestones) {
    const items = itemsBelow(roadmap, milestone);
    if (!items.some(({ line }) => to.has(line))) continue;
    const after = afterFlips(items, to);
    const wanted = milestone.slots.length === 0 ? null : headingFor(milestone, after);
    const edit = wanted === null ? ok(null) : setStatus(roadmap, headingTarget(milestone), wanted);
    if (!edit.ok) return edit;
    const counted = recounted(roadmap, milestone, { before: items, after, edit: edit.value });
    if (!counted.ok) return counted;
    edits.push(...counted.value);
  }
  return ok(edits);
}

interface Restated {
  readonly before: readonly Item[];
  readonly after: readonly Item[];
  /** Of its status; null where that stays. */
  readonly edit: RoadmapEdit | null;
}

/** The edits of a heading, with its count of items brought up to date; refused where nobody knows what it counts. */
function recounted(
  roadmap: Roadmap,
  { count, line, title }: Milestone,
  { before, after, edit }: Restated,
): Result<readonly RoadmapEdit[]> {
  const own = edit === null ? [] : [edit];
  if (count === null) return ok(own);
  const [was, is] = [measure(before), measure(after)];
  if (was.total !== count.total || is.total !== count.total) {
    return refuse(
      'count_unclear',
      `${placeOf({ line, text: title })} counts ${count.done} of ${count.total}, and ${was.total} items below it say a status: bring its heading in step by hand first.`,
    );
  }
  const text = edit?.line === line ? edit.after : linesOf(roadmap.text)[line - 1]?.text;
  const original = linesOf(roadmap.text)[line - 1]?.text;
  if (text == null || original === undefined) return ok(own);
  const said = countSaid.exec(text);
  const said_ = said?.[0].replace(/\d+/, String(is.done));
  const restated = said === null || said_ === undefined ? text : text.replace(said[0], said_);
  const others = own.filter((one) => one.line !== line);
  return ok(
    restated === original ? others : [...others, { line, before: original, after: restated }],
  );
}

/** Headings whose numbers an edit of one item would make wrong. */
export function restateNumbers(roadmap: Roadmap, flip: Flip): Result<RoadmapEdit[]> {
  const milestones = roadmap.milestones.filter(
    ({ percent, count }) => percent !== null || count !== null,
  );
  const numbers = new Set(milestones.flatMap(({ line, slots }) => [line, slots[0]?.line ?? line]));
  const edits = restateHeadings(roadmap, [flip]);
  return edits.ok ? ok(edits.value.filter(({ line }) => numbers.has(line))) : edits;
}

function itemsBelow(roadmap: Roadmap, milestone: Milestone): Item[] {
  const inside = new Set([milestone.id]);
  for (const { id, parent } of roadmap.milestones) {
    if (parent !== null && inside.has(parent)) inside.add(id);
  }
  return itemsOf({
    ...roadmap,
    milestones: roadmap.milestones.filter(({ id }) => inside.has(id)),
  });
}

function afterFlips(items: readonly Item[], to: ReadonlyMap<number, SettableStatus>): Item[] {
  return items.map((item) => {
    const status = to.get(item.line);
    return status === undefined ? item : { ...item, status, stated: true };
  });
}

/** Null where the heading may stay: it says no number, and its word still fits. */
function headingFor(milestone: Milestone, items: readonly Item[]): Wanted | null {
  const { percent, status } = measure(items);
  const complete = status === 'done' && items.every(({ stated }) => stated);
  const fits = complete ? 'done' : fittingStatus(milestone.status, status);
  if (fits === milestone.status && (milestone.percent === null || milestone.percent === percent)) {
    return null;
  }
  return { status: fits, percent: fits === 'blocked' ? null : percent };
}

/** Open items undo "done", and work begun undoes "planned"; whether a milestone is blocked is for its people to say. */
function fittingStatus(said: Status, measured: Status): SettableStatus {
  if (said === 'blocked') return 'blocked';
  if (said === 'planned' && measured !== 'in_progress' && measured !== 'done') return 'planned';
  return measured === 'planned' && said !== 'in_progress' ? 'planned' : 'in_progress';
}

function headingTarget({
  title,
  line,
  status,
  slots,
}: Milestone): Pick<Target, 'line' | 'text' | 'slots' | 'status' | 'stated'> {
  return { text: title, line, status, slots, stated: true };
}

/** Makes the one place that names the current version name another; refused where there is none, or more than one. */
function setVersion(roadmap: Roadmap, version: string): Result<RoadmapEdit[]> {
  const [place, ...others] = roadmap.versions;
  if (place === undefined) {
    return refuse(
      'no_current_version',
      'Nothing in the document says "Current Version: …": add such a line by hand first.',
    );
  }
  if (others.length > 0) {
    const lines = roadmap.versions.map(({ line }) => line).join(', ');
    return refuse('ambiguous_version', `The current version stands on lines ${lines}: keep one.`);
  }
  const found = linesOf(roadmap.text)[place.line - 1];
  if (found === undefined) return ok([]);
  const prefix = place.version.startsWith('v') ? 'v' : '';
  const after =
    found.text.slice(0, place.span.start - found.start) +
    prefix +
    version.replace(/^v/, '') +
    found.text.slice(place.span.end - found.start);
  return ok(after === found.text ? [] : [{ line: place.line, before: found.text, after }]);
}
