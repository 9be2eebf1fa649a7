import { createAppAuth } from '@octokit/auth-app';

import type { Authorization, Client } from './client.ts';
import { createClient } from './client.ts';
import { ask } from './call.ts';
import type { GitHubOptions } from './options.ts';
import type { Fetch } from './transport.ts';

const OBSERVE = {
  contents: 'read',
  issues: 'read',
  pull_requests: 'read',
  checks: 'read',
  statuses: 'read',
} as const;

/**
 * What a token may do, by purpose: the fewest permissions GitHub lets the purpose have. Reading `metadata` comes with
 * every token.
 */
export const GRANTS = {
  observe: OBSERVE,
  /** Reading by GraphQL. */
  query: OBSERVE,
  describe: { metadata: 'read' },
  people: { members: 'read' },
  discuss: { issues: 'write', pull_requests: 'write' },
  report: { checks: 'write' },
  propose: { pull_requests: 'write', contents: 'read' },
  merge: { contents: 'write', pull_requests: 'write' },
  /** Asked for only where a branch has a merge queue: an App without it is refused the token. */
  queue: { contents: 'write', pull_requests: 'write', merge_queues: 'write' },
  push: { contents: 'write' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, 'read' | 'write'>>>>;

export type Grant = keyof typeof GRANTS;

export interface Tokens {
  /** Signs as the App itself. */
  app(): Authorization;
  /** For one repository, or with null for what the whole installation can see. Kept in memory for its hour. */
  installation(installation: number, repository: number | null, grant: Grant): Authorization;
  raw(installation: number, repository: number, grant: Grant, fresh: boolean): Promise<string>;
}

export function createTokens(options: GitHubOptions, fetch: Fetch): Tokens {
  const auth = createAppAuth({
    appId: options.appId,
    privateKey: options.privateKey,
    request: createClient(options, fetch, null).request,
    log: { warn: (message: string) => options.log?.warn(message) },
  });

  const token = async (
    installation: number,
    repository: number | null,
    grant: Grant,
    fresh: boolean,
  ): Promise<string> =>
    ask(`token of installation ${installation} (${grant})`, async () => {
      const given = await auth({
        type: 'installation',
        installationId: installation,
        permissions: { ...GRANTS[grant] },
        refresh: fresh,
        ...(repository === null ? {} : { repositoryIds: [repository] }),
      });
      return given.token;
    });

  return {
    app: () => async () => `bearer ${(await auth({ type: 'app' })).token}`,
    installation: (installation, repository, grant) => async (fresh) =>
      `token ${await token(installation, repository, grant, fresh)}`,
    raw: token,
  };
}

/** Clients by grant, made when first needed. */
export function clientsOf(
  options: GitHubOptions,
  fetch: Fetch,
  tokens: Tokens,
  installation: number,
  repository: number | null,
): (grant: Grant) => Client {
  const made = new Map<Grant, Client>();
  return (grant) => {
    const known = made.get(grant);
    if (known !== undefined) return known;
    const client = createClient(
      // Octokit takes each GraphQL request for a write and waits a second before it; evidence is read for every decision.
      grant === 'query' ? { ...options, pace: false } : options,
      fetch,
      tokens.installation(installation, repository, grant),
    );
    made.set(grant, client);
    return client;
  };
}
