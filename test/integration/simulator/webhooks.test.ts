import { Webhooks } from '@octokit/webhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acme, appToken, call, field, installationToken, openScene, text } from './harness.ts';
import type { Scene } from './harness.ts';

describe('webhooks', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene();
    await scene.simulator.idle();
    scene.received.length = 0;
  });
  afterEach(() => scene.close());

  const file = (title: string) => scene.simulator.as('reader')('POST', `${acme}/issues`, { title });
  const titles = () => scene.received.map((one) => text(JSON.parse(one.body), 'issue.title'));

  it('are signed over the raw body', async () => {
    await file('Ünïcode & <markup>');
    await scene.simulator.idle();
    const [delivery] = scene.received;
    const { webhookSecret } = scene.simulator.app;
    const { body = '', signature = '' } = delivery ?? {};
    const verified = (secret: string, what: string) =>
      new Webhooks({ secret }).verify(what, signature);
    expect(await verified(webhookSecret, body)).toBe(true);
    expect(await verified('development', body)).toBe(false);
    expect(await verified(webhookSecret, `${body} `)).toBe(false);
  });

  it('say whose hook they are', async () => {
    await file('x');
    await scene.simulator.idle();
    expect(scene.received[0]?.headers).toMatchObject({
      'x-github-event': 'issues',
      'x-github-hook-installation-target-type': 'integration',
      'x-github-hook-installation-target-id': String(scene.simulator.app.id),
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
    });
  });

  it('arrive in the order of what happened', async () => {
    for (let index = 0; index < 8; index += 1) await file(`n${index}`);
    await scene.simulator.idle();
    expect(titles()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6', 'n7']);
  });

  it('tell of the App’s own acts too, by a Bot', async () => {
    await file('x');
    const token = await installationToken(scene.simulator);
    await call(scene.simulator, token, 'POST', `${acme}/issues/1/comments`, { body: 'I saw it.' });
    await scene.simulator.idle();
    const comment = scene.received.find((one) => one.event === 'issue_comment');
    expect(JSON.parse(comment?.body ?? '{}')).toMatchObject({
      sender: { login: 'assent[bot]', type: 'Bot' },
      installation: { id: scene.simulator.app.installationId },
    });
  });

  it('are not sent again by themselves after a failure', async () => {
    scene.answer.status = 500;
    await file('x');
    await scene.simulator.idle();
    expect(scene.received).toHaveLength(1);
    expect(scene.simulator.deliveries.at(-1)).toMatchObject({ statusCode: 500, redelivery: false });
  });

  it('are sent again on request, with the same id and body', async () => {
    scene.answer.status = 500;
    await file('x');
    await scene.simulator.idle();
    scene.answer.status = 202;
    const jwt = appToken(scene.simulator);
    const list = await call(scene.simulator, jwt, 'GET', '/app/hook/deliveries');
    const path = `/app/hook/deliveries/${text(list.body, '0.id')}`;
    expect((await call(scene.simulator, jwt, 'POST', `${path}/attempts`)).status).toBe(202);
    await scene.simulator.idle();
    const [first, second] = scene.received;
    expect([second?.guid, second?.body]).toEqual([first?.guid, first?.body]);
    const after = await call(scene.simulator, jwt, 'GET', '/app/hook/deliveries');
    expect(field(after.body, '0')).toMatchObject({ redelivery: true, status_code: 202 });
    expect(field(after.body, '1')).toMatchObject({ redelivery: false, status_code: 500 });
    const kept = await call(scene.simulator, jwt, 'GET', path);
    expect(field(kept.body, 'request.payload.issue.title')).toBe('x');
  });

  it('are listed page by page, newest first', async () => {
    for (const title of ['a', 'b', 'c']) await file(title);
    await scene.simulator.idle();
    const jwt = appToken(scene.simulator);
    const first = await call(scene.simulator, jwt, 'GET', '/app/hook/deliveries?per_page=2');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const path = next.slice(next.indexOf('/app/hook'));
    const second = await call(scene.simulator, jwt, 'GET', path);
    const ids = [text(first.body, '0.id'), text(first.body, '1.id'), text(second.body, '0.id')];
    expect(ids.map(Number)).toEqual(ids.map(Number).toSorted((a, b) => b - a));
    expect(new Set(ids).size).toBe(3);
  });

  it('are doubled, dropped and reordered by the fault switches', async () => {
    const { faults } = scene.simulator;
    faults.duplicateDeliveries = 1;
    await file('doubled');
    await scene.simulator.idle();
    expect(titles()).toEqual(['doubled', 'doubled']);
    expect(scene.received[0]?.guid).toBe(scene.received[1]?.guid);

    scene.received.length = 0;
    faults.dropDeliveries = 1;
    await file('dropped');
    await file('kept');
    await scene.simulator.idle();
    expect(titles()).toEqual(['kept']);

    scene.received.length = 0;
    faults.reorderDeliveries = 3;
    for (const title of ['1', '2', '3']) await file(title);
    await scene.simulator.idle();
    expect(titles()).toEqual(['3', '2', '1']);
  });

  it('give up what was gathered for reordering when no more comes', async () => {
    scene.simulator.faults.reorderDeliveries = 5;
    await file('alone');
    await scene.simulator.idle();
    expect(titles()).toEqual(['alone']);
    await file('after');
    await scene.simulator.idle();
    expect(titles()).toEqual(['alone', 'after']);
  });

  it('greet a new listener when asked to', async () => {
    scene.simulator.ping();
    await scene.simulator.idle();
    expect(scene.received).toMatchObject([{ event: 'ping' }]);
  });

  it('that nobody hears are logged as failed', async () => {
    scene.simulator.setWebhook('http://127.0.0.1:1/nobody');
    await file('x');
    await scene.simulator.idle();
    expect(scene.simulator.deliveries.at(-1)).toMatchObject({
      statusCode: 0,
      status: 'failed to connect to host',
    });
  });
});

