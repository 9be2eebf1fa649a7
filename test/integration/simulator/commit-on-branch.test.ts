import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acme, call, field, installationToken, makeBranch, openScene, text } from './harness.ts';
import type { Scene } from './harness.ts';

const mutation =
  'mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }';

describe('createCommitOnBranch', () => {
  let scene: Scene;
  let token: string;
  beforeAll(async () => {
    scene = await openScene();
    token = await installationToken(scene.simulator);
  });
  afterAll(() => scene.close());

  const commit = (branch: string, expectedHeadOid: string, path: string, by = token) =>
    call(scene.simulator, by, 'POST', '/graphql', {
      query: mutation,
      variables: {
        input: {
          branch: { repositoryNameWithOwner: 'acme/widgets', branchName: branch },
          expectedHeadOid,
          message: { headline: `Write ${path}`, body: 'Why' },
          fileChanges: { additions: [{ path, contents: Buffer.from(path).toString('base64') }] },
        },
      },
    });

  it('writes several files in one commit on the head that was read', async () => {
    const head = await makeBranch(scene.simulator, 'ledger');
    const answer = await commit('ledger', head, '.ai_metadata/queue.json');
    const oid = text(answer.body, 'data.createCommitOnBranch.commit.oid');
    const written = await call(scene.simulator, token, 'GET', `${acme}/commits/${oid}`);
    expect(field(written.body, 'parents.0.sha')).toBe(head);
    expect(text(written.body, 'author.login')).toBe('assent[bot]');
    expect(text(written.body, 'commit.committer.name')).toBe('GitHub');
  });

  it('lets one of many writers on the same head win, and tells the others that their data is stale', async () => {
    const head = await makeBranch(scene.simulator, 'contended');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => commit('contended', head, `file-${index}.txt`)),
    );
    const types = answers.map((one) => field(one.body, 'errors.0.type') ?? 'done');
    expect(types.filter((one) => one === 'done')).toHaveLength(1);
    expect(types.filter((one) => one === 'STALE_DATA')).toHaveLength(11);
    const tip = await call(scene.simulator, token, 'GET', `${acme}/commits/contended`);
    expect(field(tip.body, 'parents.0.sha')).toBe(head);
    const stale = answers.find((one) => field(one.body, 'errors.0.type') === 'STALE_DATA');
    expect(text(stale?.body, 'errors.0.message')).toMatch(
      /^Expected branch to point to "[0-9a-f]{40}" but it did not\. {2}Pull and try again\.$/,
    );
  });

  it('loses nothing when every writer tries again from the fresh head', async () => {
    await makeBranch(scene.simulator, 'retried');
    const write = async (index: number): Promise<void> => {
      for (;;) {
        const ref = await call(scene.simulator, token, 'GET', `${acme}/git/ref/heads/retried`);
        const answer = await commit('retried', text(ref.body, 'object.sha'), `w${index}.txt`);
        if (field(answer.body, 'errors') === undefined) return;
      }
    };
    await Promise.all([0, 1, 2, 3, 4].map(write));
    const tree = await call(scene.simulator, token, 'GET', `${acme}/git/trees/retried`);
    const paths = field(tree.body, 'tree');
    expect(JSON.stringify(paths).match(/"w\d\.txt"/g)).toHaveLength(5);
  });

  it('makes no branch', async () => {
    const head = await makeBranch(scene.simulator, 'exists');
    const answer = await commit('absent', head, 'x');
    expect(text(answer.body, 'errors.0.type')).toBe('NOT_FOUND');
    expect((await call(scene.simulator, token, 'GET', `${acme}/branches/absent`)).status).toBe(404);
  });

  it.each([['reader'], ['triager'], ['stranger']] as const)(
    'is forbidden to the %s',
    async (person) => {
      const head = await makeBranch(scene.simulator, `no-${person}`);
      const answer = await commit(`no-${person}`, head, 'x', scene.simulator.people[person].token);
      expect(text(answer.body, 'errors.0.type')).toBe('FORBIDDEN');
    },
  );

  it.each([['../escape'], ['.git/config'], ['a//b'], ['/absolute'], ['']])(
    'refuses the path %j',
    async (path) => {
      const head = text(
        (await call(scene.simulator, token, 'GET', `${acme}/commits/main`)).body,
        'sha',
      );
      const answer = await commit('main', head, path);
      expect(text(answer.body, 'errors.0.type')).toBe('UNPROCESSABLE');
    },
  );
});

describe('GraphQL', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.close());

  const ask = (query: string) => scene.simulator.as('writer')('POST', '/graphql', { query });

  it('refuses a field that GitHub does not have', async () => {
    const answer = await ask('{ repository(owner: "acme", name: "widgets") { nonsense } }');
    expect(text(answer.body, 'errors.0.message')).toContain('Cannot query field "nonsense"');
  });

  it('says so of a field that GitHub has and the simulator has not', async () => {
    const answer = await ask('{ repository(owner: "acme", name: "widgets") { stargazerCount } }');
    expect(text(answer.body, 'errors.0.message')).toBe(
      'The simulator does not resolve Repository.stargazerCount.',
    );
  });

  it('wants to be told how much of a list', async () => {
    const answer = await ask(
      '{ repository(owner: "acme", name: "widgets") { issues { totalCount } } }',
    );
    expect(text(answer.body, 'errors.0.type')).toBe('MISSING_PAGINATION_BOUNDARIES');
  });

  it('pages through a list by cursor', async () => {
    for (const title of ['a', 'b', 'c']) {
      await scene.simulator.as('reader')('POST', `${acme}/issues`, { title });
    }
    const page = (after: string) =>
      ask(
        `{ repository(owner: "acme", name: "widgets") { issues(first: 2${after}) { nodes { title } pageInfo { hasNextPage endCursor } } } }`,
      );
    const first = await page('');
    const at = 'data.repository.issues';
    const second = await page(`, after: "${text(first.body, `${at}.pageInfo.endCursor`)}"`);
    expect(field(first.body, `${at}.nodes`)).toEqual([{ title: 'a' }, { title: 'b' }]);
    expect(field(second.body, `${at}.nodes`)).toEqual([{ title: 'c' }]);
    expect(field(second.body, `${at}.pageInfo.hasNextPage`)).toBe(false);
  });

  it('hides a private repository from who may not see it', async () => {
    await scene.simulator.createRepository({ owner: 'acme', name: 'hidden', private: true });
    const query = '{ repository(owner: "acme", name: "hidden") { id } }';
    const answer = await scene.simulator.as('stranger')('POST', '/graphql', { query });
    expect(answer.body).toMatchObject({
      data: { repository: null },
      errors: [{ type: 'NOT_FOUND' }],
    });
  });

  it('knows nobody without a token', async () => {
    const answer = await call(scene.simulator, null, 'POST', '/graphql', {
      query: '{ viewer { login } }',
    });
    expect(answer.status).toBe(401);
  });
});
