import type { Result } from '../domain/result.ts';

/** Where work happens: one repository an installation of the App may act on. */
export interface RepositoryRef {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly full_name: string;
  readonly installation: number;
}

/** `type` is GitHub's word (`User`, `Bot`, `Organization`, …); only `User` is ever a human. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: string;
}

export interface RepositoryFacts {
  readonly full_name: string;
  readonly default_branch: string;
  readonly private: boolean;
  /** The ways to merge that its settings allow; null: GitHub did not say. */
  readonly merge_methods: readonly MergeMethod[] | null;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

/** How a pull request stands with the merge queue of its base. */
export interface QueueStanding {
  readonly merged: boolean;
  /** Its head now; a queue drops what is pushed to. */
  readonly head: string;
  /** null: it is in no queue. `state` is GitHub's word in lower case, `position` counts from 1; `group` null: not built yet. */
  readonly entry: {
    readonly state: string;
    readonly position: number;
    readonly group: { readonly head: string; readonly base: string } | null;
  } | null;
  /** GitHub's word for why it was last taken out of a queue; null: it never was, or GitHub does not say. */
  readonly left_because: string | null;
}

/** A pull request whose change a merge group holds, at the head that is in it. */
export interface GroupMember {
  readonly pull_request: number;
  readonly head: string;
}

/** The host's own word for what an issue belongs to; `number` counts milestones, not issues. */
export interface MilestoneRef {
  readonly number: number;
  readonly title: string;
}

export interface IssueFacts {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly author: Account;
  readonly labels: readonly string[];
  readonly milestone: MilestoneRef | null;
  readonly created_at: string;
  readonly updated_at: string;
  /** GitHub lists pull requests among issues; callers must tell them apart. */
  readonly is_pull_request: boolean;
}

export interface PullRequestFacts {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  readonly merged: boolean;
  readonly merge_commit: string | null;
  readonly merged_by: Account | null;
  readonly merged_at: string | null;
  readonly draft: boolean;
  readonly author: Account;
  readonly labels: readonly string[];
  readonly milestone: MilestoneRef | null;
  /** Sha of the head; `head_branch` is in `head_repository`, which is null when the fork was deleted. */
  readonly head: string;
  readonly head_branch: string;
  readonly head_repository: string | null;
  readonly base: string;
  readonly base_sha: string;
  /** null: GitHub has not computed it yet. */
  readonly mergeable: boolean | null;
}

export interface ReviewFacts {
  readonly id: number;
  readonly user: Account;
  /** Lower case: `approved`, `changes_requested`, `commented`, `dismissed`, `pending`. */
  readonly state: string;
  readonly commit: string | null;
  readonly at: string | null;
  readonly edited_at: string | null;
  readonly body: string;
}

export interface ReviewCommentFacts {
  readonly id: number;
  readonly user: Account;
  readonly path: string;
  readonly line: number | null;
  readonly body: string;
  readonly at: string;
}

/** A conversation at a line of a pull request. */
export interface ReviewThreadFacts {
  readonly resolved: boolean;
  /** null: it is not, or nobody knows. */
  readonly resolved_by: Account | null;
  /** What it began with; null where that was deleted. */
  readonly first: {
    readonly user: Account;
    readonly body: string;
    readonly hidden: boolean;
  } | null;
}

export interface CommentFacts {
  readonly id: number;
  readonly user: Account;
  readonly body: string;
  readonly at: string;
  /** null when never edited. */
  readonly edited_at: string | null;
  /** Given where somebody with the triage role or more, or its author, hid it ("minimized"). */
  readonly hidden?: true;
}

export interface LabelEventFacts {
  readonly name: string;
  readonly action: 'labeled' | 'unlabeled';
  readonly user: Account;
  readonly at: string;
}

export interface CommitFacts {
  readonly sha: string;
  /** GitHub logins; null when GitHub cannot attribute the commit to an account. */
  readonly author: string | null;
  readonly committer: string | null;
  readonly author_id: number | null;
  readonly committer_id: number | null;
  readonly parents: readonly string[];
}

export interface CheckFacts {
  readonly name: string;
  readonly app_id: number | null;
  /** null while it runs. */
  readonly conclusion: string | null;
}

/** A check that failed, in its own words: written by whatever ran it, so untrusted. */
export interface CheckFailure {
  readonly name: string;
  readonly conclusion: string;
  readonly title: string | null;
  readonly summary: string | null;
  readonly text: string | null;
  /** The first fifty. */
  readonly annotations: readonly CheckAnnotation[];
}

export interface CheckAnnotation {
  readonly path: string;
  readonly line: number;
  /** GitHub's word: `notice`, `warning`, `failure`. */
  readonly level: string;
  readonly message: string;
}

