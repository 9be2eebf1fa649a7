import type { EventType } from './event.ts';
import type { Authority } from './state.ts';

/**
 * The canonical machine, as one table: which event may happen in which authority state, and where it leads. Total by
 * construction: what is not named here is refused. `same` keeps the state and says only that the event is in order there.
 */
export interface Transition {
  readonly from: readonly Authority[];
  readonly to: Authority | 'same';
}

const open: readonly Authority[] = [
  'created',
  'running',
  'waiting_for_human',
  'approved',
  'overridden',
  'resumed',
  'waiting_for_information',
  'failed',
  'model_unavailable',
  'dead',
  'completed',
];

export const machine = {
  'run.started': { from: ['created', 'failed', 'model_unavailable'], to: 'running' },
  'run.failed': { from: ['running', 'resumed'], to: 'failed' },
  'run.dead': { from: ['failed'], to: 'dead' },
  'item.retried': { from: ['dead', 'failed', 'model_unavailable'], to: 'created' },
  'model.unavailable': { from: ['running'], to: 'model_unavailable' },
  'agent.proposed': { from: ['running'], to: 'same' },
  'question.asked': { from: ['running'], to: 'waiting_for_information' },
  'question.answered': { from: ['waiting_for_information'], to: 'created' },
  'work.handed_over': { from: ['running'], to: 'same' },
  'tools.refused': { from: ['running'], to: 'same' },
  'triage.recorded': { from: ['running'], to: 'same' },
  'text.flagged': { from: ['running'], to: 'same' },
  'information.requested': { from: ['running'], to: 'waiting_for_information' },
  'information.reminded': { from: ['waiting_for_information'], to: 'same' },
  'information.given': { from: ['waiting_for_information'], to: 'created' },
  'plan.published': { from: ['running'], to: 'same' },
  'gate.requested': { from: ['running'], to: 'waiting_for_human' },
  'gate.updated': { from: ['waiting_for_human'], to: 'same' },
  'approval.given': { from: ['waiting_for_human'], to: 'same' },
  // From anywhere: what was recorded may be found gone while the item waits, works or has failed.
  'approval.ended': { from: open, to: 'same' },
  'gate.approved': { from: ['waiting_for_human'], to: 'approved' },
  'gate.overridden': { from: ['waiting_for_human'], to: 'overridden' },
  'gate.rejected': { from: ['waiting_for_human'], to: 'rejected' },
  'gate.expired': { from: ['waiting_for_human'], to: 'expired' },
  'gate.reopened': { from: ['approved', 'overridden', 'resumed'], to: 'waiting_for_human' },
  'item.resumed': { from: ['approved', 'overridden'], to: 'resumed' },
  'stage.completed': { from: ['running', 'resumed'], to: 'completed' },
  'stage.entered': { from: ['completed'], to: 'created' },
  'stage.returned': { from: open, to: 'created' },
  'head.moved': { from: open, to: 'same' },
  'changes.requested': { from: ['waiting_for_human'], to: 'same' },
  'pull_request.linked': { from: open, to: 'same' },
  'verdict.given': { from: open, to: 'same' },
  'policy.tried': { from: open, to: 'same' },
  'item.retitled': { from: open, to: 'same' },
  'item.blocked': { from: open, to: 'same' },
  'notice.posted': { from: open, to: 'same' },
  'item.held': { from: open, to: 'same' },
  'item.released': { from: open, to: 'same' },
  'item.merged': { from: open, to: 'completed' },
  'item.terminated': { from: [...open, 'rejected', 'expired'], to: 'terminated' },
} as const satisfies Partial<Record<EventType, Transition>>;

export type TransitionName = keyof typeof machine;

/** The table by event, then by state: where it leads. Looked up for each event of a history. */
const steps: ReadonlyMap<string, ReadonlyMap<Authority, Authority>> = new Map(
  Object.entries(machine).map(([type, { from, to }]: [string, Transition]) => [
    type,
    new Map(from.map((authority) => [authority, to === 'same' ? authority : to])),
  ]),
);

export const isTransition = (type: EventType): type is TransitionName => steps.has(type);

/** Where `type` leads from `authority`; null: not from there. Events that are no transition concern no item's authority. */
export const transition = (authority: Authority, type: TransitionName): Authority | null =>
  steps.get(type)?.get(authority) ?? null;
