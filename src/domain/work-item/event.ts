import type { ToolTier } from '../agents/tools.ts';
import type { EventActor } from '../ledger/envelope.ts';
import type { AdoptedPolicies } from '../policy/adoption.ts';
import type { RecordedVerdict } from '../policy/record.ts';
import type { TriageReport } from '../triage/report.ts';
import type { PolicyTrial } from '../policy/trial.ts';
import type {
  AgentName,
  Approval,
  EffectKind,
  Gate,
  CountedMerge,
  ItemKind,
  LinkedPullRequest,
  Outcome,
  PersonRef,
  Plan,
  Quarantine,
  Stage,
} from './state.ts';

/**
 * What can stand in the history: type → data, in the version written now (`versions`). A change of a shape, an optional
 * key too, is a new version with an upcaster (docs/adr/0003, `domain/ledger/upcast.ts`); old lines are never rewritten.
 */
export interface EventData {
  'item.created': {
    readonly kind: ItemKind;
    readonly number: number;
    readonly title: string;
    readonly author: PersonRef | null;
    readonly pull_request: LinkedPullRequest | null;
  };
  'item.retitled': { readonly title: string };
  'stage.entered': { readonly stage: Stage };
  /** Back to an earlier stage: a push wants a new review, a change request a new contribution. */
  'stage.returned': { readonly stage: Stage; readonly reason: string };
  'stage.completed': { readonly stage: Stage };
  'run.started': {
    readonly run: string;
    readonly agent: AgentName | null;
    readonly attempt: number;
  };
  'run.failed': {
    readonly run: string;
    readonly code: string;
    readonly reason: string;
    readonly retry_at: string;
  };
  /** What a run cost that led to no proposal and no question: those tell it themselves. Its item may have ended. */
  'run.spent': {
    readonly run: string;
    readonly agent: AgentName;
    readonly usage: EventData['agent.proposed']['usage'];
  };
  'run.dead': { readonly run: string; readonly reason: string };
  'model.unavailable': { readonly run: string; readonly reason: string; readonly retry_at: string };
  'agent.proposed': {
    readonly agent: AgentName;
    readonly run: string;
    readonly action: string;
    readonly digest: string;
    readonly content: unknown;
    readonly usage: {
      readonly input_tokens: number;
      readonly output_tokens: number;
      readonly usd: number | null;
      readonly model: string | null;
    };
  };
  /** A run that needs a human's word; it ends, and begins again with its `checkpoint` and the answer. */
  'question.asked': {
    readonly run: string;
    readonly agent: AgentName;
    readonly question: string;
    /** Any JSON, the agent's own. */
    readonly checkpoint: unknown;
    readonly usage: EventData['agent.proposed']['usage'];
  };
  'question.answered': { readonly comment: number; readonly answer: string };
  /** A run begins from what another agent proposed; `because`: what let it. */
  'work.handed_over': {
    readonly from: AgentName;
    readonly from_run: string;
    readonly to: AgentName;
    readonly run: string;
    readonly action: string;
    readonly digest: string;
    readonly because: string;
  };
  /** Calls that the agent may not make; none of them was carried out. */
  'tools.refused': {
    readonly run: string;
    readonly agent: AgentName;
    readonly calls: readonly {
      readonly tool: string;
      /** Null: there is no such tool. */
      readonly tier: ToolTier | null;
      readonly reason: string;
    }[];
  };
  'verdict.given': RecordedVerdict;
  /** From here on decisions are made under these policies; stands before the first event that names their digest. */
  'policy.adopted': AdoptedPolicies;
  'policy.tried': { readonly trial: PolicyTrial };
  /** `report`: what people are shown of it; null where it was not recorded. */
  'triage.recorded': {
    readonly labels: readonly string[];
    readonly duplicates: readonly number[];
    readonly report: TriageReport | null;
  };
  /** What was odd about the text a run read: characters that do not show, its own fence mark, a part that was cut off. */
  'text.flagged': {
    readonly run: string;
    readonly agent: AgentName;
    readonly flags: readonly string[];
  };
  'information.requested': { readonly missing: readonly string[] };
  'information.reminded': { readonly asked_at: string };
  'information.given': { readonly comment: number | null };
  'plan.published': { readonly plan: Plan };
  'pull_request.linked': { readonly pull_request: LinkedPullRequest };
  'head.moved': { readonly before: string; readonly after: string };
  'changes.requested': { readonly review: number; readonly head: string };
  'gate.requested': { readonly gate: Gate };
  'gate.updated': { readonly gate: Gate };
  /** `given_on`: the digest the act was done on; another than the approval's where it survived a push. Null: not recorded. */
  'approval.given': { readonly approval: Approval; readonly given_on: string | null };
  'approval.ended': { readonly approval: Approval; readonly reason: string };
  'gate.approved': { readonly action: Gate['action']; readonly digest: string };
  'gate.overridden': {
    readonly action: Gate['action'];
    readonly digest: string;
    readonly justification: string;
  };
  'gate.rejected': { readonly action: Gate['action']; readonly reason: string };
  'gate.expired': { readonly action: Gate['action'] };
  /** What was approved holds no longer: the gate asks again. */
  'gate.reopened': { readonly reason: string };
  'item.resumed': { readonly action: Gate['action']; readonly digest: string };
  /** It cannot go on for a reason outside it (malformed policies, a closed window); gone when the reason is. */
  'item.blocked': { readonly reason: string | null };
  /** One line in answer to somebody's command. */
  'notice.posted': { readonly to: string; readonly text: string };
  'item.held': { readonly reason: string };
  'item.released': Record<string, never>;
  'item.retried': { readonly reason: string };
  'item.merged': {
    readonly pull_request: number;
    readonly head: string;
    readonly sha: string;
    /** `assent`: by the merge effect after a gate. `human`: somebody merged on GitHub by hand. */
    readonly by: 'assent' | 'human';
    readonly outcome: 'merged' | 'published';
  };
  'item.terminated': {
    readonly outcome: Exclude<Outcome, 'merged' | 'published'>;
    readonly reason: string;
  };
  'merge.counted': {
    readonly cycle: number;
    readonly position: number;
    readonly merge: CountedMerge;
  };
  'cycle.closed': { readonly cycle: number; readonly pull_requests: readonly number[] };
  'cycle.configured': { readonly every: number };
  'control.halted': { readonly reason: string };
  'control.resumed': { readonly reason: string };
  /** Policy takes more people than have asked: it counts with those who ask after. A halt takes it back. */
  'control.resume_requested': { readonly reason: string };
  'agent.disabled': { readonly agent: AgentName; readonly reason: string };
  'agent.enabled': { readonly agent: AgentName; readonly reason: string };
  'agent.enable_requested': { readonly agent: AgentName; readonly reason: string };
  'effect.intended': {
    readonly key: string;
    readonly kind: EffectKind;
    readonly payload: Readonly<Record<string, unknown>>;
  };
  'effect.done': { readonly key: string; readonly receipt: Readonly<Record<string, unknown>> };
  'effect.refused': { readonly key: string; readonly code: string; readonly reason: string };
  'effect.retried': { readonly key: string; readonly reason: string; readonly retry_at: string };
  /** Asked for, and not ours to hasten: a merge queue has it, or GitHub wants something first. */
  'effect.waiting': { readonly key: string; readonly code: string; readonly reason: string };
  /** Other hands wrote to the ledger's branch; stands right behind the last sound event. */
  'ledger.quarantined': Quarantine;
  /** Nobody can tell whether it happened; a human is told. */
  'effect.uncertain': { readonly key: string; readonly reason: string };
}

