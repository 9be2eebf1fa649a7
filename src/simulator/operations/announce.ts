import type { Doer } from '../actor.ts';
import type { CommentRecord, IssueRecord, PullIssue, RepositoryRecord } from '../model.ts';
import { isPull } from '../model.ts';
import type { Json } from '../representations/common.ts';
import { nodeId } from '../representations/common.ts';
import { comment, issue as representIssue } from '../representations/issue.ts';
import { pull, pullSimple } from '../representations/pull-request.ts';
import { repository as representRepository } from '../representations/repository.ts';
import { organization, user } from '../representations/user.ts';
import type { World } from '../world.ts';
import { factsOf } from './derive.ts';

/** Puts around a payload what every webhook carries, and sends it to the App if it is installed there and subscribed. */
export function announce(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  event: string,
  payload: () => Json | Promise<Json>,
): void {
  const app = world.apps.find((one) => one.id === world.webhooks.hook.appId);
  if (app === undefined || world.webhooks.unheard) return;
  if (!app.installation.repositories.has(repository.id) || !app.events.includes(event)) return;
  const envelope: Json = {
    repository: representRepository(world, repository),
    ...(repository.owner.type === 'Organization'
      ? { organization: organization(world, repository.owner) }
      : {}),
    sender: user(world, by.account),
    installation: {
      id: app.installation.id,
      node_id: nodeId('installation', app.installation.id),
    },
  };
  const whole = (inner: Json): Json => ({ ...inner, ...envelope, ...inner });
  const inner = payload();
  world.webhooks.emit(
    event,
    { installationId: app.installation.id, repositoryId: repository.id },
    inner instanceof Promise ? inner.then(whole) : whole(inner),
  );
}

/** A record as it is now: what is written later must not show in an earlier webhook. */
function frozen<T extends IssueRecord>(issue: T): T {
  return {
    ...issue,
    labels: [...issue.labels],
    assignees: [...issue.assignees],
    pull:
      issue.pull === null
        ? null
        : { ...issue.pull, requestedReviewers: [...issue.pull.requestedReviewers] },
  };
}

export function announceIssue(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  action: string,
  issue: IssueRecord,
  extra: Json = {},
): void {
  if (isPull(issue)) {
    announcePull(world, repository, by, action, issue, extra);
    return;
  }
  announce(world, repository, by, 'issues', () => ({
    action,
    issue: representIssue(world, repository, issue),
    ...extra,
  }));
}

export function announcePull(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  action: string,
  issue: PullIssue,
  extra: Json = {},
): void {
  const now = frozen(issue);
  announce(world, repository, by, 'pull_request', async () => ({
    action,
    number: now.number,
    pull_request: pull(
      world,
      repository,
      now,
      await factsOf(repository, now.pull.baseSha, now.pull.headSha),
      null,
    ),
    ...extra,
  }));
}

export function announceComment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  action: 'created' | 'edited' | 'deleted',
  record: CommentRecord,
  extra: Json = {},
): void {
  announce(world, repository, by, 'issue_comment', () => ({
    action,
    issue: representIssue(world, repository, record.issue),
    comment: comment(world, repository, record),
    ...extra,
  }));
}

export const pullInReview = (world: World, repository: RepositoryRecord, issue: PullIssue): Json =>
  pullSimple(world, repository, issue);
