import type { Step } from './steps.ts';
import type { BriefHeader, BriefIssue, Plan } from '../brief.ts';

export interface FailingCheck {
  readonly name: string;
  readonly conclusion: string;
  /** In its own words: whatever ran it wrote them. */
  readonly says: string;
}

export interface ContributionBrief extends BriefHeader {
  /** Names the workspace folder: unique a run. */
  readonly run: string;
  /** ISO time of the run: it dates the commit. */
  readonly at: string;
  /** The sha to work on: the default branch's head, or the pull request's own on a rework. */
  readonly base: string;
  /** The branch the pull request is to be opened on, below `assent/`. */
  readonly branch: string;
  readonly issue: BriefIssue;
  readonly plan: Plan & { readonly digest: string };
  readonly review_feedback: readonly {
    readonly author: string;
    readonly body: string;
    readonly path?: string | undefined;
    readonly line?: number | undefined;
  }[];
  /** Checks that fail on `base`, on a rework; absent: nobody looked. */
  readonly failing_checks?: readonly FailingCheck[] | undefined;
  /** From `.github/assent.yml` on the default branch, never from the workspace. */
  readonly steps: readonly Step[];
  readonly author: { readonly name: string; readonly email: string };
}
