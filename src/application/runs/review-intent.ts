import type { ReviewProposal } from '../../agents/reviewer/proposal.ts';
import type { Command } from '../../domain/work-item/command.ts';

/** One review a head; what was said so far goes with it, and counts once it is published. */
export const reviewIntent = (
  item: string,
  { number, head }: { readonly number: number; readonly head: string },
  { event, body, comments, memory }: ReviewProposal,
): Extract<Command, { kind: 'intend' }> => ({
  kind: 'intend',
  item,
  key: `review/${number}/${head}`,
  effect: 'review.publish',
  payload: { pull_request: number, head, event, body, comments, memory },
});
