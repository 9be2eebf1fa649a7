import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../../src/adapters/policy/load.ts';
import type { FileFacts, PolicyRequest } from '../../../src/domain/policy/request.ts';
import {
  comment,
  everyone,
  judged,
  label,
  merge,
  policies,
  pull,
  requiring,
  review,
  user,
  withEvidence,
} from '../../support/policy.ts';

const approved = (...logins: readonly ('mia' | 'max' | 'walt' | 'olga')[]) => ({
  reviews: logins.map((login) => review(login, 'approved', '10:00')),
});

describe('an approval with valid_for', () => {
  const set = requiring(
    '{ id: code, from: { permission: maintain }, by: [review, label, command], valid_for: 90m }',
  );
  const at = (time: string, request: PolicyRequest) => ({ ...request, at: time });

  it.each([
    ['counts while it is younger', '2026-11-20T11:29:59Z', true],
    ['counts for nothing from the moment it comes of age', '2026-11-20T11:30:00Z', false],
    ['nor ever after', '2027-11-20T11:30:00Z', false],
    ['nor where nobody knows the time', 'noon', false],
  ])('%s', (_rule, time, holds) => {
    expect(judged(set, at(time, withEvidence(approved('mia')))).satisfied).toBe(holds);
  });

  it.each([
    ['review', { reviews: [review('mia', 'approved', '10:00', { id: 7 })] }],
    ['label', { labels: [label('mia', 'labeled', '10:00')] }],
    ['comment', { comments: [comment('mia', '/assent approve', '10:00', { id: 9 })] }],
  ])('says of a %s when it lapsed', (_way, evidence) => {
    expect(judged(set, withEvidence(evidence))).toMatchObject({
      waiting: ['code'],
      ignored: [
        'an approval of step code holds for a limited time, and this one lapsed at 2026-11-20T11:30:00Z; approve again',
      ],
    });
  });

  it('is renewed by a later one', () => {
    const reviews = [review('mia', 'approved', '10:00'), review('mia', 'approved', '11:00')];
    expect(judged(set, withEvidence({ reviews })).satisfied).toBe(true);
  });

  it('does not bring back an objection that was overridden', () => {
    const evidence = {
      reviews: [review('max', 'changes_requested', '09:10'), review('mia', 'approved', '11:00')],
      comments: [comment('mia', '/assent override he is away', '09:20')],
    };
    expect(judged(set, withEvidence(evidence))).toMatchObject({ satisfied: true });
  });
});

describe('a requirement with not_by', () => {
  const set = policies(
    `rules:
  - { id: plan, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: write }, by: [command] } }
  - { id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, from: { permission: maintain }, not_by: [NAME] } }`.replace(
      'NAME',
      'plan',
    ),
  );
  const prior = (login: 'mia' | 'max', more: object = {}) => ({
    gate: 'plan.adopt',
    step: 'plan',
    id: user(login).id,
    login,
    ...more,
  });
  const asked = (prior_approvals: PolicyRequest['prior_approvals']): PolicyRequest => ({
    ...withEvidence(approved('mia')),
    ...(prior_approvals === undefined ? {} : { prior_approvals }),
  });

  it.each<[string, PolicyRequest['prior_approvals'], boolean]>([
    ['counts who approved nothing before', [], true],
    ['counts who approved another step', [prior('mia', { step: 'budget', gate: 'x.y' })], true],
    ['counts who is not the one that approved', [prior('max')], true],
    ['does not count who approved that step', [prior('mia')], false],
    ['knows people by id, not by a login they had', [prior('mia', { login: 'mia-old' })], false],
    ['nor by a login that has become theirs', [prior('max', { login: 'mia' })], true],
    ['counts nobody where it is not known who approved', undefined, false],
  ])('%s', (_rule, facts, holds) => {
    expect(judged(set, asked(facts)).satisfied).toBe(holds);
  });

  it('may name the gate', () => {
    const byGate = policies(`rules:
  - { id: plan, actions: [plan.adopt], effect: require_human, approval: { id: p, from: { permission: write } } }
  - { id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, from: { permission: maintain }, not_by: [plan.adopt] } }`);
    expect(judged(byGate, asked([prior('mia', { step: 'p' })])).satisfied).toBe(false);
  });

  it('says why', () => {
    expect(judged(set, asked([prior('mia')])).ignored).toEqual([
      'mia approved step plan of plan.adopt before, and step code takes somebody else',
    ]);
    expect(judged(set, asked(undefined)).ignored).toEqual([
      'step code takes nobody who approved plan, and who did is not known',
    ]);
  });

  it('bars them from overriding as well, and not from objecting', () => {
    const evidence = {
      reviews: [review('max', 'changes_requested', '09:10')],
      comments: [comment('mia', '/assent override he is away', '09:20')],
    };
    const overridden = { ...withEvidence(evidence), prior_approvals: [prior('mia')] };
    expect(judged(set, overridden).reasons).toContain('✗ max objects');
    const objecting = {
      ...withEvidence({ reviews: [review('mia', 'changes_requested', '09:10')] }),
      prior_approvals: [prior('mia')],
    };
    expect(judged(set, objecting).reasons).toContain('✗ mia objects');
  });
});

