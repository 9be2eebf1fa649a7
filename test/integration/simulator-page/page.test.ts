import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import type { Person } from '../../../src/simulator/simulator.ts';
import { startStandAlone } from '../../../src/simulator/stand-alone.ts';
import type { StandAlone } from '../../../src/simulator/stand-alone.ts';

let alone: StandAlone;
beforeAll(async () => {
  alone = await startStandAlone();
  await seedWidgets(alone.simulator);
});
afterAll(() => alone.simulator.close());

const root = '/_simulator';
const widgets = `${root}/repos/acme/widgets`;

async function read(who: Person, path: string): Promise<string> {
  const response = await fetch(`${alone.simulator.url}${path}`, {
    headers: { cookie: `simulator_person=${who}` },
  });
  return response.text();
}

/** As a browser does without scripts: post, be redirected, read. */
async function post(who: Person, path: string, form: Record<string, string>): Promise<string> {
  const response = await fetch(`${alone.simulator.url}${path}`, {
    method: 'POST',
    headers: { cookie: `simulator_person=${who}`, origin: alone.simulator.url },
    body: new URLSearchParams(form),
    redirect: 'manual',
  });
  expect(response.status).toBe(303);
  return read(who, response.headers.get('location') ?? '');
}

async function rest(who: Person, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await alone.simulator.as(who)(method, `/repos/acme/widgets${path}`, body);
  expect(answer.status).toBeLessThan(300);
  return answer.body;
}

async function newPullRequest(branch: string): Promise<string> {
  const main = await rest('owner', 'GET', '/git/ref/heads/main');
  await rest('writer', 'POST', '/git/refs', {
    ref: `refs/heads/${branch}`,
    sha: Object(main).object.sha,
  });
  const content = Buffer.from(`${branch}\n`).toString('base64');
  await rest('writer', 'PUT', `/contents/${branch}.txt`, { message: 'Write', content, branch });
  const pull = await rest('writer', 'POST', '/pulls', {
    title: `Add ${branch}`,
    head: branch,
    base: 'main',
  });
  return `${widgets}/pull/${String(Object(pull).number)}`;
}

