import type { Item } from './item.ts';

type Work = Pick<Item, 'stage' | 'authority' | 'pull_request'>;

/** A push or a pull request found once more, after a crash, is no news about the stage that has followed it. */
export const isProposing = ({ stage, authority }: Work): boolean =>
  (stage === 'contribution' || stage === 'roadmap') && authority === 'running';

/** What becomes of a review of `head` ends the run in progress; where the head has moved, that run reads what it moved to. */
export const isReviewing = ({ stage, authority, pull_request }: Work, head: unknown): boolean =>
  stage === 'review' && authority === 'running' && pull_request?.head === head;
