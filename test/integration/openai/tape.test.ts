import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOpenAiModel } from '../../../src/adapters/openai/language-model.ts';
import {
  readTape,
  recordTo,
  replay,
  TapeFault,
  type TapeEntry,
  type Transport,
} from '../../../src/adapters/openai/tape.ts';
import type { ModelRequest } from '../../../src/ports/language-model.ts';
import {
  calling,
  failing,
  saying,
  startModelServer,
  type ModelServer,
} from '../../support/model-server.ts';

let server: ModelServer;
let folder: string;
beforeAll(async () => {
  server = await startModelServer();
  folder = await mkdtemp(join(tmpdir(), 'assent-tape-'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const request = (change: Partial<ModelRequest> = {}): ModelRequest => ({
  agent: 'reviewer',
  subject: 'issue-1',
  round: 0,
  turn: 0,
  nonce: 'n0nce',
  messages: [{ role: 'user', content: 'fenced by n0nce' }],
  max_output_tokens: 100,
  ...change,
});

const through = (transport: Transport) =>
  createOpenAiModel({ apiKey: 'sk-very-secret', baseUrl: server.url, model: 'm', transport });

const entry = (change: Partial<TapeEntry>): TapeEntry => ({
  key: 'reviewer/issue-1/0/0',
  request_digest: null,
  status: 200,
  response: saying('recorded').body,
  ...change,
});

describe('what was recorded', () => {
  it('is answered again without asking anybody, whatever the nonce of the run', async () => {
    const file = join(folder, 'round.jsonl');
    server.say(calling(['read', { path: 'a' }]));
    const live = await through(recordTo(file)).complete(request());
    server.say(failing(500));
    const mismatches: string[] = [];
    const tape = replay(readTape(file), {
      strict: true,
      onMismatch: (key) => mismatches.push(key),
    });
    const other = {
      nonce: 'other',
      messages: [{ role: 'user' as const, content: 'fenced by other' }],
    };
    expect(await through(tape).complete(request(other))).toEqual(live);
    expect(mismatches).toEqual([]);
    expect(server.asked).toHaveLength(0);
  });

  it('holds neither the key nor the nonce', async () => {
    const file = join(folder, 'secrets.jsonl');
    server.say(saying('x'));
    await through(recordTo(file)).complete(request());
    expect(await readFile(file, 'utf8')).not.toMatch(/sk-very-secret|n0nce|x-assent-call/);
  });

  it('keeps an outage as it was', async () => {
    const file = join(folder, 'outage.jsonl');
    server.say(failing(503, 'overloaded'));
    await through(recordTo(file)).complete(request());
    expect(await through(replay(readTape(file))).complete(request())).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('overloaded'),
    });
  });
});

describe('playing a tape', () => {
  const kinds = async (transport: Transport, times: number) => {
    const seen = [];
    for (let n = 0; n < times; n += 1)
      seen.push((await through(transport).complete(request())).kind);
    return seen;
  };

  it('an outage is served as often as it says, then the answer, for good', async () => {
    const tape = replay([entry({ status: 503, times: 2, response: {} }), entry({})]);
    expect(await kinds(tape, 4)).toEqual(['unavailable', 'unavailable', 'answer', 'answer']);
  });

  it('a lost connection is one', async () => {
    expect(await kinds(replay([entry({ status: 0, response: null })]), 1)).toEqual(['unavailable']);
  });

  it('what is not on it is an outage that says so', async () => {
    expect(await through(replay([])).complete(request())).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('no answer for reviewer/issue-1/0/0'),
    });
  });

  it.for([
    [true, 'refused'],
    [false, 'answer'],
  ] as const)(
    'another question than was recorded is told; strict (%s) it is %s',
    async ([strict, kind]) => {
      const mismatches: string[] = [];
      const tape = replay([entry({ request_digest: '0'.repeat(64) })], {
        strict,
        onMismatch: (key) => mismatches.push(key),
      });
      expect(await through(tape).complete(request())).toMatchObject({ kind });
      expect(mismatches).toEqual(['reviewer/issue-1/0/0']);
    },
  );

  it('numbers of this run are bound from what was asked, 0 where there is none', async () => {
    const tape = replay([
      entry({
        bind: { pull: 'pull request (\\d+)', none: 'x(\\d)' },
        response: saying('{{pull}} {{none}}').body,
      }),
    ]);
    const messages = [{ role: 'user' as const, content: 'about pull request 42' }];
    expect(await through(tape).complete(request({ messages }))).toMatchObject({ content: '42 0' });
  });

  it('a later round is served only by an answer that says it holds for it', async () => {
    const later = replay([entry({ later_rounds: true })]);
    expect(await through(later).complete(request({ round: 3 }))).toMatchObject({ kind: 'answer' });
    const not = replay([entry({})]);
    expect(await through(not).complete(request({ round: 3 }))).toMatchObject({
      kind: 'unavailable',
    });
  });
});

it('a damaged tape names every line that is wrong', async () => {
  const file = join(folder, 'damaged.jsonl');
  const good = JSON.stringify(entry({}));
  await writeFile(file, `${good}\nnot json\n${good}\n{"key":"x","status":99}\n`);
  let fault: unknown;
  try {
    readTape(file);
  } catch (error) {
    fault = error;
  }
  expect(fault).toBeInstanceOf(TapeFault);
  expect(fault).toMatchObject({
    faults: [
      expect.stringMatching(/damaged\.jsonl:2 is not JSON/),
      expect.stringMatching(/damaged\.jsonl:4 .*key.*status/),
    ],
  });
});
