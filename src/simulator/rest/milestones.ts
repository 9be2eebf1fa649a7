import { readIssues, writeLabels } from '../access.ts';
import { notFound } from '../errors.ts';
import type { MilestoneRecord } from '../model.ts';
import { createMilestone, deleteMilestone, editMilestone } from '../operations/milestones.ts';
import { milestone } from '../representations/issue.ts';
import { created, doer, inRepository, noContent, numberParam, ok, page } from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

function milestoneOf(request: RepositoryRequest): MilestoneRecord {
  const found = request.repository.milestones.get(numberParam(request, 'milestone_number'));
  if (found === undefined) throw notFound();
  return found;
}

const list = inRepository('GET', '/milestones', readIssues, (request) => {
  const state = request.query.get('state') ?? 'open';
  const found = [...request.repository.milestones.values()].filter(
    (one) => state === 'all' || one.state === state,
  );
  return page(request, found, (one) => milestone(request.world, request.repository, one));
});

const create = inRepository('POST', '/milestones', writeLabels, (request) => {
  const { world, repository, body } = request;
  const made = createMilestone(world, repository, doer(request), {
    title: body.text('title'),
    description: body.optionalText('description') ?? null,
  });
  return created(milestone(world, repository, made));
});

const get = inRepository('GET', '/milestones/{milestone_number}', readIssues, (request) =>
  ok(milestone(request.world, request.repository, milestoneOf(request))),
);

const patch = inRepository('PATCH', '/milestones/{milestone_number}', writeLabels, (request) => {
  const { world, repository, body } = request;
  const found = milestoneOf(request);
  const title = body.optionalText('title');
  const state = body.choice('state', ['open', 'closed']);
  editMilestone(world, repository, found, {
    ...(title === undefined ? {} : { title }),
    ...(state === undefined ? {} : { state }),
  });
  return ok(milestone(world, repository, found));
});

const remove = inRepository('DELETE', '/milestones/{milestone_number}', writeLabels, (request) => {
  deleteMilestone(request.repository, milestoneOf(request));
  return noContent;
});

export const milestoneRoutes: readonly Route[] = [list, create, get, patch, remove];
