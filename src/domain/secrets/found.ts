import type { Confidence } from './format.ts';

/** Where a secret stands in a text. */
export interface Match {
  readonly format: { readonly id: string; readonly title: string };
  readonly start: number;
  readonly end: number;
  readonly confidence: Confidence;
  /** What of it may be shown: its public prefix, or the name beside it. */
  readonly shown: string;
}
