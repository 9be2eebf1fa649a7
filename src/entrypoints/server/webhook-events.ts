import { z } from 'zod';
import type {
  CheckStimulus,
  CommentStimulus,
  ConversationStimulus,
  IssueStimulus,
  MergeGroupStimulus,
  PullRequestStimulus,
  PushStimulus,
  ReviewStimulus,
  StatusStimulus,
  Stimulus,
} from '../../application/intake/stimulus.ts';
import {
  account,
  belongsTo,
  checkRun,
  comment,
  envelope,
  installationRef,
  issue,
  label,
  mergeGroup,
  pullRequest,
  push,
  repository,
  review,
  status,
} from './webhook-schemas.ts';
import { readInstallation, readInstallationRepositories } from './webhook-installations.ts';
import {
  byAction,
  ignored,
  repositoryOf,
  unanswered,
  type Body,
  type Envelope,
} from './webhook-reading.ts';

/** `refused`: the body is not what its event's name says. `where` is a path into the body. */
export type WebhookReading =
  | { readonly kind: 'stimulus'; readonly stimulus: Exclude<Stimulus, { kind: 'ignored' }> }
  | { readonly kind: 'ignored'; readonly stimulus: Extract<Stimulus, { kind: 'ignored' }> }
  | { readonly kind: 'refused'; readonly reason: string };

type Reader = (body: Body, received: Envelope) => Stimulus;

/** What the body says it is, by the schema of the event it claims to be. */
export function readWebhook(received: Envelope, body: unknown): WebhookReading {
  const top = envelope.safeParse(body);
  if (!top.success) return refusedBy(received.event, top.error);
  const reader = Object.hasOwn(readers, received.event) ? readers[received.event] : undefined;
  try {
    const stimulus =
      reader === undefined
        ? ignored(received, top.data, `nothing in Assent answers to ${received.event}`)
        : reader(top.data, received);
    return stimulus.kind === 'ignored'
      ? { kind: 'ignored', stimulus }
      : { kind: 'stimulus', stimulus };
  } catch (error) {
    if (error instanceof z.ZodError) return refusedBy(received.event, error);
    throw error;
  }
}

