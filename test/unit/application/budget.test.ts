import { describe, expect, it } from 'vitest';
import { loadPolicies } from '../../../src/adapters/policy/load.ts';
import { budgetAgainAt, budgetSpent } from '../../../src/application/decisions/budget.ts';
import { initialState } from '../../../src/domain/work-item/state.ts';
import { at, issue, type Tale } from '../../support/machine.ts';

const text =
  'version: 1\nname: d\nrules: []\nbudgets: [{ agents: [triager], tokens_per_day: 500, usd_per_day: 2 }]\n';
const loaded = loadPolicies(new Map([['policies/default.yml', text]]));
if (!loaded.ok) throw new Error(loaded.refusal.message);
const rules = { kind: 'sound', policies: loaded.value } as const;

const session = (tokens: number, usd: number, day = '2026-11-21', now = at) => ({
  rules,
  state: {
    ...initialState,
    usage: { day, tokens: { triager: tokens }, usd: { triager: usd }, acts: [] },
  },
  deps: { now: () => now },
});

const waiting = (tell: (tale: Tale) => Tale = (tale) => tale) => tell(issue()).item;

describe('a budget', () => {
  it.each([
    ['with something left', session(499, 1.99), null],
    ['spent in tokens', session(500, 0), 'budget of the triager is spent: 500 of 500 tokens today'],
    ['spent in dollars', session(1, 2), 'budget of the triager is spent: 2 of 2 USD today'],
    ['spent yesterday', session(900, 9, '2026-11-20'), null],
  ])('%s', (_, given, reason) => {
    expect(budgetSpent(given, 'triager')).toBe(reason);
  });

  it('of another agent stops nobody', () => {
    expect(budgetSpent(session(900, 9), 'reviewer')).toBeNull();
  });

  it.each([
    ['a new item', waiting(), '2026-11-22T00:00:00.000Z'],
    [
      'one that runs already',
      waiting((tale) => tale.do({ kind: 'start_run', agent: 'triager' })),
      null,
    ],
  ])('is looked at again with the next day in UTC, where it stops %s', (_, item, again) => {
    expect(budgetAgainAt(session(900, 9), item)).toBe(again);
  });

  it('that is not spent makes nobody look', () => {
    expect(budgetAgainAt(session(1, 0), waiting())).toBeNull();
  });
});
