import { notFound } from '../errors.ts';
import type { LabelRecord } from '../model.ts';
import {
  createLabel,
  deleteLabel,
  editLabel,
  findLabel,
  setLabels,
  takeLabel,
} from '../operations/labels.ts';
import { label } from '../representations/issue.ts';
import { readIssues, triageIssues, writeLabels } from '../access.ts';
import { created, doer, inRepository, issueOf, noContent, ok, page, param } from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

const list = inRepository('GET', '/labels', readIssues, (request) =>
  page(
    request,
    [...request.repository.labels.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    (one) => label(request.world, request.repository, one),
  ),
);

function labelOf(request: RepositoryRequest): LabelRecord {
  const found = findLabel(request.repository, param(request, 'name'));
  if (found === undefined) throw notFound();
  return found;
}

const get = inRepository('GET', '/labels/{name}', readIssues, (request) =>
  ok(label(request.world, request.repository, labelOf(request))),
);

const create = inRepository('POST', '/labels', writeLabels, (request) => {
  const { world, repository, body } = request;
  const made = createLabel(world, repository, doer(request), {
    name: body.text('name'),
    color: body.optionalText('color') ?? 'ededed',
    description: body.optionalText('description') ?? null,
  });
  return created(label(world, repository, made));
});

const patch = inRepository('PATCH', '/labels/{name}', writeLabels, (request) => {
  const { world, repository, body } = request;
  const found = labelOf(request);
  const name = body.optionalText('new_name');
  const color = body.optionalText('color');
  const description = body.nullableText('description');
  editLabel(world, repository, doer(request), found, {
    ...(name === undefined ? {} : { name }),
    ...(color === undefined ? {} : { color }),
    ...(description === undefined ? {} : { description }),
  });
  return ok(label(world, repository, found));
});

const remove = inRepository('DELETE', '/labels/{name}', writeLabels, (request) => {
  deleteLabel(request.world, request.repository, doer(request), labelOf(request));
  return noContent;
});

const shown = (request: RepositoryRequest) =>
  issueOf(request).labels.map((one) => label(request.world, request.repository, one));

const ofIssue = inRepository('GET', '/issues/{issue_number}/labels', readIssues, (request) =>
  page(request, issueOf(request).labels, (one) => label(request.world, request.repository, one)),
);

const add = inRepository('POST', '/issues/{issue_number}/labels', triageIssues, (request) => {
  const names = request.body.names('labels') ?? [];
  setLabels(request.world, request.repository, doer(request), issueOf(request), names, 'add');
  return ok(shown(request));
});

const set = inRepository('PUT', '/issues/{issue_number}/labels', triageIssues, (request) => {
  const names = request.body.names('labels') ?? [];
  setLabels(request.world, request.repository, doer(request), issueOf(request), names, 'set');
  return ok(shown(request));
});

const clear = inRepository('DELETE', '/issues/{issue_number}/labels', triageIssues, (request) => {
  setLabels(request.world, request.repository, doer(request), issueOf(request), [], 'set');
  return noContent;
});

const take = inRepository(
  'DELETE',
  '/issues/{issue_number}/labels/{name}',
  triageIssues,
  (request) => {
    const { world, repository } = request;
    takeLabel(world, repository, doer(request), issueOf(request), labelOf(request));
    return ok(shown(request));
  },
);

export const labelRoutes: readonly Route[] = [
  list,
  create,
  get,
  patch,
  remove,
  ofIssue,
  add,
  set,
  clear,
  take,
];
