import type { ChangedCoverage } from '../review/coverage.ts';
import type { ReviewMemory } from '../review/memory.ts';

/** What is on its way, as folded from the history. Plain JSON, like everything of the state it is part of. */

export const itemKinds = ['issue', 'pull_request', 'cycle'] as const;
export type ItemKind = (typeof itemKinds)[number];

export const stages = ['triage', 'plan', 'contribution', 'review', 'merge', 'roadmap'] as const;
export type Stage = (typeof stages)[number];

/** Stages follow one another by kind. */
export const stagesOf: Readonly<Record<ItemKind, readonly Stage[]>> = {
  issue: ['triage', 'plan', 'contribution', 'review', 'merge'],
  pull_request: ['review', 'merge'],
  cycle: ['roadmap', 'merge'],
};

/** The canonical state of the current stage. `model_unavailable` is ours (docs/adr/0005). */
export const authorities = [
  'created',
  'running',
  'waiting_for_human',
  'approved',
  'overridden',
  'rejected',
  'expired',
  'resumed',
  'waiting_for_information',
  'failed',
  'model_unavailable',
  'dead',
  'terminated',
  'completed',
] as const;
export type Authority = (typeof authorities)[number];

export const agentNames = ['triager', 'contributor', 'reviewer', 'governor'] as const;
export type AgentName = (typeof agentNames)[number];

export interface PersonRef {
  readonly id: number;
  readonly login: string;
  /** GitHub's word; only `User` is ever a human. */
  readonly type: string;
}

export type GatedAction = 'plan.adopt' | 'pull_request.merge' | 'roadmap.publish';

/** Evidence in force: which person, by which act, on which digest, when. */
export interface Approval {
  readonly gate: GatedAction;
  readonly login: string;
  readonly id: number;
  readonly by: 'review' | 'label' | 'command' | 'override';
  /** Head sha or plan digest. */
  readonly digest: string;
  readonly step: string;
  readonly at: string;
}

export interface WaitingFor {
  readonly step: string;
  readonly count: number;
  readonly have: number;
  readonly from: Readonly<Record<string, unknown>>;
  /** Logins whose objection stands; absent where nobody objects, and where the history does not say. */
  readonly blocked_by?: readonly string[];
}

export interface Gate {
  readonly action: GatedAction;
  readonly digest: string;
  readonly since: string;
  readonly waiting_for: readonly WaitingFor[];
  readonly ignored: readonly { readonly evidence: string; readonly reason: string }[];
  readonly rules: readonly string[];
}

export interface Plan {
  readonly digest: string;
  readonly summary: string;
  readonly files: readonly string[];
  readonly steps: readonly string[];
  readonly risks: readonly string[];
  readonly tests: readonly string[];
  readonly published_at: string;
}

export interface LinkedPullRequest {
  readonly number: number;
  readonly head: string;
  /** When the head was first seen here: a label or comment before that was not about it. */
  readonly head_since: string;
  readonly branch: string;
  readonly author: PersonRef;
  /** Made by Assent: it may push to the branch and answer change requests. */
  readonly ours: boolean;
}

/** A head that a pull request had. Times are ISO 8601. */
export interface SeenHead {
  readonly head: string;
  /** When it was first seen here. */
  readonly since: string;
  /** The last act recorded as an approval of it while it was the head; null: none was. */
  readonly until: string | null;
}

/** What an agent returned and code has not yet carried out. `content` is the typed proposal of that agent. */
export interface PendingProposal {
  readonly agent: AgentName;
  readonly action: string;
  readonly digest: string;
  readonly content: unknown;
}

export interface Item {
  readonly id: string;
  readonly kind: ItemKind;
  /** Issue, pull request or cycle number. */
  readonly number: number;
  readonly title: string;
  readonly author: PersonRef | null;
  readonly opened_at: string;
  readonly stage: Stage;
  readonly authority: Authority;
  /** The run in progress or last ended; an outcome that names another run is stale. */
  readonly run: string | null;
  /** How often a human sent the contribution back. */
  readonly round: number;
  /** How often the item went back to an earlier stage: tells the runs of a stage apart. */
  readonly revisions: number;
  /** Failed runs in this stage since it was entered. */
  readonly attempts: number;
  readonly not_before: string | null;
  /** Why the item is where it is, for people. */
  readonly note: string | null;
  readonly held: { readonly by: string; readonly reason: string } | null;
  readonly plan: Plan | null;
  readonly pull_request: LinkedPullRequest | null;
  readonly proposal: PendingProposal | null;
  readonly gate: Gate | null;
  readonly approvals: readonly Approval[];
  readonly missing: readonly string[];
  /** Whose question stands in `missing`, answered by whoever may write; absent where its author was asked, or nobody. */
  readonly asked_by?: AgentName;
  /** The last answers to commands, newest last; shown in the item's one comment. */
  readonly notices: readonly { readonly to: string; readonly text: string; readonly at: string }[];
  readonly duplicates: readonly number[];
  /** Model tokens spent on it so far. */
  readonly tokens: number;
  readonly completed: readonly { readonly stage: Stage; readonly at: string }[];
  readonly outcome: Outcome | null;
  readonly updated_at: string;
  /** What our reviewer last said on its pull request; absent until it has. */
  readonly review?: ReviewMemory;
  /** The model that wrote its pull request; absent where a person did, or nobody knows. */
  readonly written_by?: string;
  /** Of the commit we proposed last, where its steps left a report. */
  readonly coverage?: ChangedCoverage & { readonly commit: string };
}

export type Outcome = 'merged' | 'published' | 'rejected' | 'expired' | 'closed';

export const isFinal = (item: Item): boolean => item.outcome !== null;

export const itemId = (kind: ItemKind, number: number): string =>
  `${kind === 'pull_request' ? 'pull' : kind}-${number}`;
