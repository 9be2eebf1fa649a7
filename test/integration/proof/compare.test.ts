import { afterAll, describe, expect, it } from 'vitest';
import { createPolicyProver } from '../../../src/adapters/proof/prover.ts';
import { evaluate } from '../../../src/domain/policy/evaluate.ts';
import type { PolicySet } from '../../../src/domain/policy/rules.ts';
import { policies, requiring } from '../../support/policy.ts';
import { proofParts } from '../../support/proof.ts';

const prover = createPolicyProver(proofParts);
afterAll(() => prover.close());

const code = (more = '', from = '{ permission: maintain }') =>
  requiring(`{ id: code, from: ${from}${more} }`);
const merges = (rest: string, besides = '') =>
  policies(`rules: [{ id: merge, actions: [pull_request.merge], ${rest} }]${besides}`);
const owners = (more = '') => requiring(`{ id: o, from: { codeowners: true }${more} }`);
/** With a plan that somebody approved before. */
const planned = (more: string) =>
  policies(`rules:
  - { id: plan, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: maintain } } }
  - { id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, from: { permission: maintain }${more} } }`);
const docs = 'pull_request.files.all(f, f.path.startsWith("docs/"))';
const anyOwned = 'pull_request.files.exists(f, has(f.owners) && size(f.owners) > 0)';
const opens = (rest: string) =>
  policies(
    `rules: [{ id: open, agents: [contributor], actions: [pull_request.open], effect: allow }${rest}]`,
  );

