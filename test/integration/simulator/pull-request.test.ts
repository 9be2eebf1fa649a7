import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  acme,
  clone,
  field,
  installationToken,
  makeBranch,
  openPull,
  openScene,
  text,
} from './harness.ts';
import type { Scene } from './harness.ts';

describe('the life of a pull request', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.close());
  const as = (person: Parameters<Scene['simulator']['as']>[0]) => scene.simulator.as(person);

  it('tells its files and commits as git has them', async () => {
    await makeBranch(scene.simulator, 'derived', 'docs/a b.md', 'one\ntwo\n');
    const { number } = await openPull(scene.simulator, 'derived');
    const files = await as('reader')('GET', `${acme}/pulls/${number}/files`);
    expect(field(files.body, '0')).toMatchObject({
      filename: 'docs/a b.md',
      status: 'added',
      additions: 2,
      deletions: 0,
      patch: '@@ -0,0 +1,2 @@\n+one\n+two',
    });
    const pull = await as('reader')('GET', `${acme}/pulls/${number}`);
    expect(pull.body).toMatchObject({ commits: 1, changed_files: 1, mergeable: true });
  });

  it('is refused where nothing would be merged', async () => {
    const main = await as('writer')('GET', `${acme}/commits/main`);
    await as('writer')('POST', `${acme}/git/refs`, {
      ref: 'refs/heads/same',
      sha: text(main.body, 'sha'),
    });
    const answer = await as('writer')('POST', `${acme}/pulls`, {
      title: 'x',
      head: 'same',
      base: 'main',
    });
    expect(answer.status).toBe(422);
    expect(text(answer.body, 'errors.0.message')).toBe('No commits between main and same');
  });

  it('is refused where there is one already', async () => {
    await makeBranch(scene.simulator, 'twice');
    await openPull(scene.simulator, 'twice');
    const again = await as('writer')('POST', `${acme}/pulls`, {
      title: 'x',
      head: 'twice',
      base: 'main',
    });
    expect(text(again.body, 'errors.0.message')).toBe(
      'A pull request already exists for acme:twice.',
    );
  });

  it.each([
    ['APPROVE', 'Can not approve your own pull request'],
    ['REQUEST_CHANGES', 'Can not request changes on your own pull request'],
  ])('takes no %s by its author', async (event, message) => {
    const branch = `own-${event.toLowerCase()}`;
    await makeBranch(scene.simulator, branch);
    const { number } = await openPull(scene.simulator, branch);
    const answer = await as('writer')('POST', `${acme}/pulls/${number}/reviews`, {
      event,
      body: 'x',
    });
    expect(answer.status).toBe(422);
    expect(text(answer.body, 'message')).toContain(message);
  });

  it('binds a review to the head it was given on, which a push leaves behind', async () => {
    await makeBranch(scene.simulator, 'bound');
    const { number, head } = await openPull(scene.simulator, 'bound');
    await as('maintainer')('POST', `${acme}/pulls/${number}/reviews`, { event: 'APPROVE' });
    await as('writer')('PUT', `${acme}/contents/later.md`, {
      message: 'Later',
      content: 'eA==',
      branch: 'bound',
    });
    const reviews = await as('reader')('GET', `${acme}/pulls/${number}/reviews`);
    const pull = await as('reader')('GET', `${acme}/pulls/${number}`);
    expect(field(reviews.body, '0')).toMatchObject({ state: 'APPROVED', commit_id: head });
    expect(text(pull.body, 'head.sha')).not.toBe(head);
  });

  it('tells a review’s state in capitals by REST and in small letters by webhook', async () => {
    await makeBranch(scene.simulator, 'cased');
    const { number } = await openPull(scene.simulator, 'cased');
    const made = await as('maintainer')('POST', `${acme}/pulls/${number}/reviews`, {
      event: 'REQUEST_CHANGES',
      body: 'Please not.',
    });
    expect(text(made.body, 'state')).toBe('CHANGES_REQUESTED');
    const id = text(made.body, 'id');
    const dismissed = await as('maintainer')(
      'PUT',
      `${acme}/pulls/${number}/reviews/${id}/dismissals`,
      {
        message: 'Settled.',
      },
    );
    expect(text(dismissed.body, 'state')).toBe('DISMISSED');
    await scene.simulator.idle();
    const states = scene.received
      .filter((one) => one.event === 'pull_request_review' && one.body.includes(`"id":${id},`))
      .map((one) => [one.action, text(JSON.parse(one.body), 'review.state')]);
    expect(states).toEqual([
      ['submitted', 'changes_requested'],
      ['dismissed', 'dismissed'],
    ]);
  });

  it('cannot be merged as a draft, and can once it is ready', async () => {
    await makeBranch(scene.simulator, 'drafted');
    const { number, node } = await openPull(scene.simulator, 'drafted', { draft: true });
    expect((await as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, {})).status).toBe(405);
    await as('writer')('POST', '/graphql', {
      query:
        'mutation($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } } }',
      variables: { id: node },
    });
    expect((await as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, {})).status).toBe(200);
  });

  it('is not merged at another head than the one named', async () => {
    const head = await makeBranch(scene.simulator, 'named');
    const { number } = await openPull(scene.simulator, 'named');
    await as('writer')('PUT', `${acme}/contents/newer.md`, {
      message: 'Newer',
      content: 'eA==',
      branch: 'named',
    });
    const answer = await as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, { sha: head });
    expect(answer.status).toBe(409);
    expect(text(answer.body, 'message')).toBe(
      'Head branch was modified. Review and try the merge again.',
    );
    expect((await as('reader')('GET', `${acme}/pulls/${number}/merge`)).status).toBe(404);
  });

  it('is not merged over a conflict', async () => {
    await makeBranch(scene.simulator, 'left', 'clash.md', 'left\n');
    await makeBranch(scene.simulator, 'right', 'clash.md', 'right\n');
    const left = await openPull(scene.simulator, 'left');
    const right = await openPull(scene.simulator, 'right');
    expect((await as('maintainer')('PUT', `${acme}/pulls/${left.number}/merge`, {})).status).toBe(
      200,
    );
    const pull = await as('reader')('GET', `${acme}/pulls/${right.number}`);
    expect(pull.body).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    expect((await as('maintainer')('PUT', `${acme}/pulls/${right.number}/merge`, {})).status).toBe(
      405,
    );
  });

  it.each([
    ['merge', 2, 'Merge pull request'],
    ['squash', 1, 'Add by-squash.md (#'],
    ['rebase', 1, 'Add by-rebase.md'],
  ])(
    'by %s makes a commit of %i parents and keeps what others merged',
    async (method, parents, subject) => {
      await makeBranch(scene.simulator, `by-${method}`);
      await makeBranch(scene.simulator, `beside-${method}`);
      const beside = await openPull(scene.simulator, `beside-${method}`);
      const { number } = await openPull(scene.simulator, `by-${method}`);
      await as('maintainer')('PUT', `${acme}/pulls/${beside.number}/merge`, {});
      const merged = await as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, {
        merge_method: method,
      });
      const commit = await as('reader')('GET', `${acme}/commits/${text(merged.body, 'sha')}`);
      expect(field(commit.body, 'parents')).toHaveLength(parents);
      expect(text(commit.body, 'commit.message')).toContain(subject);
      for (const file of [`by-${method}.md`, `beside-${method}.md`]) {
        expect((await as('reader')('GET', `${acme}/contents/${file}`)).status).toBe(200);
      }
    },
  );

  it('is merged with four others at once, and nothing is lost', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'].map((name) => `at-once-${name}`);
    const pulls = [];
    for (const name of names) {
      await makeBranch(scene.simulator, name);
      pulls.push(await openPull(scene.simulator, name));
    }
    const merges = await Promise.all(
      pulls.map(({ number, head }) =>
        as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, { sha: head }),
      ),
    );
    expect(merges.map((one) => one.status)).toEqual([200, 200, 200, 200, 200]);
    const tree = await as('reader')('GET', `${acme}/git/trees/main`);
    for (const name of names) expect(JSON.stringify(tree.body)).toContain(`"${name}.md"`);
  });

  it('is merged once, whoever asks twice at the same time', async () => {
    await makeBranch(scene.simulator, 'asked-twice');
    const { number } = await openPull(scene.simulator, 'asked-twice');
    const merge = () => as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, {});
    const statuses = (await Promise.all([merge(), merge()])).map((one) => one.status);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 405]);
  });

  it('closes the issues it says it closes, once it is merged to the default branch', async () => {
    const issue = await as('reader')('POST', `${acme}/issues`, { title: 'Broken' });
    const other = await as('reader')('POST', `${acme}/issues`, { title: 'Mentioned' });
    const [number, mentioned] = [text(issue.body, 'number'), text(other.body, 'number')];
    await makeBranch(scene.simulator, 'fixing');
    const pull = await openPull(scene.simulator, 'fixing', {
      body: `Fixes #${number}, see #${mentioned}.`,
    });
    await as('maintainer')('PUT', `${acme}/pulls/${pull.number}/merge`, {});
    const closed = await as('reader')('GET', `${acme}/issues/${number}`);
    const open = await as('reader')('GET', `${acme}/issues/${mentioned}`);
    expect(closed.body).toMatchObject({ state: 'closed', state_reason: 'completed' });
    expect(open.body).toMatchObject({ state: 'open' });
  });

  it('counts as merged when somebody pushes its commits to the base', async () => {
    const head = await makeBranch(scene.simulator, 'by-hand');
    const { number } = await openPull(scene.simulator, 'by-hand');
    const copy = await clone(scene.simulator, scene.simulator.people.maintainer.token);
    await copy.git('merge', '-q', '--no-ff', '-m', 'By hand', head);
    await copy.git('push', '-q', 'origin', 'main');
    const pull = await as('reader')('GET', `${acme}/pulls/${number}`);
    expect(pull.body).toMatchObject({ merged: true, state: 'closed' });
    await copy.remove();
  });

  it('is closed when its branch is deleted, and cannot be opened again', async () => {
    await makeBranch(scene.simulator, 'gone');
    const { number } = await openPull(scene.simulator, 'gone');
    await as('writer')('DELETE', `${acme}/git/refs/heads/gone`);
    const pull = await as('reader')('GET', `${acme}/pulls/${number}`);
    expect(pull.body).toMatchObject({ state: 'closed', merged: false });
    const again = await as('writer')('PATCH', `${acme}/pulls/${number}`, { state: 'open' });
    expect(again.status).toBe(422);
  });

  it('tells who set and took a label', async () => {
    await makeBranch(scene.simulator, 'labelled');
    const { number } = await openPull(scene.simulator, 'labelled');
    await as('triager')('POST', `${acme}/issues/${number}/labels`, { labels: ['assent:approve'] });
    await as('writer')('DELETE', `${acme}/issues/${number}/labels/assent%3Aapprove`);
    const events = await as('reader')('GET', `${acme}/issues/${number}/events`);
    expect(events.body).toMatchObject([
      { event: 'labeled', actor: { login: 'triager' }, label: { name: 'assent:approve' } },
      { event: 'unlabeled', actor: { login: 'writer' }, label: { name: 'assent:approve' } },
    ]);
  });

  it('tells an edited text with what it was', async () => {
    await makeBranch(scene.simulator, 'edited');
    const { number } = await openPull(scene.simulator, 'edited', { body: 'Before' });
    await as('writer')('PATCH', `${acme}/pulls/${number}`, { body: 'After' });
    await scene.simulator.idle();
    const edited = scene.received.findLast((one) => one.action === 'edited');
    expect(text(JSON.parse(edited?.body ?? '{}'), 'changes.body.from')).toBe('Before');
  });

  it('takes a check run by its App alone', async () => {
    const head = await makeBranch(scene.simulator, 'checked');
    const own = await installationToken(scene.simulator);
    const made = await call(scene.simulator, own, 'POST', `${acme}/check-runs`, {
      name: 'assent',
      head_sha: head,
      status: 'in_progress',
    });
    const path = `${acme}/check-runs/${text(made.body, 'id')}`;
    const forged = await call(scene.simulator, scene.simulator.otherApp.token, 'PATCH', path, {
      conclusion: 'success',
    });
    expect(forged.status).toBe(403);
    const done = await call(scene.simulator, own, 'PATCH', path, { conclusion: 'success' });
    expect(done.body).toMatchObject({ status: 'completed', conclusion: 'success' });
  });
});

