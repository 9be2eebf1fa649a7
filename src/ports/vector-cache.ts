/** Vectors that were paid for, by model and by what they were made of. Bounded, and disposable: what is gone is asked for again. */
export interface VectorCache {
  find(model: string, digests: readonly string[]): Promise<ReadonlyMap<string, Float32Array>>;
  keep(model: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void>;
}
