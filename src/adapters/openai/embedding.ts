import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ModelUsage } from '../../ports/language-model.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../../ports/text-embedding.ts';
import type { Prices } from './completion.ts';
import type { ModelCall } from './tape.ts';

/** Texts to a request. Services take 2,048; at what we send of an issue, a hundred stay below their tokens a request. */
export const MOST_TEXTS = 100;

const embeddingsSchema = z.looseObject({
  data: z.array(z.looseObject({ index: z.int(), embedding: z.array(z.number()).min(1) })),
  usage: z.looseObject({ prompt_tokens: z.int().nonnegative() }).nullish(),
});

/** Found on a tape as `embedding/issue-7/0/1`; its digest is of what was asked, as a chat's is. */
export const embeddingCallOf = (
  { subject, batch, texts }: EmbeddingRequest,
  model: string,
): ModelCall => ({
  key: ['embedding', subject, 0, batch].join('/'),
  digest: createHash('sha256')
    .update(JSON.stringify([model, texts]))
    .digest('hex'),
  nonce: '',
});

export function readEmbeddings(
  answer: unknown,
  { texts }: EmbeddingRequest,
  prices: Prices | undefined,
): EmbeddingReply {
  const parsed = embeddingsSchema.safeParse(answer);
  if (!parsed.success) return noVectors;
  const byIndex = new Map(parsed.data.data.map(({ index, embedding }) => [index, embedding]));
  const vectors = texts.map((_, index) => Float32Array.from(byIndex.get(index) ?? []));
  const length = vectors[0]?.length;
  if (vectors.some((vector) => vector.length === 0 || vector.length !== length)) return noVectors;
  return {
    kind: 'vectors',
    vectors,
    usage: usageOf(parsed.data.usage?.prompt_tokens, texts, prices),
  };
}

const noVectors: EmbeddingReply = {
  kind: 'unavailable',
  reason: 'it answered with what are no vectors, or not one for each text',
};

/** A service that does not count is counted upward: no token is shorter than a character. */
function usageOf(
  counted: number | undefined,
  texts: readonly string[],
  prices: Prices | undefined,
): ModelUsage {
  const input_tokens = counted ?? texts.reduce((sum, text) => sum + text.length, 0);
  return {
    input_tokens,
    output_tokens: 0,
    usd: prices ? (input_tokens * prices.usd_per_million_input) / 1_000_000 : null,
    estimated: counted === undefined,
  };
}
