import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedWidgets } from '../../../src/simulator/seed.ts';
import { startStandAlone } from '../../../src/simulator/stand-alone.ts';
import type { StandAlone } from '../../../src/simulator/stand-alone.ts';
import { loadDescription } from '../../../src/simulator/validation/description.ts';

const { operations } = loadDescription();

/** What a path takes that leads somewhere, so that odd bodies get past the 404. */
const likely: Readonly<Record<string, string>> = {
  owner: 'acme',
  org: 'acme',
  repo: 'widgets',
  issue_number: '1',
  pull_number: '3',
  username: 'reader',
  assignee: 'reader',
  branch: 'main',
  ref: 'heads/main',
  tree_sha: 'main',
  basehead: 'main...main',
  path: 'README.md',
  name: 'bug',
};

const oddWord = fc.constantFrom(
  '%00',
  '%2e%2e',
  '%E0%A4',
  'a%20b',
  '%F0%9F%92%A5',
  '-x',
  '@%7Bu%7D',
  '0',
  '9'.repeat(20),
  '__proto__',
  'x'.repeat(300),
);

const oddValue = fc.oneof(
  fc.constantFrom(
    'APPROVE',
    'closed',
    'main',
    'refs/heads/odd',
    'bug',
    '\u0000',
    'x'.repeat(70_000),
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const oddRequest = fc.constantFrom(...operations).chain((operation) =>
  fc.record({
    method: fc.constant(operation.method),
    path: pathOf(operation.template),
    query: fc.dictionary(
      fc.constantFrom(...operation.query.keys(), 'odd'),
      fc.constantFrom('1', '-5', 'all', '', 'x'),
    ),
    who: fc.constantFrom(
      'owner',
      'owner',
      'owner',
      'reader',
      'stranger',
      'otherapp',
      'nobody',
      'nonsense',
    ),
    body: fc.option(
      fc.oneof(bodyOf(operation.body?.schema), fc.constantFrom('{odd', '[]', 'null', '"x"')),
    ),
  }),
);

function pathOf(template: string): fc.Arbitrary<string> {
  const parts = template.split(/(\{\w+\})/).map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return fc.constant(part);
    return fc.oneof(
      { weight: 9, arbitrary: fc.constant(likely[name] ?? '1') },
      { weight: 1, arbitrary: oddWord },
    );
  });
  return fc.tuple(...parts).map((words) => words.join(''));
}

function bodyOf(schema: unknown): fc.Arbitrary<string> {
  const names = Object.keys(Object(Object(schema).properties));
  return fc
    .dictionary(fc.constantFrom(...names, 'odd'), oddValue)
    .map((body) => JSON.stringify(body));
}

describe('a request, however odd,', () => {
  let alone: StandAlone;
  beforeAll(async () => {
    alone = await startStandAlone();
    const { simulator } = alone;
    const { fullName } = await seedWidgets(simulator);
    const as = simulator.as('owner');
    const { body } = await as('GET', `/repos/${fullName}/git/ref/heads/main`);
    await as('POST', `/repos/${fullName}/git/refs`, {
      ref: 'refs/heads/odd',
      sha: Object(body).object.sha,
    });
    await as('PUT', `/repos/${fullName}/contents/odd.txt`, {
      message: 'Odd',
      content: 'b2Rk',
      branch: 'odd',
    });
    await as('POST', `/repos/${fullName}/pulls`, { title: 'Odd', head: 'odd', base: 'main' });
  });
  afterAll(() => alone.simulator.close());

  const headers = (who: string): Record<string, string> => {
    const { people, otherApp } = alone.simulator;
    const tokens: Record<string, string> = {
      ...Object.fromEntries(Object.entries(people).map(([name, { token }]) => [name, token])),
      otherapp: otherApp.token,
      nonsense: 'nonsense',
    };
    const token = tokens[who];
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  };

  it('is answered as GitHub describes its answers, and never with an outage', async () => {
    await fc.assert(
      fc.asyncProperty(oddRequest, async ({ method, path, query, who, body }) => {
        const sent = method !== 'GET' && body !== null ? { body } : {};
        const url = `${alone.simulator.url}${path}?${new URLSearchParams(query).toString()}`;
        const { status } = await fetch(url, { method, headers: headers(who), ...sent });
        expect(status).toBeLessThan(500);
        expect(
          alone.validator.report().mismatches.filter(({ kind }) => kind !== 'request'),
        ).toEqual([]);
      }),
      // A fixed seed: what more and other requests find is for whoever raises the number, not for whoever else's commit.
      { numRuns: 400, seed: 20_261_121 },
    );
    await alone.simulator.idle();
    expect(alone.validator.report().mismatches.filter(({ kind }) => kind === 'webhook')).toEqual(
      [],
    );
  });
});
