import { createHmac } from 'node:crypto';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJobEngine, type JobEngine } from '../../../src/adapters/jobs/engine.ts';
import { createMemoryInbox } from '../../../src/adapters/memory/inbox.ts';
import { embeddedFolder } from '../../support/embedded-folder.ts';
import { recordedWebhook, recordedWebhooks } from '../../support/webhook-examples.ts';
import { secret, send, signature, startTestServer, type TestServer } from './harness.ts';

const opened = recordedWebhook('issues', 'opened');
let unique = 0;
/** An issue like no other, since the same body twice is a duplicate. */
const issueBody = (): string => JSON.stringify({ ...opened, unique: (unique += 1) });

describe('the webhook address', () => {
  let folder: string;
  let engine: JobEngine;
  let server: TestServer;

  beforeAll(async () => {
    folder = await embeddedFolder();
    engine = await openJobEngine({ folder, notice: () => {} });
    server = await startTestServer({ inbox: engine.inbox });
  });
  afterAll(async () => {
    await server.close();
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('stores what was understood, answers 202, and wakes the repository', async () => {
    const answer = await send(server, { delivery: 'first', body: issueBody() });

    expect(answer).toEqual({
      http: 202,
      status: 'accepted',
      reason: 'issue.opened waits to be handled',
    });
    const [stored] = await engine.inbox.take('Codertocat/Hello-World');
    expect(stored).toMatchObject({
      id: 'first',
      event: 'issues',
      action: 'opened',
      payload: { kind: 'issue.opened', delivery: 'first', number: 1 },
    });
    expect(server.woken.at(-1)).toMatchObject({ kind: 'issue.opened', delivery: 'first' });
  });

  it.each([
    ['the same delivery', (body: string, delivery: string) => ({ delivery, body })],
    ['the same body under a new delivery id', (body: string) => ({ body })],
  ])('drops %s as a duplicate, and wakes nobody', async (_title, again) => {
    const body = issueBody();
    const delivery = crypto.randomUUID();
    await send(server, { delivery, body });
    const woken = server.woken.length;

    const answer = await send(server, again(body, delivery));

    expect(answer).toMatchObject({ http: 202, status: 'duplicate' });
    expect(server.woken).toHaveLength(woken);
  });

  it.each([
    ['no signature', { 'x-hub-signature-256': null }, 401, 'X-Hub-Signature-256 is missing'],
    [
      'a SHA-1 signature alone, however right',
      { 'x-hub-signature-256': null, 'x-hub-signature': 'sha1' },
      401,
      'only a SHA-1 signature',
    ],
    [
      'a signature under another secret',
      { 'x-hub-signature-256': 'other' },
      401,
      'not the one of this body',
    ],
    [
      'a signature cut short',
      { 'x-hub-signature-256': 'sha256=ab' },
      401,
      'not the one of this body',
    ],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'application/json'],
    ['no event', { 'x-github-event': null }, 400, 'X-GitHub-Event'],
    ['no delivery id', { 'x-github-delivery': null }, 400, 'X-GitHub-Delivery'],
    [
      'an event that the body is not',
      { 'x-github-event': 'push' },
      400,
      'does not fit the event push',
    ],
  ])('refuses %s, with the reason', async (_title, change, http, reason) => {
    const body = issueBody();
    const headers = Object.fromEntries(
      Object.entries(change).map(([name, value]) => [name, signatureFor(value, body)]),
    );

    const answer = await send(server, { body, headers });

    expect(answer).toMatchObject({ http, status: 'refused' });
    expect(answer.reason).toContain(reason);
  });

  it.each([
    ['what is no JSON', '{"action":', 'no JSON'],
    ['JSON nested beyond reason', '['.repeat(200_000), 'no JSON'],
    ['a list', '[]', 'must be a JSON object'],
    ['a number', '7', 'must be a JSON object'],
    ['an empty object', '{}', 'issue'],
  ])('refuses %s, also when it is signed', async (_title, body, reason) => {
    const answer = await send(server, { body });

    expect(answer).toMatchObject({ http: 400, status: 'refused' });
    expect(answer.reason).toContain(reason);
  });

  it('judges a body changed on the way by its signature, before reading it', async () => {
    const body = issueBody();

    const answer = await send(server, {
      body: `${body} `,
      headers: { 'x-hub-signature-256': signature(body) },
    });

    expect(answer.http).toBe(401);
  });

  it('takes a body of many bytes to a letter as the bytes it is', async () => {
    const answer = await send(server, {
      body: JSON.stringify({ ...opened, unique: '𝔘𝔫𝔦𝔠𝔬𝔡𝔢 … \u0000 \ud800' }),
    });

    expect(answer).toMatchObject({ http: 202, status: 'accepted' });
  });

  it('refuses more than 25 MB', async () => {
    const body = JSON.stringify({ padding: 'x'.repeat(25 * 1024 * 1024) });

    const answer = await send(server, { body });

    expect(answer).toMatchObject({ http: 413, status: 'refused' });
  });

  it('refuses more than 25 MB also from a sender who does not say how much is to come', async () => {
    const piece = new TextEncoder().encode('x'.repeat(1024 * 1024));
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if ((sent += 1) > 40) controller.close();
        else controller.enqueue(piece);
      },
    });

    const answer = await fetch(`${server.url}/api/github/webhooks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hub-signature-256': 'sha256=0' },
      body,
      duplex: 'half',
    });

    expect(answer.status).toBe(413);
  });

  it('keeps serving through every payload GitHub recorded, each answered with a reason', async () => {
    const before = await engine.inbox.counts();
    const answers: { readonly http: number; readonly status: unknown; readonly reason: string }[] =
      [];
    for (const [index, { event, body }] of recordedWebhooks.entries()) {
      // One payload is in the package more than once; a redelivery would hide that it is read.
      const sent = JSON.stringify({ ...body, index });
      answers.push(await send(server, { event, delivery: `recorded-${index}`, body: sent }));
    }

    expect(answers).toHaveLength(329);
    expect(answers.filter(({ reason }) => reason === '')).toEqual([]);
    const tally = { accepted: 0, ignored: 0, refused: 0, duplicate: 0 };
    for (const { status } of answers) if (isKnown(status)) tally[status] += 1;
    expect(tally).toEqual({ accepted: 79, ignored: 250, refused: 0, duplicate: 0 });
    expect((await engine.inbox.counts()).received - before.received).toBe(329);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

const isKnown = (status: unknown): status is 'accepted' | 'ignored' | 'refused' | 'duplicate' =>
  typeof status === 'string' && ['accepted', 'ignored', 'refused', 'duplicate'].includes(status);

function signatureFor(value: string | null, body: string): string | null {
  if (value === 'sha1') return `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`;
  return value === 'other' ? signature(body, 'another secret altogether') : value;
}

describe('the service around its webhooks', () => {
  it('answers 503 when nothing can be stored, so that GitHub logs a failure', async () => {
    const broken = {
      ...createMemoryInbox(),
      accept: async () => Promise.reject(new Error('the disk is full')),
    };
    const server = await startTestServer({ inbox: broken });

    const answer = await send(server, { body: issueBody() });
    await server.close();

    expect(answer).toMatchObject({ http: 503, status: 'refused' });
    expect(server.woken).toEqual([]);
  });

  it('answers before the work that it wakes is done, and whatever becomes of it', async () => {
    const work = Promise.withResolvers<void>();
    const server = await startTestServer({ inbox: createMemoryInbox(), wake: () => work.promise });

    const answer = await send(server, { body: issueBody() });
    work.reject(new Error('the queue is gone'));
    const next = await send(server, { body: issueBody() });
    await server.close();

    expect([answer.status, next.status]).toEqual(['accepted', 'accepted']);
  });

  it('is alive while the database is not, and not ready', async () => {
    const server = await startTestServer({
      inbox: createMemoryInbox(),
      ready: async () => Promise.reject(new Error('connection refused')),
    });

    const health = await fetch(`${server.url}/health`);
    const ready = await fetch(`${server.url}/ready`);
    const told: unknown = await ready.json();
    await server.close();

    expect(health.status).toBe(200);
    expect(ready.status).toBe(503);
    expect(told).toEqual({ status: 'not ready', checks: { database: 'connection refused' } });
  });

  it('is ready while a repository stands still, and says how many do', async () => {
    const repositories = { known: 3, stopped: 1 };
    const server = await startTestServer({ inbox: createMemoryInbox(), repositories });
    const ready = await fetch(`${server.url}/ready`);
    const told: unknown = await ready.json();
    await server.close();

    expect(ready.status).toBe(200);
    expect(told).toEqual({ status: 'ready', checks: { database: 'ok' }, repositories });
  });

  it('counts webhooks by how they ended, and never by a name somebody made up', async () => {
    const server = await startTestServer({ inbox: createMemoryInbox() });
    await send(server, { body: issueBody() });
    await send(server, { event: 'made_up_by_me', body: '{}' });
    await send(server, { body: issueBody(), headers: { 'x-hub-signature-256': null } });

    const metrics = await fetch(`${server.url}/metrics`);
    const text = await metrics.text();
    await server.close();

    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(text).toContain('assent_webhooks_total{event="issues",end="accepted"} 1');
    expect(text).toContain('assent_webhooks_total{event="other",end="ignored"} 1');
    expect(text).toContain('assent_webhooks_total{event="other",end="unauthenticated"} 1');
    expect(text).toContain('assent_deliveries{outcome="waiting"} 1');
    expect(text).not.toContain('made_up_by_me');
  });

  it.each(['/nothing', '/items/a', '/api/github/webhooks'])('says 404 for GET %s', async (path) => {
    const server = await startTestServer({ inbox: createMemoryInbox() });
    const { status } = await fetch(`${server.url}${path}`);
    await server.close();

    expect(status).toBe(404);
  });
});
