import { overBudgets } from '../../domain/policy/constraints.ts';
import type { AgentName, Authority, Item } from '../../domain/work-item/state.ts';
import type { Deps } from '../repository.ts';
import type { Rules, Session } from '../session.ts';
import { agentOf } from './agent-of.ts';
import { usageOf } from './facts.ts';

/** What of a session it takes. */
type Spending = Pick<Session, 'state'> & {
  readonly rules: { readonly kind: 'broken' } | Pick<Sound, 'kind' | 'policies'>;
  readonly deps: Pick<Deps, 'now'>;
};
type Sound = Extract<Rules, { readonly kind: 'sound' }>;

/** Why an agent is not begun now: whatever it proposed would be denied, and paid for. null: there is something left. */
export function budgetSpent(session: Spending, agent: AgentName): string | null {
  const { rules, deps } = session;
  if (rules.kind === 'broken') return null;
  const over = overBudgets(rules.policies, agent, usageOf(session, agent, deps.now()));
  return over.length === 0 ? null : over.join('; ');
}

const beginnable: ReadonlySet<Authority> = new Set(['created', 'failed', 'model_unavailable']);

/** When to look again at an item that waits for a budget: those are of a UTC day. null: it waits for none. */
export function budgetAgainAt(session: Spending, item: Item): string | null {
  const agent = agentOf[item.stage];
  if (agent === null || !beginnable.has(item.authority)) return null;
  if (budgetSpent(session, agent) === null) return null;
  const tomorrow = new Date(session.deps.now());
  tomorrow.setUTCHours(24, 0, 0, 0);
  return tomorrow.toISOString();
}
