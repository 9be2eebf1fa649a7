import { refuse, type Result } from '../result.ts';
import { applyEdits, reverseEdits, type RoadmapEdit } from './edit.ts';
import { itemsOf, type Roadmap } from './roadmap.ts';
import type { Status } from './status.ts';

/** What the edited document must say, read again from its text. */
export interface Expectation {
  /** Line of the original, of an item or a heading → status. */
  readonly statuses: ReadonlyMap<number, Status>;
  readonly version: string | null;
  readonly history: string | null;
}

/**
 * The edited text, or a refusal: the edits must lead back to the very bytes they came from, and the new text, read as a
 * roadmap, must say what was meant and nothing else. A splice that changes how Markdown reads a line is caught here.
 */
export function gated(
  original: Roadmap,
  edits: readonly RoadmapEdit[],
  read: (text: string) => Roadmap,
  expected: Expectation,
): Result<string> {
  const edited = applyEdits(original.text, edits);
  if (!edited.ok) return edited;
  const back = applyEdits(edited.value, reverseEdits(edits));
  if (!back.ok || back.value !== original.text) {
    return refuse(
      'edit_not_reversible',
      'The edit would change more than its lines; nothing was changed.',
    );
  }
  const faults = faultsIn(original, read(edited.value), edits, expected);
  return faults.length === 0
    ? edited
    : refuse(
        'edit_misread',
        `Read again, the document would not say what was meant: ${faults.join('; ')}.`,
      );
}

function faultsIn(
  original: Roadmap,
  edited: Roadmap,
  edits: readonly RoadmapEdit[],
  expected: Expectation,
): string[] {
  return [
    ...itemFaults(original, edited, movedBy(edits), expected.statuses),
    ...headingFaults(original, edited, movedBy(edits), expected.statuses),
    ...versionFaults(edited, expected),
  ];
}

/** Where a line of the original stands in the edited text. */
function movedBy(edits: readonly RoadmapEdit[]): (line: number) => number {
  const added = edits.filter(({ before }) => before === null);
  return (line) => line + added.filter((edit) => edit.line <= line).length;
}

function itemFaults(
  original: Roadmap,
  edited: Roadmap,
  moved: (line: number) => number,
  statuses: ReadonlyMap<number, Status>,
): string[] {
  const before = itemsOf(original);
  const after = itemsOf(edited);
  if (before.length !== after.length) {
    return [`it would have ${after.length} items, not ${before.length}`];
  }
  return before.flatMap((item, index) => {
    const now = after[index];
    const place = `line ${item.line} "${item.text}"`;
    if (now === undefined || now.text !== item.text || now.line !== moved(item.line)) {
      return [`${place} would read differently`];
    }
    const wanted = statuses.get(item.line);
    // What an item has from its heading may change with the heading; what it says itself may not.
    const kept = wanted ?? (item.stated ? item.status : now.status);
    return now.status === kept ? [] : [`${place} would be ${now.status}, not ${kept}`];
  });
}

function headingFaults(
  { milestones: before }: Roadmap,
  { milestones: after }: Roadmap,
  moved: (line: number) => number,
  statuses: ReadonlyMap<number, Status>,
): string[] {
  if (before.length !== after.length) {
    return [`it would have ${after.length} milestones, not ${before.length}`];
  }
  return before.flatMap(({ title, line }, index) => {
    const now = after[index];
    const place = `line ${line} "${title}"`;
    if (now === undefined || now.title !== title || now.line !== moved(line)) {
      return [`${place} would read differently`];
    }
    const wanted = statuses.get(line) ?? now.status;
    return now.status === wanted ? [] : [`${place} would be ${now.status}, not ${wanted}`];
  });
}

function versionFaults(edited: Roadmap, { version, history }: Expectation): string[] {
  const bare = (text: string): string => text.replace(/^v/, '');
  const current = edited.versions[0]?.version ?? '';
  const rows = edited.history?.rows ?? [];
  return [
    ...(version === null || bare(current) === bare(version)
      ? []
      : [`its version would be ${current}`]),
    ...(history === null || rows.some((row) => bare(row.version) === bare(history))
      ? []
      : [`its history would not list ${history}`]),
  ];
}
