import type { IssueEventRecord, RepositoryRecord } from '../model.ts';
import type { World } from '../world.ts';
import { app } from './app.ts';
import { nodeId, repositoryApi } from './common.ts';
import type { Json } from './common.ts';
import { user } from './user.ts';

/** OpenAPI `issue-event` (without its issue) and the matching kinds of `timeline-issue-events`. */
export function issueEvent(
  world: World,
  repository: RepositoryRecord,
  record: IssueEventRecord,
): Json {
  return {
    id: record.id,
    node_id: nodeId('event', record.id),
    url: `${repositoryApi(world, repository)}/issues/events/${record.id}`,
    actor: user(world, record.actor),
    event: record.event,
    commit_id: record.commitId,
    commit_url:
      record.commitId === null
        ? null
        : `${repositoryApi(world, repository)}/commits/${record.commitId}`,
    created_at: record.createdAt,
    ...detail(world, record),
    performed_via_github_app: record.viaApp === null ? null : app(world, record.viaApp),
  };
}

function detail(world: World, record: IssueEventRecord): Json {
  const { detail: told } = record;
  switch (told.kind) {
    case 'plain':
      return {};
    // Why it left the queue is told by GraphQL and by webhooks alone.
    case 'queue':
      return {};
    case 'label':
      return { label: { name: told.label.name, color: told.label.color } };
    case 'milestone':
      return { milestone: { title: told.title } };
    case 'assignee':
      return { assignee: user(world, told.assignee), assigner: user(world, record.actor) };
    case 'rename':
      return { rename: { from: told.from, to: told.to } };
    case 'review_request':
      return {
        review_requester: user(world, record.actor),
        requested_reviewer: user(world, told.reviewer),
      };
    case 'lock':
      return { lock_reason: told.reason };
    case 'dismissal':
      return {
        dismissed_review: {
          state: told.state.toLowerCase(),
          review_id: told.reviewId,
          dismissal_message: told.message,
          ...(told.commitId === null ? {} : { dismissal_commit_id: told.commitId }),
        },
      };
  }
}
