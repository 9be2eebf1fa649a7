import { notFound } from '../errors.ts';
import type { IssueRecord, RepositoryRecord } from '../model.ts';
import { isPull } from '../model.ts';
import { issueEvent } from '../representations/event.ts';
import { comment, issue } from '../representations/issue.ts';
import { review } from '../representations/review.ts';
import { repositoryApi } from '../representations/common.ts';
import { user } from '../representations/user.ts';
import { pullFacts } from '../operations/derive.ts';
import { gitCommit } from '../representations/commit.ts';
import type { World } from '../world.ts';
import { readIssues } from '../access.ts';
import { inRepository, issueOf, numberParam, ok, page } from './request.ts';
import type { Route } from './request.ts';

/** A submitted review and a new commit are on the timeline only. */
const timelineOnly = new Set(['reviewed']);

const ofIssue = inRepository('GET', '/issues/{issue_number}/events', readIssues, (request) => {
  const { world, repository } = request;
  const one = issueOf(request);
  const found = repository.events.filter(
    (each) => each.issue === one && !timelineOnly.has(each.event),
  );
  return page(request, found, (each) => issueEvent(world, repository, each));
});

const all = inRepository('GET', '/issues/events', readIssues, (request) => {
  const { world, repository } = request;
  const found = repository.events.filter((each) => !timelineOnly.has(each.event)).toReversed();
  return page(request, found, (each) => ({
    ...issueEvent(world, repository, each),
    issue: issue(world, repository, each.issue),
  }));
});

const get = inRepository('GET', '/issues/events/{event_id}', readIssues, (request) => {
  const { world, repository } = request;
  const id = numberParam(request, 'event_id');
  const found = repository.events.find((each) => each.id === id && !timelineOnly.has(each.event));
  if (found === undefined) throw notFound();
  return ok({
    ...issueEvent(world, repository, found),
    issue: issue(world, repository, found.issue),
  });
});

const timeline = inRepository(
  'GET',
  '/issues/{issue_number}/timeline',
  readIssues,
  async (request) => {
    const entries = await timelineOf(request.world, request.repository, issueOf(request));
    return page(request, entries, (each) => each);
  },
);

async function timelineOf(
  world: World,
  repository: RepositoryRecord,
  one: IssueRecord,
): Promise<unknown[]> {
  const url = `${repositoryApi(world, repository)}/issues/${one.number}`;
  const entries: { at: string; entry: unknown }[] = [];
  if (isPull(one)) {
    for (const commit of (await pullFacts(repository, one)).commits) {
      const { committer } = commit;
      entries.push({
        at: committer.date,
        entry: { event: 'committed', ...gitCommit(world, repository, commit) },
      });
    }
    for (const each of one.pull.reviews.filter((record) => record.submittedAt !== null)) {
      entries.push({
        at: each.submittedAt ?? '',
        entry: {
          event: 'reviewed',
          ...review(world, repository, one, each),
          state: each.state.toLowerCase(),
        },
      });
    }
  }
  for (const each of repository.comments.values()) {
    if (each.issue !== one) continue;
    const actor = user(world, each.author);
    entries.push({
      at: each.createdAt,
      entry: { event: 'commented', ...comment(world, repository, each), actor, issue_url: url },
    });
  }
  for (const each of repository.events) {
    if (each.issue !== one || timelineOnly.has(each.event)) continue;
    entries.push({ at: each.createdAt, entry: issueEvent(world, repository, each) });
  }
  // A stable sort: within a second the order of recording stays.
  return entries
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ entry }) => entry);
}

export const eventRoutes: readonly Route[] = [ofIssue, all, get, timeline];
