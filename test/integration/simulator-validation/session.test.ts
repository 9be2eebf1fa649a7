import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/simulator/rest/routes.ts';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import { startStandAlone } from '../../../src/simulator/stand-alone.ts';
import type { StandAlone } from '../../../src/simulator/stand-alone.ts';
import { base64, openSession, pick } from './session.ts';
import type { Session } from './session.ts';

/** Everything the simulator has, once, with the validator watching: what it answers and what it delivers is as GitHub describes it. */
describe('a session with every route', () => {
  let alone: StandAlone;
  let session: Session;
  let sink: Server;
  let installation: string;
  let number: string;
  let head: string;

  beforeAll(async () => {
    sink = createServer((request, response) =>
      request.resume().on('end', () => response.end('ok')),
    ).listen(0, '127.0.0.1');
    await new Promise((listening) => sink.once('listening', listening));
    const { port } = sink.address() as AddressInfo;
    alone = await startStandAlone({
      webhookUrl: `http://127.0.0.1:${port}/`,
      strictRequests: true,
    });
    const { fullName } = await seedWidgets(alone.simulator);
    session = openSession(alone.simulator, fullName);
    installation = pick(
      await session.by(
        session.appToken(),
        'POST',
        `/app/installations/${alone.simulator.app.installationId}/access_tokens`,
        201,
        {},
      ),
      'token',
    );
  });

  afterAll(async () => {
    await alone.simulator.close();
    sink.close();
  });

  const mismatches = async (): Promise<readonly string[]> => {
    await alone.simulator.idle();
    return alone.validator
      .report()
      .mismatches.map(
        ({ kind, operation, where, message, example }) =>
          `${kind} ${operation}: ${where} ${message} [${example}]`,
      );
  };

  it('as an App: itself, its installations, its hook and its tokens', async () => {
    const { by, appToken, at, simulator, repository } = session;
    const { installationId } = simulator.app;
    await by(appToken(), 'GET', '/app', 200);
    await by(appToken(), 'GET', '/app/installations?per_page=10', 200);
    await by(appToken(), 'GET', `/app/installations/${installationId}`, 200);
    await by(appToken(), 'GET', `/repos/${repository}/installation`, 200);
    await by(appToken(), 'GET', `/orgs/acme/installation`, 200);
    await by(appToken(), 'GET', '/app/hook/config', 200);
    await by(appToken(), 'PATCH', '/app/hook/config', 200, { content_type: 'json' });
    const name = repository.split('/')[1];
    const narrow = await by(
      appToken(),
      'POST',
      `/app/installations/${installationId}/access_tokens`,
      201,
      {
        repositories: [name],
        permissions: { issues: 'read', metadata: 'read' },
      },
    );
    await by(installation, 'GET', '/installation/repositories', 200);
    await by(pick(narrow, 'token'), 'GET', `/repos/${repository}/issues`, 200);
    await by(pick(narrow, 'token'), 'POST', `/repos/${repository}/issues`, 403, { title: 'No' });
    await by(pick(narrow, 'token'), 'DELETE', '/installation/token', 204);
    await by(pick(narrow, 'token'), 'GET', '/installation/repositories', 401);
    await by('nonsense', 'GET', '/app', 401);
    await by(simulator.otherApp.token, 'GET', `/repos/${repository}`, 200);
    await at('owner', 'GET', '/rate_limit', 200);
    expect(await mismatches()).toEqual([]);
  });

  it('as people: accounts, roles, teams', async () => {
    const { at, here, simulator } = session;
    const { login, id } = simulator.people.writer;
    await at('reader', 'GET', '/user', 200);
    await at('owner', 'GET', '/user/repos', 200);
    await at('owner', 'GET', `/user/${id}`, 200);
    await at('owner', 'GET', `/users/${login}`, 200);
    await at('owner', 'GET', `/users/${simulator.app.slug}[bot]`, 200);
    await at('owner', 'GET', '/users/acme', 200);
    await at('owner', 'GET', '/users/nobody-here', 404);
    await at('owner', 'GET', `/users/acme/repos`, 200);
    await session.by(session.appToken(), 'GET', `/users/acme/installation`, 200);
    await here('owner', 'GET', '/collaborators', 200);
    await here('owner', 'GET', `/collaborators/${login}`, 204);
    await here('owner', 'GET', `/collaborators/${simulator.people.stranger.login}`, 404);
    await here('owner', 'GET', `/collaborators/${login}/permission`, 200);
    await here('owner', 'GET', `/collaborators/${simulator.people.stranger.login}/permission`, 200);
    await here('owner', 'PUT', `/collaborators/${simulator.people.stranger.login}`, 204, {
      permission: 'pull',
    });
    await here('owner', 'DELETE', `/collaborators/${simulator.people.stranger.login}`, 204);
    await here('owner', 'GET', '/assignees', 200);
    await here('owner', 'GET', `/assignees/${login}`, 204);
    await here('owner', 'GET', `/assignees/nobody-here`, 404);
    await here('owner', 'GET', '/contributors', 200);
    expect(await mismatches()).toEqual([]);
  });

  it('in a repository: settings, branches, protection, contents', async () => {
    const { here, at } = session;
    await here('stranger', 'GET', '', 200);
    await here('owner', 'PATCH', '', 200, {
      description: 'Small parts',
      delete_branch_on_merge: false,
    });
    await here('reader', 'PATCH', '', 403, { description: 'Mine' });
    await here('owner', 'GET', '/topics', 200);
    await here('owner', 'GET', '/readme', 200);
    await here('owner', 'GET', '/contents/', 200);
    await here('owner', 'GET', '/contents', 200);
    await here('owner', 'GET', '/contents/src', 200);
    await here('owner', 'GET', '/contents/README.md', 200);
    await here('owner', 'GET', '/contents/absent.md', 404);
    await here('owner', 'GET', '/branches?per_page=1', 200);
    await here('owner', 'GET', '/branches/main', 200);
    await here('owner', 'GET', '/branches/absent', 404);
    await here('owner', 'GET', '/branches/main/protection', 404);
    await here('owner', 'PUT', '/branches/main/protection', 200, {
      required_status_checks: null,
      enforce_admins: false,
      required_pull_request_reviews: {
        required_approving_review_count: 1,
        dismiss_stale_reviews: true,
      },
      restrictions: null,
    });
    await here('owner', 'GET', '/branches/main/protection', 200);
    const signatures = '/branches/main/protection/required_signatures';
    await here('owner', 'POST', signatures, 200);
    await here('owner', 'GET', signatures, 200);
    await here('owner', 'DELETE', signatures, 204);
    await here('owner', 'GET', '/branches/main', 200);
    await here('owner', 'DELETE', '/branches/main/protection', 204);
    await here('writer', 'POST', '/rulesets', 403, { name: 'Mine', enforcement: 'active' });
    const ruleset = await here('owner', 'POST', '/rulesets', 201, {
      name: 'Releases',
      target: 'branch',
      enforcement: 'active',
      conditions: { ref_name: { include: ['refs/heads/releases/**/*'], exclude: [] } },
      rules: [{ type: 'creation' }, { type: 'deletion' }, { type: 'non_fast_forward' }],
      bypass_actors: [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }],
    });
    const rulesetPath = `/rulesets/${pick(ruleset, 'id')}`;
    await here('reader', 'GET', '/rulesets', 200);
    await here('reader', 'GET', rulesetPath, 200);
    await here('reader', 'GET', '/rules/branches/releases/one', 200);
    const { sha } = (await here('owner', 'GET', '/branches/main', 200)).commit as { sha: string };
    await here('writer', 'POST', '/git/refs', 422, { ref: 'refs/heads/releases/one', sha });
    await here('owner', 'POST', '/git/refs', 201, { ref: 'refs/heads/releases/one', sha });
    await here('writer', 'DELETE', '/git/refs/heads/releases/one', 422);
    await here('owner', 'DELETE', rulesetPath, 204);
    await here('owner', 'GET', rulesetPath, 404);
    await here('writer', 'DELETE', '/git/refs/heads/releases/one', 204);
    await at('owner', 'GET', '/repos/acme/absent', 404);
    expect(await mismatches()).toEqual([]);
  });

  it('in git: refs, commits, trees, blobs, comparisons, and files written', async () => {
    const { here } = session;
    const main = await here('owner', 'GET', '/git/ref/heads/main', 200);
    const sha = pick(main, 'object', 'sha');
    await here('writer', 'POST', '/git/refs', 201, { ref: 'refs/heads/feature/oil', sha });
    await here('writer', 'POST', '/git/refs', 422, { ref: 'refs/heads/feature/oil', sha });
    await here('reader', 'POST', '/git/refs', 403, { ref: 'refs/heads/mine', sha });
    await here('owner', 'GET', '/git/matching-refs/heads/feature', 200);
    await here('owner', 'GET', '/git/ref/heads/absent', 404);
    const commit = await here('owner', 'GET', `/git/commits/${sha}`, 200);
    const tree = pick(commit, 'tree', 'sha');
    await here('owner', 'GET', `/git/trees/${tree}?recursive=1`, 200);
    const blob = await here('writer', 'POST', '/git/blobs', 201, {
      content: 'oil\n',
      encoding: 'utf-8',
    });
    await here('owner', 'GET', `/git/blobs/${pick(blob, 'sha')}`, 200);
    const made = await here('writer', 'POST', '/git/trees', 201, {
      base_tree: tree,
      tree: [{ path: 'oil.txt', mode: '100644', type: 'blob', sha: pick(blob, 'sha') }],
    });
    const next = await here('writer', 'POST', '/git/commits', 201, {
      message: 'Oil',
      tree: pick(made, 'sha'),
      parents: [sha],
    });
    await here('writer', 'PATCH', '/git/refs/heads/feature/oil', 200, {
      sha: pick(next, 'sha'),
      force: false,
    });
    await here('writer', 'PATCH', '/git/refs/heads/feature/oil', 422, { sha, force: false });
    const written = await here('writer', 'PUT', '/contents/docs/oil.md', 201, {
      message: 'Say how to oil',
      content: base64('Gently.\n'),
      branch: 'feature/oil',
    });
    const changed = await here('writer', 'PUT', '/contents/docs/oil.md', 200, {
      message: 'Say more',
      content: base64('Very gently.\n'),
      branch: 'feature/oil',
      sha: pick(written, 'content', 'sha'),
    });
    await here('writer', 'PUT', '/contents/docs/oil.md', 409, {
      message: 'Say it late',
      content: base64('No.\n'),
      branch: 'feature/oil',
      sha: pick(written, 'content', 'sha'),
    });
    await here('writer', 'DELETE', '/contents/docs/oil.md', 200, {
      message: 'Say nothing',
      branch: 'feature/oil',
      sha: pick(changed, 'content', 'sha'),
    });
    await here('owner', 'GET', '/commits?sha=feature/oil&per_page=2', 200);
    await here('owner', 'GET', '/commits/feature/oil', 200);
    await here('owner', 'GET', '/commits/absent', 422);
    await here('owner', 'GET', '/compare/main...feature/oil', 200);
    await here('writer', 'POST', '/git/refs', 201, { ref: 'refs/heads/short', sha });
    await here('writer', 'DELETE', '/git/refs/heads/short', 204);
    await here('writer', 'DELETE', '/git/refs/heads/short', 422);
    expect(await mismatches()).toEqual([]);
  });

  it('on issues: labels, comments, assignees, locks, events, search', async () => {
    const { here, at, simulator } = session;
    const issue = pick(
      await here('stranger', 'POST', '/issues', 201, { title: 'It squeaks', body: 'Loudly.' }),
      'number',
    );
    const { login } = simulator.people.writer;
    await here('owner', 'GET', '/issues?state=all&per_page=2&sort=updated&direction=desc', 200);
    await here('owner', 'GET', `/issues/${issue}`, 200);
    await here('owner', 'GET', '/issues/4000', 404);
    await here('triager', 'POST', '/labels', 403, { name: 'squeak', color: 'ededed' });
    await here('writer', 'POST', '/labels', 201, {
      name: 'squeak',
      color: 'ededed',
      description: 'A noise',
    });
    await here('writer', 'POST', '/labels', 422, { name: 'squeak', color: 'ededed' });
    await here('writer', 'PATCH', '/labels/squeak', 200, { new_name: 'noise', color: '000000' });
    await here('owner', 'GET', '/labels', 200);
    await here('owner', 'GET', '/labels/noise', 200);
    await here('owner', 'GET', '/labels/absent', 404);
    await here('triager', 'POST', `/issues/${issue}/labels`, 200, { labels: ['noise', 'bug'] });
    await here('owner', 'GET', `/issues/${issue}/labels`, 200);
    await here('triager', 'DELETE', `/issues/${issue}/labels/noise`, 200);
    await here('triager', 'PUT', `/issues/${issue}/labels`, 200, { labels: ['noise'] });
    await here('triager', 'DELETE', `/issues/${issue}/labels`, 204);
    await here('stranger', 'POST', `/issues/${issue}/labels`, 403, { labels: ['noise'] });
    await here('writer', 'DELETE', '/labels/noise', 204);
    await here('triager', 'POST', '/milestones', 403, { title: 'v1' });
    await here('writer', 'POST', '/milestones', 201, { title: 'v1', description: 'First' });
    await here('writer', 'POST', '/milestones', 422, { title: 'v1' });
    await here('writer', 'PATCH', '/milestones/1', 200, { title: 'v1.0', state: 'closed' });
    await here('reader', 'GET', '/milestones?state=all', 200);
    await here('reader', 'GET', '/milestones/1', 200);
    await here('reader', 'GET', '/milestones/9', 404);
    await here('reader', 'PATCH', `/issues/${issue}`, 403, { milestone: 1 });
    await here('triager', 'PATCH', `/issues/${issue}`, 200, { milestone: 1 });
    await here('triager', 'PATCH', `/issues/${issue}`, 422, { milestone: 9 });
    await here('reader', 'GET', `/issues/${issue}/events`, 200);
    await here('reader', 'GET', `/issues/${issue}/timeline`, 200);
    await here('triager', 'PATCH', `/issues/${issue}`, 200, { milestone: null });
    await here('writer', 'DELETE', '/milestones/1', 204);
    const comment = pick(
      await here('reader', 'POST', `/issues/${issue}/comments`, 201, { body: 'Me too.' }),
      'id',
    );
    await here('reader', 'PATCH', `/issues/comments/${comment}`, 200, { body: 'Me three.' });
    await here('owner', 'GET', `/issues/comments/${comment}`, 200);
    await here('owner', 'GET', `/issues/${issue}/comments?since=2020-01-01T00:00:00Z`, 200);
    await here('owner', 'GET', '/issues/comments?sort=created&direction=asc', 200);
    await here('triager', 'POST', `/issues/${issue}/assignees`, 201, { assignees: [login] });
    await here('owner', 'GET', `/issues/${issue}`, 200);
    await here('triager', 'DELETE', `/issues/${issue}/assignees`, 200, { assignees: [login] });
    const root = `/repos/${session.repository}`;
    const own = await session.by(installation, 'POST', `${root}/issues`, 201, {
      title: 'By the App',
    });
    const reply = `${root}/issues/${pick(own, 'number')}/comments`;
    const answer = await session.by(installation, 'POST', reply, 201, { body: 'Noted.' });
    const answered = `${root}/issues/comments/${pick(answer, 'id')}`;
    await session.by(installation, 'PATCH', answered, 200, { body: 'Noted again.' });
    await session.by(installation, 'POST', `${root}/issues/${issue}/labels`, 200, {
      labels: ['bug'],
    });
    await here('owner', 'GET', '/issues', 200);
    await here('owner', 'GET', `/issues/${pick(own, 'number')}/timeline`, 200);
    await here('writer', 'PUT', `/issues/${issue}/lock`, 204, { lock_reason: 'resolved' });
    await here('stranger', 'POST', `/issues/${issue}/comments`, 403, { body: 'But' });
    await here('writer', 'DELETE', `/issues/${issue}/lock`, 204);
    await here('stranger', 'PATCH', `/issues/${issue}`, 200, {
      title: 'It squeaks a lot',
      body: 'Very loudly.',
    });
    await here('triager', 'PATCH', `/issues/${issue}`, 200, {
      state: 'closed',
      state_reason: 'not_planned',
    });
    await here('triager', 'PATCH', `/issues/${issue}`, 200, { state: 'open' });
    await here('reader', 'DELETE', `/issues/comments/${comment}`, 204);
    const event = pick(
      await here('owner', 'GET', `/issues/${issue}/events?per_page=100`, 200),
      'id',
    );
    await here('owner', 'GET', '/issues/events', 200);
    await here('owner', 'GET', `/issues/events/${event}`, 200);
    await here('owner', 'GET', `/issues/${issue}/timeline?per_page=100`, 200);
    await at(
      'owner',
      'GET',
      `/search/issues?q=${encodeURIComponent('repo:acme/widgets is:issue squeaks')}`,
      200,
    );
    expect(await mismatches()).toEqual([]);
  });

  it('on a pull request: opened, changed, commented, reviewed', async () => {
    const { here, by, repository, simulator } = session;
    const opened = await by(installation, 'POST', `/repos/${repository}/pulls`, 201, {
      title: 'Oil it',
      body: 'Closes #1',
      head: 'feature/oil',
      base: 'main',
      draft: true,
    });
    number = pick(opened, 'number');
    head = pick(opened, 'head', 'sha');
    await here('owner', 'POST', '/pulls', 422, {
      title: 'Again',
      head: 'feature/oil',
      base: 'main',
    });
    await here('owner', 'GET', '/pulls?state=open&head=acme:feature/oil', 200);
    await here('owner', 'GET', `/pulls/${number}`, 200);
    await here('owner', 'GET', `/pulls/${number}/files`, 200);
    await here('owner', 'GET', `/pulls/${number}/commits`, 200);
    await here('owner', 'GET', `/pulls/${number}/merge`, 404);
    await here('owner', 'PUT', `/pulls/${number}/merge`, 405, { sha: head });
    await here('owner', 'PATCH', `/pulls/${number}`, 200, { title: 'Oil it well' });
    await here('owner', 'GET', `/issues/${number}`, 200);
    await here('owner', 'GET', `/commits/${head}/pulls`, 200);
    const ready =
      'mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
    const draft =
      'mutation ($id: ID!) { convertPullRequestToDraft(input: { pullRequestId: $id }) { pullRequest { isDraft } } }';
    for (const mutation of [ready, draft, ready])
      await session.graphql(installation, mutation, { id: pick(opened, 'node_id') });
    const { login } = simulator.people.maintainer;
    await here('owner', 'POST', `/pulls/${number}/requested_reviewers`, 201, {
      reviewers: [login],
    });
    await here('owner', 'GET', `/pulls/${number}/requested_reviewers`, 200);
    await here('owner', 'DELETE', `/pulls/${number}/requested_reviewers`, 200, {
      reviewers: [login],
    });
    const comment = { path: 'oil.txt', line: 1, side: 'RIGHT', body: 'Which oil?' };
    const said = await here('reader', 'POST', `/pulls/${number}/comments`, 201, {
      ...comment,
      commit_id: head,
    });
    await here('owner', 'GET', `/pulls/${number}/comments`, 200);
    await here('owner', 'GET', `/pulls/comments/${pick(said, 'id')}`, 200);
    await here('owner', 'PATCH', `/pulls/comments/${pick(said, 'id')}`, 200, { body: 'Or not?' });
    const pending = pick(
      await here('maintainer', 'POST', `/pulls/${number}/reviews`, 200, {
        body: 'Hm.',
        comments: [comment],
      }),
      'id',
    );
    await here('maintainer', 'DELETE', `/pulls/${number}/reviews/${pending}`, 200);
    const review = pick(
      await here('maintainer', 'POST', `/pulls/${number}/reviews`, 200, {
        body: 'Hm.',
        comments: [comment],
      }),
      'id',
    );
    await here('maintainer', 'POST', `/pulls/${number}/reviews/${review}/events`, 200, {
      event: 'REQUEST_CHANGES',
      body: 'More oil.',
    });
    await here('maintainer', 'PUT', `/pulls/${number}/reviews/${review}`, 200, {
      body: 'Even more oil.',
    });
    await here('owner', 'GET', `/pulls/${number}/reviews/${review}`, 200);
    await here('owner', 'GET', `/pulls/${number}/reviews/${review}/comments`, 200);
    await here('owner', 'PUT', `/pulls/${number}/reviews/${review}/dismissals`, 200, {
      message: 'Enough oil.',
    });
    await here('maintainer', 'POST', `/pulls/${number}/reviews`, 200, {
      event: 'APPROVE',
      commit_id: head,
    });
    await by(installation, 'POST', `/repos/${repository}/pulls/${number}/reviews`, 422, {
      event: 'APPROVE',
    });
    await by(installation, 'POST', `/repos/${repository}/pulls/${number}/reviews`, 200, {
      event: 'COMMENT',
      body: 'I think so.',
    });
    await here('owner', 'DELETE', `/pulls/comments/${pick(said, 'id')}`, 204);
    await here('owner', 'GET', `/pulls/${number}/reviews`, 200);
    expect(await mismatches()).toEqual([]);
  });

  it('with checks and statuses on its head', async () => {
    const { here, by, repository } = session;
    const root = `/repos/${repository}`;
    const run = pick(
      await by(installation, 'POST', `${root}/check-runs`, 201, {
        name: 'assent',
        head_sha: head,
        status: 'in_progress',
        external_id: 'x',
      }),
      'id',
    );
    await by(installation, 'PATCH', `${root}/check-runs/${run}`, 200, {
      status: 'completed',
      conclusion: 'action_required',
      output: { title: 'Waits', summary: 'For a human.' },
    });
    await here('owner', 'POST', '/check-runs', 403, { name: 'mine', head_sha: head });
    await here('owner', 'GET', `/check-runs/${run}`, 200);
    await here('owner', 'GET', `/check-runs/${run}/annotations`, 200);
    await here('writer', 'POST', `/check-runs/${run}/rerequest`, 201);
    await here('owner', 'GET', `/commits/${head}/check-runs?filter=all`, 200);
    const suite = pick(
      await here('owner', 'GET', `/commits/${head}/check-suites`, 200),
      'check_suites',
      0,
      'id',
    );
    await here('owner', 'GET', `/check-suites/${suite}`, 200);
    await here('owner', 'GET', `/check-suites/${suite}/check-runs`, 200);
    await here('writer', 'POST', `/statuses/${head}`, 201, {
      state: 'success',
      context: 'ci',
      description: 'Fine',
    });
    await here('owner', 'GET', `/commits/${head}/status`, 200);
    await here('owner', 'GET', `/commits/${head}/statuses`, 200);
    expect(await mismatches()).toEqual([]);
  });

  it('by GraphQL: queries, and a commit only on the head that was read', async () => {
    const { graphql, simulator, repository } = session;
    const [owner, name] = repository.split('/');
    await graphql(
      simulator.people.owner.token,
      '{ viewer { login __typename } rateLimit { limit remaining } }',
    );
    const repositoryQuery = `query ($owner: String!, $name: String!, $number: Int!) {
      repository(owner: $owner, name: $name) {
        id databaseId nameWithOwner defaultBranchRef { name target { oid } }
        pullRequest(number: $number) {
          id number title body isDraft state merged headRefOid headRefName baseRefName
          author { login __typename ... on User { databaseId } ... on Bot { databaseId } }
          labels(first: 10) { nodes { name } }
          milestone { number title state }
          reviews(first: 10) { nodes { author { login } state commit { oid } submittedAt lastEditedAt body } }
          comments(first: 10) { nodes { author { login } body createdAt } }
        }
      }
    }`;
    await graphql(installation, repositoryQuery, { owner, name, number: Number(number) });
    const commit = `mutation ($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid url } } }`;
    const input = {
      branch: { repositoryNameWithOwner: repository, branchName: 'feature/oil' },
      expectedHeadOid: head,
      message: { headline: 'More oil' },
      fileChanges: {
        additions: [{ path: 'more.txt', contents: base64('oil\n') }],
        deletions: [{ path: 'oil.txt' }],
      },
    };
    head = pick(
      await graphql(installation, commit, { input }),
      'data',
      'createCommitOnBranch',
      'commit',
      'oid',
    );
    expect(pick(await graphql(installation, commit, { input }), 'errors', 0, 'type')).toBe(
      'STALE_DATA',
    );
    expect(await mismatches()).toEqual([]);
  });

  it('merged, closed, reopened', async () => {
    const { here, by, repository } = session;
    await here('owner', 'PUT', `/pulls/${number}/merge`, 409, { sha: '0'.repeat(40) });
    const main = pick(await here('owner', 'GET', '/git/ref/heads/main', 200), 'object', 'sha');
    await here('writer', 'PUT', '/contents/CHANGELOG.md', 201, {
      message: 'Begin a log',
      content: base64('Log\n'),
    });
    await here('owner', 'PUT', `/pulls/${number}/update-branch`, 202, { expected_head_sha: head });
    await here('owner', 'PATCH', `/pulls/${number}`, 200, { state: 'closed' });
    await here('owner', 'PATCH', `/pulls/${number}`, 200, { state: 'open' });
    const now = pick(await here('owner', 'GET', `/pulls/${number}`, 200), 'head', 'sha');
    await here('reader', 'PUT', `/pulls/${number}/merge`, 403, { sha: now });
    await by(installation, 'PUT', `/repos/${repository}/pulls/${number}/merge`, 200, {
      sha: now,
      merge_method: 'squash',
      commit_title: 'Oil',
    });
    await here('owner', 'GET', `/pulls/${number}/merge`, 204);
    await here('owner', 'GET', `/pulls/${number}`, 200);
    await here('owner', 'GET', `/issues/${number}/timeline`, 200);
    await here('owner', 'GET', `/compare/${main}...main`, 200);
    await here('owner', 'GET', '/issues/1', 200);
    await here('writer', 'DELETE', '/git/refs/heads/feature/oil', 204);
    expect(await mismatches()).toEqual([]);
  });

  it('with its deliveries, one of them sent again', async () => {
    const { by, appToken, simulator } = session;
    await simulator.idle();
    const listed = await by(appToken(), 'GET', '/app/hook/deliveries?per_page=5', 200);
    await by(appToken(), 'GET', `/app/hook/deliveries/${pick(listed, 'id')}`, 200);
    await by(appToken(), 'POST', `/app/hook/deliveries/${pick(listed, 'id')}/attempts`, 202);
    await by(appToken(), 'GET', '/app/hook/deliveries/1', 404);
    expect(await mismatches()).toEqual([]);
  });

  it('in an organization with teams', async () => {
    const { at, by } = session;
    const { login } = session.simulator.people.maintainer;
    await at('owner', 'GET', '/orgs/acme/teams/absent', 404);
    await at('owner', 'GET', '/orgs/acme/teams/absent/members', 404);
    await by(installation, 'GET', `/orgs/acme/teams/absent/memberships/${login}`, 404);
    const core = '/orgs/acme/teams/core';
    await at('owner', 'GET', core, 200);
    await at('owner', 'GET', `${core}/members`, 200);
    await at('writer', 'PUT', `${core}/memberships/writer`, 403, { role: 'member' });
    await at('owner', 'PUT', `${core}/memberships/writer`, 200, { role: 'member' });
    await by(installation, 'GET', `${core}/memberships/writer`, 200);
    await at('owner', 'DELETE', `${core}/memberships/writer`, 204);
    await by(installation, 'GET', `${core}/memberships/writer`, 404);
    await at('owner', 'GET', `/orgs/acme/members/${login}`, 204);
    await at('owner', 'GET', `/orgs/acme/memberships/${login}`, 200);
    expect(await mismatches()).toEqual([]);
  });

  it('forked, with a pull request from the fork, and the fork deleted', async () => {
    const { at, here, repository } = session;
    const fork = `/repos/stranger/${repository.split('/')[1]}`;
    await here('stranger', 'POST', '/forks', 202, { default_branch_only: true });
    await here('reader', 'GET', '/forks?sort=oldest', 200);
    await at('reader', 'GET', fork, 200);
    await at('reader', 'PUT', `${fork}/contents/offer.md`, 403, { message: 'x', content: 'eA==' });
    await at('stranger', 'PUT', `${fork}/contents/offer.md`, 201, {
      message: 'x',
      content: 'eA==',
    });
    const opened = await here('stranger', 'POST', '/pulls', 201, {
      title: 'Offer',
      head: 'stranger:main',
      base: 'main',
      maintainer_can_modify: true,
    });
    const pull = `/pulls/${pick(opened, 'number')}`;
    await here('reader', 'GET', '/pulls?head=stranger:main', 200);
    await at('stranger', 'PUT', `${fork}/contents/more.md`, 201, { message: 'x', content: 'eA==' });
    await at('reader', 'DELETE', fork, 403);
    await at('stranger', 'DELETE', fork, 204);
    await here('reader', 'GET', pull, 200);
    await here('reader', 'GET', '/pulls?state=all', 200);
    expect(await mismatches()).toEqual([]);
  });

  it('under faults: outages and rate limits', async () => {
    const { here, simulator } = session;
    for (const status of [500, 502, 503, 429, 403] as const) {
      simulator.faults.failRequests({ status, count: 1, path: '/issues/1' });
      await here('owner', 'GET', '/issues/1', status);
    }
    expect(await mismatches()).toEqual([]);
  });

  it('leaves no route untried', () => {
    const tried = new Set(
      Object.keys(alone.simulator.counters.byRoute).map((route) => route.replaceAll('+}', '}')),
    );
    const untried = routes
      .map(({ method, template }) => `${method} ${template.replaceAll('+}', '}')}`)
      .filter((route) => !tried.has(route));

    expect(untried).toEqual([]);
  });
});
