import { commandsIn } from '../approval/command.ts';
import { mayRead } from './mentions.ts';
import type { ActorFacts, EvidenceFacts } from './request.ts';
import type { PolicySet } from './rules.ts';

/**
 * The logins whose permission a verdict on this evidence could turn on: those whose act may count for or against something,
 * and everybody where a condition reads `people`. A remark, a label of another kind or a bot's act counts for nothing,
 * whoever it is by.
 */
export function loginsConcerned(policies: PolicySet, evidence: EvidenceFacts): readonly string[] {
  const acts = mayRead(policies, 'people') ? allActs(evidence) : weightyActs(evidence);
  const users = acts
    .map(({ user }) => user)
    .filter((user): user is ActorFacts => user?.type === 'User');
  return [...new Set(users.map(({ login }) => login))];
}

const allActs = ({ reviews, labels, comments }: EvidenceFacts) => [
  ...reviews,
  ...labels,
  ...comments,
];

const weightyActs = ({ reviews, labels, comments }: EvidenceFacts) => [
  ...reviews.filter(({ state }) => state !== 'commented' && state !== 'pending'),
  ...labels.filter(({ name }) => name.toLowerCase().startsWith('assent:')),
  ...comments.filter(({ body }) => commandsIn(body).length > 0),
];
