import type { IssueEventRecord, IssueRecord, LabelRecord, RepositoryRecord } from '../model.ts';
import { nodeId, repositoryHtml } from '../representations/common.ts';
import { connection } from './connection.ts';
import type { ConnectionArguments } from './connection.ts';
import type { GraphQLContext } from './context.ts';
import { actorObject, commitObject } from './git-objects.ts';

export const labelObject = (
  { world }: GraphQLContext,
  repository: RepositoryRecord,
  label: LabelRecord,
) => ({
  __typename: 'Label',
  id: nodeId('label', label.id),
  name: label.name,
  color: label.color,
  description: label.description,
  isDefault: false,
  url: `${repositoryHtml(world, repository)}/labels/${encodeURIComponent(label.name)}`,
});

export interface TimelineArguments extends ConnectionArguments {
  readonly itemTypes?: readonly string[] | null;
  readonly since?: string | null;
}

/** GitHub's names for recorded events, in REST and in GraphQL. */
const timelineTypes: Readonly<Record<string, readonly [type: string, item: string]>> = {
  labeled: ['LabeledEvent', 'LABELED_EVENT'],
  unlabeled: ['UnlabeledEvent', 'UNLABELED_EVENT'],
  closed: ['ClosedEvent', 'CLOSED_EVENT'],
  reopened: ['ReopenedEvent', 'REOPENED_EVENT'],
  merged: ['MergedEvent', 'MERGED_EVENT'],
  renamed: ['RenamedTitleEvent', 'RENAMED_TITLE_EVENT'],
  assigned: ['AssignedEvent', 'ASSIGNED_EVENT'],
  unassigned: ['UnassignedEvent', 'UNASSIGNED_EVENT'],
  review_dismissed: ['ReviewDismissedEvent', 'REVIEW_DISMISSED_EVENT'],
  ready_for_review: ['ReadyForReviewEvent', 'READY_FOR_REVIEW_EVENT'],
  convert_to_draft: ['ConvertToDraftEvent', 'CONVERT_TO_DRAFT_EVENT'],
  base_ref_changed: ['BaseRefChangedEvent', 'BASE_REF_CHANGED_EVENT'],
  automatic_base_change_succeeded: [
    'AutomaticBaseChangeSucceededEvent',
    'AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT',
  ],
  added_to_merge_queue: ['AddedToMergeQueueEvent', 'ADDED_TO_MERGE_QUEUE_EVENT'],
  removed_from_merge_queue: ['RemovedFromMergeQueueEvent', 'REMOVED_FROM_MERGE_QUEUE_EVENT'],
  head_ref_force_pushed: ['HeadRefForcePushedEvent', 'HEAD_REF_FORCE_PUSHED_EVENT'],
};

export function timeline(
  context: GraphQLContext,
  repository: RepositoryRecord,
  issue: IssueRecord,
  args: TimelineArguments,
) {
  const wanted = args.itemTypes ?? null;
  const known = new Set(Object.values(timelineTypes).map(([, item]) => item));
  const unknown = wanted?.find((item) => !known.has(item));
  if (unknown !== undefined)
    throw new Error(`The simulator does not resolve ${unknown} in timelineItems.`);
  const since = typeof args.since === 'string' ? Date.parse(args.since) : 0;
  const found = repository.events.filter((one) => {
    const item = timelineTypes[one.event]?.[1];
    return (
      one.issue === issue &&
      item !== undefined &&
      (wanted?.includes(item) ?? true) &&
      Date.parse(one.createdAt) >= since
    );
  });
  return {
    ...connection('timelineItems', found, args, (one) => eventObject(context, repository, one)),
    filteredCount: found.length,
    pageCount: found.length,
    updatedAt: found.at(-1)?.createdAt ?? issue.createdAt,
  };
}

function eventObject(
  context: GraphQLContext,
  repository: RepositoryRecord,
  event: IssueEventRecord,
) {
  const common = {
    __typename: timelineTypes[event.event]?.[0],
    id: nodeId('event', event.id),
    actor: actorObject(context, event.actor),
    createdAt: event.createdAt,
  };
  const { detail } = event;
  if (detail.kind === 'label') {
    const label = repository.labels.get(detail.label.name.toLowerCase()) ?? {
      id: event.id,
      description: null,
      ...detail.label,
    };
    return { ...common, label: labelObject(context, repository, label) };
  }
  if (detail.kind === 'queue') return { ...common, reason: detail.reason };
  if (detail.kind === 'rename') {
    return { ...common, previousTitle: detail.from, currentTitle: detail.to };
  }
  if (detail.kind === 'dismissal') {
    return { ...common, dismissalMessage: detail.message, previousReviewState: detail.state };
  }
  if (detail.kind === 'assignee') {
    return { ...common, assignee: actorObject(context, detail.assignee) };
  }
  if (event.event === 'head_ref_force_pushed') {
    return { ...common, afterCommit: () => commitAt(context, repository, event.commitId) };
  }
  return common;
}

async function commitAt(context: GraphQLContext, repository: RepositoryRecord, sha: string | null) {
  const commit = sha === null ? null : await repository.git.commit(sha);
  return commit === null ? null : commitObject(context, repository, commit);
}
