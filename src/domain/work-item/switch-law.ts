import { ok, refuse, type Result } from '../result.ts';
import type { TimedEvent } from './event.ts';
import { requestsFor } from './evolve-switch.ts';
import type { GovernanceState } from './state.ts';

type Request = Extract<TimedEvent, { readonly type: `${'control' | 'agent'}.${string}_requested` }>;

/** A person asks, once, and only for what is stopped: else two requests of one person would pass for two people's. */
export function checkSwitchRequest({ control }: GovernanceState, event: Request): Result<null> {
  const { actor, type } = event;
  if (actor.kind !== 'human' || actor.id === null) {
    return refuse('actor.not_human', `${type} by ${actor.login}, who is no human`);
  }
  const resumes = event.type === 'control.resume_requested';
  const agent = event.type === 'agent.enable_requested' ? event.data.agent : null;
  const stopped =
    agent === null ? control.halted !== null : control.disabled_agents.includes(agent);
  if (!stopped) return refuse('switch.on', `${type}, while ${agent ?? 'everything'} is on`);
  const before = requestsFor(control, resumes ? 'resume' : 'enable', agent);
  return before.some(({ id }) => id === actor.id)
    ? refuse('switch.asked', `${type} by ${actor.login}, who had asked already`)
    : ok(null);
}
