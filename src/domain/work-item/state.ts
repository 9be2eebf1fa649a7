import type { Substance } from '../policy/record.ts';
import { emptyMemory, type Memory } from '../memory/note.ts';
import type { PolicyTrial } from '../policy/trial.ts';
import {
  itemId,
  type AgentName,
  type Item,
  type ItemKind,
  type Outcome,
  type SeenHead,
} from './item.ts';
import type { TriageNotes } from '../triage/report.ts';

/**
 * What the repository is waiting for, as folded from its history. Everything here is plain JSON: `queue.json` is a projection of it.
 */

export * from './item.ts';

export type EffectKind =
  | 'comment.upsert'
  | 'labels.change'
  | 'branch.push'
  | 'pull_request.open'
  | 'pull_request.ready'
  | 'review.publish'
  | 'check.report'
  | 'pull_request.merge'
  | 'branch.delete'
  | 'issue.close';

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
  /** The tools that its pull request was made with, in all rounds; `unknown` where a round did not say; null before the first. */
  readonly tools: readonly string[] | 'unknown' | null;
  /** What the stage's agent asked a human; it begins again with its own checkpoint and the answer. */
  readonly question: {
    readonly text: string;
    readonly checkpoint: unknown;
    readonly answer: { readonly by: string; readonly text: string } | null;
    /** How many it has asked in this stage. */
    readonly asked: number;
  } | null;
}

/** A run of an agent, begun within a day of the last one. `author`: GitHub's id of whoever opened the item; null: nobody did. */
export interface RecentRun {
  readonly item: string;
  readonly author: number | null;
  readonly at: string;
}

/** By run, whose it is and of which item. */
export type Unreported = Readonly<
  Record<string, { readonly agent: AgentName; readonly item: string }>
>;

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
  /** Oldest first: no part of `queue.json`. */
  readonly recent_runs: readonly RecentRun[];
  /** Digest of what was last written under a natural key whose content may change (a comment, a check run). */
  readonly written: Readonly<Record<string, string>>;
  /** Runs that were begun and have not told what they cost: no part of `queue.json`. */
  readonly unreported: Unreported;
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
  recent_runs: [],
  written: {},
  unreported: {},
  heads: {},
  work: {},
  triage: {},
  quarantines: [],
  memory: emptyMemory,
};

/** Law 9: nothing is done for an item while everything is halted or it is held. */
export const isStopped = (
  { control, items }: Pick<GovernanceState, 'control' | 'items'>,
  item: string,
): boolean => control.halted !== null || (items[item]?.held ?? null) !== null;

/** The item a pull request belongs to: the one that made it, or its own. */
export function itemOfPullRequest(state: GovernanceState, number: number): Item | undefined {
  return (
    Object.values(state.items).find((item) => item.pull_request?.number === number) ??
    state.items[itemId('pull_request', number)]
  );
}