describe('the page', () => {
  it('shows repositories, issues and an issue', async () => {
    expect(await read('reader', root)).toContain('acme/widgets');
    expect(await read('reader', widgets)).toContain('A widget cannot be stopped');
    expect(await read('reader', `${widgets}/issues/1`)).toContain('there is no way to stop it');
  });

  it('lets anyone file an issue and comment, by their own name', async () => {
    const { login } = alone.simulator.people.stranger;
    const filed = await post('stranger', `${widgets}/issues`, {
      title: 'It is blue',
      body: 'I wanted red.',
    });
    const number = /issues\/(\d+)"\s*>It is blue/.exec(filed)?.[1] ?? '';

    const commented = await post('stranger', `${widgets}/issues/${number}/comment`, {
      body: 'Or green.',
    });

    expect(commented).toContain('Or green.');
    expect(commented).toMatch(new RegExp(`<b>${login}</b\\s*>\\s+commented`));
  });

  it('labels and unlabels', async () => {
    const labelled = await post('triager', `${widgets}/issues/1/label`, { label: 'bug' });
    expect(labelled).toContain('Remove bug');

    const without = await post('triager', `${widgets}/issues/1/unlabel`, { label: 'bug' });
    expect(without).not.toContain('Remove bug');
  });

  it.each<[string, Person, string, Record<string, string>, string]>([
    ['a stranger who labels', 'stranger', 'label', { label: 'bug' }, '403 '],
    ['a reader who merges', 'reader', 'merge', {}, '403 '],
    [
      'a triager who pushes',
      'triager',
      'edit',
      { path: 'README.md', branch: 'main', message: 'Mine' },
      '403 .*push access',
    ],
    [
      'an author who approves',
      'writer',
      'review',
      { event: 'APPROVE' },
      '422 .*approve your own pull request',
    ],
  ])('shows %s what GitHub would answer', async (title, who, act, form, answer) => {
    const pull = await newPullRequest(`refused-${title.replaceAll(' ', '-')}`);
    const commit = /name="commit" value="([0-9a-f]{40})"/.exec(await read(who, pull))?.[1] ?? '';

    const shown = await post(who, `${pull}/${act}`, { commit, ...form });

    expect(shown).toMatch(new RegExp(`GitHub would answer: ${answer}`));
  });

  it('edits a file of a pull request, reviews, dismisses, and merges the head that was shown', async () => {
    const pull = await newPullRequest('polish');
    const editor = await read('writer', `${pull}?edit=polish.txt`);
    const hidden = (name: string): string =>
      new RegExp(`name="${name}" value="([^"]+)"`).exec(editor)?.[1] ?? '';
    const edit = {
      path: hidden('path'),
      sha: hidden('sha'),
      branch: hidden('branch'),
      message: 'Polish',
      content: 'shiny\r\n',
    };
    expect(await post('writer', `${pull}/edit`, edit)).toMatch(/class="add">\+shiny</);

    const commit = /name="commit" value="([0-9a-f]{40})"/.exec(await read('maintainer', pull))?.[1];
    const approval = { event: 'APPROVE', body: 'Fine', commit: commit ?? '' };
    expect(await post('maintainer', `${pull}/review`, approval)).toContain('approved');
    const review = /name="review" value="(\d+)"/.exec(await read('owner', pull))?.[1] ?? '';
    expect(await post('owner', `${pull}/dismiss`, { review, message: 'Not yet' })).toContain(
      'dismissed',
    );

    expect(
      await post('owner', `${pull}/merge`, { sha: '0'.repeat(40), method: 'merge' }),
    ).toContain('409');
    const sha = /name="sha" value="([0-9a-f]{40})"/.exec(await read('owner', pull))?.[1] ?? '';
    expect(await post('owner', `${pull}/merge`, { sha, method: 'merge' })).toMatch(
      /tag done">merged/,
    );
  });

  it('forks, opens a pull request from the fork, and edits its file there', async () => {
    expect(await post('stranger', `${widgets}/forks`, {})).toContain('Forked.');
    const content = Buffer.from('offer\n').toString('base64');
    const as = alone.simulator.as('stranger');
    const given = { message: 'Write', content, branch: 'main' };
    expect((await as('PUT', '/repos/stranger/widgets/contents/offer.txt', given)).status).toBe(201);
    const opened = { title: 'An offer', head: 'stranger:main', base: 'main' };
    const listed = await post('stranger', `${widgets}/pulls`, opened);
    const number = /pull\/(\d+)"\s*>An offer</.exec(listed)?.[1] ?? '';
    const pull = `${widgets}/pull/${number}`;
    expect(await read('stranger', pull)).toContain('from a fork');

    const editor = await read('stranger', `${pull}?edit=offer.txt`);
    const sha = /name="sha" value="([^"]+)" \/>\s*<input type="hidden" name="branch"/.exec(editor);
    const edit = { path: 'offer.txt', sha: sha?.[1] ?? '', branch: 'main', message: 'Better' };
    const better = { ...edit, content: 'better\n' };
    expect(await post('triager', `${pull}/edit`, better)).toContain('403');
    expect(await post('stranger', `${pull}/edit`, better)).toMatch(/class="add">\+better</);
  });

  it('switches faults on and off', async () => {
    expect(await post('owner', `${root}/faults`, { fault: 'duplicate' })).toContain(
      'the next 1 sent twice',
    );
    expect(alone.simulator.faults.duplicateDeliveries).toBe(1);

    await post('owner', `${root}/faults`, { fault: 'none' });
    expect(alone.simulator.faults.duplicateDeliveries).toBe(0);
  });

  it('never lets what somebody wrote become markup', async () => {
    const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
    const list = await post('stranger', `${widgets}/issues`, { title: evil, body: evil });
    const number = /issues\/(\d+)"\s*>&quot;&gt;&lt;script/.exec(list)?.[1] ?? '';
    await post('stranger', `${widgets}/issues/${number}/comment`, { body: evil });
    await post('writer', `${widgets}/issues/${number}/label`, { label: '<b>"bold"' });

    for (const shown of [
      list,
      await read('owner', `${widgets}/issues/${number}`),
      await read('owner', `${root}/hooks`),
    ]) {
      expect(shown).not.toMatch(/<script|<img|<b>"/);
    }
  });

  it('runs no script and loads nothing from elsewhere', async () => {
    const response = await fetch(`${alone.simulator.url}${root}`);

    expect(response.headers.get('content-security-policy')).toContain(
      "default-src 'none'; style-src 'self'",
    );
  });

  it('says nothing to whoever claims an act in a link', async () => {
    expect(await read('owner', `${root}?note=Merged`)).not.toContain('Merged');
  });

  it('changes who you are, and comes back to no other site', async () => {
    const change = (back: string): Promise<Response> =>
      fetch(`${alone.simulator.url}${root}/as`, {
        method: 'POST',
        body: new URLSearchParams({ person: 'reader', back }),
        redirect: 'manual',
      });

    const changed = await change(widgets);
    expect(changed.headers.get('location')).toBe(widgets);
    expect(changed.headers.get('set-cookie')).toMatch(
      /simulator_person=reader;.*HttpOnly.*SameSite=Strict/,
    );
    expect((await change('https://example.com')).headers.get('location')).toBe(root);
    expect((await change('/_simulator.example.com')).headers.get('location')).toBe(root);
  });
});

