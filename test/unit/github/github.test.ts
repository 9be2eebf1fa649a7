import { describe, expect, it } from 'vitest';

import { fromActor, toAccount } from '../../../src/adapters/github/accounts.ts';
import { hiddenMarker } from '../../../src/adapters/github/comments.ts';
import { EtagCache } from '../../../src/adapters/github/etag-cache.ts';
import { whyNotMerged } from '../../../src/adapters/github/merge-refusals.ts';
import { baseUrlOf, gitHostOf } from '../../../src/adapters/github/options.ts';
import { createsContent, routeOf } from '../../../src/adapters/github/route.ts';

describe('a route is the same for all requests of its kind', () => {
  it.each([
    ['/repos/acme/widgets/issues/12/comments', '/repos/{owner}/{repo}/issues/{n}/comments'],
    ['/api/v3/repos/acme/widgets/pulls', '/repos/{owner}/{repo}/pulls'],
    ['/repos/issues/labels/labels/bug%2Fnew', '/repos/{owner}/{repo}/labels/{name}'],
    [`/repos/a/b/git/commits/${'a'.repeat(40)}`, '/repos/{owner}/{repo}/git/commits/{sha}'],
    ['/repos/a/b/git/ref/heads/assent%2Fledger', '/repos/{owner}/{repo}/git/ref/{ref}'],
    ['/repos/a/b/git/refs/heads/assent/issue-1', '/repos/{owner}/{repo}/git/refs/{ref}'],
    ['/repos/a/b/git/refs/heads%2Fassent%2Fissue-1', '/repos/{owner}/{repo}/git/refs/{ref}'],
    ['/repos/a/b/compare/main...dev', '/repos/{owner}/{repo}/compare/{range}'],
    [
      '/repos/a/b/collaborators/ann/permission',
      '/repos/{owner}/{repo}/collaborators/{username}/permission',
    ],
    ['/orgs/acme/teams/core/memberships/ann', '/orgs/{org}/teams/{team}/memberships/{username}'],
    ['/app/installations/7/access_tokens', '/app/installations/{n}/access_tokens'],
  ])('%s is %s', (path, route) => {
    expect(routeOf(path, null)).toBe(route);
  });

  it.each(['/graphql', '/api/graphql'])('%s names the operation', (path) => {
    expect(routeOf(path, JSON.stringify({ query: '\n  mutation Ready($id: ID!) { x }' }))).toBe(
      '/graphql Ready',
    );
    expect(routeOf(path, JSON.stringify({ query: '{ viewer { login } }' }))).toBe('/graphql ?');
  });
});

describe('created content is what GitHub counts as such', () => {
  it.each([
    ['POST', '/repos/{owner}/{repo}/issues/{n}/comments', true],
    ['POST', '/repos/{owner}/{repo}/pulls', true],
    ['POST', '/repos/{owner}/{repo}/pulls/{n}/reviews', true],
    ['PUT', '/repos/{owner}/{repo}/pulls/{n}/merge', true],
    ['POST', '/graphql createCommitOnBranch', true],
    ['POST', '/graphql Comments', false],
    ['PATCH', '/repos/{owner}/{repo}/issues/comments/{n}', false],
    ['POST', '/repos/{owner}/{repo}/issues/{n}/labels', false],
    ['POST', '/app/installations/{n}/access_tokens', false],
    ['GET', '/repos/{owner}/{repo}/issues', false],
  ])('%s %s: %s', (method, route, expected) => {
    expect(createsContent(method, route)).toBe(expected);
  });
});

describe('an account counts as what GitHub says it is', () => {
  it.each([
    ['a user', { __typename: 'User', login: 'ann', databaseId: 1 }, 1, 'ann', 'User'],
    [
      'a bot, by its REST name',
      { __typename: 'Bot', login: 'ci', databaseId: 2 },
      2,
      'ci[bot]',
      'Bot',
    ],
    ['a kind without an id: unknown', { __typename: 'User', login: 'eve' }, 0, 'eve', 'Unknown'],
    ['nobody', null, 0, 'ghost', 'Ghost'],
  ])('%s', (_, actor, id, login, type) => {
    expect(fromActor(actor)).toEqual({ id, login, type });
  });

  it('is no User when REST tells nobody, or no type', () => {
    expect(toAccount(null).type).toBe('Ghost');
    expect(toAccount({ id: 1, login: 'ann' }).type).toBe('Unknown');
  });
});

