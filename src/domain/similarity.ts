export interface ComparedText {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

export interface Similarity {
  readonly number: number;
  /** Cosine of the TF-IDF vectors, 0 to 1, two decimals. */
  readonly similarity: number;
}

const stopWords = new Set(
  (
    'a an and are as at be but by can could do does for from had has have how i if in into is it its me my no not of on ' +
    'or our please should so that the their then there they this to us was we were what when which will with would you your'
  ).split(' '),
);

const maxTokens = 2_000;
const titleWeight = 3;

function tokens(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])
    .filter((word) => word.length > 1 && !stopWords.has(word))
    .map((word) => (word.length > 4 ? word.replace(/(?:ing|ed|es|s)$/, '') : word))
    .slice(0, maxTokens);
}

function frequencies(text: ComparedText): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (token: string, weight: number) =>
    counts.set(token, (counts.get(token) ?? 0) + weight);
  for (const token of tokens(text.title)) add(token, titleWeight);
  for (const token of tokens(text.body)) add(token, 1);
  return counts;
}

/**
 * Which of the others ask for much the same, most similar first. Measured, so that a model can neither invent a duplicate nor
 * be talked into one.
 */
export function similarTexts(
  subject: ComparedText,
  others: readonly ComparedText[],
  options: { readonly threshold: number; readonly limit: number } = { threshold: 0.4, limit: 5 },
): readonly Similarity[] {
  const candidates = others.filter((other) => other.number !== subject.number);
  const vectors = [subject, ...candidates].map(frequencies);
  const documents = new Map<string, number>();
  for (const vector of vectors)
    for (const token of vector.keys()) documents.set(token, (documents.get(token) ?? 0) + 1);
  const weigh = (vector: ReadonlyMap<string, number>) =>
    new Map(
      [...vector].map(([token, count]) => [
        token,
        (1 + Math.log(count)) *
          (Math.log((1 + vectors.length) / (1 + (documents.get(token) ?? 0))) + 1),
      ]),
    );
  const [own = new Map<string, number>(), ...rest] = vectors.map(weigh);
  return candidates
    .map((candidate, index) => ({
      number: candidate.number,
      similarity: Math.round(cosine(own, rest[index] ?? new Map()) * 100) / 100,
    }))
    .filter(({ similarity }) => similarity >= options.threshold)
    .sort((a, b) => b.similarity - a.similarity || a.number - b.number)
    .slice(0, options.limit);
}

function cosine(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const length = Math.hypot(...a.values()) * Math.hypot(...b.values());
  if (length === 0) return 0;
  let product = 0;
  for (const [token, weight] of a) product += weight * (b.get(token) ?? 0);
  return product / length;
}
