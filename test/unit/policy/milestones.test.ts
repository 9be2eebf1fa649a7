import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../../src/adapters/policy/load.ts';
import { evaluate } from '../../../src/domain/policy/evaluate.ts';
import type { MilestoneFacts, PolicyRequest } from '../../../src/domain/policy/request.ts';
import { everyone, merge, pull, user } from '../../support/policy.ts';

const rules = `
rules:
  - { id: plan, actions: [plan.adopt], effect: require_human, approval: { id: plan, from: { permission: maintain }, by: [label] } }
  - { id: open, actions: [pull_request.open], effect: allow }
  - { id: merge, actions: [pull_request.merge, roadmap.publish], effect: require_human, approval: { id: code, from: { permission: maintain } } }
`;

const load = (milestones: string, more = rules) => {
  const loaded = loadPolicies(
    new Map([['policies/a.yml', `version: 1\nmilestones: ${milestones}\n${more}`]]),
  );
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return loaded.value;
};

const gated = load('[{ name: Milestone 2, gated: true }]');
const scoped = load('[{ name: Milestone 2, scope: { users: [olga] } }]');

const facts = (part: Partial<MilestoneFacts> = {}): MilestoneFacts => ({
  title: 'Milestone 2',
  number: 2,
  status: 'planned',
  line: 12,
  path: 'ROADMAP.md',
  ...part,
});

const requestWith = (part: Partial<PolicyRequest>): PolicyRequest => ({ ...merge, ...part });

const at = '2026-11-20T10:00:00Z';
const issue = {
  number: 3,
  author: user('rita'),
  title: 'A',
  body: '',
  labels: [],
  state: 'open',
  plan: { digest: 'p', published_at: at },
};

const adopt = (milestone: MilestoneFacts | null, approvers: readonly ('olga' | 'mia')[] = []) =>
  requestWith({
    action: { kind: 'plan.adopt', agent: 'triager', item: 'issue-3' },
    issue: { ...issue, milestone },
    pull_request: null,
    people: everyone,
    evidence: {
      reviews: [],
      comments: [],
      labels: approvers.map((login) => ({
        name: 'assent:approve',
        action: 'labeled',
        user: user(login),
        at: '2026-11-20T11:00:00Z',
      })),
    },
  });

const onPull = (kind: string, part: Partial<NonNullable<PolicyRequest['pull_request']>>) =>
  requestWith({
    action: { kind, agent: null, item: 'pull-12' },
    pull_request: { ...pull, ...part },
    people: everyone,
  });

describe('work on a gated milestone', () => {
  it.for([
    ['planned', 'deny'],
    ['blocked', 'deny'],
    ['unknown', 'deny'],
    ['a word of tomorrow', 'deny'],
    ['in_progress', 'require_human'],
    ['done', 'require_human'],
  ] as const)('is %s: %s', ([status, effect]) => {
    expect(evaluate(gated, adopt(facts({ status }))).effect).toBe(effect);
    expect(
      evaluate(gated, onPull('pull_request.merge', { milestone: facts({ status }) })).effect,
    ).toBe(effect);
    const open = onPull('pull_request.open', { milestone: facts({ status }) });
    expect(evaluate(gated, open).effect).toBe(effect === 'deny' ? 'deny' : 'allow');
  });

  it('is denied with its gate, and where it stands', () => {
    const { reasons } = evaluate(gated, adopt(facts()));
    expect(JSON.stringify(reasons)).toContain(
      String.raw`milestone \"Milestone 2\" is not open: its gate is \"planned\" in ROADMAP.md line 12`,
    );
    const lost = evaluate(gated, adopt(facts({ status: 'unknown', line: null })));
    expect(JSON.stringify(lost.reasons)).toContain('ROADMAP.md has no such milestone');
  });

  it.for([
    ['Milestone 2: Scale', null, 'deny'],
    ['milestone  2 — Scale', null, 'deny'],
    ['✅ Milestone 2', null, 'deny'],
    ['Scale', 'Milestone 2 — Scale', 'deny'],
    ['Milestone 20', null, 'require_human'],
    ['Milestone 2.1', null, 'require_human'],
    ['Before Milestone 2', null, 'require_human'],
  ] as const)('the milestone "%s" (%s): %s', ([title, heading, effect]) => {
    expect(evaluate(gated, adopt(facts({ title, heading }))).effect).toBe(effect);
  });

  it('is not asked of what is in no milestone, nor of a merge that nobody looked up', () => {
    expect(evaluate(gated, adopt(null)).effect).toBe('require_human');
    expect(evaluate(gated, onPull('pull_request.merge', {})).effect).toBe('require_human');
  });
});

describe('the scope of a milestone', () => {
  it.for([
    ['nobody', [], false],
    ['a maintainer', ['mia'], false],
    ['its owner, who is a maintainer too', ['olga'], true],
    ['both', ['mia', 'olga'], true],
  ] as const)('a plan in it with the approval of %s: %s', ([, approvers, satisfied]) => {
    const verdict = evaluate(scoped, adopt(facts(), approvers));
    expect(verdict).toMatchObject({ effect: 'require_human', satisfied });
  });

  it('asks its owner for a pull request that changes its rows, and for no other', () => {
    const changes = { rows_added: 1, rows_removed: 0, opened: false };
    const waits = (title: string) =>
      evaluate(
        scoped,
        onPull('pull_request.merge', { roadmap: [{ title, ...changes }] }),
      ).waiting_for.map(({ step }) => step);
    expect(waits('Milestone 2 — Scale')).toEqual(['code', 'scope:Milestone 2']);
    expect(waits('Milestone 1')).toEqual(['code']);
  });

  it('is asked besides, and permits nothing by itself', () => {
    const alone = load('[{ name: Milestone 2, scope: { users: [olga] } }]', '');
    expect(evaluate(alone, adopt(facts(), ['olga'])).effect).toBe('deny');
  });
});

describe('an entry is refused', () => {
  it.for([
    ['that says nothing', '[{ name: A }]', 'needs gated: true, or scope'],
    ['that stands twice', '[{ name: A, gated: true }, { name: a, gated: true }]', 'stands twice'],
    ['without a name', '[{ name: "", gated: true }]', 'is empty'],
    ['with an unknown key', '[{ name: A, gate: true }]', 'did you mean "gated"'],
    ['with an unknown role', '[{ name: A, scope: { roles: [owner] } }]', 'unknown role "owner"'],
  ] as const)('%s', ([, milestones, message]) => {
    expect(() => load(milestones)).toThrow(message);
  });
});
