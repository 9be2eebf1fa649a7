import type { ToolAllowance } from '../domain/agents/tools.ts';
import type { AgentUsage } from './outcome.ts';

/** What every agent is told: the item, which run of it, and the nonce that fences untrusted text in this run. */
export interface BriefHeader {
  /** The work item's id. */
  readonly item: string;
  /** 0 for the first run, one more for each rework or new head. */
  readonly round: number;
  /** Unguessable, fresh for each run: who wrote the untrusted text could not know it. */
  readonly nonce: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly limits?: RunLimits | undefined;
  /** What the repository remembers that bears on this, best first. */
  readonly remembered?: readonly Remembered[] | undefined;
  /** The model to ask; absent: the service's own. */
  readonly model?: string | undefined;
  /** What gathering the brief cost already; absent: nothing. */
  readonly spent?: AgentUsage | undefined;
  /** Absent: every tool. */
  readonly tools?: ToolAllowance | undefined;
}

/** A memory with where it is from: data, as all that others wrote. */
export interface Remembered {
  /** `rejected by ann on issue-12, 2026-11-20`. */
  readonly source: string;
  readonly text: string;
}

/** Hard caps on one run, whatever the model does. */
export interface RunLimits {
  readonly turns: number;
  readonly tokens: number;
  readonly output_tokens: number;
}

export interface BriefComment {
  readonly author: string;
  readonly body: string;
}

export interface BriefIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly labels: readonly string[];
  readonly comments: readonly BriefComment[];
}

export interface Plan {
  readonly summary: string;
  readonly files: readonly string[];
  readonly steps: readonly string[];
  readonly risks: readonly string[];
  readonly tests: readonly string[];
}
