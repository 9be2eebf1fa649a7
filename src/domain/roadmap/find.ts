import { ok, refuse, type Result } from '../result.ts';
import { itemsOf, type Roadmap, type StatusSlot } from './roadmap.ts';
import type { Status } from './status.ts';

/** What a status can be set on: an item, or a milestone's heading. */
export interface Target {
  readonly kind: 'item' | 'milestone';
  readonly text: string;
  readonly id: string | null;
  readonly lead: string;
  readonly line: number;
  readonly status: Status;
  readonly stated: boolean;
  readonly slots: readonly StatusSlot[];
}

export function targetsOf(roadmap: Roadmap): Target[] {
  const items = itemsOf(roadmap).map((item): Target => ({ ...item, kind: 'item' }));
  const headings = roadmap.milestones
    .filter(({ title }) => title !== '')
    .map(({ title, line, status, slots }): Target => ({
      kind: 'milestone',
      text: title,
      id: null,
      lead: '',
      line,
      status,
      stated: slots.length > 0,
      slots,
    }));
  return [...items, ...headings];
}

type Match = (target: Target, wanted: string) => boolean;

/** From the strictest to the loosest: the first that finds anything decides, and two finds are a refusal, never a guess. */
const ways: readonly Match[] = [
  ({ text }, wanted) => text === wanted.trim(),
  ({ id }, wanted) => id !== null && plain(id) === plain(wanted),
  ({ text }, wanted) => plain(text) === plain(wanted),
  ({ lead }, wanted) => lead !== '' && plain(lead) === plain(wanted),
  ({ text }, wanted) => plain(text).includes(plain(wanted)),
];

/** `line` picks one of several that read alike. */
export function findByText(
  roadmap: Roadmap,
  wanted: string,
  line: number | null = null,
): Result<Target> {
  if (plain(wanted) === '') {
    return refuse('no_item_text', 'Say which item: its text, or its id.');
  }
  const targets = targetsOf(roadmap);
  for (const matches of ways) {
    for (const kind of ['item', 'milestone'] as const) {
      const found = targets.filter(
        (target) =>
          target.kind === kind &&
          (line === null || target.line === line) &&
          matches(target, wanted),
      );
      const [only] = found;
      if (only !== undefined) return found.length === 1 ? ok(only) : ambiguous(wanted, found);
    }
  }
  return notFound(wanted, targets);
}

export function findByLine(roadmap: Roadmap, line: number): Result<Target> {
  const targets = targetsOf(roadmap);
  const found = targets.find((target) => target.line === line);
  if (found !== undefined) return ok(found);
  const [near] = targets.toSorted((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line));
  const hint = near === undefined ? '' : ` The nearest is ${placeOf(near)}.`;
  return refuse('no_such_item', `No item stands on line ${line}.${hint}`);
}

function ambiguous(wanted: string, found: readonly Target[]): Result<never> {
  const places = found.map(placeOf).join('; ');
  return refuse(
    'ambiguous_item',
    `"${wanted}" fits ${found.length} items: ${places}. Give more of the text, its id, or its line.`,
  );
}

function notFound(wanted: string, targets: readonly Target[]): Result<never> {
  const near = targets
    .map((target) => ({ target, score: likeness(plain(target.text), plain(wanted)) }))
    .filter(({ score }) => score > 0.2)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ target }) => placeOf(target));
  const hint = near.length === 0 ? 'Nothing in it comes near.' : `The nearest: ${near.join('; ')}.`;
  return refuse('no_such_item', `No item reads "${wanted}". ${hint}`);
}

export function placeOf({ line, text }: Pick<Target, 'line' | 'text'>): string {
  return `line ${line} "${text.length > 60 ? `${text.slice(0, 59)}…` : text}"`;
}

function plain(text: string): string {
  return text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[*_`~]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.:;,]+$/, '');
}

/** Dice's coefficient over pairs of letters: 1 for the same text, 0 for nothing in common. */
function likeness(a: string, b: string): number {
  const left = pairsOf(a);
  const right = pairsOf(b);
  if (left.size === 0 || right.size === 0) return 0;
  return (2 * left.intersection(right).size) / (left.size + right.size);
}

function pairsOf(text: string): Set<string> {
  return new Set(
    Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)),
  );
}
