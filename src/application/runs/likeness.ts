import { nothingSpent, type AgentUsage } from '../../agents/outcome.ts';
import { addAnswer } from '../../agents/run.ts';
import { fuse, nearest, type Alike } from '../../domain/triage/likeness.ts';
import type { TextEmbedding } from '../../ports/text-embedding.ts';
import type { Deps } from '../repository.ts';
import type { IssueShelf } from './issue-shelf.ts';

export interface Likeness {
  readonly alike: readonly Alike[];
  /** Why meaning had no say where it should have; null: it had, or nobody asked for it. */
  readonly trouble: string | null;
  /** What the vectors cost; absent: nothing was asked for. */
  readonly spent: AgentUsage | undefined;
}

interface Subject {
  readonly number: number;
  readonly title: string;
  readonly body: string;
}

/** How many issues a model is shown, and how alike their words have to be to be worth its reading. */
const SHOWN = 5;
const LEAST_SIMILARITY = 0.2;
/** So many of them are ordered by meaning, too. */
const CANDIDATES = 20;
/** The newest; a vector takes some 6 kB of memory while they are compared. */
const COMPARED = 2_000;
/** Asked of the service at a triage; further ones wait for the next, as further pages of issues do. */
const ASKED_AT_ONCE = 300;
const LONGEST_TEXT = 1_500;

/** Earlier issues that are like this one: by their words, and by meaning where a service gives vectors. */
export async function likenessOf(
  deps: Pick<Deps, 'model' | 'vectors' | 'sha256'>,
  shelf: IssueShelf,
  subject: Subject,
  item: string,
  signal?: AbortSignal,
): Promise<Likeness> {
  const { number } = subject;
  const byWords = shelf.index.similar(subject, {
    limit: CANDIDATES,
    least: LEAST_SIMILARITY,
    before: number,
  });
  const { embedding } = deps.model;
  if (embedding === undefined)
    return { alike: fuse(byWords, [], SHOWN), trouble: null, spent: undefined };
  const earlier = shelf.index.numbers().filter((other) => other < number);
  const likely = new Set(byWords.map((other) => other.number));
  const newest = earlier.toSorted((a, b) => b - a).filter((other) => !likely.has(other));
  const texts = new Map<number, string>([[number, textOf(subject)]]);
  for (const other of [...likely, ...newest].slice(0, COMPARED)) {
    const issue = shelf.get(other);
    if (issue !== undefined) texts.set(other, textOf(issue));
  }
  const { vectors, trouble, spent } = await vectorsOf(deps, embedding, texts, item, signal);
  const own = vectors.get(number);
  vectors.delete(number);
  const byMeaning = own === undefined ? [] : nearest(own, vectors);
  return { alike: fuse(byWords, byMeaning, SHOWN), trouble, spent };
}

const textOf = ({ title, body }: Pick<Subject, 'title' | 'body'>): string =>
  `${title}\n\n${body.slice(0, LONGEST_TEXT)}`.trim() || '-';

/** From the cache, and what it lacks from the service, in the order of `texts`: the first ones matter most. */
async function vectorsOf(
  { vectors: cache, sha256 }: Pick<Deps, 'vectors' | 'sha256'>,
  embedding: TextEmbedding,
  texts: ReadonlyMap<number, string>,
  item: string,
  signal: AbortSignal | undefined,
): Promise<{
  vectors: Map<number, Float32Array>;
  trouble: string | null;
  spent: AgentUsage | undefined;
}> {
  const digests = new Map([...texts].map(([number, text]) => [number, sha256(text)]));
  const known = new Map(await cache.find(embedding.model, [...new Set(digests.values())]));
  const wanted = [...texts].filter(([number]) => !known.has(digests.get(number) ?? ''));
  let spent: AgentUsage | undefined;
  let trouble: string | null = null;
  for (const [batch, part] of chunks(wanted.slice(0, ASKED_AT_ONCE), embedding.most).entries()) {
    const reply = await embedding.embed({
      subject: item,
      batch,
      texts: part.map(([, text]) => text),
      signal,
    });
    if (reply.kind === 'unavailable') {
      trouble = reply.reason;
      break;
    }
    spent = addAnswer(spent ?? nothingSpent, { usage: reply.usage, model: embedding.model });
    const made = new Map(
      part.flatMap(([number], at) => {
        const vector = reply.vectors[at];
        return vector === undefined ? [] : [[digests.get(number) ?? '', vector] as const];
      }),
    );
    await cache.keep(embedding.model, made);
    for (const [digest, vector] of made) known.set(digest, vector);
  }
  const vectors = new Map<number, Float32Array>();
  for (const [number, digest] of digests) {
    const vector = known.get(digest);
    if (vector !== undefined) vectors.set(number, vector);
  }
  return { vectors, trouble, spent };
}

const chunks = <T>(all: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
    all.slice(at * size, (at + 1) * size),
  );
