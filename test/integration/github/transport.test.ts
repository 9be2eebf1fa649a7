import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';

import { CodeHostFault } from '../../../src/adapters/github/fault.ts';
import { createLedgerBranch } from '../../../src/adapters/github/ledger-branch.ts';
import type { GitHubOptions } from '../../../src/adapters/github/options.ts';
import type { RepositoryHost } from '../../../src/ports/code-host.ts';
import type { Answer, ScriptedHost, Sent } from './scripted-host.ts';
import { startScriptedHost } from './scripted-host.ts';

let host: ScriptedHost;
afterEach(() => host.close());

async function given(
  answer: (sent: Sent, count: number) => Answer,
  options: Partial<GitHubOptions> = {},
  refuseToken: (asked: Sent) => number | null = () => null,
): Promise<RepositoryHost> {
  host = await startScriptedHost(answer, options, refuseToken);
  return host.github.repository(host.ref);
}

const fault = async (asked: Promise<unknown>): Promise<CodeHostFault> => {
  const error: unknown = await asked.then(
    () => null,
    (error: unknown) => error,
  );
  if (error instanceof CodeHostFault) return error;
  throw new Error(`not a fault: ${inspect(error)}`);
};

const LABELS: Answer = { status: 200, body: [{ name: 'bug' }] };
const ISSUE: Answer = {
  status: 200,
  body: {
    number: 1,
    title: 'T',
    body: null,
    state: 'open',
    user: null,
    labels: [],
    milestone: null,
  },
};
const broken = (status: number, headers = {}): Answer => ({
  status,
  headers,
  body: { message: 'Server Error' },
});

