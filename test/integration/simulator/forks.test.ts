import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Person } from '../../../src/simulator/simulator.ts';
import {
  acme,
  call,
  clone,
  fails,
  field,
  installationToken,
  openScene,
  text,
  type Clone,
  type Scene,
} from './harness.ts';

const run = promisify(execFile);
const fork = '/repos/stranger/widgets';

describe('a fork', () => {
  let scene: Scene;
  const copies: Clone[] = [];
  beforeAll(async () => {
    scene = await openScene();
  });
  afterEach(async () => {
    for (const copy of copies.splice(0)) await copy.remove();
  });
  afterAll(() => scene.close());
  const as = (person: Person) => scene.simulator.as(person);

  /** A branch of the stranger's fork with a commit of its own, pushed by git. */
  async function pushed(branch: string, person: Person = 'stranger'): Promise<Clone> {
    await as('stranger')('POST', `${acme}/forks`);
    const { token } = scene.simulator.people[person];
    const copy = await clone(scene.simulator, token);
    copies.push(copy);
    const url = scene.simulator.url.replace('//', `//x:${token}@`);
    await copy.git('remote', 'add', 'fork', `${url}/stranger/widgets.git`);
    await copy.git('checkout', '-q', '-b', branch);
    await copy.commit(`${branch}.md`, `# ${branch}\n`);
    await copy.git('push', '-q', 'fork', branch);
    return copy;
  }

  async function opened(branch: string, more: Record<string, unknown> = {}) {
    const answer = await as('stranger')('POST', `${acme}/pulls`, {
      title: `Add ${branch}`,
      head: `stranger:${branch}`,
      base: 'main',
      ...more,
    });
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return { number: Number(field(answer.body, 'number')), body: answer.body };
  }

  it('is the asker’s own, says where it is from, and is made once', async () => {
    const made = await as('stranger')('POST', `${acme}/forks`);
    expect(made.status).toBe(202);
    expect(made.body).toMatchObject({
      full_name: 'stranger/widgets',
      fork: true,
      parent: { full_name: 'acme/widgets' },
      source: { full_name: 'acme/widgets' },
      permissions: { admin: true },
    });
    const again = await as('stranger')('POST', `${acme}/forks`);
    expect(field(again.body, 'id')).toBe(field(made.body, 'id'));
    const listed = await as('reader')('GET', `${acme}/forks`);
    expect(listed.body).toMatchObject([{ full_name: 'stranger/widgets' }]);
    const parent = await as('reader')('GET', acme);
    expect(parent.body).toMatchObject({ fork: false, forks_count: 1 });
  });

  it('knows nobody of its parent’s people, and not the App', async () => {
    await as('stranger')('POST', `${acme}/forks`);
    const token = await installationToken(scene.simulator);
    const write = { message: 'x', content: 'eA==', branch: 'main' };
    const ways = [
      await as('owner')('PUT', `${fork}/contents/x.md`, write),
      await call(scene.simulator, token, 'PUT', `${fork}/contents/x.md`, write),
      await call(scene.simulator, token, 'POST', `${acme}/forks`),
    ];
    expect(ways.map(({ status }) => status)).toEqual([403, 403, 403]);
    expect((await call(scene.simulator, null, 'POST', `${acme}/forks`)).status).toBe(401);
    expect((await call(scene.simulator, token, 'GET', fork)).status).toBe(200);
    expect((await as('stranger')('POST', `${fork}/issues`, { title: 'x' })).status).toBe(410);
  });

  it('cannot change who sees it', async () => {
    await as('stranger')('POST', `${acme}/forks`);
    expect((await as('stranger')('PATCH', fork, { private: true })).status).toBe(422);
  });

  it('takes pushes of its owner only', async () => {
    const copy = await pushed('mine');
    expect(await fails(copy.git('push', '-q', 'origin', 'mine'))).toContain('denied to stranger');
    expect(await fails(pushed('theirs', 'owner'))).toContain('denied to owner');
  });

  it('opens a pull request at its parent, whose commits are there too', async () => {
    const copy = await pushed('offer');
    const sha = await copy.git('rev-parse', 'HEAD');
    const { number, body } = await opened('offer');
    expect(body).toMatchObject({
      head: { label: 'stranger:offer', sha, repo: { full_name: 'stranger/widgets', fork: true } },
      base: { label: 'acme:main', repo: { full_name: 'acme/widgets' } },
      user: { login: 'stranger' },
      author_association: 'NONE',
      maintainer_can_modify: true,
      commits: 1,
    });
    await copy.git('fetch', '-q', 'origin', `refs/pull/${number}/head`);
    expect(await copy.git('rev-parse', 'FETCH_HEAD')).toBe(sha);
    expect((await as('reader')('GET', `${acme}/commits/${sha}`)).status).toBe(200);
    const find = async (head: string) =>
      field((await as('reader')('GET', `${acme}/pulls?head=${head}`)).body, 'length');
    expect(await find('stranger:offer')).toBe(1);
    expect(await find('acme:offer')).toBe(0);
    const query = `{ repository(owner: "acme", name: "widgets") { pullRequest(number: ${number}) {
      isCrossRepository maintainerCanModify headRepository { nameWithOwner isFork parent { nameWithOwner } }
      headRepositoryOwner { login } headRef { target { oid } } } } }`;
    const asked = await as('reader')('POST', '/graphql', { query });
    expect(field(asked.body, 'data.repository.pullRequest')).toEqual({
      isCrossRepository: true,
      maintainerCanModify: true,
      headRepository: {
        nameWithOwner: 'stranger/widgets',
        isFork: true,
        parent: { nameWithOwner: 'acme/widgets' },
      },
      headRepositoryOwner: { login: 'stranger' },
      headRef: { target: { oid: sha } },
    });
  });

  it.each([
    ['a head of somebody without a fork', { head: 'reader:main' }, 'head'],
    ['a branch that the fork has not', { head: 'stranger:nothing' }, 'head'],
    ['a repository of another name', { head: 'stranger:main', head_repo: 'gadgets' }, 'head'],
  ])('gives no pull request from %s', async (_, given, at) => {
    await as('stranger')('POST', `${acme}/forks`);
    const answer = await as('stranger')('POST', `${acme}/pulls`, {
      title: 'x',
      base: 'main',
      ...given,
    });
    expect(answer.status).toBe(422);
    expect(text(answer.body, 'errors.0.field')).toBe(at);
  });

  it('is followed by its pull request when pushed to', async () => {
    const copy = await pushed('moves');
    const { number, body } = await opened('moves');
    const sha = await copy.commit('second.md', 'second\n');
    await copy.git('push', '-q', 'fork', 'moves');
    expect((await as('reader')('GET', `${acme}/pulls/${number}`)).body).toMatchObject({
      head: { sha },
      commits: 2,
    });
    await scene.simulator.idle();
    const seen = scene.received
      .filter(({ event, action }) => event === 'pull_request' && action === 'synchronize')
      .map((one) => JSON.parse(one.body) as unknown);
    expect(seen.at(-1)).toMatchObject({
      number,
      before: text(body, 'head.sha'),
      after: sha,
      repository: { full_name: 'acme/widgets' },
      sender: { login: 'stranger' },
      pull_request: { head: { repo: { full_name: 'stranger/widgets' } } },
    });
    expect(scene.received.filter((one) => one.event === 'push' && one.body.includes(sha))).toEqual(
      [],
    );
  });

  it('lets its parent’s writers push to the lent branch alone, while it lends it', async () => {
    const copy = await pushed('lent');
    const { number } = await opened('lent');
    const url = scene.simulator.url.replace('//', `//x:${scene.simulator.people.writer.token}@`);
    await copy.git('remote', 'set-url', 'fork', `${url}/stranger/widgets.git`);
    await copy.commit('help.md', 'help\n');
    await copy.git('push', '-q', 'fork', 'lent');
    expect(await fails(copy.git('push', '-q', 'fork', 'lent:other'))).toContain('lends its own');
    const path = `${acme}/pulls/${number}`;
    expect((await as('owner')('PATCH', path, { maintainer_can_modify: true })).status).toBe(403);
    await as('stranger')('PATCH', path, { maintainer_can_modify: false });
    await copy.commit('more.md', 'more\n');
    expect(await fails(copy.git('push', '-q', 'fork', 'lent'))).toContain('refs/heads/lent denied');
    expect((await as('writer')('PUT', `${path}/update-branch`, {})).status).toBe(403);
  });

  it('is merged into its parent, its branch left alone, its author a contributor', async () => {
    const copy = await pushed('good');
    const { number } = await opened('good');
    await as('owner')('PATCH', acme, { delete_branch_on_merge: true });
    const merged = await as('maintainer')('PUT', `${acme}/pulls/${number}/merge`, {});
    expect(merged.status).toBe(200);
    const sha = text(merged.body, 'sha');
    expect(text((await as('reader')('GET', `${acme}/commits/${sha}`)).body, 'commit.message')).toBe(
      `Merge pull request #${number} from stranger/good\n\nAdd good`,
    );
    expect((await as('reader')('GET', `${fork}/branches/good`)).status).toBe(200);
    await copy.git('checkout', '-q', '-b', 'next');
    await copy.commit('next.md', 'next\n');
    await copy.git('push', '-q', 'fork', 'next');
    expect((await opened('next')).body).toMatchObject({ author_association: 'CONTRIBUTOR' });
  });

  it('that brings its parent up to date takes the base in, by its owner', async () => {
    await pushed('stale');
    const { number } = await opened('stale');
    await as('writer')('PUT', `${acme}/contents/newer.md`, { message: 'Newer', content: 'eA==' });
    const path = `${acme}/pulls/${number}`;
    expect((await as('stranger')('PUT', `${path}/update-branch`, {})).status).toBe(403);
    expect((await as('writer')('PUT', `${path}/update-branch`, {})).status).toBe(202);
    const head = text((await as('reader')('GET', path)).body, 'head.sha');
    const branch = await as('reader')('GET', `${fork}/branches/stale`);
    expect(text(branch.body, 'commit.sha')).toBe(head);
    expect((await as('reader')('GET', `${fork}/contents/newer.md?ref=stale`)).status).toBe(200);
  });

  it('leaves, once deleted, its pull requests closed and without a head repository', async () => {
    await pushed('gone');
    const { number, body } = await opened('gone');
    expect((await as('owner')('DELETE', fork)).status).toBe(403);
    expect((await as('stranger')('DELETE', fork)).status).toBe(204);
    expect((await as('stranger')('GET', fork)).status).toBe(404);
    const path = `${acme}/pulls/${number}`;
    const left = (await as('reader')('GET', path)).body;
    expect(left).toMatchObject({
      state: 'closed',
      head: { repo: null, sha: text(body, 'head.sha'), user: { login: 'stranger' } },
    });
    expect((await as('stranger')('PATCH', path, { state: 'open' })).status).toBe(422);
    expect(field((await as('reader')('GET', `${path}/files`)).body, '0.filename')).toBe('gone.md');
  });
});

describe('a fork of a private repository', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ private: true });
  });
  afterAll(() => scene.close());

  it('is made by who may read it, and is as private', async () => {
    const { simulator } = scene;
    expect((await simulator.as('stranger')('POST', `${acme}/forks`)).status).toBe(404);
    const made = await simulator.as('reader')('POST', `${acme}/forks`);
    expect(made.body).toMatchObject({ private: true, full_name: 'reader/widgets' });
    expect((await simulator.as('stranger')('GET', '/repos/reader/widgets')).status).toBe(404);
    expect((await simulator.as('writer')('GET', '/repos/reader/widgets')).status).toBe(200);
    const url = `${simulator.url.replace('//', '//x:nothing@')}/reader/widgets.git`;
    expect(await fails(run('git', ['ls-remote', url]))).toContain('Authentication failed');
  });
});
