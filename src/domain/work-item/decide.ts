import { ok, refuse, type Result } from '../result.ts';
import type { Command, CommandContext } from './command.ts';
import { proposeEffect } from './decide-effect.ts';
import { decideSwitch } from './decide-switch.ts';
import { proposeForItem } from './decide-item.ts';
import { configureCycle } from './decide-merge.ts';
import type { DomainEvent } from './event.ts';
import { event, system } from './event-draft.ts';
import { recordSpending } from './spending.ts';
import { evolve } from './evolve.ts';
import { checkLegality, type Law } from './legality.ts';
import { itemId, type GovernanceState, type Item } from './state.ts';

export { system } from './event-draft.ts';

export interface Decision {
  readonly events: readonly DomainEvent[];
  /** The state with the events folded in, for the next command of the same batch. */
  readonly state: GovernanceState;
}

export type Decide = (
  state: GovernanceState,
  command: Command,
  context: CommandContext,
) => Result<Decision>;

/** The machine under a law. There is one law; the tests take it away to see that it is what holds. */
export const decideUnder =
  (law: Law): Decide =>
  (state, command, context) => {
    const proposed = propose(state, command, context);
    if (!proposed.ok) return proposed;
    let folded = state;
    for (const event of proposed.value) {
      const timed = { ...event, at: context.at };
      const legal = law(folded, timed);
      if (!legal.ok) return legal;
      folded = evolve(folded, timed);
    }
    return ok({ events: proposed.value, state: folded });
  };

/** Total: every (state, command) gives events, all of them in order, or a refusal that says which law stood against it. */
export const decide = decideUnder(checkLegality);

const openItem = (state: GovernanceState, id: string): Result<Item> => {
  const item = state.items[id];
  return item === undefined ? refuse('item.not_open', `${id} is not open`) : ok(item);
};

function propose(
  state: GovernanceState,
  command: Command,
  context: CommandContext,
): Result<readonly DomainEvent[]> {
  switch (command.kind) {
    case 'open_item':
      return ok([
        event('item.created', itemId(command.item_kind, command.number), context.actor, {
          kind: command.item_kind,
          number: command.number,
          title: command.title,
          author: command.author,
          pull_request: command.pull_request,
        }),
      ]);
    case 'record_spending':
      return recordSpending(state, command.spent);
    case 'adopt_policies':
      return command.policies.digest === state.policy
        ? refuse('unchanged', 'these policies are in force already')
        : ok([event('policy.adopted', null, system, command.policies)]);
    case 'configure_cycle':
      return configureCycle(state, command.every);
    case 'halt':
    case 'lift_halt':
    case 'request_resume':
    case 'disable_agent':
    case 'enable_agent':
    case 'request_enable':
      return decideSwitch(state, command, context);
    case 'intend':
    case 'effect_done':
    case 'effect_refused':
    case 'effect_retried':
    case 'effect_waiting':
    case 'effect_uncertain':
      return proposeEffect(state, command);
    default: {
      const item = openItem(state, command.item);
      return item.ok ? proposeForItem(state, item.value, command, context) : item;
    }
  }
}
