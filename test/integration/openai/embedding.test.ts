import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiModel } from '../../../src/adapters/openai/language-model.ts';
import { readTape, recordTo, replay, type Transport } from '../../../src/adapters/openai/tape.ts';
import {
  failing,
  startModelServer,
  type ModelServer,
  type ServerAnswer,
} from '../../support/model-server.ts';

let server: ModelServer;
let folder: string;
beforeAll(async () => {
  server = await startModelServer();
  folder = await mkdtemp(join(tmpdir(), 'assent-embedding-'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const embedding = (transport?: Transport) => {
  const { url: baseUrl } = server;
  const model = createOpenAiModel({
    apiKey: 'sk-test',
    baseUrl,
    model: 'test-model',
    embedding: 'vectors-1',
    timeoutMs: 5_000,
    transport,
  }).embedding;
  if (model === undefined) throw new Error('it has none');
  return model;
};
const request = { subject: 'issue-7', batch: 0, texts: ['a lid', 'a jar'] };

const vectors = (data: readonly object[], usage: object = { prompt_tokens: 4 }): ServerAnswer => ({
  status: 200,
  body: { object: 'list', model: 'vectors-1', data, usage },
});
const first = { object: 'embedding', index: 0, embedding: [1, 0.5] };
const second = { object: 'embedding', index: 1, embedding: [0, 0.25] };

describe('vectors of texts', () => {
  it('come in the order of the texts, whatever order they are sent in, with their tokens', async () => {
    server.say(vectors([second, first]));
    const reply = await embedding().embed(request);
    expect(reply).toEqual({
      kind: 'vectors',
      vectors: [Float32Array.from([1, 0.5]), Float32Array.from([0, 0.25])],
      usage: { input_tokens: 4, output_tokens: 0, usd: null, estimated: false },
    });
    expect(server.asked[0]?.body).toMatchObject({ model: 'vectors-1', input: request.texts });
    expect(server.asked[0]?.headers['x-assent-call']).toBeUndefined();
  });

  it('that nobody counted are counted upward', async () => {
    server.say({ status: 200, body: { data: [first, second] } });
    const reply = await embedding().embed(request);
    expect(reply).toMatchObject({ usage: { input_tokens: 10, estimated: true } });
  });

  it.each<[string, ServerAnswer, string]>([
    ['one that is missing', vectors([first]), 'not one for each text'],
    ['one of another length', vectors([first, { index: 1, embedding: [1] }]), 'no vectors'],
    ['what is no list of them', { status: 200, body: { data: 'none' } }, 'no vectors'],
    ['a page', { status: 200, body: '<html>' }, ''],
    ['an outage', failing(503), '503'],
    ['a model that is not there', failing(404), 'vectors-1'],
    ['a lost connection', 'drop', 'cannot be reached'],
  ])('%s are none, and why is said', async (_, answer, said) => {
    server.say(answer);
    const reply = await embedding().embed(request);
    expect(reply).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining(said) });
  });

  it('are asked for only where a model for them is named', () => {
    const { url: baseUrl } = server;
    expect(createOpenAiModel({ apiKey: null, baseUrl, model: 'm' }).embedding).toBeUndefined();
  });

  it('are recorded on a tape, and replayed from it without the service', async () => {
    const file = join(folder, 'tape.jsonl');
    server.say(vectors([first, second]));
    const recorded = await embedding(recordTo(file)).embed(request);
    server.say('drop');
    const tape = replay(readTape(file), { strict: true });
    expect(await embedding(tape).embed(request)).toEqual(recorded);
    expect(readTape(file).map(({ key }) => key)).toEqual(['embedding/issue-7/0/0']);
    const other = await embedding(tape).embed({ ...request, texts: ['a jar', 'a lid'] });
    expect(other).toMatchObject({ kind: 'unavailable' });
  });
});