describe('owners of the changed files', () => {
  const file = (path: string, owners?: readonly string[]): FileFacts => ({
    path,
    status: 'modified',
    additions: 1,
    deletions: 0,
    ...(owners === undefined ? {} : { owners }),
  });
  const changing = (
    files: readonly FileFacts[],
    ...by: readonly ('mia' | 'max' | 'walt' | 'olga')[]
  ) => ({
    ...withEvidence(approved(...by)),
    pull_request: { ...pull, files },
    people: {
      ...everyone,
      max: { permission: 'maintain', teams: ['Acme/Core'], organizations: [] },
    },
  });
  const a = file('src/a.ts', ['@Mia']);
  const b = file('src/b.ts', ['@acme/core', '@olga']);
  const plain = file('README.md', []);
  const owners = requiring('{ id: owners, from: { codeowners: true } }');
  const two = requiring('{ id: owners, from: { codeowners: true }, count: 2 }');
  const orOlga = requiring('{ id: owners, from: { codeowners: true, users: [olga] } }');

  it.each<[string, ReturnType<typeof requiring>, PolicyRequest, boolean]>([
    ['an owner of the one file is enough', owners, changing([a], 'mia'), true],
    ['files that nobody owns ask for nobody', owners, changing([a, plain], 'mia'), true],
    ['a member of an owning team is an owner', owners, changing([b], 'max'), true],
    ['somebody who owns another file is none', owners, changing([b], 'mia'), false],
    ['an owner of one file does not speak for another', owners, changing([a, b], 'mia'), false],
    ['owners of each file together do', owners, changing([a, b], 'mia', 'max'), true],
    ['no owned file leaves nobody who could', owners, changing([plain], 'mia', 'olga'), false],
    ['nor do no files', owners, changing([], 'mia'), false],
    ['unknown owners leave nobody who could', owners, changing([file('x')], 'mia'), false],
    ['of one file, too', owners, changing([a, file('x')], 'mia'), false],
    [
      'an owner without an account is nobody',
      owners,
      changing([file('x', ['a@b.c'])], 'mia'),
      false,
    ],
    ['count is asked of each file', two, changing([b], 'max'), false],
    ['and given by two of its owners', two, changing([b], 'max', 'olga'), true],
    ['whom another key names speaks for every file', orOlga, changing([a, b], 'olga'), true],
    ['also where nobody owns any', orOlga, changing([plain], 'olga'), true],
    ['also where owners are unknown', orOlga, changing([file('x')], 'olga'), true],
    ['an owner of a part still speaks for that alone', orOlga, changing([a, b], 'mia'), false],
  ])('%s', (_rule, set, request, holds) => {
    expect(judged(set, request).satisfied).toBe(holds);
  });

  it('stand in a role as well', () => {
    const set = policies(`roles: { owner: { codeowners: true } }
rules: [{ id: m, actions: [pull_request.merge], effect: require_human, approval: { id: o, from: { roles: [owner] } } }]`);
    expect(judged(set, changing([a, b], 'mia')).satisfied).toBe(false);
    expect(judged(set, changing([a, b], 'mia', 'max')).satisfied).toBe(true);
  });

  it('are named where they are missing, with the files', () => {
    const { reasons } = judged(owners, changing([a, b, plain], 'mia'));
    expect(reasons).toContain(
      '… step owners: 0 of 1 from an owner of the changed files (CODEOWNERS)',
    );
    expect(reasons).toContain('… src/b.ts, owned by @acme/core, @olga: 0 so far');
    expect(reasons).not.toContain('src/a.ts');
    expect(reasons).not.toContain('README');
  });

  it('of many files are counted, not listed', () => {
    const many = Array.from({ length: 25 }, (_, index) => file(`f${index}`, ['@olga']));
    const { reasons } = judged(owners, changing(many, 'mia'));
    expect(reasons.match(/owned by/g)).toHaveLength(10);
    expect(reasons).toContain('… and 15 more files');
  });

  it.each([
    ['nobody owns', [plain], 'no changed file has an owner in CODEOWNERS'],
    ['owners are unknown', [file('x')], 'who owns the changed files by CODEOWNERS is not known'],
  ])('where %s it says so', (_rule, files, why) => {
    expect(judged(owners, changing(files, 'mia')).reasons).toContain(why);
  });

  it('may object, whichever file they own', () => {
    const request = {
      ...changing([a, b], 'max'),
      evidence: {
        ...merge.evidence,
        reviews: [review('mia', 'changes_requested', '10:00'), review('max', 'approved', '10:00')],
      },
    };
    expect(judged(orOlga, request).reasons).toContain('✗ mia objects');
  });
});

