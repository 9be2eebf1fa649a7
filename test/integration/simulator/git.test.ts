import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  acme,
  call,
  clone,
  fails,
  field,
  installationToken,
  makeBranch,
  openPull,
  openScene,
  text,
} from './harness.ts';
import type { Scene } from './harness.ts';

describe('git over HTTP', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.close());

  it('clones a public repository without credentials', async () => {
    const copy = await clone(scene.simulator, null);
    expect(await copy.git('log', '--format=%s')).toBe('Initial commit');
    await copy.remove();
  });

  it('takes a push by somebody with the write role, and tells of it', async () => {
    const copy = await clone(scene.simulator, scene.simulator.people.writer.token);
    await copy.git('switch', '-qc', 'pushed');
    const sha = await copy.commit('pushed.md', 'x');
    await copy.git('push', '-q', 'origin', 'pushed');
    await scene.simulator.idle();

    const branch = await scene.simulator.as('reader')('GET', `${acme}/branches/pushed`);
    expect(text(branch.body, 'commit.sha')).toBe(sha);
    const push = scene.received.find((one) => one.event === 'push' && one.body.includes(sha));
    const payload: unknown = JSON.parse(push?.body ?? '{}');
    expect(field(payload, 'created')).toBe(true);
    expect(field(payload, 'commits.0.added')).toEqual(['pushed.md']);
    expect(text(payload, 'sender.login')).toBe('writer');
    await copy.remove();
  });

  it('tells what each pushed commit added, changed and removed, folders turned into files too', async () => {
    const copy = await clone(scene.simulator, scene.simulator.people.writer.token);
    await copy.git('switch', '-qc', 'told');
    await mkdir(`${copy.folder}/deep/er`, { recursive: true });
    await copy.commit('deep/er/one.md', '1');
    await copy.commit('deep/two.md', '2');
    await copy.git('push', '-q', 'origin', 'told');
    await scene.simulator.idle();
    scene.received.length = 0;
    await copy.git('rm', '-q', 'deep/er/one.md');
    await copy.commit('deep/er', 'a file now');
    await copy.git('rm', '-q', 'README.md');
    await copy.commit('deep/two.md', 'changed');
    await copy.git('push', '-q', 'origin', 'told');
    await scene.simulator.idle();
    const push = scene.received.find((one) => one.event === 'push');
    expect(field(JSON.parse(push?.body ?? '{}'), 'commits')).toMatchObject([
      { added: ['deep/er'], removed: ['deep/er/one.md'], modified: [] },
      { added: [], removed: ['README.md'], modified: ['deep/two.md'] },
    ]);
    await copy.remove();
  });

  it('tells of a forced push, and of a branch made and deleted', async () => {
    const copy = await clone(scene.simulator, scene.simulator.people.writer.token);
    await copy.git('switch', '-qc', 'forced');
    await copy.commit('forced.md', '1');
    await copy.git('push', '-q', 'origin', 'forced');
    await copy.git('commit', '-q', '--amend', '-m', 'Another');
    expect(await fails(copy.git('push', '-q', 'origin', 'forced'))).toContain('rejected');
    await copy.git('push', '-q', '--force', 'origin', 'forced');
    await copy.git('push', '-q', 'origin', '--delete', 'forced');
    await scene.simulator.idle();
    const own = scene.received.filter((one) =>
      /^(refs\/heads\/)?forced$/.test(text(JSON.parse(one.body), 'ref')),
    );
    const told = own.map(({ event, body }) => {
      const payload: unknown = JSON.parse(body);
      const words = ['created', 'forced', 'deleted'].filter(
        (word) => field(payload, word) === true,
      );
      return [event, ...words].join(' ');
    });
    expect(told).toEqual(['push created', 'create', 'push forced', 'push deleted', 'delete']);
    await copy.remove();
  });

  it('takes a push by an installation token', async () => {
    const token = await installationToken(scene.simulator);
    const copy = await clone(scene.simulator, token);
    await copy.commit('by-app.md', 'x');
    await copy.git('push', '-q', 'origin', 'HEAD:refs/heads/assent/item-1');
    expect(await copy.git('ls-remote', 'origin')).toContain('refs/heads/assent/item-1');
    await copy.remove();
  });

  it('takes a workflow from nobody without that permission', async () => {
    const copy = await clone(scene.simulator, await installationToken(scene.simulator));
    await copy.git('switch', '-qc', 'workflow');
    await copy.git('config', 'core.hooksPath', '/dev/null');
    await mkdir(`${copy.folder}/.github/workflows`, { recursive: true });
    await copy.commit('.github/workflows/ci.yml', 'on: push');
    expect(await fails(copy.git('push', 'origin', 'workflow'))).toContain(
      "without 'workflows' permission",
    );
    await copy.remove();
  });

  it.each([
    ['the triage role', 'triager', '403'],
    ['the read role', 'reader', '403'],
    ['a stranger', 'stranger', '403'],
  ] as const)('refuses a push by %s', async (_title, person, status) => {
    const copy = await clone(scene.simulator, scene.simulator.people[person].token);
    await copy.commit('no.md', 'x');
    const said = await fails(copy.git('push', 'origin', `HEAD:refs/heads/by-${person}`));
    expect(said).toContain(`denied to ${person}`);
    expect(said).toContain(status);
    await copy.remove();
  });

  it('refuses a push with an unknown token', async () => {
    const copy = await clone(scene.simulator, 'ghp_nobody');
    await copy.commit('no.md', 'x');
    const said = await fails(copy.git('push', 'origin', 'HEAD:refs/heads/by-nobody'));
    expect(said).toMatch(/Invalid username or token/);
    await copy.remove();
  });

  it('refuses refs that only the host may write', async () => {
    const copy = await clone(scene.simulator, scene.simulator.people.writer.token);
    expect(await fails(copy.git('push', 'origin', 'HEAD:refs/pull/1/head'))).toContain(
      'hidden ref',
    );
    await copy.remove();
  });

  it('keeps refs/pull/N/head at the head of the pull request', async () => {
    await makeBranch(scene.simulator, 'followed');
    const { number } = await openPull(scene.simulator, 'followed');
    const copy = await clone(scene.simulator, scene.simulator.people.writer.token);
    await copy.git('switch', '-q', 'followed');
    const sha = await copy.commit('followed.md', 'more');
    await copy.git('push', '-q', 'origin', 'followed');
    expect(await copy.git('ls-remote', 'origin', `refs/pull/${number}/head`)).toContain(sha);
    const pull = await scene.simulator.as('reader')('GET', `${acme}/pulls/${number}`);
    expect(text(pull.body, 'head.sha')).toBe(sha);
    await scene.simulator.idle();
    const synchronize = scene.received.find((one) => one.action === 'synchronize');
    expect(text(JSON.parse(synchronize?.body ?? '{}'), 'after')).toBe(sha);
    await copy.remove();
  });

  it.each([
    ['protocol version 0', ['-c', 'protocol.version=0']],
    ['protocol version 1', ['-c', 'protocol.version=1']],
    ['protocol version 2', ['-c', 'protocol.version=2']],
    ['a body in chunks', ['-c', 'http.postBuffer=70000']],
  ])('takes what is pushed, and gives it back, by %s', async (title, options) => {
    const copy = await clone(scene.simulator, scene.simulator.people.writer.token);
    const branch = title.replaceAll(' ', '-');
    const noise = Array.from({ length: 20_000 }, (_, line) => `${line} ${Math.sin(line)}`).join(
      '\n',
    );
    const sha = await copy.commit('noise.txt', noise);
    await copy.git(...options, 'push', '-q', 'origin', `HEAD:refs/heads/${branch}`);
    const other = await clone(scene.simulator, null);
    await other.git(...options, 'fetch', '-q', '--depth=1', 'origin', branch);
    expect(await other.git('rev-parse', 'FETCH_HEAD')).toBe(sha);
    await copy.remove();
    await other.remove();
  });

  it('asks who it is before it tells that a private repository exists', async () => {
    await scene.simulator.createRepository({ owner: 'acme', name: 'hidden', private: true });
    const refs = (token: string | null, name: string) =>
      call(scene.simulator, token, 'GET', `/acme/${name}.git/info/refs?service=git-upload-pack`);
    const { reader, stranger } = scene.simulator.people;
    expect((await refs(null, 'hidden')).status).toBe(401);
    expect((await refs(null, 'absent')).status).toBe(401);
    expect((await refs(stranger.token, 'hidden')).status).toBe(404);
    expect((await refs(reader.token, 'hidden')).status).toBe(200);
  });

  it('loses none of many pushes at once to branches of their own', async () => {
    const token = scene.simulator.people.writer.token;
    const copies = await Promise.all([1, 2, 3, 4, 5, 6].map(() => clone(scene.simulator, token)));
    await Promise.all(
      copies.map(async (copy, index) => {
        await copy.commit(`many-${index}.md`, 'x');
        await copy.git('push', '-q', 'origin', `HEAD:refs/heads/many-${index}`);
      }),
    );
    await scene.simulator.idle();
    const told = scene.received.filter(
      (one) => one.event === 'push' && /refs\/heads\/many-/.test(one.body),
    );
    expect(told).toHaveLength(6);
    for (const copy of copies) await copy.remove();
  });

  it('lets one of two pushes that race win, and tells the other', async () => {
    const token = scene.simulator.people.writer.token;
    const copies = await Promise.all([
      clone(scene.simulator, token),
      clone(scene.simulator, token),
    ]);
    const outcomes = await Promise.allSettled(
      copies.map(async (copy, index) => {
        await copy.commit('race.md', `from ${index}`);
        await copy.git('push', '-q', 'origin', 'HEAD:main');
      }),
    );
    expect(outcomes.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    for (const copy of copies) await copy.remove();
  });
});

