import type { Item } from '../../domain/work-item/state.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import { later } from '../later.ts';
import type { Session } from '../session.ts';

/** What is due next for a question that its author was asked, and when; null: nothing, or nothing but the answer. */
function nextStep(
  { rules, state }: Pick<Session, 'rules' | 'state'>,
  item: Item,
): { readonly at: string; readonly step: 'remind' | 'let_go' } | null {
  // What an agent asks of whoever may write has a person waiting for it already.
  if (item.authority !== 'waiting_for_information' || item.asked_by !== undefined) return null;
  if (rules.kind === 'broken' || item.held !== null) return null;
  const { remind_after, stale_after } = rules.config.agents.triager;
  const { asked_at, reminded_at: reminded } = triageNotesOf(state, item.id);
  // Not its last event: the receipt of our own comment would be one.
  const asked = asked_at ?? item.updated_at;
  if (reminded === null && remind_after !== null) {
    return { at: later(asked, remind_after), step: 'remind' };
  }
  return stale_after === null
    ? null
    : { at: later(reminded ?? asked, stale_after), step: 'let_go' };
}

export const followUpAt = (session: Session, item: Item): string | null =>
  nextStep(session, item)?.at ?? null;

/** Reminds once; then lets it go. The issue on GitHub stays as it is, and anybody who may write asks anew. */
export function followUp(session: Session, item: Item): void {
  const next = nextStep(session, item);
  if (next === null || next.at > session.deps.now()) return;
  if (next.step === 'remind') {
    const { asked_at } = triageNotesOf(session.state, item.id);
    session.give({ kind: 'remind', item: item.id, asked_at: asked_at ?? item.updated_at });
    return;
  }
  const reminded = triageNotesOf(session.state, item.id).reminded_at;
  const reason = `a question to its author was not answered${reminded === null ? '' : `, nor the reminder of ${reminded.slice(0, 10)}`}`;
  session.give({ kind: 'terminate', item: item.id, outcome: 'expired', reason });
}
