/**
 * The simulator's records: people, Apps, repositories, and what people write about them. Code is not here: git is its truth.
 * Times are ISO 8601 in UTC to the second, as GitHub writes them.
 */
import type { GitRepository } from './git/repository.ts';

export type Role = 'none' | 'read' | 'triage' | 'write' | 'maintain' | 'admin';

export interface Account {
  readonly id: number;
  /** Changes with a new name; the id is who they are. */
  login: string;
  readonly name: string | null;
  readonly type: 'User' | 'Bot' | 'Organization';
}

export type AccessLevel = 'read' | 'write' | 'admin';
export type Permissions = Readonly<Record<string, AccessLevel>>;

export interface AppRecord {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly clientId: string;
  readonly owner: Account;
  readonly bot: Account;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: string;
  readonly installation: InstallationRecord;
}

export interface InstallationRecord {
  readonly id: number;
  /** Who the App is installed for: the owner of the first repository. */
  account: Account;
  readonly repositories: Set<number>;
  readonly createdAt: string;
}

export interface LabelRecord {
  readonly id: number;
  name: string;
  color: string;
  description: string | null;
}

/** Numbered by themselves, not with issues. */
export interface MilestoneRecord {
  readonly id: number;
  readonly number: number;
  readonly creator: Account;
  readonly createdAt: string;
  title: string;
  description: string | null;
  state: 'open' | 'closed';
  updatedAt: string;
  closedAt: string | null;
}

export type StateReason = 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;

/** An issue, or the issue side of a pull request: GitHub numbers, labels and comments them alike. */
export interface IssueRecord {
  readonly id: number;
  readonly number: number;
  readonly author: Account;
  readonly viaApp: AppRecord | null;
  readonly createdAt: string;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: StateReason;
  labels: LabelRecord[];
  assignees: Account[];
  milestone: MilestoneRecord | null;
  locked: boolean;
  lockReason: string | null;
  updatedAt: string;
  lastEditedAt: string | null;
  closedAt: string | null;
  closedBy: Account | null;
  pull: PullRecord | null;
}

export interface PullRecord {
  readonly id: number;
  /** The repository of the head branch by its id, which outlives it. */
  readonly headRepository: number;
  /** Known even after the head's repository was deleted. */
  readonly headOwner: Account;
  readonly headRef: string;
  /** Follows the head branch while the pull request is open. */
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: Account | null;
  mergeCommitSha: string | null;
  maintainerCanModify: boolean;
  requestedReviewers: Account[];
  readonly reviews: ReviewRecord[];
  readonly reviewComments: ReviewCommentRecord[];
}

export type ReviewState = 'PENDING' | 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';

export interface ReviewRecord {
  readonly id: number;
  readonly author: Account;
  body: string;
  state: ReviewState;
  commitId: string;
  submittedAt: string | null;
  updatedAt: string;
  lastEditedAt: string | null;
}

export interface ReviewCommentRecord {
  readonly id: number;
  readonly reviewId: number;
  readonly author: Account;
  readonly path: string;
  readonly line: number | null;
  readonly startLine: number | null;
  readonly side: 'LEFT' | 'RIGHT';
  readonly subjectType: 'line' | 'file';
  readonly diffHunk: string;
  readonly commitId: string;
  readonly inReplyTo: number | null;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
  /** Why it is hidden. */
  minimized?: string;
  /** Who resolved the conversation that begins with it. */
  resolvedBy?: Account;
}

export interface CommentRecord {
  readonly id: number;
  readonly issue: IssueRecord;
  readonly author: Account;
  readonly viaApp: AppRecord | null;
  readonly createdAt: string;
  body: string;
  updatedAt: string;
  lastEditedAt: string | null;
  minimized?: string;
}

/** What happened to an issue, in GitHub's own event names. */
export interface IssueEventRecord {
  readonly id: number;
  readonly issue: IssueRecord;
  readonly actor: Account;
  readonly viaApp: AppRecord | null;
  readonly event: string;
  readonly createdAt: string;
  readonly commitId: string | null;
  readonly detail: IssueEventDetail;
}

export type IssueEventDetail =
  | { readonly kind: 'plain' }
  | { readonly kind: 'label'; readonly label: { readonly name: string; readonly color: string } }
  | { readonly kind: 'milestone'; readonly title: string }
  | { readonly kind: 'assignee'; readonly assignee: Account }
  | { readonly kind: 'rename'; readonly from: string; readonly to: string }
  | { readonly kind: 'review_request'; readonly reviewer: Account }
  | { readonly kind: 'queue'; readonly reason: string }
  | { readonly kind: 'lock'; readonly reason: string | null }
  | {
      readonly kind: 'dismissal';
      readonly reviewId: number;
      readonly state: string;
      readonly message: string | null;
      readonly commitId: string | null;
    };

export type CheckStatus =
  | 'queued'
  | 'in_progress'
  | 'completed'
  | 'waiting'
  | 'requested'
  | 'pending';