describe('only what changes nothing is asked twice', () => {
  it.each([500, 502, 503])('a read that met %i is asked again', async (status) => {
    const repository = await given((_, count) => (count === 1 ? broken(status) : LABELS));
    expect(await repository.labels()).toEqual(['bug']);
    expect(host.observed.map((seen) => seen.status)).toEqual([201, status, 200]);
  });

  it('a read whose connection was cut is asked again', async () => {
    const repository = await given((_, count) => (count === 1 ? 'cut' : LABELS));
    expect(await repository.labels()).toEqual(['bug']);
  });

  it('a read that goes on failing is a fault, after three attempts', async () => {
    const repository = await given(() => broken(502));
    expect(await fault(repository.labels())).toMatchObject({
      operation: 'labels of acme/widgets',
      status: 502,
    });
    expect(host.sent).toHaveLength(3);
  });

  it.each([
    ['502', broken(502)],
    ['a cut connection', 'cut'],
  ] as const)('a merge that met %s is not sent again', async (_, answer) => {
    const repository = await given(({ method }) =>
      method === 'PUT' ? answer : { status: 200, body: { head: { sha: 'c3' }, state: 'open' } },
    );
    const input = {
      pull_request: 1,
      head: 'c3',
      method: 'squash',
      title: 't',
      message: '',
    } as const;
    const { status } = await fault(repository.merge(input));
    expect(status).toBe(answer === 'cut' ? null : 502);
    expect(host.sent.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  it('a GraphQL query is asked again, a mutation is not', async () => {
    const repository = await given(() => broken(502));
    await fault(repository.reviews(1));
    expect(host.sent).toHaveLength(3);
    const branch = createLedgerBranch(host.github.contextOf(host.ref), 'assent/ledger');
    await fault(branch.commit({ expected: 'c1', files: [], subject: 's', body: '' }));
    expect(host.sent).toHaveLength(4);
  });

  it('an answer that does not come in time is a fault without a status', async () => {
    const repository = await given(() => 'silence', { timeout: 100 });
    expect((await fault(repository.labels())).status).toBeNull();
  });
});

describe("GitHub's limits are kept", () => {
  it('a short wait is waited, also before a write: GitHub had not done it', async () => {
    const repository = await given(
      (_, count) => {
        if (count === 1)
          return {
            status: 429,
            headers: { 'retry-after': '1' },
            body: { message: 'secondary rate limit' },
          };
        return { status: 200, body: [] };
      },
      { pace: true },
    );
    const started = performance.now();
    const changed = await repository.changeLabels(1, { add: ['bug'], remove: [] });
    expect(changed.ok).toBe(true);
    expect(performance.now() - started).toBeGreaterThan(1000);
    expect(host.sent.map(({ method }) => method)).toEqual(['POST', 'POST']);
  });

  it('evidence is read without a wait', async () => {
    const page = { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
    const data = {
      repository: { pullRequest: { reviews: page }, issueOrPullRequest: { comments: page } },
    };
    const repository = await given(() => ({ status: 200, body: { data } }), { pace: true });
    const started = performance.now();
    await repository.reviews(1);
    await repository.comments(1);
    await repository.reviews(1);
    expect(performance.now() - started).toBeLessThan(1900);
    expect(host.tokenRequests).toHaveLength(1);
  });

  it.each([true, false])('a long wait is a fault that says how long (pace %s)', async (pace) => {
    const limited = {
      status: 429,
      headers: { 'retry-after': '90' },
      body: { message: 'secondary rate limit' },
    };
    const repository = await given(() => limited, { pace });
    expect(await fault(repository.labels())).toMatchObject({
      status: 429,
      retry_after_seconds: 90,
    });
    expect(host.sent).toHaveLength(1);
  });
});

describe('a rate limit is no answer', () => {
  const soon = () => String(Math.ceil(Date.now() / 1000) + 600);
  const limits: [string, () => Answer][] = [
    ['429', () => broken(429)],
    ['403 with a wait', () => broken(403, { 'retry-after': '600' })],
    [
      '403 with nothing left',
      () => broken(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon() }),
    ],
    [
      '403 in words',
      () => ({ status: 403, body: { message: 'You have exceeded a secondary rate limit.' } }),
    ],
  ];

  it.each(limits)('%s makes nobody a stranger', async (_, limited) => {
    const repository = await given(() => limited());
    await expect(repository.permission('ann')).rejects.toThrow(CodeHostFault);
    await expect(repository.teamsOf('ann', ['acme/core'])).rejects.toThrow(CodeHostFault);
  });

  it.each(limits)('%s refuses no merge', async (_, limited) => {
    const repository = await given(({ method }) =>
      method === 'PUT' ? limited() : { status: 200, body: { head: { sha: 'c3' }, state: 'open' } },
    );
    const input = {
      pull_request: 1,
      head: 'c3',
      method: 'merge',
      title: 't',
      message: '',
    } as const;
    await expect(repository.merge(input)).rejects.toThrow(CodeHostFault);
  });

  it('and says when to come back', async () => {
    const repository = await given(() =>
      broken(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon() }),
    );
    const { retry_after_seconds: seconds } = await fault(repository.labels());
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThan(603);
  });
});

describe('a token is for one repository and one purpose', () => {
  it('and is asked for once', async () => {
    const repository = await given(({ path }) => (path.includes('/issues/') ? ISSUE : LABELS));
    await repository.labels();
    await repository.issue(1);
    await repository.gitCredentials();
    expect(host.tokenRequests.map(({ body }) => body)).toEqual([
      {
        repository_ids: [5],
        permissions: {
          checks: 'read',
          contents: 'read',
          issues: 'read',
          pull_requests: 'read',
          statuses: 'read',
        },
      },
      { repository_ids: [5], permissions: { contents: 'write' } },
    ]);
  });

  it('a refused one is replaced once', async () => {
    const repository = await given((_, count) => (count === 1 ? broken(401) : LABELS));
    expect(await repository.labels()).toEqual(['bug']);
    expect(host.sent.map(({ headers }) => headers.authorization)).toEqual([
      'token ghs_secret1',
      'token ghs_secret2',
    ]);
  });

  it('and only once', async () => {
    const repository = await given(() => broken(401));
    expect((await fault(repository.labels())).status).toBe(401);
    expect(host.sent).toHaveLength(2);
  });

  it('that is not given is a fault, not the absence of what was asked for', async () => {
    const repository = await given(
      () => ISSUE,
      {},
      () => 404,
    );
    await expect(repository.issue(1)).rejects.toThrow('token of installation');
    await expect(repository.pullRequest(1)).rejects.toThrow('token of installation');
    await expect(repository.permission('ann')).rejects.toThrow('token of installation');
  });

  it('for members that the App may not see leaves teams empty', async () => {
    const repository = await given(
      () => LABELS,
      {},
      () => 422,
    );
    expect(await repository.teamsOf('ann', ['acme/core'])).toEqual([]);
  });

  it('and is in no fault, however closely one looks', async () => {
    const repository = await given(() => broken(500));
    const faults = [
      await fault(repository.labels()),
      await fault(repository.reviews(1)),
      await fault(repository.permission('ann')),
    ];
    const text = inspect(faults, { depth: 20, showHidden: true });
    expect(text).toContain('Server Error');
    expect(text).not.toContain('ghs_secret');
  });
});

describe('what GitHub says has not changed is taken from memory', () => {
  it('but never without asking', async () => {
    const repository = await given(({ headers }) =>
      headers['if-none-match'] === '"v1"'
        ? { status: 304, headers: { etag: '"v1"' } }
        : { ...LABELS, headers: { etag: '"v1"' } },
    );
    expect(await repository.labels()).toEqual(['bug']);
    expect(await repository.labels()).toEqual(['bug']);
    expect(host.observed.map((seen) => seen.status)).toEqual([201, 200, 304]);
  });

  it('page after page', async () => {
    const repository = await given(({ path, headers }) => {
      const page = new URL(path, 'http://x').searchParams.get('page') ?? '1';
      const etag = `"${page}"`;
      const link = `<http://${headers.host}/repositories/5/labels?page=2>; rel="next"`;
      const paged = { etag, ...(page === '1' ? { link } : {}) };
      if (headers['if-none-match'] === etag) return { status: 304, headers: { etag } };
      return { status: 200, headers: paged, body: [{ name: `label ${page}` }] };
    });
    expect(await repository.labels()).toEqual(['label 1', 'label 2']);
    expect(await repository.labels()).toEqual(['label 1', 'label 2']);
    expect(host.observed.map((seen) => seen.status)).toEqual([201, 200, 200, 304, 304]);
  });
});

describe('who may do what, when GitHub will not say', () => {
  it.each([403, 404])('%i: counts for nothing', async (status) => {
    const repository = await given(() => broken(status));
    expect(await repository.permission('ann')).toBeNull();
    expect(await repository.teamsOf('ann', ['acme/core'])).toEqual([]);
  });

  it('an outage is a fault, and ends no approval', async () => {
    const repository = await given(() => broken(503));
    expect((await fault(repository.permission('ann'))).status).toBe(503);
    expect((await fault(repository.teamsOf('ann', ['acme/core']))).status).toBe(503);
  });

  it('a membership that was only offered is none; a name that is no team is not asked for', async () => {
    const repository = await given(({ path }) => ({
      status: 200,
      body: { state: path.includes('/core/') ? 'active' : 'pending' },
    }));
    const teams = ['acme/core', 'acme/new', 'acme', 'acme/a/b'];
    expect(await repository.teamsOf('ann', teams)).toEqual(['acme/core']);
    expect(host.sent).toHaveLength(2);
  });
});

describe('nothing is cut off in silence', () => {
  it('a pull request of more than 250 commits is told by all of them', async () => {
    const commit = (n: number) => ({
      sha: `c${n}`,
      author: n === 299 ? { login: 'eve' } : null,
      committer: {},
      parents: [],
    });
    const slice = (path: string, most: number) => {
      const query = new URL(path, 'http://x').searchParams;
      const from = (Number(query.get('page') ?? 1) - 1) * 100;
      return Array.from({ length: Math.max(0, Math.min(100, most - from)) }, (_, i) =>
        commit(from + i),
      );
    };
    const repository = await given(({ path, headers }) => {
      if (path.includes('/compare/base...head'))
        return { status: 200, body: { url: 'x', total_commits: 300, commits: slice(path, 300) } };
      if (!path.includes('/commits'))
        return { status: 200, body: { base: { sha: 'base' }, head: { sha: 'head' } } };
      const body = slice(path, 250);
      const page = Number(new URL(path, 'http://x').searchParams.get('page') ?? 1);
      const next = `<http://${headers.host}/repos/acme/widgets/pulls/1/commits?per_page=100&page=${page + 1}>; rel="next"`;
      return { status: 200, headers: body.length === 100 ? { link: next } : {}, body };
    });
    const commits = await repository.commits(1);
    expect(commits).toHaveLength(300);
    expect(commits.filter(({ author }) => author !== null)).toMatchObject([{ author: 'eve' }]);
  });

  it('a ledger that GitHub lists only half of is a fault', async () => {
    await given(() => ({ status: 200, body: { truncated: true, tree: [] } }));
    const branch = createLedgerBranch(host.github.contextOf(host.ref), 'assent/ledger');
    expect((await fault(branch.read('c1'))).message).toContain('did not list all');
  });

  it('a list that GraphQL will not show is a fault, not an empty list', async () => {
    const repository = await given(() => ({
      status: 200,
      body: { data: { repository: { pullRequest: null, issueOrPullRequest: null } } },
    }));
    expect((await fault(repository.reviews(1))).message).toContain('no such list');
    expect((await fault(repository.comments(1))).message).toContain('no such list');
  });
});

describe('deliveries keep ids that no number can hold', () => {
  const id = '174812345678901249';
  const logged = `{"id":${id},"guid":"g","event":"push","action":null,"delivered_at":"2026-11-20T10:00:00Z","redelivery":false,"status_code":200,"repository_id":5}`;

  it('to the last digit', async () => {
    await given(({ method }) =>
      method === 'POST' ? { status: 202, body: {} } : { status: 200, body: `[${logged}]` },
    );
    const found = await host.github.deliveries('2026-11-20T00:00:00Z');
    expect(found.map((delivery) => delivery.id)).toEqual([id]);
    expect((await host.github.redeliver(id)).ok).toBe(true);
    expect(host.sent[1]?.path).toBe(`/app/hook/deliveries/${id}/attempts`);
  });

  it('and nothing but digits goes into a path', async () => {
    await given(() => ({ status: 202, body: {} }));
    expect(await host.github.redeliver('7/../8')).toMatchObject({
      refusal: { code: 'delivery.unknown' },
    });
    expect(host.sent).toHaveLength(0);
  });
});
