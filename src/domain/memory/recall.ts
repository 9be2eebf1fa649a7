import { wordsOf } from '../triage/words.ts';
import type { Note } from './note.ts';

export interface RecallBounds {
  /** A note older than this is not recalled; its weight halves with each half of it. */
  readonly days: number;
  readonly most: number;
  /** Of all texts together. */
  readonly characters: number;
}

export const usualBounds: RecallBounds = { days: 180, most: 5, characters: 2_000 };

export interface Recalled {
  readonly note: Note;
  readonly score: number;
}

/** Where a memory is from, in words of our own: a title would be others'. */
export const sourceOf = ({ kind, item, by, at }: Note): string =>
  `${kind.replace('_', ' ')}${by === null ? '' : ` by ${by}`} on ${item}, ${at.slice(0, 10)}`;

const dayMs = 86_400_000;

/**
 * What of a memory bears on a text, best first: by the words they share (BM25), what is rarer counting more and what is older less; what
 * happened to the item itself comes first. Nothing where no word is shared.
 */
export function recall(
  notes: readonly Note[],
  asked: { readonly text: string; readonly item: string | null; readonly at: string },
  bounds: RecallBounds = usualBounds,
): readonly Recalled[] {
  const now = Date.parse(asked.at);
  const age = (note: Note) => Math.max(0, (now - Date.parse(note.at)) / dayMs);
  const alive = bounds.days === 0 ? [] : notes.filter((note) => age(note) <= bounds.days);
  const score = bm25(alive.map(wordsOfNote), new Set(wordsOf(asked.text)));
  const found = alive
    .map((note, index): Recalled => {
      const own = note.item === asked.item ? ownItem : 0;
      const weight = 0.5 ** ((2 * age(note)) / Math.max(1, bounds.days));
      return { note, score: ((score[index] ?? 0) + own) * weight };
    })
    .filter(({ score: one }) => one > 0)
    // The newer of two alike: the sort is stable, and notes stand oldest first.
    .toReversed()
    .toSorted((a, b) => b.score - a.score);
  return within(withoutRepeats(found).slice(0, bounds.most), bounds.characters);
}

/** More than shared words come to: what was said of this very item is not to be crowded out. */
const ownItem = 100;

const wordsOfNote = ({ title, text }: Note): readonly string[] => wordsOf(`${title} ${text}`);

/**
 * Okapi BM25 with its usual constants, of each document. Not the cosine that tells like issues (`issue-index`): tried on these notes, it puts a
 * short one above one that holds the rarer word, since it divides by all a note says.
 */
function bm25(documents: readonly (readonly string[])[], query: ReadonlySet<string>): number[] {
  const holding = new Map<string, number>();
  for (const words of documents)
    for (const word of new Set(words))
      if (query.has(word)) holding.set(word, (holding.get(word) ?? 0) + 1);
  const length = documents.reduce((sum, words) => sum + words.length, 0) / documents.length || 1;
  return documents.map((words) => {
    const times = new Map<string, number>();
    for (const word of words) if (query.has(word)) times.set(word, (times.get(word) ?? 0) + 1);
    return [...times].reduce((sum, [word, count]) => {
      const n = holding.get(word) ?? 0;
      const rarity = Math.log(1 + (documents.length - n + 0.5) / (n + 0.5));
      const dampened = count + 1.2 * (0.25 + (0.75 * words.length) / length);
      return sum + (rarity * count * 2.2) / dampened;
    }, 0);
  });
}

/** The same words of the same item again supersede the older ones, which come later here. */
function withoutRepeats(found: readonly Recalled[]): readonly Recalled[] {
  const said = new Set<string>();
  return found.filter(({ note }) => {
    const key = JSON.stringify([note.item, note.kind, note.text]);
    const repeats = said.has(key);
    said.add(key);
    return !repeats;
  });
}

function within(found: readonly Recalled[], characters: number): readonly Recalled[] {
  let left = characters;
  return found.filter(({ note }) => (left -= note.title.length + note.text.length) >= 0);
}
