import type { RoadmapChangeFacts } from '../policy/request.ts';
import { itemsOf, type Item, type Milestone, type Roadmap } from './roadmap.ts';
import type { Status } from './status.ts';

/** Work on it may go on: it has begun, or is done and may need mending. */
const isOpenFor = (status: Status): boolean => status === 'in_progress' || status === 'done';

/**
 * The milestone of a roadmap that goes by this name elsewhere: by the same words, by words one begins with, or by its kind
 * and number ("M2", "Milestone 2 — Scale"). Null where there is none, or two: nobody knows then which gate it is.
 */
export function findMilestone({ milestones }: Roadmap, name: string): Milestone | null {
  const named = milestones.filter(({ title }) => title !== '');
  const ways: readonly ((title: string) => boolean)[] = [
    (title) => plain(title) === plain(name),
    (title) => beginsWith(title, name) || beginsWith(name, title),
    (title) => numbered(title) !== null && numbered(title) === numbered(name),
  ];
  for (const fits of ways) {
    const found = named.filter(({ title }) => fits(title));
    if (found.length > 0) return found.length === 1 ? (found[0] ?? null) : null;
  }
  return null;
}

/** Letters, digits and points: what is left when dashes, emoji (misread or not) and cases differ. */
const plain = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.\p{Script=Han}\p{Script=Cyrillic}]+/gu, ' ')
    .trim();

const beginsWith = (title: string, beginning: string): boolean =>
  plain(beginning) !== '' && plain(title).startsWith(`${plain(beginning)} `);

const kinds: Readonly<Record<string, string>> = { m: 'milestone', p: 'phase', ms: 'milestone' };

function numbered(title: string): string | null {
  const [, kind = '', number] =
    /^(milestone|phase|stage|cluster|sprint|iteration|epic|ms|m|p)\s*(\d+(?:\.\d+)*)\b/.exec(
      plain(title),
    ) ?? [];
  return number === undefined ? null : `${kinds[kind] ?? kind} ${number}`;
}

/**
 * Of the milestones so named, those that are planned while the one before, on the same level, is done: what people may be
 * asked to open next. What is blocked is for people to say.
 */
export function nextToOpen(roadmap: Roadmap, names: readonly string[]): readonly Milestone[] {
  const wanted = new Set(names.map((name) => findMilestone(roadmap, name)));
  return roadmap.milestones.filter((milestone, index) => {
    if (!wanted.has(milestone) || milestone.status !== 'planned') return false;
    const before = roadmap.milestones
      .slice(0, index)
      .findLast(({ level, parent }) => level === milestone.level && parent === milestone.parent);
    return before?.status === 'done';
  });
}

/**
 * Milestones whose rows differ between two states of a roadmap, or which become open. A row is told by its words: one that
 * was renamed is one taken and one added. Statuses are no rows; what was done is not what was planned.
 */
export function roadmapChanges(before: Roadmap, after: Roadmap): readonly RoadmapChangeFacts[] {
  const titles = new Set([...before.milestones, ...after.milestones].map(({ title }) => title));
  return [...titles].flatMap((title): RoadmapChangeFacts[] => {
    const was = named(before, title);
    const is = named(after, title);
    const change = {
      title,
      rows_added: missing(is.rows, was.rows),
      rows_removed: missing(was.rows, is.rows),
      opened: is.open && !was.open,
    };
    const same = was.there === is.there && change.rows_added === 0 && change.rows_removed === 0;
    return same && !change.opened ? [] : [change];
  });
}

function named(roadmap: Roadmap, title: string) {
  const found = roadmap.milestones.filter((milestone) => milestone.title === title);
  return {
    there: found.length,
    open: found.some(({ status }) => isOpenFor(status)),
    rows: found.flatMap((milestone) => rowsBelow(roadmap, milestone).map(({ text }) => text)),
  };
}

/** Those of the milestones that lie in it are its own too. */
function rowsBelow(roadmap: Roadmap, { id }: Milestone): readonly Item[] {
  const inside = new Set([id]);
  for (const { id: own, parent } of roadmap.milestones) {
    if (parent !== null && inside.has(parent)) inside.add(own);
  }
  const milestones = roadmap.milestones.filter((milestone) => inside.has(milestone.id));
  return itemsOf({ ...roadmap, milestones });
}

/** How many of these are not among those; one that stands twice counts twice. */
function missing(these: readonly string[], those: readonly string[]): number {
  const left = new Map<string, number>();
  for (const text of those) left.set(text, (left.get(text) ?? 0) + 1);
  return these.filter((text) => {
    const count = left.get(text) ?? 0;
    left.set(text, count - 1);
    return count <= 0;
  }).length;
}