describe('newly allowed, by a request that passes now and did not before, is', () => {
  it.each<[string, PolicySet, PolicySet]>([
    ['one approval for two', code(', count: 2'), code()],
    ['write for maintain', code(), code('', '{ permission: write }')],
    ['a team besides', code(), code('', '{ permission: maintain, teams: [acme/core] }')],
    ['somebody by name', code(), code('', '{ permission: maintain, users: [ada] }')],
    ['a label for a review', code(', by: [review]'), code(', by: [review, label]')],
    ['a command, edited', code(', by: [command]'), code(', by: [command], edited: true')],
    ['the author', code(), code(', author: true')],
    ['whoever wrote a commit', code(), code(', contributors: true')],
    ['an approval that survives a rebase', code(), code(', survives: [rebase]')],
    [
      'one that survives an update',
      code(', survives: [rebase]'),
      code(', survives: [rebase, update_merge]'),
    ],
    ['one that survives a push to the docs', code(), code(', survives: [{ paths: ["docs/**"] }]')],
    ['one of last month', code(', valid_for: 7d'), code(', valid_for: 30d')],
    ['whoever approved the plan', planned(', not_by: [plan]'), planned('')],
    [
      'a role that takes less',
      policies(
        'roles: { owner: { permission: admin } }\nrules: [{ id: m, actions: [pull_request.merge], effect: require_human, approval: { id: a, from: { roles: [owner] } } }]',
      ),
      policies(
        'roles: { owner: { permission: write } }\nrules: [{ id: m, actions: [pull_request.merge], effect: require_human, approval: { id: a, from: { roles: [owner] } } }]',
      ),
    ],
    [
      'a second step that is gone',
      requiring(
        '{ steps: [{ id: a, from: { permission: maintain } }, { id: b, from: { teams: [acme/security] } }] }',
      ),
      code(),
    ],
    [
      'an alternative',
      code('', '{ permission: admin }'),
      requiring(
        '{ any: [{ id: a, from: { permission: admin } }, { id: b, from: { permission: write }, count: 3 }] }',
      ),
    ],
    [
      'a step asked for more seldom',
      requiring(
        `{ steps: [{ id: a, from: { permission: maintain } }, { id: b, from: { permission: admin }, count: 2 }] }`,
      ),
      requiring(
        `{ steps: [{ id: a, from: { permission: maintain } }, { id: b, from: { permission: admin }, count: 2, when: '!(${docs})' }] }`,
      ),
    ],
    [
      'what was denied',
      policies(
        `rules: [{ id: m, actions: [pull_request.merge], effect: require_human, approval: { id: a, from: { permission: maintain } } }, { id: d, actions: [pull_request.merge], effect: deny, when: pull_request.draft }]`,
      ),
      code(),
    ],
    ['what no rule named', policies('rules: []'), code()],
    [
      'allowing for asking, by the floor',
      code('', '{ permission: admin }'),
      merges('effect: allow'),
    ],
    [
      'another hour',
      merges('effect: allow', '\nwindows: [{ hours: "09:00-17:00", timezone: Europe/Berlin }]'),
      merges('effect: allow', '\nwindows: [{ hours: "09:00-17:01", timezone: Europe/Berlin }]'),
    ],
    [
      'a higher limit',
      policies(
        'rules: [{ id: o, agents: [contributor], actions: [pull_request.open], effect: allow }]\nlimits: [{ agents: [contributor], per_hour: 5 }]',
      ),
      policies(
        'rules: [{ id: o, agents: [contributor], actions: [pull_request.open], effect: allow }]\nlimits: [{ agents: [contributor], per_hour: 6 }]',
      ),
    ],
    [
      'a protected path that is protected no more',
      opens(
        `, { id: own, actions: [pull_request.open], effect: deny, when: 'pull_request.files.exists(f, f.path.matches("^(policies|src/auth)/"))' }`,
      ),
      opens(
        `, { id: own, actions: [pull_request.open], effect: deny, when: 'pull_request.files.exists(f, f.path.startsWith("policies/"))' }`,
      ),
    ],
    ['whoever owns the files, for maintainers', code(), owners()],
    ['whoever owns them, besides', code(), code('', '{ permission: maintain, codeowners: true }')],
    ['one owner of each file for two', owners(', count: 2'), owners()],
    ['a label of an owner', owners(), owners(', by: [review, label]')],
    ['an owner who wrote a commit', owners(), owners(', contributors: true')],
    [
      'owners by a role',
      code(),
      policies(
        'roles: { owner: { codeowners: true } }\nrules: [{ id: m, actions: [pull_request.merge], effect: require_human, approval: { id: a, from: { roles: [owner] } } }]',
      ),
    ],
    [
      'the step of the owners that is gone',
      requiring(
        '{ steps: [{ id: a, from: { permission: maintain } }, { id: o, from: { codeowners: true } }] }',
      ),
      code(),
    ],
    [
      'the step of the owners, where nobody is one',
      owners(),
      requiring(
        `{ steps: [{ id: a, from: { permission: maintain } }, { id: o, from: { codeowners: true }, when: '${anyOwned}' }] }`,
      ),
    ],
  ])('%s', async (_what, before, after) => {
    const { answer, questions } = await prover.compare(before, after);
    const [found] = questions;
    expect(answer, found?.why ?? '').toBe('refuted');
    if (found?.witness == null) throw new Error('no witness');
    const { request } = found.witness;
    expect(evaluate(before, request)).toEqual(found.witness.before);
    expect(evaluate(after, request)).toEqual(found.witness.after);
    expect([found.witness.before.satisfied, found.witness.after.satisfied]).toEqual([false, true]);
  });
});

