import type { Similar } from './issue-index.ts';

/** An issue that is like another: by its words, by what an embedding says it means, or by both. */
export interface Alike {
  readonly number: number;
  /** Cosine of the TF-IDF vectors, 0 to 1; 0 where it has no word in common worth counting. */
  readonly similarity: number;
  /** Cosine of the embeddings, two decimals; null where none was made of one of them. */
  readonly meaning: number | null;
}

export interface Near {
  readonly number: number;
  readonly meaning: number;
  /** Closer than issues of this repository usually are to one another. */
  readonly outstanding: boolean;
}

/** Deviations above the mean. What a cosine of 0.8 says differs from model to model; how far it stands out does not. */
const OUTSTANDING = 3;
/** Fewer have no usual distance. */
const LEAST_KNOWN = 20;

/** Nearest first; an equal closeness puts the older one first. Vectors of another length are of another model, and no neighbours. */
export function nearest(
  subject: Float32Array,
  vectors: Iterable<readonly [number, Float32Array]>,
): readonly Near[] {
  const found = [...vectors].flatMap(([number, vector]) => {
    const meaning = vector.length === subject.length ? cosine(subject, vector) : null;
    return meaning === null ? [] : [{ number, meaning }];
  });
  const mean = sum(found.map(({ meaning }) => meaning)) / found.length;
  const spread = Math.sqrt(sum(found.map(({ meaning }) => (meaning - mean) ** 2)) / found.length);
  return found
    .map(({ number, meaning }) => ({
      number,
      meaning,
      outstanding: found.length >= LEAST_KNOWN && meaning > mean + OUTSTANDING * spread,
    }))
    .toSorted((a, b) => b.meaning - a.meaning || a.number - b.number)
    .map((near) => ({ ...near, meaning: Math.round(near.meaning * 100) / 100 }));
}

/** Null where one of them says nothing: no length, or a number that is none. */
function cosine(a: Float32Array, b: Float32Array): number | null {
  let [dot, left, right] = [0, 0, 0];
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? 0;
    dot += x * y;
    left += x * x;
    right += y * y;
  }
  const both = dot / Math.sqrt(left * right);
  return Number.isFinite(both) ? both : null;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** How much the first places count above the later ones; 60 is what the method was published with. */
const RANK_CONSTANT = 60;

/**
 * Both orders as one, by rank alone (reciprocal rank fusion): the two measures have no scale in common. What is near by meaning alone has
 * to stand out to be taken in, since something is always nearest.
 */
export function fuse(
  byWords: readonly Similar[],
  byMeaning: readonly Near[],
  limit: number,
): readonly Alike[] {
  const words = new Map(byWords.map(({ number, similarity }) => [number, similarity]));
  const meanings = new Map(byMeaning.map(({ number, meaning }) => [number, meaning]));
  const score = new Map<number, number>();
  const count = (order: readonly { readonly number: number }[]): void => {
    for (const [rank, { number }] of order.entries())
      score.set(number, (score.get(number) ?? 0) + 1 / (RANK_CONSTANT + rank + 1));
  };
  count(byWords);
  count(byMeaning.filter(({ number, outstanding }) => outstanding || words.has(number)));
  return [...score]
    .toSorted(([a, left], [b, right]) => right - left || a - b)
    .slice(0, limit)
    .map(([number]) => ({
      number,
      similarity: words.get(number) ?? 0,
      meaning: meanings.get(number) ?? null,
    }));
}
