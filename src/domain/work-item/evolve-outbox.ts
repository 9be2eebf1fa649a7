import type { TimedEvent } from './event.ts';
import type { Growth } from './growth.ts';
import type { GovernanceState, Intent } from './state.ts';

/** What is meant outwardly, until it is known to be done. */
export function evolveOutbox(
  growth: Growth,
  state: GovernanceState,
  event: TimedEvent,
): GovernanceState {
  switch (event.type) {
    case 'effect.intended':
      return putIntent(growth, state, {
        key: event.data.key,
        kind: event.data.kind,
        item: event.item ?? '',
        payload: event.data.payload,
        attempts: 0,
        not_before: null,
        uncertain: false,
      });
    case 'effect.done':
      return settleIntent(growth, state, event.data.key, event.data.receipt);
    case 'effect.refused':
      return settleIntent(growth, state, event.data.key, {});
    case 'effect.retried':
    case 'effect.uncertain': {
      const intent = state.intents[event.data.key];
      if (intent === undefined) return state;
      const { waiting: _over, ...rest } = intent;
      const not_before = event.type === 'effect.retried' ? event.data.retry_at : null;
      const uncertain = event.type === 'effect.uncertain';
      return putIntent(growth, state, {
        ...rest,
        attempts: intent.attempts + 1,
        not_before,
        uncertain,
      });
    }
    case 'effect.waiting': {
      const intent = state.intents[event.data.key];
      if (intent === undefined) return state;
      const { code, reason } = event.data;
      // An answer is no failed attempt: those are counted towards "nobody can tell".
      return putIntent(growth, state, {
        ...intent,
        attempts: 0,
        not_before: null,
        waiting: { code, reason },
      });
    }
    default:
      return state;
  }
}

const putIntent = (growth: Growth, state: GovernanceState, intent: Intent): GovernanceState =>
  withIntents(growth, state, growth.put(state.intents, intent.key, intent));

function settleIntent(
  growth: Growth,
  state: GovernanceState,
  key: string,
  receipt: Readonly<Record<string, unknown>>,
): GovernanceState {
  const intents = growth.drop(state.intents, key);
  const { digest, slot } = receipt;
  if (typeof digest !== 'string' || typeof slot !== 'string') {
    return withIntents(growth, state, intents);
  }
  return growth.change(state, { intents, written: growth.put(state.written, slot, digest) });
}

const withIntents = (
  growth: Growth,
  state: GovernanceState,
  intents: GovernanceState['intents'],
): GovernanceState => (intents === state.intents ? state : growth.change(state, { intents }));