describe('an issue', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.close());

  const openIssue = async (more: Record<string, unknown> = {}): Promise<string> => {
    const made = await scene.simulator.as('writer')('POST', `${acme}/issues`, {
      title: 'x',
      ...more,
    });
    return text(made.body, 'number');
  };

  it('opened with labels shows them in the event that opens it, and tells each after it', async () => {
    const number = await openIssue({ labels: ['bug', 'Bug', 'area'] });
    await scene.simulator.idle();
    const own = scene.received.filter((one) => one.body.includes(`/issues/${number}"`));
    expect(own.map((one) => one.action)).toEqual(['opened', 'labeled', 'labeled']);
    expect(field(JSON.parse(own[0]?.body ?? '{}'), 'issue.labels')).toMatchObject([
      { name: 'bug' },
      { name: 'area' },
    ]);
  });

  it('opened by somebody without the triage role gets no labels', async () => {
    const made = await scene.simulator.as('reader')('POST', `${acme}/issues`, {
      title: 'x',
      labels: ['assent:approve'],
    });
    expect(field(made.body, 'labels')).toEqual([]);
  });

  it('is closed by a commit on the default branch that says so', async () => {
    const number = await openIssue();
    const aside = await openIssue();
    const write = (branch: string, says: string) =>
      scene.simulator.as('writer')('PUT', `${acme}/contents/${says.replaceAll(/\W/g, '')}.md`, {
        message: says,
        content: 'eA==',
        branch,
      });
    await makeBranch(scene.simulator, 'elsewhere');
    await write('elsewhere', `Fixes #${aside}`);
    await write('main', `Resolves #${number}`);
    const states = await Promise.all(
      [number, aside].map(async (one) =>
        text((await scene.simulator.as('reader')('GET', `${acme}/issues/${one}`)).body, 'state'),
      ),
    );
    expect(states).toEqual(['closed', 'open']);
  });

  it('takes no comment by an App that may speak on pull requests alone', async () => {
    const number = await openIssue();
    await makeBranch(scene.simulator, 'spoken');
    const pull = await openPull(scene.simulator, 'spoken');
    const token = await installationToken(scene.simulator, {
      permissions: { pull_requests: 'write' },
    });
    const say = (on: string | number) =>
      call(scene.simulator, token, 'POST', `${acme}/issues/${on}/comments`, { body: 'x' });
    expect([(await say(number)).status, (await say(pull.number)).status]).toEqual([403, 201]);
  });

  it('that is locked takes comments of those with the write role only', async () => {
    const number = await openIssue();
    await scene.simulator.as('triager')('PUT', `${acme}/issues/${number}/lock`, {
      lock_reason: 'too heated',
    });
    const say = (person: 'reader' | 'triager' | 'writer') =>
      scene.simulator.as(person)('POST', `${acme}/issues/${number}/comments`, { body: 'x' });
    const statuses = [await say('reader'), await say('triager'), await say('writer')];
    expect(statuses.map((one) => one.status)).toEqual([403, 403, 201]);
  });
});
