import type { BriefHeader, BriefIssue } from '../brief.ts';

export interface TriageBrief extends BriefHeader {
  readonly issue: BriefIssue;
  readonly labels_available: readonly string[];
  /** The other open issues; duplicates are computed from them by code. */
  readonly open_issues: readonly {
    readonly number: number;
    readonly title: string;
    readonly body: string;
  }[];
  /** Paths on the default branch. */
  readonly files: readonly string[];
  readonly roadmap_items: readonly { readonly text: string; readonly status: string }[];
}
