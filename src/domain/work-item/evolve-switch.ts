import type { TimedEvent } from './event.ts';
import type { Control, GovernanceState, SwitchRequest } from './state.ts';

type SwitchEvent = Extract<TimedEvent, { readonly type: `control.${string}` | `agent.${string}` }>;

/** What the switch and the agents' own switches become. Moving one takes back whatever was asked for about it. */
export function evolveSwitch(state: GovernanceState, event: SwitchEvent): GovernanceState {
  const { control } = state;
  switch (event.type) {
    case 'control.halted': {
      const halted = { by: event.actor.login, reason: event.data.reason, at: event.at };
      return { ...state, control: { ...without(control, 'resume', null), halted } };
    }
    case 'control.resumed':
      return { ...state, control: { ...without(control, 'resume', null), halted: null } };
    case 'control.resume_requested':
      return { ...state, control: asked(control, event, 'resume', null) };
    case 'agent.disabled': {
      const { agent } = event.data;
      const disabled_agents = [...new Set([...control.disabled_agents, agent])].sort();
      return {
        ...state,
        control: { ...without(control, 'enable', agent), disabled_agents },
        disabled_at: { ...state.disabled_at, [agent]: event.at },
      };
    }
    case 'agent.enabled': {
      const { agent } = event.data;
      const disabled_agents = control.disabled_agents.filter((one) => one !== agent);
      return { ...state, control: { ...without(control, 'enable', agent), disabled_agents } };
    }
    case 'agent.enable_requested':
      return { ...state, control: asked(control, event, 'enable', event.data.agent) };
    case 'agent.proposed':
      return state;
  }
}

/** Absent rather than empty: `queue.json` of a repository where nobody ever asked stays as it was. */
function without(
  { requests, ...control }: Control,
  act: SwitchRequest['act'],
  agent: SwitchRequest['agent'],
): Control {
  const left = (requests ?? []).filter((one) => one.act !== act || one.agent !== agent);
  return left.length === 0 ? control : { ...control, requests: left };
}

function asked(
  control: Control,
  { actor, at, data }: Extract<SwitchEvent, { readonly type: `${string}_requested` }>,
  act: SwitchRequest['act'],
  agent: SwitchRequest['agent'],
): Control {
  const request = { act, agent, id: actor.id ?? 0, login: actor.login, at, reason: data.reason };
  return { ...control, requests: [...(control.requests ?? []), request] };
}

/** Those who asked for it so far. */
export const requestsFor = (
  { requests }: Control,
  act: SwitchRequest['act'],
  agent: SwitchRequest['agent'],
): readonly SwitchRequest[] =>
  (requests ?? []).filter((one) => one.act === act && one.agent === agent);