export interface PermissionFacts {
  readonly account: Account;
  /** Role name: `admin`, `maintain`, `write`, `triage`, `read`, `none`, or a custom role's name. */
  readonly permission: string;
}

/** What a decision about an issue rests on, as GitHub had it at one moment. */
export interface IssueEvidence {
  readonly issue: IssueFacts;
  readonly comments: readonly CommentFacts[];
  readonly label_events: readonly LabelEventFacts[];
}

/** A push that was no fast-forward. `head` is what it put there; null where GitHub does not tell. */
export interface ForcePush {
  readonly at: string;
  readonly head: string | null;
}

/** What a decision about a pull request rests on, as GitHub had it at one moment. */
export interface PullRequestEvidence {
  readonly pull_request: PullRequestFacts;
  readonly reviews: readonly ReviewFacts[];
  readonly comments: readonly CommentFacts[];
  readonly label_events: readonly LabelEventFacts[];
  readonly commits: readonly CommitFacts[];
  /** When its base was last changed to another branch; null: never. What was said before was said of another change. */
  readonly retargeted_at: string | null;
  /** Oldest first. Only these can put back a head that was there before. */
  readonly force_pushes: readonly ForcePush[];
}

export interface IssuePage {
  readonly issues: readonly IssueFacts[];
  readonly last: boolean;
}

/** Reading, as the use cases need it. Absence is `null`; what cannot be read is a thrown CodeHostFault. */
export interface RepositoryReader {
  describe(): Promise<RepositoryFacts>;
  issue(number: number): Promise<IssueFacts | null>;
  /** Open issues and pull requests, newest first, at most `limit`. */
  openIssues(limit: number): Promise<readonly IssueFacts[]>;
  /** A hundred issues and pull requests, open and closed, newest first; pages count from 1. */
  issuePage(page: number): Promise<IssuePage>;
  /** Issues and pull requests that changed at or after `since`, last changed first, at most `limit`. */
  issuesSince(since: string, limit: number): Promise<readonly IssueFacts[]>;
  labels(): Promise<readonly string[]>;
  pullRequest(number: number): Promise<PullRequestFacts | null>;
  openPullRequests(): Promise<readonly PullRequestFacts[]>;
  /** Pull requests into `base` merged at or after `since`, oldest first. */
  mergedSince(base: string, since: string): Promise<readonly PullRequestFacts[]>;
  reviews(pullRequest: number): Promise<readonly ReviewFacts[]>;
  reviewComments(pullRequest: number): Promise<readonly ReviewCommentFacts[]>;
  reviewThreads(pullRequest: number): Promise<readonly ReviewThreadFacts[]>;
  comments(number: number): Promise<readonly CommentFacts[]>;
  labelEvents(number: number): Promise<readonly LabelEventFacts[]>;
  /** In one look, whole however long the lists are. */
  issueWithEvidence(number: number): Promise<IssueEvidence | null>;
  /** In one look, whole however long the lists are; `mergeable` is not asked for. */
  pullRequestWithEvidence(number: number): Promise<PullRequestEvidence | null>;
  commits(pullRequest: number): Promise<readonly CommitFacts[]>;
  /** null: no such pull request. */
  queueStanding(pullRequest: number): Promise<QueueStanding | null>;
  /**
   * Whose changes the queue put into the group at `head`, on top of `base`; null: the queue of `branch` has no such group (any
   * more), or would not say what is in it.
   */
  mergeGroup(group: {
    readonly branch: string;
    readonly head: string;
    readonly base: string;
  }): Promise<readonly GroupMember[] | null>;
  /** Who last put it into a merge queue; null: nobody, or no person. */
  enqueuer(pullRequest: number): Promise<Account | null>;
  checks(sha: string): Promise<readonly CheckFacts[]>;
  /** What failed there and what it says of it; the first ten, ours never among them. */
  failures(sha: string): Promise<readonly CheckFailure[]>;
  /** null: no such person, or GitHub would not say. Both count for nothing. */
  permission(login: string): Promise<PermissionFacts | null>;
  /** Whoever may do something here, a hundred at most: to be named, not to be believed. null: they are not to be seen. */
  collaborators(): Promise<readonly PermissionFacts[] | null>;
  /** Of the team (`org/slug`) and of those below it, a hundred at most; nobody where it is not to be seen. */
  teamMembers(team: string): Promise<readonly Account[]>;
  /** Of the teams named (`org/slug`), those the person is an active member of (nested teams count). */
  teamsOf(login: string, teams: readonly string[]): Promise<readonly string[]>;
  /** Whether a team (`org/slug`) is there and shown to us. */
  seesTeam(team: string): Promise<boolean>;
  /** Of the organizations named, those the person is an active member of, as far as GitHub shows us. */
  organizationsOf(login: string, organizations: readonly string[]): Promise<readonly string[]>;
}

