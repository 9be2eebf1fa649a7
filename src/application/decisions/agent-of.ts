import type { AgentName, Stage } from '../../domain/work-item/state.ts';

/** Which agent a stage is worked by; the others are decided by policy and people alone. */
export const agentOf: Readonly<Record<Stage, AgentName | null>> = {
  triage: 'triager',
  plan: null,
  contribution: 'contributor',
  review: 'reviewer',
  merge: null,
  roadmap: 'governor',
};
