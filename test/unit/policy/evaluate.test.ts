import { describe, expect, it } from 'vitest';
import type { PolicyRequest } from '../../../src/domain/policy/request.ts';
import { judged, merge, policies } from '../../support/policy.ts';

const act = (
  kind: string,
  agent: string | null = null,
  more: Partial<PolicyRequest> = {},
): PolicyRequest => ({
  ...merge,
  action: { kind, agent, item: null },
  ...more,
});

const rule = (id: string, effect: string, more = '') =>
  `{ id: ${id}, actions: [issue.label], effect: ${effect}${more} }`;
const human = ', approval: { id: code, from: { permission: maintain } }';

describe('of the rules that match', () => {
  it.each<[string, readonly string[], string, readonly string[]]>([
    ['none denies', [], 'deny', []],
    ['one that allows allows', [rule('a', 'allow')], 'allow', ['a']],
    [
      'one that requires a human beats one that allows',
      [rule('a', 'allow'), rule('h', 'require_human', human)],
      'require_human',
      ['h'],
    ],
    [
      'one that denies beats both',
      [rule('a', 'allow'), rule('h', 'require_human', human), rule('d', 'deny')],
      'deny',
      ['d'],
    ],
    [
      'all that give the effect are named',
      [rule('a', 'allow'), rule('b', 'allow')],
      'allow',
      ['a', 'b'],
    ],
    [
      'one whose condition is false does not count',
      [rule('a', 'allow', ', when: "false"')],
      'deny',
      [],
    ],
    [
      'one of another agent does not count',
      [rule('a', 'allow', ', agents: [reviewer]')],
      'deny',
      [],
    ],
    [
      'one of another action does not count',
      ['{ id: a, actions: [issue.comment], effect: allow }'],
      'deny',
      [],
    ],
    [
      'one whose condition fails denies, even if it would allow',
      [rule('a', 'allow'), rule('e', 'allow', ', when: issue.number == 1')],
      'deny',
      ['e'],
    ],
    [
      'one for agents does not match what Assent does itself',
      ['{ id: a, agents: [triager], actions: [issue.label], effect: allow }'],
      'deny',
      [],
    ],
  ])('%s', (_rule, rules, effect, ids) => {
    const agent = _rule.includes('itself') ? null : 'triager';
    const verdict = judged(policies(`rules: [${rules.join(', ')}]`), act('issue.label', agent));
    expect(verdict).toMatchObject({ effect, satisfied: effect === 'allow', rules: ids });
  });

  it('several requirements must all hold', () => {
    const set = policies(
      `rules: [${rule('one', 'require_human', human)}, ${rule('two', 'require_human', ', approval: { id: other, from: { users: [max] } }')}]`,
    );
    expect(judged(set, act('issue.label')).waiting).toEqual(['code', 'other']);
  });

  it('a denial says which rule and why', () => {
    const set = policies(
      `rules: [${rule('own', 'deny', ', reason: Agents do not change their own rules.')}]`,
    );
    expect(judged(set, act('issue.label')).reasons).toMatch(
      /rule own denies it: Agents do not change their own rules\./,
    );
  });

  it('an error says which rule and what went wrong', () => {
    const set = policies(`rules: [${rule('broken', 'allow', ', when: issue.number == 1')}]`);
    expect(judged(set, act('issue.label')).reasons).toMatch(
      /rule broken could not be evaluated, and so denies: issue\.number == 1/,
    );
  });
});

describe('whatever the rules say', () => {
  const allowing = (more = '') =>
    policies(`rules: [{ id: a, actions: [issue.label, issue.comment], effect: allow }]\n${more}`);
  const usage = (more: Partial<PolicyRequest['usage']>) => ({
    usage: { tokens_today: 0, usd_today: 0, counts: [], ...more },
  });
  const counts = (hour: number, day: number, agent = 'triager', action = 'issue.label') =>
    usage({ counts: [{ agent, action, hour, day }] });
  const limits =
    'limits: [{ agents: [triager], actions: [issue.label, issue.comment], per_hour: 5, per_day: 20 }]';
  const budgets = 'budgets: [{ agents: [triager], tokens_per_day: 1000, usd_per_day: 2.5 }]';

  it.each<[string, string, PolicyRequest, RegExp | null]>([
    [
      'a halt denies every agent',
      '',
      act('issue.label', 'triager', { control: { halted: true, disabled_agents: [] } }),
      /halted/,
    ],
    [
      'a halt denies what Assent does itself',
      '',
      act('issue.label', null, { control: { halted: true, disabled_agents: [] } }),
      /halted/,
    ],
    [
      'a disabled agent is denied',
      '',
      act('issue.label', 'triager', { control: { halted: false, disabled_agents: ['triager'] } }),
      /disabled/,
    ],
    [
      'another agent is not',
      '',
      act('issue.label', 'triager', { control: { halted: false, disabled_agents: ['reviewer'] } }),
      null,
    ],
    ['below a limit is allowed', limits, act('issue.label', 'triager', counts(4, 19)), null],
    [
      'at the limit of an hour is denied',
      limits,
      act('issue.label', 'triager', counts(5, 5)),
      /5 of 5 in the last hour/,
    ],
    [
      'at the limit of a day is denied',
      limits,
      act('issue.label', 'triager', counts(0, 20)),
      /20 of 20 in the last day/,
    ],
    [
      'actions of one entry count together',
      limits,
      act('issue.comment', 'triager', counts(5, 5)),
      /limit reached/,
    ],
    ['another agent has its own', limits, act('issue.label', 'reviewer', counts(5, 5)), null],
    [
      'what another agent did does not count',
      limits,
      act('issue.label', 'triager', counts(5, 5, 'reviewer')),
      null,
    ],
    [
      'within a budget is allowed',
      budgets,
      act('issue.label', 'triager', usage({ tokens_today: 999, usd_today: 2.49 })),
      null,
    ],
    [
      'a budget of tokens that is spent denies',
      budgets,
      act('issue.label', 'triager', usage({ tokens_today: 1000 })),
      /1000 of 1000 tokens/,
    ],
    [
      'a budget of money that is spent denies',
      budgets,
      act('issue.label', 'triager', usage({ usd_today: 3 })),
      /3 of 2.5 USD/,
    ],
    [
      'a budget does not bind what Assent does itself',
      'budgets: [{ tokens_per_day: 0 }]',
      act('issue.label', null),
      null,
    ],
    [
      'a budget without agents binds every agent',
      'budgets: [{ tokens_per_day: 0 }]',
      act('issue.label', 'x'),
      /budget/,
    ],
    [
      'a number that is none is over every limit',
      limits,
      act('issue.label', 'triager', counts(Number.NaN, 0)),
      /limit reached/,
    ],
  ])('%s', (_rule, more, request, reason) => {
    const verdict = judged(allowing(more), request);
    expect(verdict.effect).toBe(reason === null ? 'allow' : 'deny');
    if (reason !== null) expect(verdict.reasons).toMatch(reason);
  });
});

