import type { Doer } from '../actor.ts';
import type { IssueEventDetail, IssueRecord, RepositoryRecord } from '../model.ts';
import type { World } from '../world.ts';

/** Writes down what happened to an issue; returns when. */
export function record(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: IssueRecord,
  event: string,
  detail: IssueEventDetail = { kind: 'plain' },
  commitId: string | null = null,
): string {
  const createdAt = world.time();
  repository.events.push({
    id: world.id(),
    issue,
    actor: by.account,
    viaApp: by.app,
    event,
    createdAt,
    commitId,
    detail,
  });
  issue.updatedAt = createdAt;
  return createdAt;
}

/** Counts what GitHub's content-creation limit counts. */
export function countContent(world: World, by: Doer): void {
  const { counters } = world;
  const name = by.app?.slug ?? by.account.login;
  counters.contentCreated += 1;
  counters.contentCreatedByActor[name] = (counters.contentCreatedByActor[name] ?? 0) + 1;
}
