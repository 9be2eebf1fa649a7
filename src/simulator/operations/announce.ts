import type { Doer } from '../actor.ts';
import type { CommentRecord, IssueRecord, PullIssue, RepositoryRecord } from '../model.ts';
import { isPull } from '../model.ts';
import type { Json } from '../representations/common.ts';
import { nodeId } from '../representations/common.ts';
import { comment, issue as representIssue } from '../representations/issue.ts';
import { pullAsItIs, pullSimple, sizes } from '../representations/pull-request.ts';
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
  const { baseSha, headSha } = issue.pull;
  announce(world, repository, by, 'pull_request', async () => {
    // Before git is asked: what comes meanwhile (a merge, a fork deleted) must not show in an earlier webhook.
    const now = pullAsItIs(world, repository, issue, null);
    const facts = await factsOf(repository, baseSha, headSha);
    return { action, number: issue.number, pull_request: { ...now, ...sizes(facts) }, ...extra };
  });
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