export type EventType = keyof EventData;

/** An event as decided: who caused it and about which item; time and ids are added where it is recorded. */
export type DomainEvent = {
  [T in EventType]: {
    readonly type: T;
    readonly version: CurrentVersion<T>;
    readonly item: string | null;
    readonly actor: EventActor;
    readonly data: EventData[T];
  };
}[EventType];

/** An event with the time it was recorded at: what the fold reads. */
export type TimedEvent = DomainEvent & { readonly at: string };

/** The version each type is written in. One above 1 takes an upcaster from the version before, or this does not compile. */
export const versions = {
  'item.created': 1,
  'item.retitled': 1,
  'stage.entered': 1,
  'stage.returned': 1,
  'stage.completed': 1,
  'run.started': 1,
  'run.failed': 1,
  'run.spent': 1,
  'run.dead': 1,
  'model.unavailable': 1,
  'agent.proposed': 1,
  'question.asked': 1,
  'question.answered': 1,
  'work.handed_over': 1,
  'tools.refused': 1,
  'verdict.given': 2,
  'policy.adopted': 1,
  'policy.tried': 1,
  'triage.recorded': 3,
  'text.flagged': 1,
  'information.requested': 1,
  'information.reminded': 1,
  'information.given': 1,
  'plan.published': 1,
  'pull_request.linked': 1,
  'head.moved': 1,
  'changes.requested': 1,
  'gate.requested': 2,
  'gate.updated': 2,
  'approval.given': 2,
  'approval.ended': 1,
  'gate.approved': 1,
  'gate.overridden': 1,
  'gate.rejected': 1,
  'gate.expired': 1,
  'gate.reopened': 1,
  'item.resumed': 1,
  'item.blocked': 1,
  'notice.posted': 1,
  'item.held': 1,
  'item.released': 1,
  'item.retried': 1,
  'item.merged': 1,
  'item.terminated': 1,
  'merge.counted': 1,
  'cycle.closed': 1,
  'cycle.configured': 1,
  'control.halted': 1,
  'control.resumed': 1,
  'control.resume_requested': 1,
  'agent.disabled': 1,
  'agent.enabled': 1,
  'agent.enable_requested': 1,
  'effect.intended': 2,
  'effect.done': 1,
  'effect.refused': 1,
  'effect.retried': 1,
  'effect.waiting': 1,
  'effect.uncertain': 1,
  'ledger.quarantined': 1,
} as const satisfies Readonly<Record<EventType, number>>;

export type CurrentVersion<T extends EventType> = (typeof versions)[T];
