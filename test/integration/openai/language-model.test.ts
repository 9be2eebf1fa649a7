import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiModel } from '../../../src/adapters/openai/language-model.ts';
import type { ModelRequest } from '../../../src/ports/language-model.ts';
import {
  calling,
  failing,
  saying,
  startModelServer,
  type ModelServer,
  type ServerAnswer,
} from '../../support/model-server.ts';

let server: ModelServer;
beforeAll(async () => {
  server = await startModelServer();
});
afterAll(() => server.close());

const request: ModelRequest = {
  agent: 'triager',
  subject: 'issue-1',
  round: 0,
  turn: 0,
  nonce: 'n0nce',
  messages: [{ role: 'user', content: 'Hello' }],
  max_output_tokens: 100,
};

const model = (timeoutMs = 5_000) =>
  createOpenAiModel({ apiKey: 'sk-test', baseUrl: server.url, model: 'test-model', timeoutMs });

describe('an answer', () => {
  it('comes with its content, its tool calls and its measured usage', async () => {
    server.say(calling(['read', { path: 'a' }]));
    expect(await model().complete(request)).toEqual({
      kind: 'answer',
      content: '',
      tool_calls: [{ id: 'call_0', name: 'read', arguments: '{"path":"a"}' }],
      usage: { input_tokens: 100, output_tokens: 20, usd: null, estimated: false },
      model: 'test-model',
    });
  });

  it('without usage is counted upward and said to be estimated', async () => {
    server.say(saying('Hello there', {}));
    const reply = await model().complete(request);
    const usage = reply.kind === 'answer' ? reply.usage : null;
    expect(usage?.estimated).toBe(true);
    expect(usage?.output_tokens).toBeGreaterThanOrEqual('Hello there'.length / 2);
    expect(usage?.input_tokens).toBeGreaterThan(5);
  });

  it('has a price where prices are known', async () => {
    server.say(saying('x'));
    const priced = createOpenAiModel({
      apiKey: null,
      baseUrl: server.url,
      model: 'm',
      prices: { usd_per_million_input: 10, usd_per_million_output: 50 },
    });
    expect(await priced.complete(request)).toMatchObject({ usage: { usd: 0.002 } });
  });

  it('is asked for with the key in the header alone, and without a name for the call', async () => {
    server.say(saying('x'));
    await model().complete(request);
    expect(server.asked[0]?.headers['authorization']).toBe('Bearer sk-test');
    expect(Object.keys(server.asked[0]?.headers ?? {})).not.toContain('x-assent-call');
    expect(JSON.stringify(server.asked[0]?.body)).not.toContain('sk-test');
  });

  it.each([
    ['the service has, where its agent names none', undefined, 'test-model'],
    ['its agent names', 'small-model', 'small-model'],
  ])('is asked of the model %s', async (_, named, asked) => {
    server.say(saying('x'));
    await model().complete({ ...request, model: named });
    expect(server.asked[0]?.body).toMatchObject({ model: asked });
  });

  it('is asked for again without a schema where the service knows none', async () => {
    server.say(failing(400, "'response_format' is not supported"), saying('{}'));
    const schema = { name: 'x', schema: { type: 'object' } };
    expect(await model().complete({ ...request, schema })).toMatchObject({ kind: 'answer' });
    expect(server.asked.map(({ body }) => body.response_format !== undefined)).toEqual([
      true,
      false,
    ]);
  });
});

describe('an outage is a state, not an answer', () => {
  const empty = { id: 'x', object: 'chat.completion', created: 1, model: 'm', choices: [] };
  it.for<[string, ServerAnswer, object]>([
    ['a time-out', 'hang', { reason: expect.stringContaining('in time') }],
    ['a connection that breaks', 'drop', { reason: expect.stringContaining('cannot be reached') }],
    ['408', failing(408), {}],
    ['409', failing(409), {}],
    ['429', failing(429, 'slow down', { 'retry-after': '7' }), { retry_after_seconds: 7 }],
    ['500', failing(500), { retry_after_seconds: null }],
    ['503', failing(503, 'overloaded'), { reason: expect.stringContaining('overloaded') }],
    [
      '503 with an absurd wait',
      failing(503, '', { 'retry-after': '99999999' }),
      { retry_after_seconds: 3600 },
    ],
    [
      '503 with a date that is past',
      failing(503, '', { 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }),
      { retry_after_seconds: 0 },
    ],
    [
      'no choices',
      { status: 200, body: empty },
      { reason: expect.stringContaining('without a choice') },
    ],
    [
      'a page instead of an answer',
      { status: 200, body: '<html>' },
      { reason: expect.stringContaining('OPENAI_BASE_URL') },
    ],
    [
      'half an answer',
      { status: 200, body: '{"id":', headers: { 'content-type': 'application/json' } },
      {},
    ],
  ])('%s', async ([, answer, told]) => {
    server.say(answer);
    expect(await model(300).complete(request)).toMatchObject({ kind: 'unavailable', ...told });
    // One request: whether and when to ask again is for the item to say.
    expect(server.asked).toHaveLength(1);
  });

  it('a service that is not there', async () => {
    const nobody = createOpenAiModel({
      apiKey: null,
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm',
    });
    expect(await nobody.complete(request)).toMatchObject({ kind: 'unavailable' });
  });
});

describe('a refusal says what to change', () => {
  it.for([
    [400, 'another with ASSENT_MODEL'],
    [401, 'OPENAI_API_KEY'],
    [403, 'may use the model "test-model"'],
    [404, 'OPENAI_BASE_URL'],
    [413, 'ASSENT_MODEL'],
  ] as const)('%i: %s', async ([status, remedy]) => {
    server.say(failing(status));
    expect(await model().complete(request)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(remedy),
    });
  });
});

it('an aborted request throws: nobody is there to read an answer', async () => {
  server.say('hang');
  const signal = AbortSignal.timeout(50);
  await expect(model().complete({ ...request, signal })).rejects.toThrow('abort');
});