describe('a merge that GitHub refused has a reason', () => {
  it.each([
    [409, 'Head branch was modified. Review and try the merge again.', 'merge.head_moved'],
    [405, 'Base branch was modified. Review and try the merge again.', 'merge.base_moved'],
    [405, 'Pull Request is not mergeable', 'merge.not_mergeable'],
    [405, 'Changes must be made through the merge queue', 'merge.queue_required'],
    [
      405,
      'Repository rule violations found\n\nChanges must be made through the merge queue',
      'merge.queue_required',
    ],
    [
      405,
      'At least 1 approving review is required by reviewers with write access.',
      'merge.review_required',
    ],
    [405, 'Changes have been requested.', 'merge.changes_requested'],
    [405, 'Waiting on code owner review from acme/core.', 'merge.code_owner_required'],
    [
      405,
      'New changes require approval from someone other than the last pusher.',
      'merge.last_pusher',
    ],
    [405, 'Required status check "ci" is expected.', 'merge.check_missing'],
    [405, '2 of 3 required status checks are pending.', 'merge.check_missing'],
    [405, 'Required status check "ci" is failing.', 'merge.check_failed'],
    [405, 'The head branch is not up to date with the base branch.', 'merge.behind'],
    [405, 'All comments must be resolved.', 'merge.conversation_unresolved'],
    [
      405,
      'A conversation must be resolved before this pull request can be merged.',
      'merge.conversation_unresolved',
    ],
    [405, 'Commits must have verified signatures.', 'merge.signature_required'],
    [405, 'Merge commits are not allowed on this repository.', 'merge.method_not_allowed'],
    [405, 'This branch must not contain merge commits.', 'merge.linear_history'],
    [405, "You're not authorized to push to this branch.", 'merge.push_restricted'],
    [405, 'Cannot change this locked branch', 'merge.branch_locked'],
    [405, 'Pull Request is still a draft', 'merge.draft'],
    [405, 'words GitHub has not used yet', 'merge.blocked'],
    [403, 'refusing to allow a GitHub App to update workflow `ci.yml`', 'merge.forbidden'],
    [404, 'Not Found', 'merge.no_item'],
  ])('%i %s: %s', (status, message, code) => {
    expect(whyNotMerged('acme/widgets#1', { head: 'c3' }, status, message)?.code).toBe(code);
  });

  it.each([
    [500, 'Server Error'],
    [401, 'Bad credentials'],
  ])('%i %s is a fault, not a refusal', (status, message) => {
    expect(whyNotMerged('acme/widgets#1', { head: 'c3' }, status, message)).toBeNull();
  });
});

describe('git is served', () => {
  it.each([
    ['https://api.github.com', 'https://github.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://git.acme.example/api/v3', 'https://git.acme.example'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['https://api.git.acme.example/api/v3', 'https://api.git.acme.example'],
  ])('for %s at %s', (baseUrl, expected) => {
    expect(gitHostOf(baseUrl)).toBe(expected);
  });

  it('beside an address that may end in a slash', () => {
    expect(baseUrlOf({ baseUrl: 'http://127.0.0.1:4000/' })).toBe('http://127.0.0.1:4000');
    expect(baseUrlOf({})).toBe('https://api.github.com');
  });
});

describe('a marker', () => {
  it('is closed, so that one item is no beginning of another', () => {
    expect(hiddenMarker('issue-12')).not.toContain(hiddenMarker('issue-1'));
    expect(hiddenMarker('issue-1')).toBe('<!-- assent:issue-1 -->');
    expect(hiddenMarker('<!-- assent:issue-1 -->')).toBe('<!-- assent:issue-1 -->');
  });
});

describe('answers kept by ETag', () => {
  const answer = (body: string, etag: string | null): Response =>
    new Response(body, { headers: etag === null ? {} : { etag, link: '<next>' } });

  it('come back whole, with the fresh rate limit', async () => {
    const cache = new EtagCache();
    const kept = await cache.keep('a', answer('[1]', '"x"'));
    expect(await kept.text()).toBe('[1]');
    const again = cache.confirmed('a', new Headers({ 'x-ratelimit-remaining': '7' }));
    expect(await again?.text()).toBe('[1]');
    expect(again?.headers.get('link')).toBe('<next>');
    expect(again?.headers.get('x-ratelimit-remaining')).toBe('7');
  });

  it('are none without a tag, for another key, or beyond the bound', async () => {
    const cache = new EtagCache(80);
    await cache.keep('untagged', answer('[1]', null));
    expect(cache.etag('untagged')).toBeNull();
    expect(cache.confirmed('other', new Headers())).toBeNull();
    await cache.keep('large', answer('x'.repeat(11), '"x"'));
    expect(cache.etag('large')).toBeNull();
    for (let n = 0; n < 9; n += 1) await cache.keep(`n${n}`, answer('x'.repeat(10), '"x"'));
    expect(cache.etag('n0')).toBeNull();
    expect(cache.etag('n8')).toBe('"x"');
  });
});