function refusedBy(event: string, error: z.ZodError): WebhookReading {
  const faults = error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.length === 0 ? 'the body' : path.join('.')}: ${message}`);
  return {
    kind: 'refused',
    reason: `the body does not fit the event ${event}: ${faults.join('; ')}`,
  };
}

const readers: Readonly<Record<string, Reader>> = {
  issues: readIssue,
  issue_comment: readComment,
  pull_request: readPullRequest,
  pull_request_review: readReview,
  pull_request_review_thread: readConversation,
  push: readPush,
  check_run: readCheckRun,
  status: readStatus,
  merge_group: readMergeGroup,
  installation: readInstallation,
  installation_repositories: readInstallationRepositories,
  ping: (body, received) => ignored(received, body, 'a ping: the webhook is set up'),
};

/** The events Assent answers to: what the App should be subscribed to. */
export const answeredEvents: ReadonlySet<string> = new Set(Object.keys(readers));

const inRepository = z.object({ repository, sender: account, installation: installationRef });

function common(body: Body, received: Envelope) {
  const read = inRepository.parse(body);
  return {
    delivery: received.delivery,
    at: received.at,
    installation: read.installation?.id ?? null,
    repository: repositoryOf(read.repository),
    sender: read.sender,
  };
}

const issueKinds: Readonly<Record<string, IssueStimulus['kind']>> = {
  opened: 'issue.opened',
  edited: 'issue.edited',
  closed: 'issue.closed',
  reopened: 'issue.reopened',
  labeled: 'issue.labeled',
  unlabeled: 'issue.unlabeled',
  milestoned: 'issue.milestoned',
  demilestoned: 'issue.milestoned',
  deleted: 'issue.closed',
  transferred: 'issue.closed',
};

function readIssue(body: Body, received: Envelope): Stimulus {
  const read = z
    .object({
      action: z.string(),
      issue,
      label: label.optional(),
      comment: belongsTo('issue_comment'),
    })
    .parse(body);
  const base = common(body, received);
  const kind = byAction(issueKinds, read.action);
  if (kind === null) return unanswered(received, body, read.action);
  return {
    ...base,
    kind,
    number: read.issue.number,
    title: read.issue.title,
    body: read.issue.body ?? '',
    author: read.issue.user,
    labels: read.issue.labels.map(({ name }) => name),
    label: read.label?.name ?? null,
    gone: read.action === 'deleted' || read.action === 'transferred',
  };
}

const commentKinds: Readonly<Record<string, CommentStimulus['kind']>> = {
  created: 'comment.created',
  edited: 'comment.edited',
  deleted: 'comment.deleted',
};

function readComment(body: Body, received: Envelope): Stimulus {
  const read = z.object({ action: z.string(), issue, comment }).parse(body);
  const base = common(body, received);
  const kind = byAction(commentKinds, read.action);
  if (kind === null) return unanswered(received, body, read.action);
  return {
    ...base,
    kind,
    number: read.issue.number,
    on_pull_request: read.issue.pull_request !== undefined,
    comment: read.comment.id,
    body: read.comment.body,
    author: read.comment.user,
    created_at: read.comment.created_at,
    updated_at: read.comment.updated_at,
  };
}

const pullRequestKinds: Readonly<Record<string, PullRequestStimulus['kind']>> = {
  opened: 'pull_request.opened',
  synchronize: 'pull_request.synchronize',
  closed: 'pull_request.closed',
  reopened: 'pull_request.reopened',
  edited: 'pull_request.edited',
  labeled: 'pull_request.labeled',
  unlabeled: 'pull_request.unlabeled',
  milestoned: 'pull_request.milestoned',
  demilestoned: 'pull_request.milestoned',
  ready_for_review: 'pull_request.ready_for_review',
  converted_to_draft: 'pull_request.converted_to_draft',
};

function readPullRequest(body: Body, received: Envelope): Stimulus {
  const read = z
    .object({
      action: z.string(),
      pull_request: pullRequest,
      label: label.optional(),
      review: belongsTo('pull_request_review'),
      comment: belongsTo('pull_request_review_comment'),
      thread: belongsTo('pull_request_review_thread'),
    })
    .parse(body);
  const base = common(body, received);
  const kind = byAction(pullRequestKinds, read.action);
  if (kind === null) return unanswered(received, body, read.action);
  const pull = read.pull_request;
  return {
    ...base,
    kind,
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    author: pull.user,
    draft: pull.draft ?? false,
    merged: pull.merged ?? pull.merged_at !== null,
    merge_commit: pull.merge_commit_sha ?? null,
    merged_at: pull.merged_at,
    head: pull.head.sha,
    head_branch: pull.head.ref,
    base: pull.base.ref,
    label: read.label?.name ?? null,
    labels: pull.labels.map(({ name }) => name),
  };
}

const reviewKinds: Readonly<Record<string, ReviewStimulus['kind']>> = {
  submitted: 'review.submitted',
  edited: 'review.edited',
  dismissed: 'review.dismissed',
};

function readReview(body: Body, received: Envelope): Stimulus {
  const read = z
    .object({
      action: z.string(),
      review,
      pull_request: pullRequest.pick({ number: true, head: true }),
      comment: belongsTo('pull_request_review_comment'),
    })
    .parse(body);
  const base = common(body, received);
  const kind = byAction(reviewKinds, read.action);
  if (kind === null) return unanswered(received, body, read.action);
  return {
    ...base,
    kind,
    number: read.pull_request.number,
    review: read.review.id,
    // REST says APPROVED, webhooks say approved: one spelling from here on.
    state: read.review.state.toLowerCase(),
    author: read.review.user,
    body: read.review.body ?? '',
    commit: read.review.commit_id,
    head: read.pull_request.head.sha,
  };
}

const conversationKinds: Readonly<Record<string, ConversationStimulus['kind']>> = {
  resolved: 'conversation.resolved',
  unresolved: 'conversation.unresolved',
};

function readConversation(body: Body, received: Envelope): Stimulus {
  const read = z
    .object({
      action: z.string(),
      thread: z.object({ node_id: z.string() }),
      pull_request: pullRequest.pick({ number: true }),
    })
    .parse(body);
  const base = common(body, received);
  const kind = byAction(conversationKinds, read.action);
  if (kind === null) return unanswered(received, body, read.action);
  return { ...base, kind, number: read.pull_request.number };
}

const branchPrefix = 'refs/heads/';

function readPush(body: Body, received: Envelope): PushStimulus {
  const read = push.parse(body);
  return {
    ...common(body, received),
    kind: 'push',
    ref: read.ref,
    branch: read.ref.startsWith(branchPrefix) ? read.ref.slice(branchPrefix.length) : null,
    before: read.before,
    after: read.after,
    created: read.created,
    deleted: read.deleted,
    forced: read.forced,
  };
}

function readCheckRun(body: Body, received: Envelope): CheckStimulus | Stimulus {
  const read = z.object({ action: z.string(), check_run: checkRun }).parse(body);
  const base = common(body, received);
  if (read.action !== 'completed') return unanswered(received, body, read.action);
  return {
    ...base,
    kind: 'check.completed',
    name: read.check_run.name,
    app_id: read.check_run.app?.id ?? null,
    head: read.check_run.head_sha,
    conclusion: read.check_run.conclusion,
    pull_requests: read.check_run.pull_requests.map(({ number }) => number),
  };
}

function readStatus(body: Body, received: Envelope): StatusStimulus {
  const read = status.parse(body);
  return {
    ...common(body, received),
    kind: 'status',
    context: read.context,
    head: read.sha,
    state: read.state,
  };
}

const mergeGroupKinds: Readonly<Record<string, MergeGroupStimulus['kind']>> = {
  checks_requested: 'merge_group.checks_requested',
  destroyed: 'merge_group.destroyed',
};

function readMergeGroup(body: Body, received: Envelope): Stimulus {
  const read = z.object({ action: z.string(), merge_group: mergeGroup }).parse(body);
  const base = common(body, received);
  const kind = byAction(mergeGroupKinds, read.action);
  if (kind === null) return unanswered(received, body, read.action);
  return {
    ...base,
    kind,
    head: read.merge_group.head_sha,
    head_ref: read.merge_group.head_ref,
    base: read.merge_group.base_sha,
    base_ref: read.merge_group.base_ref,
  };
}
