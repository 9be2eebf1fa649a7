export interface ModelUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Null where the price of the model is not known. */
  readonly usd: number | null;
  /** True where the service reported none and an upper bound stands in. */
  readonly estimated: boolean;
}
