import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';

import { statusOf } from './fault.ts';
import type { GitHubLog, GitHubOptions } from './options.ts';
import { baseUrlOf } from './options.ts';
import type { Fetch } from './transport.ts';

const Base = Octokit.plugin(retry, throttling);
export type Client = InstanceType<typeof Base>;

/** Gives the header; `fresh` asks for a new token because the last one was refused. */
export type Authorization = (fresh: boolean) => Promise<string>;

/** A wait longer than this is the job queue's business: the fault carries how long. */
const LONGEST_WAIT_SECONDS = 60;

export function createClient(
  options: GitHubOptions,
  fetch: Fetch,
  authorization: Authorization | null,
): Client {
  const client = new Base({
    baseUrl: baseUrlOf(options),
    userAgent: 'assent',
    request: { fetch },
    log: quiet(options.log),
    retry: { retries: 2, doNotRetry: REFUSED, retryAfterBaseValue: options.retryDelay ?? 1000 },
    throttle: throttle(options),
  });
  client.hook.before('request', (request) => {
    // Set to a number above 0 it would repeat refusals too.
    if (!isSafe(request)) request.request.retries = 0;
  });
  if (authorization !== null) authorize(client, authorization);
  return client;
}

/** Octokit would repeat 4xx of which nothing comes, for instance 409 of an empty repository, for fourteen seconds. */
const REFUSED = Array.from({ length: 100 }, (_, index) => 400 + index);

/** Only what changes nothing may be sent twice: a lost answer does not tell whether the deed was done. */
function isSafe(request: { method: string; url: string; query?: unknown }): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  if (request.url.endsWith('/access_tokens')) return true;
  return typeof request.query === 'string' && request.query.trimStart().startsWith('query');
}

/**
 * By hand and not by auth-app's own hook: that hook (8.3.1) drops `repositoryIds` and `permissions`, and every token
 * would be good for the whole installation.
 */
function authorize(client: Client, authorization: Authorization): void {
  client.hook.wrap('request', async (request, given) => {
    given.headers.authorization = await authorization(false);
    try {
      return await request(given);
    } catch (error) {
      if (statusOf(error) !== 401) throw error;
      // Revoked before its hour was over. 401 means that nothing was done, so once more is safe for writes too.
      given.headers.authorization = await authorization(true);
      return request(given);
    }
  });
}

function throttle(options: GitHubOptions) {
  if (options.pace === false) return { enabled: false as const };
  const onLimit = (seconds: number, request: { method: string; url: string }, tries: number) => {
    const waits = seconds <= LONGEST_WAIT_SECONDS && tries < 2;
    const then = waits ? 'waiting' : 'giving up for now';
    options.log?.warn(
      `GitHub's rate limit: ${request.method} ${request.url}, ${seconds} s: ${then}`,
    );
    return waits;
  };
  return {
    // Limits hold for the App at one host; the plugin's queues are shared by id.
    id: `${baseUrlOf(options)} ${options.appId}`,
    onRateLimit: (
      seconds: number,
      request: { method: string; url: string },
      _: unknown,
      tries: number,
    ) => onLimit(seconds, request, tries),
    onSecondaryRateLimit: (
      seconds: number,
      request: { method: string; url: string },
      _: unknown,
      tries: number,
    ) => onLimit(seconds, request, tries),
  };
}

/** Octokit writes each 404 to the console as an error; to us many of them are answers. */
function quiet(log: GitHubLog | undefined) {
  const debug = (message: string): void => log?.debug(message);
  return { debug, info: debug, warn: (message: string): void => log?.warn(message), error: debug };
}