export interface ReviewDraft {
  readonly pull_request: number;
  /** Natural key: one review of ours for a head. */
  readonly head: string;
  /** `APPROVE` is not a value of this type: an agent's vote never counts. */
  readonly event: 'COMMENT' | 'REQUEST_CHANGES';
  readonly body: string;
  readonly comments: readonly {
    readonly path: string;
    /** `LEFT`: a line that was taken away, numbered as before. */
    readonly side: 'LEFT' | 'RIGHT';
    /** The first of several; the same as `line` for one. */
    readonly start_line: number;
    readonly line: number;
    readonly body: string;
  }[];
}

export interface CheckReport {
  readonly head: string;
  /** Natural key beside the head. */
  readonly external_id: string;
  readonly status: 'in_progress' | 'completed';
  readonly conclusion: 'success' | 'failure' | 'neutral' | 'action_required' | null;
  readonly title: string;
  readonly summary: string;
}

export interface PullRequestDraft {
  /** Natural key: one open pull request for a head branch. */
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

/** Outward acts. Each is done once however often it is asked for: it looks for what its natural key names first. */
export interface RepositoryWriter {
  /**
   * Our one comment on an issue or pull request: found by `marker`, edited in place, left alone when identical. Gives its id.
   * A marker is an item's key, kept in the comment as `<!-- assent:KEY -->`.
   */
  upsertComment(
    number: number,
    marker: string,
    body: string,
  ): Promise<Result<{ readonly id: number; readonly changed: boolean }>>;
  changeLabels(
    number: number,
    change: { readonly add: readonly string[]; readonly remove: readonly string[] },
  ): Promise<Result<null>>;
  /** As not planned; one that is closed already, however, is success. */
  closeIssue(number: number): Promise<Result<null>>;
  openPullRequest(draft: PullRequestDraft): Promise<Result<PullRequestFacts>>;
  /** Writes its description anew; the same text is success. */
  describePullRequest(pullRequest: number, body: string): Promise<Result<null>>;
  markReady(pullRequest: number): Promise<Result<null>>;
  /** A `COMMENT` takes our own earlier requests for changes back: nothing of them stands any more. */
  publishReview(draft: ReviewDraft): Promise<Result<{ readonly id: number }>>;
  reportCheck(report: CheckReport): Promise<Result<{ readonly id: number }>>;
  /**
   * Refusals: `merge.head_moved` (409), `merge.not_mergeable` (405), `merge.queue_required` (405: `enqueue` it),
   * `merge.method_not_allowed` and `merge.linear_history` (405: another method may do), `merge.closed`, `merge.no_item`, and
   * what a protected branch wants first, each by a name of its own (`merge.review_required`, …, else `merge.blocked`).
   */
  merge(input: {
    readonly pull_request: number;
    readonly head: string;
    readonly method: MergeMethod;
    readonly title: string;
    readonly message: string;
  }): Promise<Result<{ readonly sha: string }>>;
  /** Puts that head into its base's merge queue; in it already is success. Refusals as of `merge`. */
  enqueue(input: { readonly pull_request: number; readonly head: string }): Promise<Result<null>>;
  /** Takes it out of the queue; out of it already is success. */
  dequeue(pullRequest: number): Promise<Result<null>>;
  /** Only branches below `assent/`; gone already is success. */
  deleteBranch(branch: string): Promise<Result<null>>;
}

/** What git needs to reach the repository over HTTP: never a credential in a URL or an argument. */
export interface GitCredentials {
  readonly url: string;
  readonly token: string;
}

export interface RepositoryHost extends RepositoryReader, RepositoryWriter {
  readonly ref: RepositoryRef;
  /** `fresh`: with a new token, because the last one was refused. */
  gitCredentials(fresh?: boolean): Promise<GitCredentials>;
}

/** One line of the App's delivery log, for asking again for what never arrived. */
export interface LoggedDelivery {
  /** Digits. GitHub's have outgrown what a number holds exactly. */
  readonly id: string;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly delivered_at: string;
  readonly redelivery: boolean;
  readonly status_code: number;
  readonly repository_id: number | null;
}

export interface CodeHost {
  /** Who we are: `login` is `slug[bot]`. Events sent by this account are our own echo. */
  identity(): Promise<{
    readonly app_id: number;
    readonly slug: string;
    readonly login: string;
    readonly id: number;
  }>;
  repositories(): Promise<readonly RepositoryRef[]>;
  repository(ref: RepositoryRef): RepositoryHost;
  /** Newest first, back to `since` at most. */
  deliveries(since: string): Promise<readonly LoggedDelivery[]>;
  redeliver(id: string): Promise<Result<null>>;
}
