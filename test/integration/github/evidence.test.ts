import { afterEach, describe, expect, it } from 'vitest';

import type { RepositoryHost } from '../../../src/ports/code-host.ts';
import type { Answer, ScriptedHost, Sent } from './scripted-host.ts';
import { startScriptedHost } from './scripted-host.ts';

let host: ScriptedHost;
afterEach(() => host.close());

async function given(answer: (question: string) => Answer): Promise<RepositoryHost> {
  host = await startScriptedHost((sent) => answer(questionOf(sent)));
  return host.github.repository(host.ref);
}

/** A GraphQL query's name, or a REST route's last word. */
function questionOf({ path, body }: Sent): string {
  const query = typeof body === 'object' && body !== null && 'query' in body ? body.query : '';
  return /query (\w+)/.exec(String(query))?.[1] ?? path.replace(/\?.*/, '');
}

const asked = () =>
  host.observed.map(({ route }) => route).filter((route) => !route.endsWith('tokens'));

const ann = { __typename: 'User', login: 'ann', databaseId: 1 };
const comment = (id: number) => ({
  fullDatabaseId: String(id),
  author: ann,
  body: `${id}`,
  createdAt: '2026-11-21T10:00:00Z',
  lastEditedAt: null,
});
const page = (nodes: readonly unknown[], hasNextPage = false) => ({
  pageInfo: { hasNextPage, endCursor: hasNextPage ? 'next' : null },
  nodes,
});
const said = (data: unknown): Answer => ({ status: 200, body: { data } });
const failed = (type: string, message: string): Answer => ({
  status: 200,
  body: {
    data: { repository: { issue: null } },
    errors: [{ type, path: ['repository'], message }],
  },
});

const issue = {
  number: 1,
  title: 'T',
  body: '',
  author: ann,
  state: 'OPEN',
  createdAt: '2026-11-21T10:00:00Z',
  updatedAt: '2026-11-21T10:00:00Z',
  labels: page([]),
  comments: page([comment(1)]),
  timelineItems: page([
    {
      __typename: 'UnlabeledEvent',
      actor: null,
      createdAt: '2026-11-21T10:00:00Z',
      label: { name: 'assent:approve' },
    },
  ]),
};
const restIssue: Answer = {
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

describe('evidence in one look', () => {
  it('is one request where it fits', async () => {
    const repository = await given(() => said({ repository: { issue } }));
    expect(await repository.issueWithEvidence(1)).toMatchObject({
      comments: [{ id: 1, user: { login: 'ann', type: 'User' } }],
      // A deleted account is nobody who could approve; its removal of an approval holds all the same.
      label_events: [{ name: 'assent:approve', action: 'unlabeled', user: { type: 'Ghost' } }],
    });
    expect(asked()).toEqual(['/graphql IssueEvidence']);
  });

  it('is never cut: a list longer than a page is read to its end', async () => {
    const first = page([comment(1)], true);
    let pages = 0;
    const repository = await given((question) => {
      if (question === 'IssueEvidence') {
        return said({ repository: { issue: { ...issue, comments: first } } });
      }
      pages += 1;
      const comments = pages === 1 ? first : page([comment(2)]);
      return said({ repository: { issueOrPullRequest: { comments } } });
    });
    const told = await repository.issueWithEvidence(1);
    expect(told?.comments.map(({ id }) => id)).toEqual([1, 2]);
  });

  it('is gathered part by part where one part spoils the answer', async () => {
    const repository = await given((question) => {
      if (question === 'IssueEvidence') return failed('SERVICE_UNAVAILABLE', 'label is gone');
      if (question === 'Comments') {
        return said({ repository: { issueOrPullRequest: { comments: page([comment(1)]) } } });
      }
      return question.endsWith('/events') ? { status: 200, body: [] } : restIssue;
    });
    expect((await repository.issueWithEvidence(1))?.comments).toHaveLength(1);
    expect(asked()).toHaveLength(4);
  });

  it('of what is not there is none', async () => {
    const repository = await given(() => failed('NOT_FOUND', 'Could not resolve to an Issue'));
    expect(await repository.issueWithEvidence(1)).toBeNull();
  });

  it('under a rate limit is a fault, never an absence', async () => {
    const repository = await given(() => failed('RATE_LIMITED', 'API rate limit exceeded'));
    await expect(repository.issueWithEvidence(1)).rejects.toMatchObject({ name: 'CodeHostFault' });
    expect(asked()).toEqual(['/graphql IssueEvidence']);
  });
});

describe('an act without a look before it', () => {
  it('a comment that was deleted is written anew', async () => {
    const written = { status: 201, body: { id: 8 } };
    const repository = await given((question) => {
      if (question.endsWith('/comments/8')) return { status: 404, body: { message: 'Not Found' } };
      if (question === '/app') return { status: 200, body: { id: 1, slug: 'assent' } };
      if (question === '/app/installations') return { status: 200, body: [{ id: 1 }] };
      if (question.startsWith('/users/')) return { status: 200, body: { id: 9 } };
      return host.sent.at(-1)?.method === 'GET' ? { status: 200, body: [] } : written;
    });
    await repository.upsertComment(1, 'issue-1', 'One.');
    await repository.upsertComment(1, 'issue-1', 'Two.');
    const acts = host.sent.filter(({ method }) => method !== 'GET');
    expect(acts.map(({ method }) => method)).toEqual(['POST', 'PATCH', 'POST']);
  });
});
