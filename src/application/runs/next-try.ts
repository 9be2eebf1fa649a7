import { boundsFor, tryAgain } from '../../domain/memory/retries.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { agentOf } from '../decisions/agent-of.ts';
import { MAX_ATTEMPTS } from '../repository.ts';
import type { Session } from '../session.ts';
import { later } from '../later.ts';

export interface NextTry {
  /** null: the attempts are spent, and only a human tries again. */
  readonly at: string | null;
  /** What was learnt that made it more or less than usual. */
  readonly because: string | null;
}

/** When a failed run is tried again: as usual, or within policy's bounds as often as trying again has helped before. */
export function nextTry(session: Session, item: Item, code: string): NextTry {
  const { timing, now } = session.deps;
  // Nothing the item did, and nothing trying can wear out: it waits for the operator, looked at ever more rarely.
  if (code === 'sandbox_unavailable') {
    const doublings = Math.min(item.attempts, SANDBOX_DOUBLINGS);
    return { at: later(now(), timing.blocked_ms * 2 ** doublings), because: null };
  }
  // An answer, and the same question would get it again.
  if (code === 'empty') return { at: null, because: null };
  const agent = agentOf[item.stage];
  const { rules, state } = session;
  const entries = rules.kind === 'sound' ? rules.policies.retries : [];
  const { again, because } = tryAgain(
    state.memory.endings,
    { agent, code, failures: item.attempts + 1 },
    boundsFor(entries, agent),
    MAX_ATTEMPTS,
  );
  return { at: again ? later(now(), timing.retry_ms * 2 ** item.attempts) : null, because };
}

/** From five minutes to a day: each look leaves lines in the history. */
const SANDBOX_DOUBLINGS = 8;
