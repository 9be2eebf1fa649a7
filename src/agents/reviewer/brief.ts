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
  readonly files: readonly {
    readonly path: string;
    readonly status: string;
    readonly additions: number;
    readonly deletions: number;
    readonly binary?: boolean | undefined;
  }[];
  /** Unified diff, text forced; its changed lines are the only ones a finding may name. */
  readonly patch: string;
  /** Review instructions of the repository, read from the base; '' for none. */
  readonly instructions: string;
  readonly checks: readonly { readonly name: string; readonly conclusion: string | null }[];
  readonly plan: Plan | null;
  readonly previous_findings: readonly {
    readonly path: string;
    readonly line: number;
    readonly message: string;
  }[];
}