describe('page and control routes', () => {
  const send = (method: string, path: string, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      request(`${alone.simulator.url}${path}`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });

  it.each([
    [
      'a post from another site',
      'POST',
      `${widgets}/issues/1/comment`,
      { origin: 'https://example.com' },
    ],
    [
      'a post from a page without origin',
      'POST',
      `${widgets}/issues/1/comment`,
      { origin: 'null' },
    ],
    [
      'a post that a browser calls cross-site',
      'POST',
      `${root}/idle`,
      { 'sec-fetch-site': 'cross-site' },
    ],
    [
      'a name that merely resolves to this machine',
      'GET',
      `${root}/people`,
      { host: 'rebound.example.com' },
    ],
    ['a script of another site', 'GET', `${root}/people`, { origin: 'https://example.com' }],
  ])('refuse %s', async (_title, method, path, headers) => {
    expect(await send(method, path, headers)).toBe(403);
  });

  it.each([
    ['a link from another site', 'GET', root, { 'sec-fetch-site': 'cross-site' }],
    ['a program', 'GET', `${root}/people`, {}],
  ])('answer %s', async (_title, method, path, headers) => {
    expect(await send(method, path, headers)).toBe(200);
  });
});

describe('control', () => {
  const call = async (
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${alone.simulator.url}${root}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };

  it('switches a fault on, lets it strike as often as asked, and off', async () => {
    await call('POST', '/faults/requests', { status: 502, count: 2, path: '/issues/1' });
    const statuses = [];
    for (let i = 0; i < 3; i += 1)
      statuses.push(
        (await alone.simulator.as('owner')('GET', '/repos/acme/widgets/issues/1')).status,
      );
    expect(statuses).toEqual([502, 502, 200]);

    await call('PATCH', '/faults', { duplicate: 3, latency_ms: 1 });
    expect((await call('GET', '/faults')).body).toMatchObject({
      duplicate: 3,
      latency_ms: 1,
      drop: 0,
      requests: [],
    });
    expect((await call('DELETE', '/faults')).body).toMatchObject({ duplicate: 0, latency_ms: 0 });
  });

  it('names every fault of a body at once', async () => {
    const { status, body } = await call('PATCH', '/faults', { duplicates: 1, drop: -1 });

    expect(status).toBe(422);
    expect(Object(body).errors).toEqual([
      expect.stringContaining('drop'),
      expect.stringContaining('"duplicates"'),
    ]);
  });

  it('gives everybody’s token', async () => {
    const { body } = await call('GET', '/people');

    expect(Object.keys(Object(body))).toEqual([
      'owner',
      'maintainer',
      'writer',
      'triager',
      'reader',
      'stranger',
      'otherapp',
    ]);
  });

  it.each([
    ['POST', '/deliveries/1/redeliver', 404],
    ['GET', '/deliveries/1', 404],
    ['PUT', '/webhook', 415],
  ])('%s %s is answered with %i', async (method, path, status) => {
    expect((await call(method, path)).status).toBe(status);
  });
});
