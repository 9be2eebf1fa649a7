import { ok, refuse, type Result } from '../result.ts';
import type { Command, CommandContext } from './command.ts';
import type { DomainEvent } from './event.ts';
import { event } from './event-draft.ts';
import { requestsFor } from './evolve-switch.ts';
import type { AgentName, GovernanceState, SwitchRequest } from './state.ts';

export type SwitchCommand = Extract<
  Command,
  {
    kind:
      | 'halt'
      | 'lift_halt'
      | 'request_resume'
      | 'disable_agent'
      | 'enable_agent'
      | 'request_enable';
  }
>;

type Events = Result<readonly DomainEvent[]>;

/** Moves the switch, or writes down who asked. Who may is judged before, by whoever looked them up. */
export function decideSwitch(
  state: GovernanceState,
  command: SwitchCommand,
  { actor }: CommandContext,
): Events {
  const { reason } = command;
  switch (command.kind) {
    case 'halt':
      // Halting again while somebody asks to go on takes their word back; else it would change nothing.
      return state.control.halted === null || asked(state, 'resume', null).length > 0
        ? ok([event('control.halted', null, actor, { reason })])
        : refuse('unchanged', 'Assent is halted already');
    case 'lift_halt':
      return state.control.halted === null
        ? notHalted
        : ok([event('control.resumed', null, actor, { reason })]);
    case 'request_resume':
      if (state.control.halted === null) return notHalted;
      return once(state, 'resume', null, actor.id, () =>
        event('control.resume_requested', null, actor, { reason }),
      );
    case 'disable_agent':
      return isOff(state, command.agent) && asked(state, 'enable', command.agent).length === 0
        ? refuse('unchanged', `the ${command.agent} is disabled already`)
        : ok([event('agent.disabled', null, actor, { agent: command.agent, reason })]);
    case 'enable_agent':
      return isOff(state, command.agent)
        ? ok([event('agent.enabled', null, actor, { agent: command.agent, reason })])
        : notOff(command.agent);
    case 'request_enable': {
      const { agent } = command;
      if (!isOff(state, agent)) return notOff(agent);
      return once(state, 'enable', agent, actor.id, () =>
        event('agent.enable_requested', null, actor, { agent, reason }),
      );
    }
  }
}

const notHalted = refuse('unchanged', 'Assent is not halted');

const notOff = (agent: AgentName) => refuse('unchanged', `the ${agent} is enabled already`);

const isOff = ({ control }: GovernanceState, agent: AgentName): boolean =>
  control.disabled_agents.includes(agent);

const asked = (
  { control }: GovernanceState,
  act: SwitchRequest['act'],
  agent: AgentName | null,
): readonly SwitchRequest[] => requestsFor(control, act, agent);

/** The same person's second word is their first one. */
function once(
  state: GovernanceState,
  act: SwitchRequest['act'],
  agent: AgentName | null,
  person: number | null,
  make: () => DomainEvent,
): Events {
  const known = asked(state, act, agent).some(({ id }) => id === person);
  return known
    ? refuse('unchanged', 'you asked for it already; somebody else has to ask, too')
    : ok([make()]);
}
