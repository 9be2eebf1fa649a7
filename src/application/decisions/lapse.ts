import { lapsesAt } from '../../domain/policy/expiry.ts';
import type { Item } from '../../domain/work-item/state.ts';
import type { Session } from '../session.ts';

/** When what an item waits for lapses unanswered, by the policies in force; null: never. */
export function lapseOf({ rules }: Pick<Session, 'rules'>, item: Item): string | null {
  const waits = item.authority === 'waiting_for_human' && item.gate !== null;
  return waits && rules.kind === 'sound' ? lapsesAt(rules.policies, item.gate) : null;
}

export const isLapsed = (session: Session, item: Item): boolean => {
  const at = lapseOf(session, item);
  return at !== null && at <= session.deps.now();
};

/** Ends an item whose question nobody answered in time. */
export function lapse(session: Session, item: Item): void {
  const since = item.gate?.since.slice(0, 10) ?? '';
  const reason = `asked on ${since}, and not answered in the time the policies give`;
  session.give({ kind: 'expire', item: item.id, reason });
}
