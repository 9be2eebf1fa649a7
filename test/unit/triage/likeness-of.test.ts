import { describe, expect, it } from 'vitest';
import { createMemoryVectors } from '../../../src/adapters/memory/vector-cache.ts';
import { IssueShelf } from '../../../src/application/runs/issue-shelf.ts';
import { likenessOf } from '../../../src/application/runs/likeness.ts';
import type { LanguageModel } from '../../../src/ports/language-model.ts';
import type { EmbeddingReply } from '../../../src/ports/text-embedding.ts';

const account = { id: 1, login: 'ann', type: 'User' } as const;
const time = '2026-11-21T10:00:00Z';

/** Forty issues about lids, and one about what a lid is for. */
async function shelf(): Promise<IssueShelf> {
  const texts = Array.from({ length: 40 }, (_, at) => `Lid number ${at} falls off`);
  const issues = [...texts, 'Contents dry out over night'].map((title, at) => ({
    number: at + 1,
    title,
    body: '',
    state: 'open' as const,
    author: account,
    labels: [],
    milestone: null,
    created_at: time,
    updated_at: time,
    is_pull_request: false,
  }));
  const filled = new IssueShelf();
  await filled.refresh({
    issuePage: async () => ({ issues, last: true }),
    issuesSince: async () => [],
  });
  return filled;
}

/** Vectors by what a text is about; `fails` from its so-manieth request on. */
function service(fails = Infinity) {
  const asked: (readonly string[])[] = [];
  const model: LanguageModel = {
    complete: async () => ({ kind: 'refused', reason: 'not asked here' }),
    embedding: {
      model: 'vectors-1',
      most: 15,
      embed: async ({ texts }): Promise<EmbeddingReply> => {
        asked.push(texts);
        if (asked.length > fails) return { kind: 'unavailable', reason: 'it is down' };
        const vectors = texts.map((text) =>
          Float32Array.from(/dry|moist/.test(text) ? [1, 0.1] : [0.1, 1 + text.length / 100]),
        );
        const usage = {
          input_tokens: 10 * texts.length,
          output_tokens: 0,
          usd: 0.01,
          estimated: false,
        };
        return { kind: 'vectors', vectors, usage };
      },
    },
  };
  return { model, asked };
}

const subject = { number: 99, title: 'It is no longer moist in the morning', body: '' };
const deps = (model: LanguageModel) => ({
  model,
  vectors: createMemoryVectors(),
  sha256: (text: string) => text,
});

describe('likeness by meaning', () => {
  it('finds what says the same in other words, and tells what the vectors cost', async () => {
    const { model } = service();
    const found = await likenessOf(deps(model), await shelf(), subject, 'issue-99');
    expect(found).toMatchObject({
      alike: [{ number: 41, similarity: 0, meaning: 1 }],
      trouble: null,
      spent: { requests: 3, input_tokens: 420, usd: expect.closeTo(0.03), model: 'vectors-1' },
    });
  });

  it('asks for each text once, in batches as the service takes them, and for an edited one again', async () => {
    const { model, asked } = service();
    const [ground, issues] = [deps(model), await shelf()];
    await likenessOf(ground, issues, subject, 'issue-99');
    expect(asked.map((texts) => texts.length)).toEqual([15, 15, 12]);
    const again = await likenessOf(ground, issues, subject, 'issue-99');
    expect(again.spent).toBeUndefined();
    await likenessOf(ground, issues, { ...subject, body: 'Moist, I say.' }, 'issue-99');
    expect(asked.slice(3)).toEqual([[expect.stringContaining('Moist, I say.')]]);
  });

  it('is done without where nobody named a model for it, and nothing is said of it', async () => {
    const { model } = service();
    const { embedding: _none, ...plain } = model;
    const found = await likenessOf(deps(plain), await shelf(), subject, 'issue-99');
    expect(found).toEqual({ alike: [], trouble: null, spent: undefined });
  });

  it('an outage falls back to words, says so, and keeps what was paid for', async () => {
    const { model, asked } = service(1);
    const [ground, issues] = [deps(model), await shelf()];
    const like = { ...subject, title: 'Lid number 7 falls off' };
    const found = await likenessOf(ground, issues, like, 'issue-99');
    expect(found).toMatchObject({ trouble: 'it is down', spent: { requests: 1 } });
    expect(found.alike[0]).toMatchObject({ number: 1, similarity: 1 });
    expect(asked).toHaveLength(2);
    await likenessOf(ground, issues, like, 'issue-99');
    expect(asked[2]).not.toEqual(asked[0]);
  });
});
