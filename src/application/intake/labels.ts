import type { Item } from '../../domain/work-item/state.ts';
import { act, type Person } from './acts.ts';
import type { Session } from '../session.ts';

/** Control labels that are acts of their own; `assent:approve` is evidence, looked up where the gate is judged. */
export async function obeyLabel(
  session: Session,
  item: Item,
  label: string,
  set: boolean,
  { sender, delivery }: { readonly sender: Person; readonly delivery: string },
): Promise<string | null> {
  const verb = labelVerbs[`${label}${set ? '+' : '-'}`];
  if (verb === undefined || sender.type !== 'User') return null;
  return act(session, item, { verb, rest: `by label ${label}`, person: sender, delivery });
}

const labelVerbs: Readonly<Record<string, 'hold' | 'unhold' | 'reject'>> = {
  'assent:hold+': 'hold',
  'assent:hold-': 'unhold',
  'assent:reject+': 'reject',
};
