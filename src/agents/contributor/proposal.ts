import type { Artifact } from '../../ports/sandbox.ts';
import type { ChangedCoverage } from '../../domain/review/coverage.ts';
import type { WorkspaceChange } from '../../ports/workspace.ts';

export interface StepReport {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  /** The end of its output. */
  readonly tail: string;
  /** What it made and was kept; absent where none was asked for. */
  readonly artifacts?: readonly Artifact[];
}

export interface ContributionProposal {
  readonly title: string;
  /** Markdown, written by code around the model's summary; closes the issue. */
  readonly body: string;
  readonly branch: string;
  readonly base: string;
  /** In the host's bare repository, not yet pushed. */
  readonly commit: string;
  readonly files: readonly WorkspaceChange[];
  readonly steps: readonly StepReport[];
  /** Of the lines it changes; absent where its steps left no report. */
  readonly coverage?: ChangedCoverage;
  readonly summary: string;
}
