/**
 * What a verdict is asked about, exactly as CONTRACTS.md writes it (hence snake_case): facts given whole, as read from GitHub.
 * Times are ISO 8601 in UTC. Strings that GitHub may extend (`type`, `state`, `permission`) stay open here: evaluation knows
 * the values that count, and every other one counts for nothing.
 */
export interface PolicyRequest {
  readonly at: string;
  readonly repository: { readonly full_name: string; readonly default_branch: string };
  readonly action: RequestedAction;
  readonly pull_request: PullRequestFacts | null;
  readonly issue: IssueFacts | null;
  readonly evidence: EvidenceFacts;
  /** By login. Whoever is missing here counts for nothing. */
  readonly people: Readonly<Record<string, PersonFacts>>;
  readonly control: { readonly halted: boolean; readonly disabled_agents: readonly string[] };
  readonly usage: UsageFacts;
  /** Teams that policies name and the code host does not show: deleted, renamed, or out of the App's sight. */
  readonly unseen_teams?: readonly string[];
  /** Approvals that counted at earlier gates of this item. Absent: unknown, so nobody can be shown to have given none. */
  readonly prior_approvals?: readonly PriorApprovalFacts[];
  /** What agents used to make what the action is about; null: no agent made it. Looked up only where policies ask. */
  readonly made_with?: MadeWithFacts | null;
}

/** `agent` is null for what Assent itself does; `item` is the work item, such as `pull-12`. */
export interface RequestedAction {
  readonly kind: string;
  readonly agent: string | null;
  readonly item: string | null;
}

export interface ActorFacts {
  readonly id: number;
  readonly login: string;
  /** `User` counts; `Bot`, `Organization`, `Mannequin` and whatever comes later do not. */
  readonly type: string;
}

export interface PullRequestFacts {
  readonly number: number;
  readonly author: ActorFacts | null;
  /** Full sha of the head, the digest that approvals are bound to. */
  readonly head: string;
  readonly base: string;
  readonly branch: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly files: readonly FileFacts[];
  readonly commits: readonly CommitFacts[];
  readonly checks: readonly CheckFacts[];
  /** The milestone it is in, its own or that of the issue it answers; looked up only where policies ask. */
  readonly milestone?: MilestoneFacts | null;
  /** Milestones of the roadmap whose rows it adds, takes or renames, or which it opens; where policies ask. */
  readonly roadmap?: readonly RoadmapChangeFacts[];
  /** Heads in the order they were pushed, the last being `head`. Without it no approval survives a push. */
  readonly pushes?: readonly PushFacts[];
}

export interface MilestoneFacts {
  /** As the code host names it, with its number there; null for one that only the roadmap knows. */
  readonly title: string;
  readonly number: number | null;
  /** As the roadmap on the default branch says; `unknown` where it has no such milestone, or two. */
  readonly status: string;
  /** Of its heading. */
  readonly line: number | null;
  readonly heading?: string | null;
  readonly path?: string | null;
}

export interface RoadmapChangeFacts {
  /** Heading of the milestone. */
  readonly title: string;
  readonly rows_added: number;
  readonly rows_removed: number;
  /** Whether it becomes open for work. */
  readonly opened: boolean;
}

export interface FileFacts {
  readonly path: string;
  readonly status: string;
  readonly additions: number;
  readonly deletions: number;
  /** By CODEOWNERS as it stands on the base: `@login` or `@organization/team`. Absent: unknown. */
  readonly owners?: readonly string[];
}

export interface CommitFacts {
  readonly sha: string;
  /** Logins; null where GitHub knows no account for the address. */
  readonly author: string | null;
  readonly committer: string | null;
  /** Ids of the same, which outlive a new login; where one is given, it speaks instead of the login. */
  readonly author_id?: number | null;
  readonly committer_id?: number | null;
  readonly parents: readonly string[];
  /** When GitHub received it. Unknown: labels and comments cannot be bound to it and count for nothing. */
  readonly pushed_at: string | null;
}

