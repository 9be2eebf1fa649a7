import { switchActions } from './switch.ts';

/** The actions Assent takes, and those of people on its switch. Rules may name others, for agents and workflows of one's own. */
export const knownActions: readonly string[] = [
  'issue.label',
  'issue.comment',
  'issue.close',
  'plan.propose',
  'plan.adopt',
  'pull_request.open',
  'pull_request.update',
  'pull_request.label',
  'pull_request.comment',
  'pull_request.close',
  'review.publish',
  'check.report',
  'pull_request.merge',
  'roadmap.publish',
  ...switchActions,
];

/** Who takes an action in Assent, where that is settled; null is Assent itself. Policies are asked in that one's name. */
export const takenBy: Readonly<Record<string, readonly (string | null)[]>> = {
  'issue.label': ['triager'],
  'issue.comment': ['triager'],
  'issue.close': ['triager'],
  'plan.adopt': ['triager'],
  'pull_request.open': ['contributor', 'governor'],
  'review.publish': ['reviewer'],
  'pull_request.merge': [null],
  'roadmap.publish': ['governor'],
};

export const knownAgents: readonly string[] = ['triager', 'contributor', 'reviewer', 'governor'];
