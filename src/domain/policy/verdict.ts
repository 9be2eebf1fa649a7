import type { Effect, From, Way } from './rules.ts';

/** The answer of CONTRACTS.md, "A verdict". JSON as it stands. */
export interface Verdict {
  readonly effect: Effect;
  /** True for `allow`, and for `require_human` once every requirement holds; never for `deny`. */
  readonly satisfied: boolean;
  readonly approvers: readonly Approver[];
  readonly waiting_for: readonly Waiting[];
  readonly ignored: readonly Ignored[];
  /** Ids of the rules that gave the effect. */
  readonly rules: readonly string[];
  readonly reasons: Reason;
}

/** An approval that counts: who, by which act, on which digest (head sha or plan digest), for which step. */
export interface Approver {
  readonly login: string;
  readonly by: Way;
  readonly digest: string;
  readonly step: string;
}

export interface Waiting {
  readonly step: string;
  readonly count: number;
  readonly have: number;
  readonly from: From;
  /** Logins whose change request or rejection stands. */
  readonly blocked_by?: readonly string[];
}

/** Evidence that was seen and does not count, and why. */
export interface Ignored {
  readonly evidence: string;
  readonly reason: string;
}

/** A node of the explanation; its text begins with ✓ (holds), ✗ (does not), … (waits) or – (does not apply). */
export interface Reason {
  readonly text: string;
  readonly children: readonly Reason[];
}
