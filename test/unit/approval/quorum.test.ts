import { describe, expect, it } from 'vitest';
import type { PolicyRequest } from '../../../src/domain/policy/request.ts';
import { judged, requiring, review, withEvidence } from '../../support/policy.ts';

const of = (...logins: ('olga' | 'mia' | 'max' | 'walt')[]): PolicyRequest =>
  withEvidence({ reviews: logins.map((login) => review(login, 'approved', '10:00')) });

const maintain = (id: string, count = 1) =>
  `{ id: ${id}, from: { permission: maintain }, count: ${count} }`;
const only = (id: string, login: string) => `{ id: ${id}, from: { users: [${login}] } }`;

describe('a requirement of two', () => {
  const two = requiring(maintain('code', 2));

  it('is not met by one person twice', () => {
    const once = { id: 500, user: { id: 2, login: 'mia', type: 'User' } };
    const verdict = judged(
      two,
      withEvidence({
        reviews: [review('mia', 'approved', '10:00')],
        labels: [
          { name: 'assent:approve', action: 'labeled', at: '2026-11-20T10:00:00Z', ...once },
        ],
      }),
    );
    expect(verdict).toMatchObject({ satisfied: false, approvers: ['mia by review for code'] });
  });

  it('is not met by one person under two logins', () => {
    const renamed = review('mia', 'approved', '10:00', {
      user: { id: 2, login: 'max', type: 'User' },
    });
    expect(
      judged(two, withEvidence({ reviews: [review('mia', 'approved', '10:01'), renamed] }))
        .satisfied,
    ).toBe(false);
  });

  it('is met by two', () => expect(judged(two, of('mia', 'max')).satisfied).toBe(true));
});

describe('steps', () => {
  const steps = requiring(`{ steps: [${only('code', 'mia')}, ${only('security', 'max')}] }`);

  it.each<[string, PolicyRequest, boolean, readonly string[]]>([
    ['ask for the first alone', of(), false, ['code']],
    ['ask for the next once the one before holds', of('mia'), false, ['security']],
    ['count what was given early, and still ask in order', of('max'), false, ['code']],
    ['hold when all do', of('mia', 'max'), true, []],
  ])('%s', (_rule, request, satisfied, waiting) => {
    expect(judged(steps, request)).toMatchObject({ satisfied, waiting });
  });

  it('say of an act the reason of the step that takes its author', () => {
    const stale = review('mia', 'approved', '10:00', { commit: 'c1' });
    const verdict = judged(steps, withEvidence({ reviews: [stale] }));
    expect(verdict.ignored).toEqual(['given on c1; the head is c3']);
  });

  it('say that a later one waits for its turn', () => {
    expect(judged(steps, of()).reasons).toMatch(/security.*asked once the step before holds/);
  });
});

describe('any and all', () => {
  const either = `{ any: [${only('security', 'max')}, ${only('owner', 'olga')}] }`;
  it.each<[string, string, PolicyRequest, boolean, readonly string[]]>([
    ['any holds by one of its parts', either, of('olga'), true, []],
    ['any asks for every alternative', either, of('mia'), false, ['security', 'owner']],
    [
      'all holds by all of its parts',
      `{ all: [${only('a', 'max')}, ${only('b', 'olga')}] }`,
      of('max', 'olga'),
      true,
      [],
    ],
    [
      'all asks for what is missing',
      `{ all: [${only('a', 'max')}, ${only('b', 'olga')}] }`,
      of('max'),
      false,
      ['b'],
    ],
    [
      'they nest',
      `{ steps: [${maintain('code')}, { any: [${only('x', 'walt')}, { all: [${only('y', 'olga')}, ${only('z', 'max')}] }] }] }`,
      of('mia', 'olga', 'max'),
      true,
      [],
    ],
    [
      'they nest, and wait within',
      `{ steps: [${maintain('code')}, { any: [${only('x', 'walt')}, { all: [${only('y', 'olga')}, ${only('z', 'max')}] }] }] }`,
      of('olga'),
      false,
      ['x', 'z'],
    ],
  ])('%s', (_rule, approval, request, satisfied, waiting) => {
    expect(judged(requiring(approval), request)).toMatchObject({ satisfied, waiting });
  });

  it('an objection under one alternative is not outvoted by another', () => {
    const request = withEvidence({
      reviews: [review('max', 'changes_requested', '10:00'), review('olga', 'approved', '11:00')],
    });
    expect(judged(requiring(either), request)).toMatchObject({
      satisfied: false,
      waiting: ['security'],
    });
  });
});

describe('a part whose condition is false', () => {
  const part = (when: string, rest: string) => `{ when: '${when}', ${rest} }`;

  it('is not asked for in steps', () => {
    const set = requiring(
      `{ steps: [${maintain('code')}, ${part('pull_request.draft', 'id: security, from: { users: [max] }')}] }`,
    );
    expect(judged(set, of('mia'))).toMatchObject({ satisfied: true });
    expect(judged(set, of('mia')).reasons).toMatch(
      /– step security is not asked for: pull_request.draft is false/,
    );
  });

  it('is no alternative in any', () => {
    const set = requiring(
      `{ any: [${part('pull_request.draft', 'id: nobody, from: { users: [max] }')}, ${only('owner', 'olga')}] }`,
    );
    expect(judged(set, of('mia'))).toMatchObject({ satisfied: false, waiting: ['owner'] });
  });

  it('leaves an any with no alternative at all unmet', () => {
    const set = requiring(
      `{ any: [${part('pull_request.draft', 'id: nobody, from: { users: [max] }')}] }`,
    );
    expect(judged(set, of('olga', 'mia')).satisfied).toBe(false);
  });

  it('that cannot be evaluated makes the rule deny, also in a step nobody has come to', () => {
    const set = requiring(
      `{ steps: [${maintain('code')}, ${part('issue.number == 1', 'id: late, from: { users: [max] }')}] }`,
    );
    const verdict = judged(set, of());
    expect(verdict).toMatchObject({ effect: 'deny', satisfied: false, rules: ['merge'] });
    expect(verdict.reasons).toMatch(/rule merge could not be evaluated/);
  });
});
