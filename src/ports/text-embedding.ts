import type { ModelUsage } from './model-usage.ts';

export interface EmbeddingRequest {
  /** The work item's id: with `batch` it names the request, as a tape finds it. */
  readonly subject: string;
  readonly batch: number;
  /** At most `TextEmbedding.most`. */
  readonly texts: readonly string[];
  readonly signal?: AbortSignal | undefined;
}

export type EmbeddingReply =
  | {
      readonly kind: 'vectors';
      /** One a text, in their order, all of one length. */
      readonly vectors: readonly Float32Array[];
      readonly usage: ModelUsage;
    }
  /** For now or for good: whoever asks does without. */
  | { readonly kind: 'unavailable'; readonly reason: string };

/** What a model service can do besides answering: texts as vectors that lie close where they mean alike. */
export interface TextEmbedding {
  /** Vectors of two models cannot be compared. */
  readonly model: string;
  /** Texts to a request. */
  readonly most: number;
  /** Never throws for what the service does; only for an aborted signal. */
  embed(request: EmbeddingRequest): Promise<EmbeddingReply>;
}
