import type { ReviewedFile } from '../../domain/review/change.ts';
import type { ChangedCoverage } from '../../domain/review/coverage.ts';
import type { PreviousFinding, ReviewMemory } from '../../domain/review/memory.ts';
import type { FoundSecret, RiskScore } from '../../domain/review/risk.ts';
import type { BriefHeader, Plan } from '../brief.ts';

export interface ReviewBrief extends BriefHeader {
  readonly pull_request: {
    readonly number: number;
    readonly title: string;
    readonly body: string;
    readonly author: string;
    readonly head: string;
    readonly base: string;
  };
  /** All that changed, by git's own account; lines that stood like this at the last review are marked `seen`. */
  readonly files: readonly ReviewedFile[];
  /** Measured: no opinion moves these. */
  readonly facts: {
    readonly risk: RiskScore;
    readonly secrets: readonly FoundSecret[];
    readonly coverage: ChangedCoverage | null;
  };
  /** Review instructions of the repository, read from the default branch; '' for none. */
  readonly instructions: string;
  readonly checks: readonly { readonly name: string; readonly conclusion: string | null }[];
  readonly plan: Plan | null;
  /** What we said on this pull request before, and what became of it; null: nothing yet. */
  readonly previous: {
    readonly memory: ReviewMemory;
    readonly findings: readonly PreviousFinding[];
  } | null;
  /** The model that wrote the change; null: a person, or nobody knows. */
  readonly author_model: string | null;
}
