import { EtagCache } from './etag-cache.ts';
import type { GitHubOptions } from './options.ts';
import { createsContent, routeOf } from './route.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * `fetch` for Octokit: bounded in time, counted, reads made conditional. It sits below Octokit's hooks, where every
 * request passes: also those for tokens and the repetitions, which hooks do not see.
 */
export function createFetch(options: Pick<GitHubOptions, 'onRequest' | 'timeout'>): Fetch {
  const cache = new EtagCache();
  return async (url, init) => {
    const key = init.method === 'GET' ? cacheKey(url, init) : null;
    const response = await observed(options, url, withEtag(init, key && cache.etag(key)));
    if (key === null) return response;
    const kept = response.status === 304 ? cache.confirmed(key, response.headers) : null;
    return at(url, kept ?? (await cache.keep(key, response)));
  };
}

async function observed(
  options: Pick<GitHubOptions, 'onRequest' | 'timeout'>,
  url: string,
  init: RequestInit,
): Promise<Response> {
  const started = performance.now();
  let status: number | null = null;
  try {
    const signal = AbortSignal.timeout(options.timeout ?? 30_000);
    const response = await fetch(url, { ...init, signal });
    status = response.status;
    return response;
  } finally {
    const method = init.method ?? 'GET';
    const route = routeOf(new URL(url).pathname, init.body);
    options.onRequest?.({
      method,
      route,
      status,
      ms: performance.now() - started,
      content_created: status !== null && status < 300 && createsContent(method, route),
    });
  }
}

/** The token is part of it: what one token was shown is never offered to another. */
function cacheKey(url: string, init: RequestInit): string {
  const headers = new Headers(init.headers);
  return [url, headers.get('accept'), headers.get('authorization')].join('\n');
}

function withEtag(init: RequestInit, etag: string | null): RequestInit {
  if (etag === null) return init;
  const headers = new Headers(init.headers);
  headers.set('if-none-match', etag);
  return { ...init, headers };
}

/** Octokit reads the address of a response to go on paginating; one made here has none. */
const at = (url: string, response: Response): Response =>
  response.url === '' ? Object.defineProperty(response, 'url', { value: url }) : response;
