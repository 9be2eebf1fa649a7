import { createServer, request as ask, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createModelProxy } from '../../../src/adapters/model-proxy/proxy.ts';
import type { ModelAccess } from '../../../src/ports/language-model.ts';

interface Seen {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const json = (body: unknown, status = 200): Said => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const stream = (...events: readonly unknown[]): Said => ({
  headers: { 'content-type': 'text/event-stream' },
  body: events
    .map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`)
    .join(''),
});

const secret = 'sk-the-real-key';
const seen: Seen[] = [];
let says: Said = json({});
/** Answers once this is settled. */
let held: Promise<void> = Promise.resolve();
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        path: request.url ?? '',
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString()) as Seen['body'],
      });
      const answer = async (): Promise<void> => {
        await held;
        response.writeHead(says.status ?? 200, { ...says.headers, 'set-cookie': 'a=b' });
        response.end(says.body);
      };
      void answer();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

let access: ModelAccess;
const begin = async (tokens = 100_000): Promise<void> => {
  seen.length = 0;
  const host = createModelProxy({
    openai: { baseUrl: `${url}/v1`, apiKey: secret },
    anthropic: null,
    model: 'the-model',
  });
  const opened = await host.open({ model: null, tokens });
  if (opened === null) throw new Error('no access');
  access = opened;
};
afterEach(() => access.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** As a program in the sandbox would: HTTP on the socket, with the run's own key unless another is given. */
const send = (
  path: string,
  body: unknown,
  {
    method = 'POST',
    headers = {},
    key = access.key,
  }: { method?: string; headers?: Record<string, string>; key?: string | null } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = ask(
      {
        socketPath: access.socket,
        path,
        method,
        headers: { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    request.on('error', reject);
    request.end(typeof body === 'string' ? body : JSON.stringify(body));
  });

const chat = { model: 'theirs', messages: [{ role: 'user', content: 'Hello' }] };
const spoken = json({
  model: 'the-model-1',
  choices: [{ message: { content: 'Hi' } }],
  usage: { prompt_tokens: 40, completion_tokens: 2 },
});

describe('a request of a program', () => {
  it('goes on with the key, the configured model and a bound, and nothing else of its own', async () => {
    await begin();
    says = spoken;
    const answer = await send(
      '/v1/chat/completions?x=1',
      { ...chat, store: true, metadata: { a: 'b' }, n: 50, web_search_options: {}, user: 'u' },
      { headers: { cookie: 'c=d', 'x-forwarded-for': '1.2.3.4', 'openai-organization': 'o' } },
    );
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ choices: [{ message: { content: 'Hi' } }] });
    expect(answer.headers['set-cookie']).toBeUndefined();
    const [asked] = seen;
    expect(asked?.path).toBe('/v1/chat/completions');
    expect(asked?.headers['authorization']).toBe(`Bearer ${secret}`);
    expect(Object.keys(asked?.body ?? {}).toSorted()).toEqual(['max_tokens', 'messages', 'model']);
    expect(asked?.body['model']).toBe('the-model');
    for (const name of ['cookie', 'x-forwarded-for', 'openai-organization']) {
      expect(asked?.headers[name], name).toBeUndefined();
    }
    expect(access.spent()).toEqual({
      requests: 1,
      input_tokens: 40,
      output_tokens: 2,
      estimated: false,
      model: 'the-model-1',
    });
  });

  it.each([
    ['another path', 'POST', '/v1/files', 404],
    ['a path that climbs', 'POST', '/v1/chat/completions/../../files', 404],
    ['another method', 'DELETE', '/v1/responses', 404],
    ['an address of its own', 'POST', 'http://elsewhere.test/v1/chat/completions', 404],
    ['what is no JSON', 'POST', '/v1/responses', 400, '{'],
    ['a list', 'POST', '/v1/responses', 400, '[]'],
  ])('is refused: %s', async (_, method, path, status, body = JSON.stringify(chat)) => {
    await begin();
    expect((await send(path, body, { method })).status).toBe(status);
    expect(seen).toEqual([]);
  });

  it.each([
    ['no key', null],
    ['another key', 'sk-guessed'],
  ])('is refused with %s: others on the machine may find the socket', async (_, key) => {
    await begin();
    expect((await send('/v1/chat/completions', chat, { key })).status).toBe(401);
    expect(seen).toEqual([]);
  });

  it.each([
    [
      'OpenAI’s image',
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test/a' } }] },
    ],
    [
      'OpenAI’s file',
      { role: 'user', content: [{ type: 'input_file', file_url: 'https://x.test/a' }] },
    ],
    [
      'Anthropic’s document',
      {
        role: 'user',
        content: [{ type: 'document', source: { type: 'url', url: 'https://x.test' } }],
      },
    ],
  ])('that would have the service fetch something is refused: %s', async (_, message) => {
    await begin();
    says = spoken;
    const refused = await send('/v1/chat/completions', { ...chat, messages: [message] });
    expect(refused.status).toBe(400);
    expect(seen).toEqual([]);
  });

  it('may hold a picture, and text that names an address', async () => {
    await begin();
    says = spoken;
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
      { type: 'text', text: 'see https://x.test' },
    ];
    const sent = await send('/v1/chat/completions', {
      ...chat,
      messages: [{ role: 'user', content }],
    });
    expect(sent.status).toBe(200);
  });

  it.each([
    [
      '/v1/responses',
      'input',
      [{ type: 'web_search' }, { type: 'mcp', server_url: 'https://x.test' }],
    ],
    ['/v1/messages', 'messages', [{ type: 'web_fetch_20250910', name: 'web_fetch' }]],
    ['/v1/chat/completions', 'messages', [{ type: 'web_search' }]],
  ])(
    'to %s keeps its own tools, and none that the service carries out',
    async (path, key, remote) => {
      await begin();
      says = spoken;
      const own =
        path === '/v1/messages'
          ? { name: 'ls', input_schema: {} }
          : { type: 'function', name: 'ls' };
      await send(path, { [key]: [], tools: [...remote, own] });
      expect(seen[0]?.body['tools']).toEqual([own]);
      await send(path, { [key]: [], tools: remote, tool_choice: 'required' });
      expect(seen[1]?.body).not.toHaveProperty('tools');
      expect(seen[1]?.body).not.toHaveProperty('tool_choice');
    },
  );

  it('in Anthropic’s tongue goes to a gateway that speaks both', async () => {
    await begin();
    says = json({
      model: 'm',
      usage: { input_tokens: 10, cache_read_input_tokens: 90, output_tokens: 5 },
    });
    await send(
      '/v1/messages?beta=true',
      { messages: [], max_tokens: 10, mcp_servers: [{ url: 'https://x.test' }] },
      { key: null, headers: { 'x-api-key': access.key, 'anthropic-version': '2023-06-01' } },
    );
    expect(seen[0]).toMatchObject({
      path: '/v1/messages',
      headers: { 'x-api-key': secret, 'anthropic-version': '2023-06-01' },
    });
    expect(Object.keys(seen[0]?.body ?? {})).not.toContain('mcp_servers');
    expect(access.spent()).toMatchObject({ input_tokens: 100, output_tokens: 5 });
  });
});

describe('a stream', () => {
  it('passes as it is, and its cost is read from its last event, which nobody asked for', async () => {
    await begin();
    const delta = { choices: [{ delta: { content: 'Hi' } }] };
    const last = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } };
    says = stream(delta, last, '[DONE]');
    const answer = await send('/v1/chat/completions', { ...chat, stream: true });
    expect(answer.text).toBe(stream(delta, '[DONE]').body);
    expect(seen[0]?.body['stream_options']).toEqual({ include_usage: true });
    expect(access.spent()).toMatchObject({ input_tokens: 7, output_tokens: 3, estimated: false });
  });

  it('keeps that event where the program asked for it', async () => {
    await begin();
    const last = { choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } };
    says = stream(last);
    const asked = { ...chat, stream: true, stream_options: { include_usage: true } };
    expect((await send('/v1/chat/completions', asked)).text).toBe(stream(last).body);
  });

  it.each([
    [
      '/v1/responses',
      [
        {
          type: 'response.completed',
          response: { model: 'm', usage: { input_tokens: 9, output_tokens: 4 } },
        },
      ],
    ],
    [
      '/v1/messages',
      [
        {
          type: 'message_start',
          message: { model: 'm', usage: { input_tokens: 9, output_tokens: 1 } },
        },
        { type: 'message_delta', usage: { output_tokens: 4 } },
      ],
    ],
  ])('of %s is counted by its own events', async (path, events) => {
    await begin();
    says = stream(...events);
    await send(path, { stream: true });
    expect(access.spent()).toMatchObject({ input_tokens: 9, output_tokens: 4, model: 'm' });
  });
});

describe('an answer of the service', () => {
  it('that says nothing of its cost is counted upward', async () => {
    await begin();
    says = json({ choices: [] });
    await send('/v1/chat/completions', chat);
    expect(access.spent()).toMatchObject({ requests: 1, estimated: true });
    expect(access.spent().input_tokens).toBeGreaterThan(10);
  });

  it('that leads elsewhere is not followed', async () => {
    await begin();
    says = { status: 307, headers: { location: `${url}/elsewhere` }, body: '' };
    const answer = await send('/v1/chat/completions', chat);
    expect([answer.status, answer.headers['location']]).toEqual([502, undefined]);
    expect(seen).toHaveLength(1);
  });

  it('that is a fault passes, without the key, and costs nothing', async () => {
    await begin();
    says = json({ error: { message: `Incorrect key ${secret}` } }, 401);
    const answer = await send('/v1/chat/completions', chat);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('Incorrect key [key]');
    expect(access.spent().requests).toBe(0);
  });
});

describe('the budget of a run', () => {
  it('bounds what an answer may be, and ends what asks on', async () => {
    await begin(1_000);
    says = json({ usage: { prompt_tokens: 600, completion_tokens: 390 } });
    await send('/v1/chat/completions', { ...chat, max_tokens: 50_000 });
    expect(Number(seen[0]?.body['max_tokens'])).toBeLessThan(1_000);
    const over = await send('/v1/chat/completions', chat);
    expect(over.status).toBe(403);
    expect(over.text).toContain('1000 tokens');
    expect(seen).toHaveLength(1);
  });

  it('is not passed by asking twice at once', async () => {
    await begin(1_000);
    says = json({ usage: { prompt_tokens: 10, completion_tokens: 10 } });
    const gate = Promise.withResolvers<void>();
    held = gate.promise;
    const first = send('/v1/chat/completions', { ...chat, max_tokens: 990 });
    await expect.poll(() => seen.length).toBe(1);
    expect((await send('/v1/chat/completions', chat)).status).toBe(403);
    gate.resolve();
    expect((await first).status).toBe(200);
  });
});

it('the models there are is one, and nobody is asked', async () => {
  await begin();
  const answer = await send('/v1/models', '', { method: 'GET' });
  expect(JSON.parse(answer.text)).toMatchObject({ data: [{ id: 'the-model' }] });
  expect(seen).toEqual([]);
});

it('without a service there is no way to one', async () => {
  const host = createModelProxy({ openai: null, anthropic: null, model: 'm' });
  expect(await host.open({ model: null, tokens: 1 })).toBeNull();
});
