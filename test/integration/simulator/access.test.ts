import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Person, Simulator } from '../../../src/simulator/simulator.ts';
import {
  acme,
  appToken,
  call,
  installationToken,
  makeBranch,
  openPull,
  openScene,
  text,
} from './harness.ts';
import type { Scene } from './harness.ts';

type Who = Person | 'app' | 'read-only app' | 'other app' | 'nobody' | 'unknown token';

async function tokenOf(simulator: Simulator, who: Who): Promise<string | null> {
  switch (who) {
    case 'nobody':
      return null;
    case 'unknown token':
      return 'ghp_unknown';
    case 'app':
      return installationToken(simulator);
    case 'read-only app':
      return installationToken(simulator, { permissions: { issues: 'read', contents: 'read' } });
    case 'other app':
      return simulator.otherApp.token;
    default:
      return simulator.people[who].token;
  }
}

interface Rule {
  readonly act: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly expected: Readonly<Partial<Record<Who, number>>>;
}

const publicRules: readonly Rule[] = [
  {
    act: 'read the repository',
    method: 'GET',
    path: acme,
    expected: { nobody: 200, stranger: 200, app: 200, 'unknown token': 401 },
  },
  {
    act: 'open an issue',
    method: 'POST',
    path: `${acme}/issues`,
    body: { title: 'x' },
    expected: { nobody: 401, stranger: 201, reader: 201, app: 201, 'read-only app': 403 },
  },
  {
    act: 'comment',
    method: 'POST',
    path: `${acme}/issues/1/comments`,
    body: { body: 'x' },
    expected: { nobody: 401, stranger: 201, reader: 201, app: 201, 'read-only app': 403 },
  },
  {
    act: 'set a label',
    method: 'POST',
    path: `${acme}/issues/1/labels`,
    body: { labels: ['bug'] },
    expected: {
      stranger: 403,
      reader: 403,
      triager: 200,
      writer: 200,
      app: 200,
      'read-only app': 403,
    },
  },
  {
    act: 'close an issue of somebody else',
    method: 'PATCH',
    path: `${acme}/issues/1`,
    body: { state: 'closed' },
    expected: { stranger: 403, reader: 403, triager: 200, writer: 200 },
  },
  {
    act: 'change the text of somebody else',
    method: 'PATCH',
    path: `${acme}/issues/1`,
    body: { title: 'Renamed' },
    expected: { stranger: 403, reader: 403, triager: 403, writer: 200 },
  },
  {
    act: 'make a label',
    method: 'POST',
    path: `${acme}/labels`,
    body: { name: 'made', color: '00ff00' },
    expected: { reader: 403, triager: 403, writer: 201 },
  },
  {
    act: 'write a file',
    method: 'PUT',
    path: `${acme}/contents/new.md`,
    body: { message: 'x', content: 'eA==', branch: 'side' },
    expected: { stranger: 403, reader: 403, triager: 403, 'read-only app': 403, writer: 201 },
  },
  {
    act: 'merge',
    method: 'PUT',
    path: `${acme}/pulls/2/merge`,
    body: {},
    expected: { nobody: 401, stranger: 403, reader: 403, triager: 403, 'read-only app': 403 },
  },
  {
    act: 'approve',
    method: 'POST',
    path: `${acme}/pulls/2/reviews`,
    body: { event: 'APPROVE' },
    expected: {
      nobody: 401,
      stranger: 200,
      reader: 200,
      writer: 422,
      maintainer: 200,
      'other app': 200,
    },
  },
  {
    act: 'report a check run',
    method: 'POST',
    path: `${acme}/check-runs`,
    body: { name: 'ci', head_sha: 'HEAD' },
    expected: { owner: 403, reader: 403, app: 201, 'other app': 201 },
  },
  {
    act: 'report a status',
    method: 'POST',
    path: `${acme}/statuses/HEAD`,
    body: { state: 'success' },
    expected: { reader: 403, writer: 201, app: 403 },
  },
  {
    act: 'read the branch protection',
    method: 'GET',
    path: `${acme}/branches/main/protection`,
    expected: { reader: 403, maintainer: 403, owner: 404, app: 403 },
  },
  {
    act: 'change the settings',
    method: 'PATCH',
    path: acme,
    body: { description: 'x' },
    expected: { maintainer: 403, owner: 200, app: 403 },
  },
  {
    act: 'give a role',
    method: 'PUT',
    path: `${acme}/collaborators/stranger`,
    body: { permission: 'pull' },
    expected: { writer: 403, maintainer: 403, app: 403 },
  },
  {
    act: 'ask for the App',
    method: 'GET',
    path: '/app',
    expected: { nobody: 401, owner: 401, app: 401 },
  },
  {
    act: 'ask for oneself',
    method: 'GET',
    path: '/user',
    expected: { nobody: 401, stranger: 200, app: 403 },
  },
];

const cases = (rules: readonly Rule[]) =>
  rules.flatMap((rule) =>
    Object.entries(rule.expected).map(([who, status]) => ({ ...rule, who, status })),
  );

const isWho = (text_: string): text_ is Who => text_ !== '';

