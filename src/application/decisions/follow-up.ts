import { evaluate } from '../../domain/policy/evaluate.ts';
import { mayRead } from '../../domain/policy/mentions.ts';
import type { Item } from '../../domain/work-item/state.ts';
import { triageNotesOf } from '../../domain/work-item/triage-notes.ts';
import { humanActor } from '../intake/merge-by-hand.ts';
import { later } from '../later.ts';
import type { Session } from '../session.ts';
import { issueForPolicy, noEvidence, policyRequest } from './facts.ts';
import { letGo, letGoReason } from './let-go.ts';
import { withMilestones } from './milestones.ts';
import { recordIfNew } from './record.ts';
import { unheardAnswer } from './unheard-answer.ts';

interface Due {
  readonly asked: string;
  /** Null: the author was reminded, or nobody is to be. */
  readonly remind: string | null;
  /** Null: it waits for ever. */
  readonly let_go: string | null;
}

/** What becomes due of a question that its author was asked, and when; null: nothing, or nothing but the answer. */
function dueOf({ rules, state }: Pick<Session, 'rules' | 'state'>, item: Item): Due | null {
  // What an agent asks of whoever may write has a person waiting for it already.
  if (item.authority !== 'waiting_for_information' || item.asked_by !== undefined) return null;
  if (rules.kind === 'broken' || item.held !== null) return null;
  const { remind_after, stale_after } = rules.config.agents.triager;
  const { asked_at, reminded_at: reminded } = triageNotesOf(state, item.id);
  // Not its last event: the receipt of our own comment would be one.
  const asked = asked_at ?? item.updated_at;
  return {
    asked,
    remind: reminded === null && remind_after !== null ? later(asked, remind_after) : null,
    let_go: stale_after === null ? null : later(reminded ?? asked, stale_after),
  };
}

export function followUpTimes(session: Session, item: Item): readonly string[] {
  const due = dueOf(session, item);
  return [due?.remind, due?.let_go].filter((time) => typeof time === 'string');
}

/**
 * Reminds once; then lets it go. Both are acts in the triager's name, which policy judges: who may not be reminded is waited for in
 * silence, and the issue on GitHub stays open unless a rule lets it be closed.
 */
export async function followUp(session: Session, item: Item): Promise<void> {
  const due = dueOf(session, item);
  if (due === null) return;
  const now = session.deps.now();
  const isTime = (time: string | null): boolean => time !== null && time <= now;
  if (due.remind !== null) {
    if (!isTime(due.remind)) return;
    if (await isAllowed(session, item, 'issue.comment')) {
      session.give({ kind: 'remind', item: item.id, asked_at: due.asked });
      return;
    }
  }
  if (isTime(due.let_go)) await endUnanswered(session, item, due.asked);
}

async function endUnanswered(session: Session, item: Item, asked: string): Promise<void> {
  const key = `close/${item.number}/${asked}`;
  if (session.state.intents[key] !== undefined) return;
  const answer = await unheardAnswer(session, item, asked);
  if (answer !== null) {
    const given = { kind: 'give_information', item: item.id, comment: answer.id } as const;
    session.give(given, humanActor(answer.user));
    return;
  }
  if (!(await isAllowed(session, item, 'issue.close'))) {
    letGo(session, item, letGoReason(session, item, null));
    return;
  }
  const payload = { number: item.number, asked_at: asked };
  session.give({ kind: 'intend', item: item.id, key, effect: 'issue.close', payload });
}

/** No gate asks a human for it: what takes one is not done. */
async function isAllowed(session: Session, item: Item, kind: string): Promise<boolean> {
  if (session.rules.kind === 'broken') return false;
  const { policies } = session.rules;
  // Asked at each wake-up while it is denied: GitHub only where a rule reads what it says.
  const look = mayRead(policies, 'issue') ? await session.looks.issue(item.number) : null;
  const issue = look === null ? null : issueForPolicy(look.issue, null);
  const act = {
    kind,
    agent: 'triager',
    item,
    pull_request: null,
    issue,
    evidence: noEvidence,
  } as const;
  const request = await policyRequest(session, await withMilestones(session, act), policies);
  const verdict = evaluate(policies, request);
  recordIfNew(session, item.id, { request, verdict });
  return verdict.effect === 'allow';
}
