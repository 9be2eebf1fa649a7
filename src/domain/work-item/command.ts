import type { EventActor } from '../ledger/envelope.ts';
import type { AdoptedPolicies } from '../policy/adoption.ts';
import type { PolicyTrial } from '../policy/trial.ts';
import type { EventData } from './event.ts';
import type {
  AgentName,
  Approval,
  EffectKind,
  Gate,
  ItemKind,
  LinkedPullRequest,
  Outcome,
  PersonRef,
  Plan,
  Stage,
} from './state.ts';

/** An approval as counted now; `given_on` is the head it was given on, another one where it survived a push. */
export type CountedApproval = Approval & { readonly given_on?: string };

/** An approval on record that counts no longer, and what became of it. */
export interface EndedApproval {
  readonly approval: Approval;
  readonly reason: string;
}

/** What can be asked of the machine. Each gives events or a named refusal; none is ever half done. */
export type Command =
  | {
      readonly kind: 'open_item';
      readonly item_kind: ItemKind;
      readonly number: number;
      readonly title: string;
      readonly author: PersonRef | null;
      readonly pull_request: LinkedPullRequest | null;
    }
  | { readonly kind: 'retitle'; readonly item: string; readonly title: string }
  | { readonly kind: 'start_run'; readonly item: string; readonly agent: AgentName | null }
  | {
      readonly kind: 'propose';
      readonly item: string;
      readonly proposal: EventData['agent.proposed'];
    }
  | {
      readonly kind: 'ask_human';
      readonly item: string;
      readonly asked: EventData['question.asked'];
    }
  | {
      readonly kind: 'answer_question';
      readonly item: string;
      readonly given: EventData['question.answered'];
    }
  | {
      readonly kind: 'record_refused_tools';
      readonly item: string;
      readonly refused: EventData['tools.refused'];
    }
  | {
      readonly kind: 'record_verdict';
      readonly item: string;
      readonly verdict: EventData['verdict.given'];
      /** Only if it decides otherwise than the last one recorded of the item. */
      readonly if_new: boolean;
    }
  | { readonly kind: 'record_trial'; readonly item: string; readonly trial: PolicyTrial }
  | {
      readonly kind: 'record_flags';
      readonly item: string;
      readonly flagged: EventData['text.flagged'];
    }
  | { readonly kind: 'remind'; readonly item: string; readonly asked_at: string }
  | {
      readonly kind: 'record_triage';
      readonly item: string;
      readonly triage: EventData['triage.recorded'];
    }
  | {
      readonly kind: 'request_information';
      readonly item: string;
      readonly missing: readonly string[];
    }
  | { readonly kind: 'give_information'; readonly item: string; readonly comment: number | null }
  | { readonly kind: 'publish_plan'; readonly item: string; readonly plan: Plan }
  | { readonly kind: 'open_gate'; readonly item: string; readonly gate: Gate }
  | {
      /** The evidence as it stands now, looked up afresh; the machine works out what came and what went. */
      readonly kind: 'assess_gate';
      readonly item: string;
      readonly gate: Gate;
      readonly approvals: readonly CountedApproval[];
      readonly sufficient: boolean;
      /** What became of those that are gone. */
      readonly ended?: readonly EndedApproval[];
      /** Why the gate asks again, and why an approval ended that is not among them. */
      readonly ended_because: string;
    }
  | { readonly kind: 'reject'; readonly item: string; readonly reason: string }
  /** Nobody answered in time. */
  | { readonly kind: 'expire'; readonly item: string; readonly reason: string }
  | {
      readonly kind: 'override';
      readonly item: string;
      readonly approval: Approval;
      readonly justification: string;
    }
  | { readonly kind: 'resume'; readonly item: string }
  | { readonly kind: 'complete_stage'; readonly item: string }
  | {
      readonly kind: 'return_to';
      readonly item: string;
      readonly stage: Stage;
      readonly reason: string;
    }
  | {
      readonly kind: 'request_changes';
      readonly item: string;
      readonly review: number;
      readonly head: string;
    }
  | {
      readonly kind: 'move_head';
      readonly item: string;
      readonly after: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'link_pull_request';
      readonly item: string;
      readonly pull_request: LinkedPullRequest;
    }
  | {
      readonly kind: 'fail_run';
      readonly item: string;
      readonly code: string;
      readonly reason: string;
      /** null: no more attempts; only a human retries. */
      readonly retry_at: string | null;
    }
  | {
      readonly kind: 'model_unavailable';
      readonly item: string;
      readonly reason: string;
      readonly retry_at: string;
    }
  | { readonly kind: 'retry'; readonly item: string; readonly reason: string }
  | { readonly kind: 'block'; readonly item: string; readonly reason: string | null }
  | { readonly kind: 'notify'; readonly item: string; readonly to: string; readonly text: string }
  | { readonly kind: 'hold'; readonly item: string; readonly reason: string }
  | { readonly kind: 'release'; readonly item: string }
  | {
      readonly kind: 'record_merge';
      readonly item: string;
      readonly merge: EventData['item.merged'];
    }
  | {
      readonly kind: 'terminate';
      readonly item: string;
      readonly outcome: Exclude<Outcome, 'merged' | 'published'>;
      readonly reason: string;
    }
  /** Of a run in progress, or of one that was overtaken. */
  | { readonly kind: 'record_spending'; readonly spent: EventData['run.spent'] }
  | { readonly kind: 'adopt_policies'; readonly policies: AdoptedPolicies }
  | { readonly kind: 'configure_cycle'; readonly every: number }
  | { readonly kind: 'halt'; readonly reason: string }
  | { readonly kind: 'lift_halt'; readonly reason: string }
  | { readonly kind: 'request_resume'; readonly reason: string }
  | { readonly kind: 'disable_agent'; readonly agent: AgentName; readonly reason: string }
  | { readonly kind: 'enable_agent'; readonly agent: AgentName; readonly reason: string }
  | { readonly kind: 'request_enable'; readonly agent: AgentName; readonly reason: string }
  | {
      readonly kind: 'intend';
      readonly item: string;
      readonly key: string;
      readonly effect: EffectKind;
      readonly payload: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'effect_done';
      readonly key: string;
      readonly receipt: Readonly<Record<string, unknown>>;
    }
  | {
      readonly kind: 'effect_refused';
      readonly key: string;
      readonly code: string;
      readonly reason: string;
    }
  | {
      readonly kind: 'effect_retried';
      readonly key: string;
      readonly reason: string;
      readonly retry_at: string;
    }
  | {
      readonly kind: 'effect_waiting';
      readonly key: string;
      readonly code: string;
      readonly reason: string;
    }
  | { readonly kind: 'effect_uncertain'; readonly key: string; readonly reason: string };

/** Who gives a command and when; both arrive as data. */
export interface CommandContext {
  readonly actor: EventActor;
  readonly at: string;
}