describe('in a policy file', () => {
  const load = (rules: string) =>
    loadPolicies(new Map([['p/a.yml', `version: 1\nrules:\n${rules}`]]));
  const asking = (approval: string, more = '') =>
    `  - { id: m, actions: [pull_request.merge], effect: require_human, ${more} approval: ${approval} }`;
  const plan =
    '\n  - { id: p, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: write } } }';

  it('durations are minutes, hours or days', () => {
    const loaded = load(asking('{ id: c, from: {}, valid_for: 12h }', 'expires: 14d,'));
    expect(loaded.ok && loaded.value.rules).toMatchObject([
      { expires: 1_209_600_000, approval: { validFor: 43_200_000, notBy: [] } },
    ]);
  });

  it('without them nothing ages and nobody is barred', () => {
    const loaded = load(asking('{ id: c, from: {} }'));
    expect(loaded.ok && loaded.value.rules).toMatchObject([
      { expires: null, approval: { validFor: null, notBy: [] } },
    ]);
  });

  it.each([
    [
      'a duration without a unit',
      asking('{ id: c, from: {}, valid_for: 7 }'),
      /takes a duration such as 30m, 12h or 7d/,
    ],
    ['of weeks', asking('{ id: c, from: {}, valid_for: 2w }'), /takes a duration/],
    ['of nothing', asking('{ id: c, from: {}, valid_for: 0d }'), /takes a duration/],
    ['of parts', asking('{ id: c, from: {}, valid_for: 1d12h }'), /takes a duration/],
    ['of years', asking('{ id: c, from: {} }', 'expires: 800d,'), /more than a year/],
    [
      'an expiry of what asks nobody',
      '  - { id: a, actions: [issue.label], effect: allow, expires: 1d }',
      /expires: only what asks humans can expire/,
    ],
    [
      'a duration of a composite',
      asking('{ valid_for: 1d, any: [{ id: c, from: {} }] }'),
      /has any, so valid_for belong/,
    ],
    [
      'a separation from a step nobody asks for',
      asking('{ id: c, from: {}, not_by: [plam] }') + plan,
      /:3:\d+: rules\[0\]\.approval\.not_by\[0\]: unknown step or gate "plam"; did you mean "plan"\?/,
    ],
    [
      'a separation from a gate nobody asks at',
      asking('{ any: [{ id: c, from: {}, not_by: [roadmap.publish] }] }'),
      /rules\[0\]\.approval\.any\[0\]\.not_by\[0\]: unknown step or gate/,
    ],
    [
      'a separation from a step of the same gate',
      asking('{ steps: [{ id: c, from: {} }, { id: d, from: {}, not_by: [c] }] }'),
      /"c" is asked for at this same gate/,
    ],
    ['a separation from nothing', asking('{ id: c, from: {}, not_by: [] }'), /is empty/],
    [
      'owners that are not',
      asking('{ id: c, from: { codeowners: false } }'),
      /codeowners: false is none of true/,
    ],
  ])('%s is a fault', (_rule, rules, message) => {
    const loaded = load(rules);
    expect(loaded.ok ? '' : loaded.refusal.message).toMatch(message);
  });

  it('a step that is asked for at another gate too can be named', () => {
    expect(load(asking('{ id: plan, from: {}, not_by: [plan] }') + plan).ok).toBe(true);
  });
});
