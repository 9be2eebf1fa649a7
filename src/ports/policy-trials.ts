import type { NewlyAllowed, PastUnderThem } from '../domain/policy/trial.ts';
import type { Result } from '../domain/result.ts';
import type { PolicyFiles } from './policy-source.ts';

/** Policies in force, others that were proposed, and the ledger's files by path. */
export interface TrialInput {
  readonly before: PolicyFiles;
  readonly after: PolicyFiles;
  readonly ledger: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

export interface TrialFindings {
  readonly readable: boolean;
  readonly faults: readonly string[];
  readonly newly_allows: Result<readonly NewlyAllowed[]>;
  readonly past: Result<PastUnderThem>;
}

/** Tries policies that anybody may have written, where they cost no more than they are given and reach nothing. */
export interface PolicyTrials {
  run(input: TrialInput): Promise<TrialFindings>;
}
