import { substance } from '../policy/record.ts';
import type { TimedEvent } from './event.ts';
import type { GovernanceState } from './state.ts';

/** What policy said and was asked; none of it moves an item. */
export function evolvePolicy(state: GovernanceState, event: TimedEvent): GovernanceState {
  if (event.type === 'policy.adopted') return { ...state, policy: event.data.digest };
  const { item } = event;
  if (item === null || state.items[item] === undefined) return state;
  switch (event.type) {
    case 'verdict.given':
      return { ...state, verdicts: { ...state.verdicts, [item]: substance(event.data) } };
    case 'policy.tried':
      return { ...state, trials: { ...state.trials, [item]: event.data.trial } };
    default:
      return state;
  }
}

/** Of an item that has ended; the history keeps it. */
export function withoutPolicyOf(state: GovernanceState, item: string): GovernanceState {
  const { [item]: _verdict, ...verdicts } = state.verdicts;
  const { [item]: _trial, ...trials } = state.trials;
  return { ...state, verdicts, trials };
}
