import type { Item } from '../../domain/work-item/state.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import type { Session } from '../session.ts';

/** Why a question is waited for no longer, and what became of the issue where anything did. */
export function letGoReason({ state }: Session, item: Item, ending: string | null): string {
  const reminded = triageNotesOf(state, item.id).reminded_at;
  const reminder = reminded === null ? '' : `, nor the reminder of ${reminded.slice(0, 10)}`;
  return `a question to its author was not answered${reminder}${ending === null ? '' : `: ${ending}`}`;
}

export function letGo(session: Session, item: Item, reason: string): void {
  session.give({ kind: 'terminate', item: item.id, outcome: 'expired', reason });
}
