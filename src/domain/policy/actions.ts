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

export const knownAgents: readonly string[] = ['triager', 'contributor', 'reviewer', 'governor'];
