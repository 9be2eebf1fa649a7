import type { RefusedCall } from '../domain/agents/tools.ts';

export interface AgentUsage {
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  /** Null as soon as one request's price is unknown. */
  readonly usd: number | null;
  readonly estimated: boolean;
  readonly model: string | null;
}

/** No model was asked. */
export const noUsage: AgentUsage = {
  requests: 0,
  input_tokens: 0,
  output_tokens: 0,
  usd: null,
  estimated: false,
  model: null,
};

/** What sums begin with: nothing was asked, so nothing is owed. */
export const nothingSpent: AgentUsage = { ...noUsage, usd: 0 };

export interface TraceEntry {
  readonly turn: number;
  readonly kind: 'answer' | 'tool' | 'repair' | 'step' | 'gate' | 'flag';
  readonly detail: string;
}

/** Of any end: which tools the agent used (absent: an older version did not say), and calls of those it may not use. */
interface Refused {
  readonly used?: readonly string[];
  readonly refused?: readonly RefusedCall[];
}

/** What an agent run comes to. An agent never acts: whoever asked applies the proposal, if policy lets it. */
export type AgentOutcome<Proposal> = Refused &
  (
    | {
        readonly kind: 'proposal';
        readonly proposal: Proposal;
        readonly usage: AgentUsage;
        readonly trace: readonly TraceEntry[];
      }
    /** It cannot go on without a human's word, and begins again with its checkpoint and the answer. */
    | {
        readonly kind: 'waiting';
        readonly question: string;
        readonly checkpoint: unknown;
        readonly usage: AgentUsage;
        readonly trace: readonly TraceEntry[];
      }
    /** A state that waits (law 8): spends no attempt and never becomes a proposal. */
    | {
        readonly kind: 'model_unavailable';
        readonly reason: string;
        readonly retry_after_seconds: number | null;
        readonly usage: AgentUsage;
      }
    | {
        readonly kind: 'failed';
        readonly code: FailureCode;
        readonly reason: string;
        readonly usage: AgentUsage;
        readonly trace: readonly TraceEntry[];
      }
  );

export type FailureCode =
  | 'malformed_answer'
  | 'model_refused'
  | 'budget_exhausted'
  | 'sandbox_unavailable'
  /** A program of others ended otherwise than the protocol has it. */
  | 'program_failed'
  | 'steps_failed'
  | 'gate'
  /** Nothing was changed, and it says why nothing has to be. */
  | 'empty'
  | 'workspace';