function inAScene(hidden: boolean, rules: readonly Rule[]): void {
  let scene: Scene;
  let head = '';
  beforeAll(async () => {
    scene = await openScene({ private: hidden });
    await scene.simulator.as('owner')('POST', `${acme}/issues`, { title: 'First' });
    head = await makeBranch(scene.simulator, 'feature');
    await makeBranch(scene.simulator, 'side');
    await openPull(scene.simulator, 'feature');
  });
  afterAll(() => scene.close());

  it.each(cases(rules))('$who may $act: $status', async ({ who, method, path, body, status }) => {
    const token = isWho(who) ? await tokenOf(scene.simulator, who) : null;
    const filled = JSON.parse(JSON.stringify(body ?? null).replaceAll('"HEAD"', `"${head}"`));
    const answer = await call(
      scene.simulator,
      token,
      method,
      path.replace('HEAD', head),
      filled ?? undefined,
    );
    expect({
      status: answer.status,
      body: status >= 400 ? text(answer.body, 'status') : '',
    }).toEqual({
      status,
      body: status >= 400 ? String(status) : '',
    });
  });
}

describe('a public repository', () => {
  inAScene(false, publicRules);
});

describe('a private repository', () => {
  inAScene(true, [
    {
      act: 'read the repository',
      method: 'GET',
      path: acme,
      expected: { nobody: 404, stranger: 404, reader: 200, app: 200, 'other app': 200 },
    },
    {
      act: 'open an issue',
      method: 'POST',
      path: `${acme}/issues`,
      body: { title: 'x' },
      expected: { nobody: 404, stranger: 404, reader: 201 },
    },
    {
      act: 'search its issues',
      method: 'GET',
      path: '/search/issues?q=First',
      expected: { reader: 200 },
    },
  ]);
});

describe('what search tells', () => {
  it('leaves out what the searcher may not see', async () => {
    const scene = await openScene({ private: true });
    await scene.simulator.as('owner')('POST', `${acme}/issues`, { title: 'Secret plan' });
    const seen = await scene.simulator.as('reader')('GET', '/search/issues?q=secret');
    const unseen = await scene.simulator.as('stranger')('GET', '/search/issues?q=secret');
    expect([text(seen.body, 'total_count'), text(unseen.body, 'total_count')]).toEqual(['1', '0']);
    await scene.close();
  });
});

describe('an App', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.close());
  const seconds = Math.floor(Date.now() / 1000);

  it.each([
    ['by its id', {}, 200],
    ['by its id as text', { iss: 'ID' }, 200],
    ['by its client id', { iss: 'CLIENT' }, 200],
    ['not after it expired', { iat: seconds - 700, exp: seconds - 100 }, 401],
    ['not from the future', { iat: seconds + 3_600, exp: seconds + 3_900 }, 401],
    ['not for longer than ten minutes', { exp: seconds + 3_600 }, 401],
    ['not without an expiry', { exp: undefined }, 401],
    ['not as an App nobody knows', { iss: 1 }, 404],
  ])('is known %s', async (_title, claims, status) => {
    const { app } = scene.simulator;
    const filled = JSON.parse(
      JSON.stringify(claims).replace('CLIENT', app.clientId).replace('ID', String(app.id)),
    );
    const given = 'exp' in claims && claims.exp === undefined ? { ...filled, exp: null } : filled;
    const answer = await call(scene.simulator, appToken(scene.simulator, given), 'GET', '/app');
    expect(answer.status).toBe(status);
  });

  it('is not known by the signature of another key', async () => {
    const other = await openScene();
    const forged = appToken(scene.simulator, {}, other.simulator.app.privateKey);
    expect((await call(scene.simulator, forged, 'GET', '/app')).status).toBe(401);
    await other.close();
  });

  it('gets a token of the form and length of GitHub’s own', async () => {
    expect(await installationToken(scene.simulator)).toMatch(/^ghs_[A-Za-z0-9._-]{36,}$/);
  });

  it('gets a token that holds no more than was asked for', async () => {
    const token = await installationToken(scene.simulator, { permissions: { contents: 'read' } });
    expect((await call(scene.simulator, token, 'GET', `${acme}/contents/README.md`)).status).toBe(
      200,
    );
    expect((await call(scene.simulator, token, 'GET', `${acme}/check-runs/1`)).status).toBe(403);
  });

  it('gets no token for more than it has been given', async () => {
    const path = `/app/installations/${scene.simulator.app.installationId}/access_tokens`;
    const asked = { permissions: { administration: 'write' } };
    const answer = await call(scene.simulator, appToken(scene.simulator), 'POST', path, asked);
    expect(answer.status).toBe(422);
  });

  it('gets a token for one repository that opens no other', async () => {
    await scene.simulator.createRepository({ owner: 'acme', name: 'secret', private: true });
    const token = await installationToken(scene.simulator, { repositories: ['widgets'] });
    expect((await call(scene.simulator, token, 'GET', acme)).status).toBe(200);
    expect((await call(scene.simulator, token, 'GET', '/repos/acme/secret')).status).toBe(404);
  });

  it('loses its token after an hour', async () => {
    let now = new Date();
    const early = await openScene({ now: () => now });
    const token = await installationToken(early.simulator);
    now = new Date(now.getTime() + 59 * 60_000);
    expect((await call(early.simulator, token, 'GET', acme)).status).toBe(200);
    now = new Date(now.getTime() + 2 * 60_000);
    expect((await call(early.simulator, token, 'GET', acme)).status).toBe(401);
    await early.close();
  });
});
