import type { VectorCache } from '../../ports/vector-cache.ts';

export function createMemoryVectors(): VectorCache {
  const known = new Map<string, Float32Array>();
  const key = (model: string, digest: string): string => `${model}\n${digest}`;
  return {
    find: async (model, digests) =>
      new Map(
        digests.flatMap((digest) => {
          const vector = known.get(key(model, digest));
          return vector === undefined ? [] : [[digest, vector] as const];
        }),
      ),
    keep: async (model, vectors) => {
      for (const [digest, vector] of vectors) known.set(key(model, digest), vector);
    },
  };
}
