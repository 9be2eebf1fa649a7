import type { Verdict } from './verdict.ts';

/** What came of a verdict: it passed without a human, it passed with those it asked for, it waited, it did not pass. */
export type Outcome = 'allowed' | 'approved' | 'waiting' | 'denied';

export const outcomeOf = ({
  effect,
  satisfied,
}: Pick<Verdict, 'effect' | 'satisfied'>): Outcome => {
  if (effect === 'deny') return 'denied';
  if (effect === 'allow') return 'allowed';
  return satisfied ? 'approved' : 'waiting';
};

export const changes = ['newly_allowed', 'newly_denied', 'newly_waiting'] as const;
/** Most dangerous first. */
export type Change = (typeof changes)[number];

/**
 * How a decision would have come out otherwise. What humans approved and would now pass without them is newly allowed too:
 * nobody would have been asked.
 */
export function changeOf(was: Outcome, would: Outcome): Change | null {
  if (was === would) return null;
  if (would === 'denied') return 'newly_denied';
  if (would === 'waiting') return 'newly_waiting';
  if (would === 'allowed') return 'newly_allowed';
  return was === 'allowed' ? null : 'newly_allowed';
}