describe('a window', () => {
  const window = (days: string, hours: string, timezone = 'Europe/Berlin') =>
    `{ actions: [issue.label], days: [${days}], hours: "${hours}", timezone: ${timezone} }`;
  const during = (windows: string, at: string) =>
    judged(
      policies(
        `rules: [{ id: a, actions: [issue.label, issue.comment], effect: allow }]\nwindows: [${windows}]`,
      ),
      act('issue.label', null, { at }),
    );

  const office = window('mon, tue, wed, thu', '09:00-17:00');
  const night = window('fri', '22:00-06:00');

  it.each<[string, string, string, boolean]>([
    ['is open within its hours', office, '2026-11-19T10:00:00Z', true],
    ['is open from its first minute', office, '2026-11-19T08:00:00Z', true],
    ['is closed before it', office, '2026-11-19T07:59:59Z', false],
    ['is open to its last minute', office, '2026-11-19T15:59:59Z', true],
    ['is closed at its end', office, '2026-11-19T16:00:00Z', false],
    ['is closed on other days', office, '2026-11-20T10:00:00Z', false],
    ['follows summer time', office, '2026-07-16T07:00:00Z', true],
    ['follows winter time', office, '2026-01-15T07:30:00Z', false],
    ['over midnight is open in the evening of its day', night, '2026-11-20T21:30:00Z', true],
    ['over midnight is open the next morning', night, '2026-11-21T04:59:00Z', true],
    ['over midnight closes the next morning', night, '2026-11-21T05:00:00Z', false],
    ['over midnight is closed the morning of its day', night, '2026-11-20T03:00:00Z', false],
    [
      'over midnight holds from Sunday into Monday',
      window('sun', '22:00-06:00'),
      '2026-11-23T04:00:00Z',
      true,
    ],
    [
      'to 24:00 is open to the end of the day',
      window('fri', '09:00-24:00'),
      '2026-11-20T22:59:00Z',
      true,
    ],
    [
      'from a time to the same time is a whole day',
      window('fri', '09:00-09:00'),
      '2026-11-21T07:59:00Z',
      true,
    ],
    [
      'that opens in the hour summer time skips opens after it',
      window('sun', '02:30-04:00'),
      '2026-03-29T01:00:00Z',
      true,
    ],
    [
      'takes every day when none is named',
      '{ hours: "00:00-24:00", timezone: UTC }',
      '2026-11-21T10:00:00Z',
      true,
    ],
    [
      'is one of several in a file',
      `${office}, ${window('fri', '09:00-12:00')}`,
      '2026-11-20T10:00:00Z',
      true,
    ],
    [
      'counts the day of its own zone',
      window('sat', '00:00-12:00', 'Asia/Tokyo'),
      '2026-11-20T16:00:00Z',
      true,
    ],
    ['is closed when the time is none', office, 'now', false],
  ])('%s', (_rule, windows, at, open) => {
    expect(during(windows, at).effect).toBe(open ? 'allow' : 'deny');
  });

  it.each<[string, string, string, RegExp]>([
    ['the same day', office, '2026-11-19T06:00:00Z', /opens thu 2026-11-19 09:00 Europe\/Berlin/],
    ['after the weekend', office, '2026-11-20T10:00:00Z', /opens mon 2026-11-23 09:00/],
    [
      'the next week',
      window('thu', '09:00-10:00'),
      '2026-11-19T12:00:00Z',
      /opens thu 2026-11-26 09:00/,
    ],
    [
      'the first of several',
      `${office}, ${window('sat', '10:00-12:00')}`,
      '2026-11-20T10:00:00Z',
      /opens sat 2026-11-21 10:00/,
    ],
  ])('says when it opens: %s', (_rule, windows, at, reason) => {
    expect(during(windows, at).reasons).toMatch(reason);
  });

  it('binds the actions it names alone', () => {
    const set = policies(
      `rules: [{ id: a, actions: [issue.comment], effect: allow }]\nwindows: [${office}]`,
    );
    expect(judged(set, act('issue.comment', null, { at: '2026-11-21T10:00:00Z' })).effect).toBe(
      'allow',
    );
  });
});
