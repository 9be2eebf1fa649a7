import type { PolicyRequest } from '../domain/policy/request.ts';
import type { PolicySet } from '../domain/policy/rules.ts';
import type { Verdict } from '../domain/policy/verdict.ts';

/**
 * `proved`: so for every request. `refuted`: not so for the witness, which the real evaluator was asked about. `not_provable`:
 * nobody can tell, and `why` says so.
 */
export type Answer = 'proved' | 'refuted' | 'not_provable';

export interface ProofQuestion {
  /** For programs, such as `pull_request.merge/as_written`. */
  readonly id: string;
  readonly action: string;
  /** What is claimed, in words. */
  readonly claim: string;
  readonly answer: Answer;
  /** The rules by which the witness passes. */
  readonly rules: readonly string[];
  /** Why it could not be proved; null otherwise. */
  readonly why: string | null;
  readonly witness: Witness | null;
  readonly milliseconds: number;
}

/** A request, and what the evaluator answered. */
export interface Witness {
  readonly request: PolicyRequest;
  readonly verdict: Verdict;
  /** What sets it apart from an ordinary pull request, a line each. */
  readonly unusual: readonly string[];
}

export interface Proof {
  /** The worst of the answers. */
  readonly answer: Answer;
  readonly questions: readonly ProofQuestion[];
  /** Rules whose condition no request can make true. */
  readonly dead: readonly string[];
}

/** What one policy set lets pass that another does not, on the same evidence. */
export interface Comparison {
  readonly answer: Answer;
  readonly questions: readonly Weakening[];
}

/** One action: refuted means that it passes now and did not before. */
export interface Weakening extends Omit<ProofQuestion, 'witness'> {
  readonly witness: {
    readonly request: PolicyRequest;
    readonly before: Verdict;
    readonly after: Verdict;
    readonly unusual: readonly string[];
  } | null;
}

/** Answers for every request there could be. Loads its solver at the first question; `close` lets the process end. */
export interface PolicyProver {
  prove(policies: PolicySet): Promise<Proof>;
  compare(before: PolicySet, after: PolicySet): Promise<Comparison>;
  close(): Promise<void>;
}
