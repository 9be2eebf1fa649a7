import type { Figures } from '../../domain/effectiveness/figures.ts';
import type { AgentName } from '../../domain/work-item/state.ts';

/** What people are shown: plain data, already in words. Every text may be somebody else's, so whoever shows it escapes it. */
export interface DashboardSource {
  overview(): Promise<Overview>;
  /** `repository` is `owner/name`; null: there is no such item, or never was. */
  item(repository: string, id: string): Promise<ItemPage | null>;
  /** null: there is no such repository. */
  report(repository: string): Promise<ReportPage | null>;
}

export interface Overview {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly repositories: readonly RepositoryView[];
  readonly deliveries: DeliveriesView;
}

export interface RepositoryView {
  readonly full_name: string;
  readonly url: string;
  /** The switch, when it is thrown. */
  readonly halted: { readonly by: string; readonly reason: string; readonly since: string } | null;
  readonly disabled_agents: readonly string[];
  /** Who asked for everything (`agent` null), or for an agent, to go on, where that takes more people. */
  readonly requests: readonly {
    readonly act: 'resume' | 'enable';
    readonly agent: string | null;
    readonly by: string;
    readonly reason: string;
    readonly since: string;
  }[];
  /** Merges since the last cycle, out of those that make one. */
  readonly cycle: { readonly number: number; readonly merges: number; readonly every: number };
  readonly ledger: {
    readonly branch: string;
    readonly sequence: number;
    readonly hash: string;
    /** What stands on the branch and Assent did not write, as a patch; null where nothing is. */
    readonly foreign_patch: string | null;
    /** What was set aside of late, newest first. */
    readonly set_aside: readonly SetAsideView[];
  };
  /** Policies, configuration or a ledger that cannot be gone on with: everything waits. */
  readonly faults: readonly string[];
  readonly waiting: readonly WaitingView[];
  /** Open ones, newest first. */
  readonly items: readonly ItemView[];
}

/** Commits to the ledger by other hands; the work went on without them. */
export interface SetAsideView {
  readonly at: string;
  readonly reason: string;
  readonly authors: readonly string[];
  /** Where it is kept, compared with what was sound; null where nothing had to be kept. */
  readonly url: string | null;
}

/** Somebody is waited for. */
export interface WaitingView {
  readonly item: Pick<ItemView, 'id' | 'number' | 'kind' | 'title' | 'url'>;
  /** `a maintainer`, `2 of acme/security`, `@ann`, `the model`. */
  readonly whom: string;
  /** A human must act; else time or an answer will do. */
  readonly human: boolean;
  /** `approve the plan`, `approve the merge of 3f2c9d1`, `answer two questions`. */
  readonly what: string;
  /** How it is done; null where nothing can be done but wait. */
  readonly how: string | null;
  readonly since: string;
}

export interface ItemView {
  readonly id: string;
  readonly number: number;
  readonly kind: 'issue' | 'pull_request' | 'cycle';
  readonly title: string;
  /** On GitHub; null for what has no page there. */
  readonly url: string | null;
  readonly stage: string;
  readonly authority: string;
  /** Where it is, in the words of its comment. */
  readonly headline: string;
  readonly note: string | null;
  readonly held: string | null;
  /** Of a pull request of its own or the one made for it; null while there is none. */
  readonly pull_request: number | null;
}

export interface ItemPage {
  readonly repository: { readonly full_name: string; readonly url: string };
  readonly item: ItemView;
  readonly waiting: readonly WaitingView[];
  readonly approvals: readonly ApprovalView[];
  /** Seen, and it counts for nothing: why. */
  readonly ignored: readonly { readonly evidence: string; readonly reason: string }[];
  /** The last lines told to somebody in answer to a command, oldest first. */
  readonly notices: readonly { readonly to: string; readonly text: string; readonly at: string }[];
  /** The verdict in force; null before anything was asked. */
  readonly verdict: VerdictView | null;
  /** Oldest first. */
  readonly timeline: readonly TimelineEntry[];
}

/** What the agents did and what people made of it, and what the repository remembers: counted from its history. */
export interface ReportPage {
  readonly repository: { readonly full_name: string; readonly url: string };
  /** Up to which event. */
  readonly sequence: number;
  readonly total: Readonly<Record<AgentName, Figures>>;
  /** Oldest first; the last is still open. */
  readonly cycles: readonly {
    readonly cycle: number;
    readonly from: string | null;
    readonly to: string | null;
    readonly agents: Readonly<Record<AgentName, Figures>>;
  }[];
  readonly memory: {
    /** Newest first. */
    readonly notes: readonly NoteView[];
    /** How many more there are. */
    readonly more: number;
  };
}

export interface NoteView {
  /** `rejected`, `mended`, `merged` … */
  readonly kind: string;
  readonly item: string;
  readonly title: string;
  readonly text: string;
  /** null: code found it out. */
  readonly by: string | null;
  readonly at: string;
}

export interface ApprovalView {
  readonly gate: string;
  readonly login: string;
  readonly by: string;
  readonly digest: string;
  readonly at: string;
}

export interface VerdictView {
  readonly action: string;
  readonly effect: string;
  readonly satisfied: boolean;
  readonly reasons: ReasonView;
}

export interface ReasonView {
  readonly text: string;
  readonly children: readonly ReasonView[];
}

export interface TimelineEntry {
  readonly sequence: number;
  readonly at: string;
  readonly actor: { readonly kind: 'human' | 'agent' | 'system'; readonly login: string };
  readonly type: string;
  readonly text: string;
}

export interface DeliveriesView {
  readonly received: number;
  readonly duplicates: number;
  readonly waiting: number;
  /** Newest first. */
  readonly recent: readonly {
    readonly id: string;
    readonly event: string;
    readonly action: string | null;
    readonly repository: string | null;
    readonly at: string;
    /** null while it waits. */
    readonly outcome: string | null;
    readonly reason: string | null;
  }[];
}
