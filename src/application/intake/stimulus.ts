/**
 * What GitHub says happened, reduced to what a use case may need to know where to look. A hint, never evidence: titles, bodies,
 * labels and permissions are untrusted and possibly stale, so a use case reads GitHub again before it decides.
 */
export type Stimulus =
  | IssueStimulus
  | CommentStimulus
  | PullRequestStimulus
  | ReviewStimulus
  | ConversationStimulus
  | PushStimulus
  | CheckStimulus
  | StatusStimulus
  | MergeGroupStimulus
  | InstallationStimulus
  | IgnoredStimulus;

export type RepositoryStimulus = Exclude<Stimulus, InstallationStimulus | IgnoredStimulus>;

export interface StimulusAccount {
  readonly id: number;
  readonly login: string;
  /** GitHub's word: `User`, `Bot`, `Organization`, … */
  readonly type: string;
}

export interface StimulusRepository {
  readonly id: number;
  readonly full_name: string;
  readonly owner: string;
  readonly name: string;
  readonly default_branch: string;
  readonly private: boolean;
}

interface Received {
  /** Delivery id: the cause of whatever follows. */
  readonly delivery: string;
  /** When it was received, ISO 8601, UTC. */
  readonly at: string;
  /** null where the event came without the App (GitHub Actions, a repository's own webhook). */
  readonly installation: number | null;
}

interface InRepository extends Received {
  readonly repository: StimulusRepository;
  readonly sender: StimulusAccount;
}

export interface IssueStimulus extends InRepository {
  readonly kind:
    | 'issue.opened'
    | 'issue.edited'
    | 'issue.closed'
    | 'issue.reopened'
    | 'issue.labeled'
    | 'issue.unlabeled'
    | 'issue.milestoned';
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: StimulusAccount | null;
  readonly labels: readonly string[];
  /** The label set or removed; null for other kinds. */
  readonly label: string | null;
  /** Deleted or moved away: as good as closed, and not to be read again. */
  readonly gone: boolean;
}

export interface CommentStimulus extends InRepository {
  readonly kind: 'comment.created' | 'comment.edited' | 'comment.deleted';
  /** Of the issue or pull request it is on. */
  readonly number: number;
  readonly on_pull_request: boolean;
  readonly comment: number;
  readonly body: string;
  readonly author: StimulusAccount | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface PullRequestStimulus extends InRepository {
  readonly kind:
    | 'pull_request.opened'
    | 'pull_request.synchronize'
    | 'pull_request.closed'
    | 'pull_request.reopened'
    | 'pull_request.edited'
    | 'pull_request.labeled'
    | 'pull_request.unlabeled'
    | 'pull_request.milestoned'
    | 'pull_request.ready_for_review'
    | 'pull_request.converted_to_draft';
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: StimulusAccount | null;
  readonly draft: boolean;
  /** With `closed`: whether it was by a merge. */
  readonly merged: boolean;
  readonly merge_commit: string | null;
  readonly merged_at: string | null;
  /** Sha of the head and its branch. */
  readonly head: string;
  readonly head_branch: string;
  readonly base: string;
  readonly label: string | null;
  readonly labels: readonly string[];
}

export interface ReviewStimulus extends InRepository {
  readonly kind: 'review.submitted' | 'review.edited' | 'review.dismissed';
  /** Of the pull request. */
  readonly number: number;
  readonly review: number;
  /** Lower case: `approved`, `changes_requested`, `commented`, `dismissed`. */
  readonly state: string;
  readonly author: StimulusAccount | null;
  readonly body: string;
  /** The commit it was given on; null when GitHub does not say. */
  readonly commit: string | null;
  readonly head: string;
}

/** A conversation on the diff, which GitHub calls a review thread: a branch may want all of them resolved before a merge. */
export interface ConversationStimulus extends InRepository {
  readonly kind: 'conversation.resolved' | 'conversation.unresolved';
  /** Of the pull request. */
  readonly number: number;
}

export interface PushStimulus extends InRepository {
  readonly kind: 'push';
  /** `refs/heads/…` or `refs/tags/…`. */
  readonly ref: string;
  /** The branch's name; null for a tag. */
  readonly branch: string | null;
  readonly before: string;
  readonly after: string;
  readonly created: boolean;
  readonly deleted: boolean;
  readonly forced: boolean;
}

export interface CheckStimulus extends InRepository {
  readonly kind: 'check.completed';
  readonly name: string;
  readonly app_id: number | null;
  readonly head: string;
  readonly conclusion: string | null;
  readonly pull_requests: readonly number[];
}

export interface StatusStimulus extends InRepository {
  readonly kind: 'status';
  readonly context: string;
  readonly head: string;
  readonly state: string;
}

export interface MergeGroupStimulus extends InRepository {
  readonly kind: 'merge_group.checks_requested' | 'merge_group.destroyed';
  readonly head: string;
  readonly head_ref: string;
  readonly base: string;
  readonly base_ref: string;
}

export interface InstallationStimulus extends Received {
  readonly kind:
    | 'installation.created'
    | 'installation.deleted'
    | 'installation.suspended'
    | 'installation.unsuspended'
    | 'installation.permissions_accepted'
    | 'installation.repositories_added'
    | 'installation.repositories_removed';
  readonly repository: null;
  readonly sender: StimulusAccount | null;
  readonly installation: number;
  /** Those the event names: all of them, or the ones added or removed. */
  readonly repositories: readonly { readonly id: number; readonly full_name: string }[];
}

/** Well-formed, and nothing in Assent answers to it. */
export interface IgnoredStimulus extends Received {
  readonly kind: 'ignored';
  readonly event: string;
  readonly action: string | null;
  readonly reason: string;
  readonly repository: StimulusRepository | null;
  readonly sender: StimulusAccount | null;
}

const kinds: Readonly<Record<Stimulus['kind'], true>> = {
  'issue.opened': true,
  'issue.edited': true,
  'issue.closed': true,
  'issue.reopened': true,
  'issue.labeled': true,
  'issue.unlabeled': true,
  'issue.milestoned': true,
  'comment.created': true,
  'comment.edited': true,
  'comment.deleted': true,
  'pull_request.opened': true,
  'pull_request.synchronize': true,
  'pull_request.closed': true,
  'pull_request.reopened': true,
  'pull_request.edited': true,
  'pull_request.labeled': true,
  'pull_request.unlabeled': true,
  'pull_request.milestoned': true,
  'pull_request.ready_for_review': true,
  'pull_request.converted_to_draft': true,
  'review.submitted': true,
  'review.edited': true,
  'review.dismissed': true,
  'conversation.resolved': true,
  'conversation.unresolved': true,
  push: true,
  'check.completed': true,
  status: true,
  'merge_group.checks_requested': true,
  'merge_group.destroyed': true,
  'installation.created': true,
  'installation.deleted': true,
  'installation.suspended': true,
  'installation.unsuspended': true,
  'installation.permissions_accepted': true,
  'installation.repositories_added': true,
  'installation.repositories_removed': true,
  ignored: true,
};

/** Whether this version knows what such a stimulus is. */
export const isStimulusKind = (kind: string): kind is Stimulus['kind'] =>
  Object.hasOwn(kinds, kind);