describe('requests under fault switches', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene();
  });
  afterEach(() => scene.close());

  it.each([500, 502, 503] as const)('fail with %i as often as was said', async (status) => {
    scene.simulator.faults.failRequests({ status, count: 2, path: '/issues' });
    const read = scene.simulator.as('reader');
    const seen = [];
    for (const path of [acme, `${acme}/issues`, `${acme}/issues`, `${acme}/issues`]) {
      seen.push((await read('GET', path)).status);
    }
    expect(seen).toEqual([200, status, status, 200]);
  });

  it.each([403, 429] as const)(
    'meet the secondary rate limit with %i and retry-after',
    async (status) => {
      scene.simulator.faults.failRequests({ status, count: 1, retryAfter: 7 });
      const answer = await scene.simulator.as('reader')('GET', acme);
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, '7']);
      expect(text(answer.body, 'message')).toContain('secondary rate limit');
    },
  );

  it('change nothing when they fail', async () => {
    scene.simulator.faults.failRequests({ status: 502, count: 1, method: 'POST' });
    await scene.simulator.as('reader')('POST', `${acme}/issues`, { title: 'lost' });
    const list = await scene.simulator.as('reader')('GET', `${acme}/issues`);
    expect(list.body).toEqual([]);
  });
});

describe('what every answer carries', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await openScene();
  });
  afterEach(() => scene.close());

  it('an ETag, by which an unchanged answer is not sent twice', async () => {
    const first = await scene.simulator.as('reader')('GET', acme);
    const etag = first.headers.get('etag') ?? '';
    const { token } = scene.simulator.people.reader;
    const again = await call(scene.simulator, token, 'GET', acme, undefined, {
      'if-none-match': etag,
    });
    expect(again.status).toBe(304);
    await scene.simulator.as('owner')('PATCH', acme, { description: 'changed' });
    const changed = await call(scene.simulator, token, 'GET', acme, undefined, {
      'if-none-match': etag,
    });
    expect(changed.status).toBe(200);
  });

  it('links to the other pages of a list', async () => {
    for (const title of ['1', '2', '3', '4', '5']) {
      await scene.simulator.as('reader')('POST', `${acme}/issues`, { title });
    }
    const page = await scene.simulator.as('reader')('GET', `${acme}/issues?per_page=2&page=2`);
    const link = page.headers.get('link') ?? '';
    expect(
      [...link.matchAll(/[?&]page=(\d+)>; rel="(\w+)"/g)].map(([, number, rel]) => [rel, number]),
    ).toEqual([
      ['prev', '1'],
      ['next', '3'],
      ['last', '3'],
      ['first', '1'],
    ]);
  });

  it('the rate limit, and an id of the request', async () => {
    const { headers } = await scene.simulator.as('reader')('GET', acme);
    expect(headers.get('x-ratelimit-limit')).toBe('5000');
    expect(Number(headers.get('x-ratelimit-remaining'))).toBeLessThan(5_000);
    expect(headers.get('x-github-request-id')).toMatch(/^[0-9A-F]+$/);
  });

  it.each([
    ['what is no JSON', '{', 400, 'Problems parsing JSON'],
    ['a missing field', '{}', 422, '"title" wasn\'t supplied'],
    ['a field of another type', '{"title":"x","body":7}', 422, 'is not a string'],
    ['an empty title', '{"title":" "}', 422, 'Validation Failed'],
  ])('GitHub’s own words against %s', async (_title, body, status, message) => {
    const response = await fetch(`${scene.simulator.url}${acme}/issues`, {
      method: 'POST',
      headers: { authorization: `Bearer ${scene.simulator.people.reader.token}` },
      body,
    });
    const answer: unknown = await response.json();
    expect(response.status).toBe(status);
    expect(text(answer, 'message')).toContain(message);
    expect(text(answer, 'documentation_url')).toContain('https://docs.github.com/');
  });
});
