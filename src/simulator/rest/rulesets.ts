import { readMetadata, writeAdministration } from '../access.ts';
import { notFound } from '../errors.ts';
import type { RepositoryRecord, RuleRecord, RulesetRecord } from '../model.ts';
import { rulesOn } from '../operations/rulesets.ts';
import { nodeId, repositoryApi, repositoryHtml } from '../representations/common.ts';
import { fullName } from '../world.ts';
import type { World } from '../world.ts';
import type { Body } from './body.ts';
import { isRecord } from './body.ts';
import { created, inRepository, noContent, numberParam, ok, page, param } from './request.ts';
import type { RepositoryRequest, Route } from './request.ts';

const list = inRepository('GET', '/rulesets', readMetadata, (request) =>
  page(request, request.repository.rulesets, (one) => shown(request, one)),
);

const get = inRepository('GET', '/rulesets/{ruleset_id}', readMetadata, (request) =>
  ok({ ...shown(request, found(request)), rules: found(request).rules }),
);

const create = inRepository('POST', '/rulesets', writeAdministration, (request) => {
  const { world, repository, body } = request;
  const refs = body.inner('conditions')?.inner('ref_name');
  const ruleset: RulesetRecord = {
    id: world.id(),
    name: body.text('name'),
    enforcement: body.choice('enforcement', ['active', 'disabled', 'evaluate']) ?? 'active',
    include: refs?.texts('include') ?? [],
    exclude: refs?.texts('exclude') ?? [],
    rules: (body.list('rules') ?? []).map(readRule),
    bypass: (body.list('bypass_actors') ?? []).map((one) => ({
      actorId: one.number('actor_id') ?? null,
      actorType: one.text('actor_type'),
      mode: one.optionalText('bypass_mode') ?? 'always',
    })),
    createdAt: world.time(),
  };
  repository.rulesets.push(ruleset);
  return created({ ...shown(request, ruleset), rules: ruleset.rules });
});

function readRule(body: Body): RuleRecord {
  const parameters = body.raw('parameters');
  return { type: body.text('type'), ...(isRecord(parameters) ? { parameters } : {}) };
}

const remove = inRepository('DELETE', '/rulesets/{ruleset_id}', writeAdministration, (request) => {
  const { rulesets } = request.repository;
  rulesets.splice(rulesets.indexOf(found(request)), 1);
  return noContent;
});

/** In force on a branch, be it there yet or not; the bypass lists are for administrators. */
const ofBranch = inRepository('GET', '/rules/branches/{branch+}', readMetadata, (request) =>
  page(
    request,
    [...rulesOn(request.repository, param(request, 'branch'))],
    ({ ruleset, rule }) => ({
      ...rule,
      ruleset_source_type: 'Repository',
      ruleset_source: fullName(request.repository),
      ruleset_id: ruleset.id,
    }),
  ),
);

function found(request: RepositoryRequest): RulesetRecord {
  const id = numberParam(request, 'ruleset_id');
  const ruleset = request.repository.rulesets.find((one) => one.id === id);
  if (ruleset === undefined) throw notFound();
  return ruleset;
}

function shown({ world, repository }: RepositoryRequest, ruleset: RulesetRecord) {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: 'branch',
    source_type: 'Repository',
    source: fullName(repository),
    enforcement: ruleset.enforcement,
    node_id: nodeId('ruleset', ruleset.id),
    conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude } },
    _links: links(world, repository, ruleset.id),
    created_at: ruleset.createdAt,
    updated_at: ruleset.createdAt,
  };
}

const links = (world: World, repository: RepositoryRecord, id: number) => ({
  self: { href: `${repositoryApi(world, repository)}/rulesets/${id}` },
  html: { href: `${repositoryHtml(world, repository)}/rules/${id}` },
});

export const rulesetRoutes: readonly Route[] = [ofBranch, list, create, get, remove];
