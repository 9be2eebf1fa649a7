import type { ContributionProposal } from '../../agents/contributor/proposal.ts';
import type { GovernorProposal } from '../../agents/governor/proposal.ts';
import type { AgentOutcome } from '../../agents/outcome.ts';
import type { ReviewProposal } from '../../agents/reviewer/proposal.ts';
import type { TriageProposal } from '../../agents/triager/proposal.ts';
import type { DriftFinding } from '../../domain/drift/finding.ts';
import type { FileFacts } from '../../domain/policy/request.ts';

/** A cycle's proposal with the commit that code made of it. */
export interface RoadmapChange {
  readonly proposal: GovernorProposal;
  readonly commit: string;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  readonly files: readonly FileFacts[];
  readonly lines_changed: number;
  /** Null where the repository wants none; absent where the version before made it. */
  readonly changelog?: ToldChangelog | null;
  /** Null where it could not be told; absent where the version before made it. */
  readonly drift?: readonly DriftFinding[] | null;
}

/** What was added to a changelog; `path` null: it stands in the pull request alone. */
export interface ToldChangelog {
  readonly path: string | null;
  readonly lines_added: number;
  readonly entries: readonly { readonly pull_request: number; readonly section: string }[];
}

/** `text`: digest of the issue as the run was told it; absent where an older version began the run. */
export type RunResult =
  | {
      readonly agent: 'triager';
      readonly outcome: AgentOutcome<TriageProposal>;
      readonly text?: string;
    }
  | {
      readonly agent: 'contributor';
      readonly outcome: AgentOutcome<ContributionProposal>;
      readonly text?: string;
    }
  | { readonly agent: 'reviewer'; readonly outcome: AgentOutcome<ReviewProposal> }
  | { readonly agent: 'governor'; readonly outcome: AgentOutcome<RoadmapChange> };

export interface FinishedRun {
  readonly item: string;
  readonly run: string;
  readonly result: RunResult;
}