export type CheckConclusion =
  | 'success'
  | 'failure'
  | 'neutral'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'action_required';

export interface CheckSuiteRecord {
  readonly id: number;
  readonly app: AppRecord;
  readonly headSha: string;
  readonly headBranch: string | null;
  readonly createdAt: string;
  updatedAt: string;
}

export interface CheckRunRecord {
  readonly id: number;
  readonly suite: CheckSuiteRecord;
  readonly app: AppRecord;
  readonly headSha: string;
  name: string;
  externalId: string | null;
  detailsUrl: string | null;
  status: CheckStatus;
  conclusion: CheckConclusion | null;
  startedAt: string | null;
  completedAt: string | null;
  output: {
    title: string | null;
    summary: string | null;
    text: string | null;
    annotations: readonly CheckAnnotationRecord[];
  };
}

export interface CheckAnnotationRecord {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string | null;
  readonly message: string;
}

export type StatusState = 'error' | 'failure' | 'pending' | 'success';

export interface StatusRecord {
  readonly id: number;
  readonly sha: string;
  readonly creator: Account;
  readonly state: StatusState;
  readonly context: string;
  readonly description: string | null;
  readonly targetUrl: string | null;
  readonly createdAt: string;
}

export interface ProtectionRecord {
  requiredReviews: {
    count: number;
    dismissStale: boolean;
    codeOwners: boolean;
  } | null;
  /** `appId` null: any source may report it. */
  requiredChecks: { strict: boolean; checks: { context: string; appId: number | null }[] } | null;
  enforceAdmins: boolean;
  linearHistory: boolean;
  /** Each conversation on a pull request is to be resolved before its merge. */
  conversations: boolean;
  /** It takes commits only whose signatures are verified. */
  signatures: boolean;
  /** Nobody may change the branch, not by a merge either. */
  locked: boolean;
  /** Who may push there, by login or App slug; null: whoever may push at all. */
  pushers: readonly string[] | null;
  allowForcePushes: boolean;
  allowDeletions: boolean;
}

export interface RuleRecord {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export interface RulesetRecord {
  readonly id: number;
  readonly name: string;
  readonly enforcement: 'active' | 'disabled' | 'evaluate';
  /** Patterns of refs, `~DEFAULT_BRANCH` and `~ALL`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: readonly RuleRecord[];
  /** Who is let past its rules. */
  readonly bypass: readonly {
    readonly actorId: number | null;
    readonly actorType: string;
    readonly mode: string;
  }[];
  readonly createdAt: string;
}

/** A pull request on its way through a merge queue, at the head it was put in with. */
export interface QueueEntryRecord {
  readonly id: number;
  readonly issue: PullIssue;
  readonly enqueuer: { readonly account: Account; readonly app: AppRecord | null };
  readonly enqueuedAt: string;
  readonly headSha: string;
  /** The branch its checks run on: what is ahead of it, and itself. */
  group: { readonly ref: string; readonly base: string; readonly head: string } | null;
}

export interface QueueRecord {
  readonly id: number;
  readonly branch: string;
  readonly method: 'merge' | 'squash' | 'rebase';
  /** First in front. */
  readonly entries: QueueEntryRecord[];
}

export interface RepositorySettings {
  allowMergeCommit: boolean;
  allowSquashMerge: boolean;
  allowRebaseMerge: boolean;
  deleteBranchOnMerge: boolean;
}

export interface RepositoryRecord {
  readonly id: number;
  /** The id of the repository that this and all it shares commits with go back to: its own, if it is no fork. */
  readonly network: number;
  /** What it was forked from, by id. */
  parent: number | null;
  readonly owner: Account;
  name: string;
  private: boolean;
  description: string | null;
  homepage: string | null;
  archived: boolean;
  topics: string[];
  defaultBranch: string;
  readonly createdAt: string;
  updatedAt: string;
  pushedAt: string;
  readonly settings: RepositorySettings;
  readonly git: GitRepository;
  readonly roles: Map<number, Role>;
  readonly labels: Map<string, LabelRecord>;
  readonly milestones: Map<number, MilestoneRecord>;
  readonly issues: Map<number, IssueRecord>;
  readonly comments: Map<number, CommentRecord>;
  readonly events: IssueEventRecord[];
  readonly checkSuites: CheckSuiteRecord[];
  readonly checkRuns: Map<number, CheckRunRecord>;
  readonly statuses: StatusRecord[];
  readonly protections: Map<string, ProtectionRecord>;
  readonly rulesets: RulesetRecord[];
  /** By branch. */
  readonly queues: Map<string, QueueRecord>;
  nextNumber: number;
}

export interface TeamRecord {
  readonly id: number;
  readonly organization: string;
  readonly slug: string;
  readonly name: string;
  /** Slug of the team above. */
  readonly parent: string | null;
  readonly members: Map<number, 'member' | 'maintainer'>;
}

/** An issue that is a pull request. */
export type PullIssue = IssueRecord & { pull: PullRecord };

export const isPull = (issue: IssueRecord): issue is PullIssue => issue.pull !== null;
