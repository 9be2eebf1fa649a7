import type { Change } from './difference.ts';

/**
 * What came of trying the policies of a pull request before anybody adopts them. Recorded, so that it is worked out once, and
 * is the same for everybody who looks. Its texts may be the pull request's own words.
 */
export interface PolicyTrial {
  /** The head whose policies were tried. */
  readonly head: string;
  /** Digest of the policies in force, which they were compared with. */
  readonly against: string;
  /** Whether work could go on under them. */
  readonly readable: boolean;
  /** What is wrong with them, each with its place. */
  readonly faults: readonly string[];
  /** What they let pass that the ones in force do not, on the same evidence; null: `not_compared` says why. */
  readonly newly_allows: readonly NewlyAllowed[] | null;
  readonly not_compared: string | null;
  /** The decisions of this history under them; null: `not_simulated` says why. */
  readonly past: PastUnderThem | null;
  readonly not_simulated: string | null;
}

export interface NewlyAllowed {
  readonly action: string;
  readonly rules: readonly string[];
  /** A request that passes now: whose word is enough, and what else is special about it. */
  readonly such_as: readonly string[];
}

export interface PastUnderThem {
  readonly decisions: number;
  readonly could_not_tell: number;
  /** How often each, and of which items. */
  readonly changes: readonly PastChange[];
}

export interface PastChange {
  readonly change: Change;
  readonly action: string;
  readonly times: number;
  /** Some of them. */
  readonly items: readonly string[];
  /** Why, of the first: who would have been waited for, or what denies it. */
  readonly because: readonly string[];
}
