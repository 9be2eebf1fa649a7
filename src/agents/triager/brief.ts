import type { KnownLabel } from '../../domain/triage/label-kinds.ts';
import type { LabelGuess } from '../../domain/triage/labels.ts';
import type { BriefHeader, BriefIssue } from '../brief.ts';

export interface TriageBrief extends BriefHeader {
  readonly issue: BriefIssue;
  /** What a model may choose from. */
  readonly labels_available: readonly string[];
  /** What may be proposed from the past alone, each with what it says. */
  readonly labels: readonly KnownLabel[];
  /** What issues of the past suggest, surest first, also what nobody may be sure of. */
  readonly guesses: readonly LabelGuess[];
  /** Earlier issues that read alike, most alike first: measured, so a model can neither invent a duplicate nor be talked into one. */
  readonly similar: readonly SimilarText[];
  /** Why `similar` is by words alone where it should have been by meaning, too; null: it is as it should be. */
  readonly likeness_trouble: string | null;
  /** Questions its author was asked before. */
  readonly asked: readonly string[];
  /** Paths on the default branch. */
  readonly files: readonly string[];
  readonly roadmap_items: readonly { readonly text: string; readonly status: string }[];
}

export interface SimilarText {
  readonly number: number;
  readonly title: string;
  /** Its beginning. */
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** Cosine of the texts' TF-IDF vectors, 0 to 1. */
  readonly similarity: number;
  /** Cosine of their embeddings; null where there are none. */
  readonly meaning: number | null;
}
