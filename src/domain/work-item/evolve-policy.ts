import { substance } from '../policy/record.ts';
import type { TimedEvent } from './event.ts';
import type { Growth } from './growth.ts';
import type { GovernanceState } from './state.ts';

/** What policy said and was asked; none of it moves an item. */
export function evolvePolicy(
  growth: Growth,
  state: GovernanceState,
  event: TimedEvent,
): GovernanceState {
  if (event.type === 'policy.adopted') return growth.change(state, { policy: event.data.digest });
  const { item } = event;
  if (item === null || state.items[item] === undefined) return state;
  switch (event.type) {
    case 'verdict.given': {
      const verdicts = growth.put(state.verdicts, item, substance(event.data));
      return growth.change(state, { verdicts });
    }
    case 'policy.tried': {
      const trials = growth.put(state.trials, item, event.data.trial);
      return growth.change(state, { trials });
    }
    default:
      return state;
  }
}

/** Of an item that has ended; the history keeps it. */
export const withoutPolicyOf = (
  growth: Growth,
  { verdicts, trials }: GovernanceState,
  item: string,
): Pick<GovernanceState, 'verdicts' | 'trials'> => ({
  verdicts: growth.drop(verdicts, item),
  trials: growth.drop(trials, item),
});
