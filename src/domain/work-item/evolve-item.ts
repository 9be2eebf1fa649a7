import type { TimedEvent } from './event.ts';
import type { Growth } from './growth.ts';
import { isTransition, transition } from './machine.ts';
import type { Approval, Item } from './state.ts';

/** What becomes of the item that an event is about. */
export function evolveItem(growth: Growth, item: Item, event: TimedEvent): Item {
  const authority = isTransition(event.type)
    ? (transition(item.authority, event.type) ?? item.authority)
    : item.authority;
  const more = changes(item, event);
  const moved = growth.change(item, { authority, updated_at: event.at });
  const next = more === null ? moved : growth.change(moved, more);
  if (next.asked_by === undefined || authority === 'waiting_for_information') return next;
  const { asked_by: _answered, ...gone } = next;
  return gone;
}

/** What an event changes in its item beside the authority; null: nothing, as nearly half of all do. */
function changes(item: Item, event: TimedEvent): Partial<Item> | null {
  switch (event.type) {
    case 'item.retitled':
      return { title: event.data.title };
    case 'stage.entered':
      return { ...freshStage, stage: event.data.stage };
    case 'stage.returned':
      return {
        ...freshStage,
        stage: event.data.stage,
        note: event.data.reason,
        revisions: item.revisions + 1,
        round: event.data.stage === 'contribution' ? item.round + 1 : item.round,
        approvals: item.approvals.filter((approval) => approval.gate === 'plan.adopt'),
      };
    case 'stage.completed':
      return {
        gate: null,
        proposal: null,
        note: null,
        completed: [...item.completed, { stage: event.data.stage, at: event.at }],
      };
    case 'run.started':
      return { run: event.data.run, not_before: null, note: null };
    case 'run.failed':
      return {
        attempts: item.attempts + 1,
        not_before: event.data.retry_at,
        note: event.data.reason,
        proposal: null,
      };
    case 'run.dead':
      return { not_before: null, note: event.data.reason };
    case 'item.retried':
      return { attempts: 0, not_before: null, note: null };
    case 'model.unavailable':
      return { not_before: event.data.retry_at, note: event.data.reason, proposal: null };
    case 'agent.proposed': {
      const { agent, action, digest, content } = event.data;
      const { input_tokens, output_tokens } = event.data.usage;
      const tokens = item.tokens + input_tokens + output_tokens;
      return { proposal: { agent, action, digest, content }, tokens };
    }
    case 'triage.recorded':
      return { duplicates: event.data.duplicates };
    case 'information.requested':
      return { missing: event.data.missing, note: 'asked for information' };
    case 'question.asked': {
      const { agent, question, usage } = event.data;
      const tokens = item.tokens + usage.input_tokens + usage.output_tokens;
      return { missing: [question], asked_by: agent, note: null, tokens };
    }
    case 'run.spent': {
      const { input_tokens, output_tokens } = event.data.usage;
      return { tokens: item.tokens + input_tokens + output_tokens };
    }
    // What was proposed without the answer is over: a run that has proposed something is not begun again.
    case 'information.given':
    case 'question.answered':
      return { missing: [], note: null, proposal: null };
    case 'plan.published':
      return { plan: event.data.plan };
    case 'pull_request.linked':
      return { pull_request: event.data.pull_request };
    case 'head.moved':
      return item.pull_request === null
        ? null
        : { pull_request: { ...item.pull_request, head: event.data.after, head_since: event.at } };
    case 'gate.requested':
    case 'gate.updated':
      return { gate: event.data.gate };
    case 'gate.reopened':
      return { note: event.data.reason };
    case 'approval.given':
      // The same person's yes on the same thing stands once, however often it is said.
      return { approvals: [...without(item.approvals, event.data.approval), event.data.approval] };
    case 'approval.ended':
      return { approvals: without(item.approvals, event.data.approval) };
    case 'item.blocked':
      return { note: event.data.reason };
    case 'notice.posted':
      return { notices: [...item.notices, { ...event.data, at: event.at }].slice(-3) };
    case 'item.held':
      return { held: { by: event.actor.login, reason: event.data.reason } };
    case 'item.released':
      return { held: null };
    case 'item.merged':
      return { outcome: event.data.outcome };
    case 'item.terminated':
      return { outcome: event.data.outcome, note: event.data.reason };
    case 'gate.rejected':
      return { note: event.data.reason };
    default:
      return null;
  }
}

const freshStage = {
  gate: null,
  proposal: null,
  attempts: 0,
  not_before: null,
  note: null,
} as const;

const without = (approvals: readonly Approval[], gone: Approval): readonly Approval[] =>
  approvals.filter((approval) => !sameApproval(approval, gone));

export const sameApproval = (
  a: { readonly gate: string; readonly id: number; readonly digest: string; readonly step: string },
  b: { readonly gate: string; readonly id: number; readonly digest: string; readonly step: string },
): boolean => a.gate === b.gate && a.id === b.id && a.digest === b.digest && a.step === b.step;
