import { rateLimit } from '../limits.ts';
import { canSee } from '../permissions.ts';
import { isPull } from '../model.ts';
import type { IssueRecord, RepositoryRecord } from '../model.ts';
import { issue } from '../representations/issue.ts';
import { fullName } from '../world.ts';
import { unprocessable } from '../errors.ts';
import { ok, page } from './request.ts';
import type { Route } from './request.ts';

const limits: Route = {
  method: 'GET',
  template: '/rate_limit',
  handle(request) {
    const core = rateLimit(request.world, request.actor);
    const quiet = { ...core, limit: 30, remaining: 30, used: 0 };
    return ok({
      resources: { core, search: quiet, graphql: { ...core, used: 0, remaining: core.limit } },
      rate: core,
    });
  },
};

interface Found {
  readonly repository: RepositoryRecord;
  readonly issue: IssueRecord;
}

/** The qualifiers of GitHub's search that matter here; words match title and body. An unknown qualifier is refused, not ignored. */
const search: Route = {
  method: 'GET',
  template: '/search/issues',
  handle(request) {
    const { world, query } = request;
    const terms = (query.get('q') ?? '').match(/(?:[^\s"]+|"[^"]*")+/g);
    if (terms === null)
      throw unprocessable('Validation Failed', [
        { resource: 'Search', field: 'q', code: 'missing' },
      ]);
    const tests = terms.map((term) => matcher(term));
    const found = world.repositories
      .filter((repository) => canSee(repository, request.actor))
      .flatMap((repository) =>
        [...repository.issues.values()].map((one): Found => ({ repository, issue: one })),
      )
      .filter((one) => tests.every((test) => test(one)))
      .toReversed();
    return page(
      request,
      found,
      (one) => ({ ...issue(world, one.repository, one.issue), score: 1 }),
      (items) => ({
        total_count: found.length,
        incomplete_results: false,
        search_type: 'lexical',
        items,
      }),
    );
  },
};

function matcher(term: string): (found: Found) => boolean {
  const negated = term.startsWith('-');
  const plain = negated ? term.slice(1) : term;
  const test = positive(plain);
  return negated ? (found) => !test(found) : test;
}

function positive(term: string): (found: Found) => boolean {
  const [, qualifier, quoted] = /^([a-z-]+):(.+)$/.exec(term) ?? [];
  const value = (quoted ?? term).replace(/^"|"$/g, '').toLowerCase();
  switch (qualifier) {
    case undefined:
      return ({ issue: one }) => `${one.title}\n${one.body ?? ''}`.toLowerCase().includes(value);
    case 'repo':
      return ({ repository }) => fullName(repository).toLowerCase() === value;
    case 'org':
    case 'user':
      return ({ repository }) => repository.owner.login.toLowerCase() === value;
    case 'author':
      return ({ issue: one }) => one.author.login.toLowerCase() === value.replace(/^app\//, '');
    case 'assignee':
      return ({ issue: one }) =>
        one.assignees.some((person) => person.login.toLowerCase() === value);
    case 'label':
      return ({ issue: one }) => one.labels.some((label) => label.name.toLowerCase() === value);
    case 'state':
      return ({ issue: one }) => one.state === value;
    case 'head':
      return ({ issue: one }) => one.pull?.headRef.toLowerCase() === value;
    case 'base':
      return ({ issue: one }) => one.pull?.baseRef.toLowerCase() === value;
    case 'sha':
      return ({ issue: one }) => one.pull?.headSha.startsWith(value) === true;
    case 'in':
      return () => true;
    case 'type':
    case 'is':
      return ({ issue: one }) => isState(one, value);
    default:
      throw unprocessable('Validation Failed', [
        {
          resource: 'Search',
          field: 'q',
          code: 'invalid',
          message: `The qualifier ${qualifier} is not understood here.`,
        },
      ]);
  }
}

function isState(one: IssueRecord, word: string): boolean {
  switch (word) {
    case 'issue':
      return !isPull(one);
    case 'pr':
    case 'pull-request':
      return isPull(one);
    case 'open':
    case 'closed':
      return one.state === word;
    case 'merged':
      return isPull(one) && one.pull.mergedAt !== null;
    case 'unmerged':
      return isPull(one) && one.pull.mergedAt === null;
    case 'draft':
      return isPull(one) && one.pull.draft;
    default:
      return false;
  }
}

export const miscellaneousRoutes: readonly Route[] = [limits, search];