export interface CheckFacts {
  readonly name: string;
  readonly app_id: number;
  readonly conclusion: string | null;
}

export interface PushFacts {
  readonly head: string;
  readonly at: string;
  /** Hash of the diff against the merge base; equal hashes mean the same change. Null: unknown, so it survives nothing. */
  readonly diff_hash: string | null;
  /** Whether the head before is no ancestor of this one (a force push). */
  readonly rewritten: boolean;
  /** Paths whose change differs from the head before. Null: unknown. */
  readonly paths: readonly string[] | null;
  /**
   * Until when it is known to have been the head. A label or a comment after that was perhaps said of a head nobody
   * recorded, so it is not bound to this one. Null: not known at all. Absent: until the next push.
   */
  readonly known_until?: string | null;
}

export interface IssueFacts {
  readonly number: number;
  readonly author: ActorFacts | null;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly state: string;
  /** The plan that stands on the issue; approvals of `plan.adopt` are bound to its digest. */
  readonly plan: PlanFacts | null;
  /** Looked up only where policies ask. */
  readonly milestone?: MilestoneFacts | null;
}

export interface PlanFacts {
  readonly digest: string;
  readonly published_at: string;
}

/** Human acts on the item of the action: on the pull request, or on the issue where there is none. */
export interface EvidenceFacts {
  readonly reviews: readonly ReviewFacts[];
  readonly labels: readonly LabelFacts[];
  /**
   * The labels that are on the item now. A label deleted from the repository leaves items without an event; where this is
   * given, an approval by a label that is not in it counts for nothing.
   */
  readonly labels_now?: readonly string[];
  readonly comments: readonly CommentFacts[];
}

export interface ReviewFacts {
  readonly id: number;
  readonly user: ActorFacts | null;
  /** `approved`, `changes_requested`, `commented`, `dismissed`, `pending`. */
  readonly state: string;
  readonly commit: string | null;
  readonly at: string;
  readonly edited_at: string | null;
  readonly body: string;
}

export interface LabelFacts {
  readonly name: string;
  /** `labeled` or `unlabeled`. */
  readonly action: string;
  readonly user: ActorFacts | null;
  readonly at: string;
}

export interface CommentFacts {
  readonly id: number;
  readonly user: ActorFacts | null;
  readonly body: string;
  readonly at: string;
  readonly edited_at: string | null;
  /** Its approval or override is taken back; its rejection is not, since less is needed to hide than to lift one. */
  readonly hidden?: true;
}

export interface PersonFacts {
  /** Of the account that was looked up. Where it is given, an act by another account of that login counts for nothing. */
  readonly id?: number;
  /** `none`, `read`, `triage`, `write`, `maintain` or `admin`. */
  readonly permission: string;
  readonly teams: readonly string[];
  readonly organizations: readonly string[];
}

/** What the acting agent used since midnight UTC, and what agents did in this repository. */
export interface UsageFacts {
  readonly tokens_today: number;
  readonly usd_today: number;
  readonly counts: readonly CountFacts[];
}

/** An approval that counted: at a gate such as `plan.adopt`, for one of its steps, by whom. */
export interface PriorApprovalFacts {
  readonly gate: string;
  readonly step: string;
  readonly id: number;
  readonly login: string;
}

/** Of a contribution: in all its rounds. */
export interface MadeWithFacts {
  readonly agent: string;
  /** Names of tools (docs/agents.md), sorted. */
  readonly tools: readonly string[];
  /** The highest among them: `none`, `read`, `write`, `run`, `outward`; `unknown` where it was not recorded. */
  readonly tier: string;
}

/** How often `agent` did `action`: in the last 60 minutes, and in the last 24 hours. */
export interface CountFacts {
  readonly agent: string;
  readonly action: string;
  readonly hour: number;
  readonly day: number;
}