describe('nothing is newly allowed by', () => {
  it.each<[string, PolicySet, PolicySet]>([
    ['two approvals for one', code(), code(', count: 2')],
    ['an approval that ages', code(), code(', valid_for: 7d')],
    ['a separation of duties', planned(''), planned(', not_by: [plan.adopt]')],
    ['an approval that survives less', code(', survives: [rebase]'), code()],
    [
      'a denial besides',
      opens(''),
      opens(', { id: d, actions: [pull_request.open], effect: deny, when: pull_request.draft }'),
    ],
    [
      'a condition said otherwise',
      requiring(`{ id: a, from: { permission: maintain }, when: '!(${docs})' }`),
      requiring(`{ id: a, from: { permission: maintain }, when: '${docs} ? false : true' }`),
    ],
    [
      'rules in another order',
      policies(
        'rules: [{ id: a, actions: [issue.label], effect: allow }, { id: b, actions: [issue.label], effect: deny, when: issue == null }]',
      ),
      policies(
        'rules: [{ id: b, actions: [issue.label], effect: deny, when: issue == null }, { id: a, actions: [issue.label], effect: allow }]',
      ),
    ],
    ['a way less', code(', by: [review, label]'), code(', by: [review]')],
    ['a rule that is gone', opens(''), policies('rules: []')],
    ['two owners of each file for one', owners(), owners(', count: 2')],
    [
      'a step of the owners besides',
      code(),
      requiring(
        '{ steps: [{ id: a, from: { permission: maintain } }, { id: o, from: { codeowners: true } }] }',
      ),
    ],
  ])('%s', async (_what, before, after) => {
    const { answer, questions } = await prover.compare(before, after);
    expect(questions.map(({ id, answer: each, why }) => [id, each, why])).toEqual(
      questions.map(({ id }) => [id, 'proved', null]),
    );
    expect(answer).toBe('proved');
  });

  it('the same policies, and then nothing is asked', async () => {
    expect(await prover.compare(code(), code())).toEqual({ answer: 'proved', questions: [] });
  });
});

describe('besides', () => {
  it('a maintainer no longer heard is one whose objection no longer stops', async () => {
    const { questions } = await prover.compare(code(), code('', '{ permission: admin }'));
    expect(questions.map(({ id, answer }) => `${id}: ${answer}`)).toEqual([
      'pull_request.merge/approvals: proved',
      'pull_request.merge/objections: refuted',
    ]);
    expect(questions[1]?.witness?.before.waiting_for[0]?.blocked_by).toHaveLength(1);
  });

  it('where it turns on files of different owners it says that it cannot tell', async () => {
    // One owner by review and another, of another file, by label: neither way alone.
    const either = requiring(
      '{ any: [{ id: a, from: { codeowners: true }, by: [review] }, { id: b, from: { codeowners: true }, by: [label] }] }',
    );
    const { questions } = await prover.compare(either, owners(', by: [review, label]'));
    expect(questions.map(({ id, answer }) => `${id}: ${answer}`)).toEqual([
      'pull_request.merge/approvals: not_provable',
    ]);
    expect(questions[0]?.why).toContain('who owns the changed files');
  });

  it('an owner no longer heard is one whose objection no longer stops', async () => {
    const { questions } = await prover.compare(
      code('', '{ permission: admin, codeowners: true }'),
      code('', '{ permission: admin }'),
    );
    expect(questions.map(({ id, answer }) => `${id}: ${answer}`)).toEqual([
      'pull_request.merge/approvals: proved',
      'pull_request.merge/objections: refuted',
    ]);
  });

  it.each(['control.halt', 'control.resume', 'agent.enable', 'agent.disable'])(
    'who may %s is not modelled, and that alone is not provable',
    async (action) => {
      const set = (permission: string) =>
        policies(`rules:
  - { id: merge, actions: [pull_request.merge], effect: require_human, approval: { id: code, from: { permission: ${permission} } } }
  - { id: switch, actions: [${action}], effect: require_human, approval: { id: s, from: { permission: ${permission} } } }`);
      const { questions } = await prover.compare(set('write'), set('maintain'));
      expect(questions.map(({ id, answer }) => `${id}: ${answer}`)).toEqual([
        `${action}/approvals: not_provable`,
        'pull_request.merge/approvals: proved',
        'pull_request.merge/objections: refuted',
      ]);
      expect(questions[0]?.why).toBe(`who may ${action} is not modelled; read the change`);
    },
  );
});
