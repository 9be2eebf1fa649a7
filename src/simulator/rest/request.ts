import { doerOf } from '../actor.ts';
import type { Actor, Doer } from '../actor.ts';
import { GitHubRefusal, notFound } from '../errors.ts';
import type { IssueRecord, PullIssue, RepositoryRecord } from '../model.ts';
import { isPull } from '../model.ts';
import type { Access } from '../permissions.ts';
import { requireAccess } from '../permissions.ts';
import type { World } from '../world.ts';
import type { Body } from './body.ts';

export interface RestRequest {
  readonly world: World;
  readonly actor: Actor;
  /** The credential itself, for revoking it. */
  readonly token: string | null;
  readonly method: string;
  /** Without query and without `/api/v3`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly accept: string;
}

export interface RepositoryRequest extends RestRequest {
  readonly repository: RepositoryRecord;
}

export interface Reply {
  readonly status: number;
  /** Undefined: no body. A string or buffer goes out as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Route {
  readonly method: string;
  /** GitHub's own template; `{name+}` takes slashes too. */
  readonly template: string;
  handle(request: RestRequest): Reply | Promise<Reply>;
}

export const ok = (body: unknown): Reply => ({ status: 200, body });
export const created = (body: unknown): Reply => ({ status: 201, body });
export const noContent: Reply = { status: 204 };

export function param(request: RestRequest, name: string): string {
  const value = request.params[name];
  if (value === undefined) throw new Error(`The route ${request.path} has no parameter ${name}.`);
  return value;
}

export function numberParam(request: RestRequest, name: string): number {
  const text = param(request, name);
  if (!/^\d{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

/** A route inside a repository. Nothing of it runs before the access it declares has been granted. */
export function inRepository(
  method: string,
  template: string,
  access: Access,
  handle: (request: RepositoryRequest) => Reply | Promise<Reply>,
): Route {
  return {
    method,
    template: `/repos/{owner}/{repo}${template}`,
    handle(request) {
      const repository = request.world.repository(param(request, 'owner'), param(request, 'repo'));
      if (repository === undefined) throw notFound();
      requireAccess(request.actor, repository, narrowed(access, repository, request));
      if (repository.archived && method !== 'GET') {
        throw new GitHubRefusal(403, 'Repository was archived so is read-only.');
      }
      return handle({ ...request, repository });
    },
  };
}

/** An App with `pull_requests` alone may speak on pull requests, and not on issues, though the routes are the same. */
function narrowed(access: Access, repository: RepositoryRecord, request: RestRequest): Access {
  const issue = repository.issues.get(Number(request.params['issue_number']));
  if (issue === undefined || issue.pull !== null) return access;
  return { ...access, app: access.app.filter(([permission]) => permission !== 'pull_requests') };
}

/** Who acts; 401 for nobody. */
export function doer(request: RestRequest): Doer {
  const found = doerOf(request.actor);
  if (found === null) throw new GitHubRefusal(401, 'Requires authentication');
  return found;
}

export function issueOf(request: RepositoryRequest, name = 'issue_number'): IssueRecord {
  const issue = request.repository.issues.get(numberParam(request, name));
  if (issue === undefined) throw notFound();
  return issue;
}

export function pullOf(request: RepositoryRequest): PullIssue {
  const issue = issueOf(request, 'pull_number');
  if (!isPull(issue)) throw notFound();
  return issue;
}

/** A page of a list, with GitHub's `Link` header. `wrap` for lists inside an object. */
export function page<T>(
  request: RestRequest,
  items: readonly T[],
  represent: (item: T) => unknown,
  wrap: (items: unknown[]) => unknown = (list) => list,
): Reply {
  const { size, number } = pageOf(request);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((number - 1) * size, number * size).map(represent);
  const link = links(request, number, last);
  return { status: 200, body: wrap(shown), headers: link === '' ? {} : { link } };
}

export function pageOf(request: RestRequest): { size: number; number: number } {
  const read = (name: string, fallback: number) => {
    const value = Number(request.query.get(name) ?? fallback);
    return Number.isInteger(value) && value > 0 ? value : fallback;
  };
  return { size: Math.min(100, read('per_page', 30)), number: read('page', 1) };
}

function links(request: RestRequest, number: number, last: number): string {
  const to = (page: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set('page', String(page));
    return `<${request.world.url}/api/v3${request.path}?${query.toString()}>; rel="${rel}"`;
  };
  return [
    ...(number > 1 ? [to(Math.min(number - 1, last), 'prev')] : []),
    ...(number < last ? [to(number + 1, 'next'), to(last, 'last')] : []),
    ...(number > 1 ? [to(1, 'first')] : []),
  ].join(', ');
}
