import type { Substance } from '../policy/record.ts';
import { emptyMemory, type Memory } from '../memory/note.ts';
import type { PolicyTrial } from '../policy/trial.ts';
import type { ChangedCoverage } from '../review/coverage.ts';
import type { ReviewMemory } from '../review/memory.ts';
import type { TriageNotes } from '../triage/report.ts';

/**
 * What the repository is waiting for, as folded from its history. Everything here is plain JSON: `queue.json` is a projection of it.
 */

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

export type EffectKind =
  | 'comment.upsert'
  | 'labels.change'
  | 'branch.push'
  | 'pull_request.open'
  | 'pull_request.ready'
  | 'review.publish'
  | 'check.report'
  | 'pull_request.merge'
  | 'branch.delete';

/** An outward act that is meant but not known to be done. `key` is its natural key: the same act has the same key. */
export interface Intent {
  readonly key: string;
  readonly kind: EffectKind;
  readonly item: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attempts: number;
  readonly not_before: string | null;
  readonly uncertain: boolean;
  /** Why it is not done though nothing failed; there only while that is so. */
  readonly waiting?: { readonly code: string; readonly reason: string };
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

export interface FinishedItem {
  readonly kind: ItemKind;
  readonly number: number;
  readonly title: string;
  readonly pull_request: number | null;
  readonly outcome: Outcome;
  readonly reason: string | null;
  readonly at: string;
}

export interface Control {
  readonly halted: { readonly by: string; readonly reason: string; readonly at: string } | null;
  readonly disabled_agents: readonly AgentName[];
  /** Who asked for it to go on, where that takes more people; absent where nobody did. */
  readonly requests?: readonly SwitchRequest[];
}

/** Somebody's word that everything, or an agent that is off, may go on. It counts only while they have the authority. */
export interface SwitchRequest {
  readonly act: 'resume' | 'enable';
  /** Of `enable`; null: everything. */
  readonly agent: AgentName | null;
  readonly id: number;
  readonly login: string;
  readonly at: string;
  readonly reason: string;
}

export interface CountedMerge {
  readonly pull_request: number;
  readonly item: string;
  readonly sha: string;
  readonly at: string;
  readonly title: string;
  /** Issue it answers; null for a pull request of its own. */
  readonly issue: number | null;
  /** `login by way`, as in force at the merge. */
  readonly approvals: readonly string[];
  readonly by: 'agent' | 'human';
  readonly tokens: number;
}

/** What went otherwise than straight in a cycle; the governor answers the recheck questions from it. */
export interface CycleTally {
  readonly invalidated_approvals: number;
  readonly model_outages: number;
  readonly reworks: number;
  readonly overrides: readonly {
    readonly pull_request: number;
    readonly by: string;
    readonly justification: string;
  }[];
}

export interface ClosedCycle {
  readonly merges: readonly CountedMerge[];
  readonly tally: CycleTally;
}

export const emptyTally: CycleTally = {
  invalidated_approvals: 0,
  model_outages: 0,
  reworks: 0,
  overrides: [],
};

export interface CycleState {
  /** The cycle that merges are counted into now, from 1. */
  readonly number: number;
  readonly every: number;
  readonly merges: readonly CountedMerge[];
  readonly tally: CycleTally;
}

/** What agents used, for budgets and limits. */
export interface Usage {
  /** UTC day the totals are of. */
  readonly day: string;
  readonly tokens: Readonly<Record<string, number>>;
  readonly usd: Readonly<Record<string, number>>;
  /** Proposals of the last 24 hours. */
  readonly acts: readonly {
    readonly agent: AgentName;
    readonly action: string;
    readonly at: string;
  }[];
}

/** What other hands did to the ledger, set aside; the history went on from the last sound head. */
export interface Quarantine {
  /** The commit the branch was at; null: the branch was gone. */
  readonly tip: string | null;
  /** Where that is kept; null: nothing of it is lost, since the history has it all. */
  readonly branch: string | null;
  readonly sound: { readonly commit: string; readonly sequence: number; readonly hash: string };
  readonly reason: string;
  /** All of them, newest first: verification asks nothing of these any more. */
  readonly commits: readonly {
    readonly commit: string;
    readonly author: string;
    readonly at: string;
    readonly subject: string;
  }[];
  /** Files of the ledger that were put back, the first fifty. */
  readonly files: readonly {
    readonly path: string;
    readonly change: 'added' | 'edited' | 'removed';
  }[];
}

/** What the agents of an open item left for the next run: no part of `queue.json`, and gone when the item ends. */
export interface ItemWork {
  /** The last proposal, and who took over from it already. */
  readonly proposed: {
    readonly agent: AgentName;
    readonly run: string;
    readonly action: string;
    readonly digest: string;
    readonly taken_by: AgentName | null;
  } | null;
  /** What the stage's agent asked a human; it begins again with its own checkpoint and the answer. */
  readonly question: {
    readonly text: string;
    readonly checkpoint: unknown;
    readonly answer: { readonly by: string; readonly text: string } | null;
    /** How many it has asked in this stage. */
    readonly asked: number;
  } | null;
}

export interface GovernanceState {
  /** Open items by id. */
  readonly items: Readonly<Record<string, Item>>;
  /** How finished items ended; kept so that a late delivery cannot open them again. */
  readonly finished: Readonly<Record<string, FinishedItem>>;
  readonly control: Control;
  /** Digest of the policies last adopted; their text is in the history alone. */
  readonly policy: string | null;
  /** What policy last said of each open item's action. */
  readonly verdicts: Readonly<Record<string, Substance>>;
  /** What came of trying the policies of open pull requests, by item. */
  readonly trials: Readonly<Record<string, PolicyTrial>>;
  /** When each agent was last switched off: an older word to switch it on does not count. */
  readonly disabled_at: Readonly<Record<string, string>>;
  readonly cycle: CycleState;
  /** Merges of closed cycles whose governance item is still open, by cycle item id. */
  readonly closed_cycles: Readonly<Record<string, ClosedCycle>>;
  /** Every pull request ever counted, with its cycle: each merge counts once. */
  readonly counted: Readonly<Record<string, number>>;
  readonly intents: Readonly<Record<string, Intent>>;
  readonly usage: Usage;
  /** Digest of what was last written under a natural key whose content may change (a comment, a check run). */
  readonly written: Readonly<Record<string, string>>;
  /** What agents left for the next run, by item. */
  readonly work: Readonly<Record<string, ItemWork>>;
  /** What triage found out, by item. */
  readonly triage: Readonly<Record<string, TriageNotes>>;
  /** The heads of open pull requests, oldest first, by item: what an approval may survive is told by them. */
  readonly heads: Readonly<Record<string, readonly SeenHead[]>>;
  /** Oldest first. */
  readonly quarantines: readonly (Quarantine & { readonly at: string })[];
  /** What agents are reminded of, and what trying again came to: no part of `queue.json`. */
  readonly memory: Memory;
}

export const initialState: GovernanceState = {
  items: {},
  finished: {},
  control: { halted: null, disabled_agents: [] },
  policy: null,
  verdicts: {},
  trials: {},
  disabled_at: {},
  cycle: { number: 1, every: 5, merges: [], tally: emptyTally },
  closed_cycles: {},
  counted: {},
  intents: {},
  usage: { day: '', tokens: {}, usd: {}, acts: [] },
  written: {},
  heads: {},
  work: {},
  triage: {},
  quarantines: [],
  memory: emptyMemory,
};

export const isFinal = (item: Item): boolean => item.outcome !== null;

/** Law 9: nothing is done for an item while everything is halted or it is held. */
export const isStopped = (
  { control, items }: Pick<GovernanceState, 'control' | 'items'>,
  item: string,
): boolean => control.halted !== null || (items[item]?.held ?? null) !== null;

export const itemId = (kind: ItemKind, number: number): string =>
  `${kind === 'pull_request' ? 'pull' : kind}-${number}`;

/** The item a pull request belongs to: the one that made it, or its own. */
export function itemOfPullRequest(state: GovernanceState, number: number): Item | undefined {
  return (
    Object.values(state.items).find((item) => item.pull_request?.number === number) ??
    state.items[itemId('pull_request', number)]
  );
}
