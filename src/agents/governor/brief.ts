import type { ChangeLabels } from '../../domain/changelog/classify.ts';
import type { RecordedMerge } from '../../domain/roadmap/past-cycles.ts';
import type { RefusedFlip } from '../../domain/roadmap/refused-flips.ts';
import type { Status } from '../../domain/roadmap/status.ts';
import type { BriefHeader } from '../brief.ts';

export interface CycleMerge {
  readonly pull_request: number;
  readonly title: string;
  readonly issue: number | null;
  /** Null: git could not tell. */
  readonly files:
    | readonly {
        readonly path: string;
        readonly additions: number;
        readonly deletions: number;
      }[]
    | null;
  readonly labels: readonly string[];
  /** Login of the person who wrote it; null: no person did, or GitHub would not say. */
  readonly author: string | null;
  /** Of its commits, oldest first; the first hundred. */
  readonly subjects: readonly string[];
  /** What its description and commits declare to break. */
  readonly breaks: readonly string[];
  readonly merged_at: string;
  readonly merge_sha: string;
  /** The command that takes it back; null where no single one does. */
  readonly revert: string | null;
  /** Issues that it answers, or says it closes. */
  readonly closes: readonly number[];
  /** Merges that this one says it takes back, of whichever cycle. */
  readonly reverts: readonly { readonly pull_request: number; readonly cycle: number }[];
  /** The merge that took this one back, in this cycle or since. */
  readonly reverted_by: number | null;
  readonly approvals: readonly string[];
  readonly by: 'agent' | 'human';
  readonly usage: {
    readonly input_tokens: number;
    readonly output_tokens: number;
    readonly usd: number | null;
  };
}

/** Measured, none of it told by a model. */
export interface CycleFacts {
  /** Null: GitHub would not say. */
  readonly failing_checks:
    | readonly { readonly pull_request: number; readonly name: string }[]
    | null;
  /** Merges at which any check ran: where none did, that none failed says nothing. */
  readonly checked_merges: number;
  readonly overrides: readonly {
    readonly pull_request: number;
    readonly by: string;
    readonly justification: string;
  }[];
  /** Approvals that a push or an edit ended during the cycle. */
  readonly invalidated_approvals: number;
  /** Runs in which the model could not be reached. */
  readonly model_outages: number;
  readonly reworks: number;
  readonly ledger: {
    readonly sequence: number;
    readonly hash: string;
    readonly verified: boolean;
    readonly detail: string;
  };
}

export type EarlierMerge = Pick<RecordedMerge, 'pull_request' | 'title' | 'issue' | 'cycle'>;

export interface CitedIssue {
  readonly number: number;
  readonly state: 'open' | 'closed' | 'missing';
}

export interface GovernorBrief extends BriefHeader {
  readonly cycle: number;
  readonly merges: readonly CycleMerge[];
  readonly roadmap: {
    readonly path: string;
    readonly text: string;
    readonly items: readonly {
      readonly line: number;
      readonly text: string;
      readonly status: Status;
      /** Issues and pull requests that its line names. */
      readonly cites: readonly number[];
    }[];
  };
  /** As the roadmap states it, without `v`; null where it states none. */
  readonly version: string | null;
  /** Merges of earlier cycles, oldest first: evidence as good as this cycle's. */
  readonly earlier: readonly EarlierMerge[];
  /** Those of them that no published cycle told of: the version and the changelog are theirs, too. */
  readonly carried: readonly CycleMerge[];
  /** What people said no to. */
  readonly refused: readonly RefusedFlip[];
  /** How the issues stand that the roadmap names; where one is absent, nobody could tell. */
  readonly cited: readonly CitedIssue[];
  /** The labels that say what a change is; all empty: the usual ones. */
  readonly change_labels: ChangeLabels;
  readonly facts: CycleFacts;
}