describe('a protected branch', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
    await scene.simulator.as('owner')('PUT', `${acme}/branches/main/protection`, {
      required_status_checks: null,
      enforce_admins: true,
      required_pull_request_reviews: {
        required_approving_review_count: 1,
        dismiss_stale_reviews: true,
      },
      restrictions: null,
    });
  });
  afterAll(() => scene.close());

  it('refuses a push', async () => {
    const copy = await clone(scene.simulator, scene.simulator.people.maintainer.token);
    await copy.commit('direct.md', 'x');
    expect(await fails(copy.git('push', 'origin', 'main'))).toContain('GH006');
    await copy.remove();
  });

  it('refuses a file written by REST', async () => {
    const answer = await scene.simulator.as('maintainer')('PUT', `${acme}/contents/x.md`, {
      message: 'x',
      content: 'eA==',
    });
    expect(answer.status).toBe(409);
  });

  it('refuses a ref moved by REST', async () => {
    const sha = await makeBranch(scene.simulator, 'aside');
    const answer = await scene.simulator.as('maintainer')('PATCH', `${acme}/git/refs/heads/main`, {
      sha,
    });
    expect(answer.status).toBe(422);
  });

  it('refuses a merge without the review, and allows it with it', async () => {
    await makeBranch(scene.simulator, 'reviewed');
    const { number, head } = await openPull(scene.simulator, 'reviewed');
    const maintainer = scene.simulator.as('maintainer');
    expect((await maintainer('PUT', `${acme}/pulls/${number}/merge`, {})).status).toBe(405);
    await maintainer('POST', `${acme}/pulls/${number}/reviews`, {
      event: 'APPROVE',
      commit_id: head,
    });
    expect((await maintainer('PUT', `${acme}/pulls/${number}/merge`, { sha: head })).status).toBe(
      200,
    );
  });

  it('counts no approval of somebody without the write role', async () => {
    await makeBranch(scene.simulator, 'liked');
    const { number } = await openPull(scene.simulator, 'liked');
    await scene.simulator.as('reader')('POST', `${acme}/pulls/${number}/reviews`, {
      event: 'APPROVE',
    });
    const merge = await scene.simulator.as('maintainer')(
      'PUT',
      `${acme}/pulls/${number}/merge`,
      {},
    );
    expect(merge.status).toBe(405);
  });

  it('dismisses an approval when the head moves', async () => {
    await makeBranch(scene.simulator, 'moved');
    const { number } = await openPull(scene.simulator, 'moved');
    await scene.simulator.as('maintainer')('POST', `${acme}/pulls/${number}/reviews`, {
      event: 'APPROVE',
    });
    await scene.simulator.as('writer')('PUT', `${acme}/contents/moved-again.md`, {
      message: 'More',
      content: 'eA==',
      branch: 'moved',
    });
    const reviews = await call(scene.simulator, null, 'GET', `${acme}/pulls/${number}/reviews`);
    expect(field(reviews.body, '0.state')).toBe('DISMISSED');
  });
});
