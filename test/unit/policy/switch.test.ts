import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownActions } from '../../../src/domain/policy/actions.ts';
import { inspect } from '../../../src/domain/policy/inspect.ts';
import type { PolicyRequest } from '../../../src/domain/policy/request.ts';
import {
  bot,
  comment,
  judged,
  merge,
  policies,
  withEvidence,
  type Login,
} from '../../support/policy.ts';

const none = policies('rules: []');
const two = policies(
  'rules: [{ id: two, actions: [control.resume, agent.enable], effect: require_human, approval: { id: resume, from: { permission: maintain }, count: 2 } }]',
);
const rule = (effect: string, actions: string, more = '') =>
  policies(`rules: [{ id: r, actions: [${actions}], effect: ${effect}${more} }]`);
const by = (from: string, count = 1) => `, approval: { id: step, from: ${from}, count: ${count} }`;

/** Everything is halted, and these people say so and so. */
const said = (
  kind: string,
  words: readonly (readonly [Login, string])[],
  agent: string | null = null,
): PolicyRequest =>
  withEvidence(
    { comments: words.map(([login, text]) => comment(login, `/assent ${text}`, '11:00')) },
    {
      ...merge,
      action: { kind, agent, item: null },
      pull_request: null,
      control: { halted: true, disabled_agents: ['triager'] },
    },
  );

const satisfied = (...args: Parameters<typeof judged>) => judged(...args).satisfied;

describe('the switch, where no rule names it', () => {
  it.each<readonly [kind: string, verb: string, least: string, no: Login, yes: Login]>([
    ['control.halt', 'halt', 'write', 'tess', 'walt'],
    ['control.resume', 'resume', 'maintain', 'walt', 'mia'],
  ])('%s (%s) takes %s: not %s, but %s', (kind, verb, _least, no, yes) => {
    expect(satisfied(none, said(kind, [[no, verb]]))).toBe(false);
    expect(satisfied(none, said(kind, [[yes, verb]]))).toBe(true);
  });

  it.each<readonly [kind: string, verb: string, no: Login, yes: Login]>([
    ['agent.enable', 'enable triager', 'walt', 'mia'],
    ['agent.disable', 'disable triager', 'tess', 'walt'],
  ])('%s (%s): not %s, but %s', (kind, verb, no, yes) => {
    expect(satisfied(none, said(kind, [[no, verb]], 'triager'))).toBe(false);
    expect(satisfied(none, said(kind, [[yes, verb]], 'triager'))).toBe(true);
  });

  it('a word about another agent, or another word, is none', () => {
    expect(satisfied(none, said('agent.enable', [['mia', 'enable reviewer']], 'triager'))).toBe(
      false,
    );
    expect(satisfied(none, said('control.resume', [['mia', 'halt']]))).toBe(false);
  });

  it('a bot’s word is nobody’s, and an edited one is none', () => {
    const asked = said('control.resume', []);
    const words = [
      comment('mia', '/assent resume', '11:00', { user: bot }),
      comment('mia', '/assent resume', '11:00', { edited_at: '2026-11-20T11:30:00Z' }),
    ];
    for (const one of words) {
      expect(satisfied(none, withEvidence({ comments: [one] }, asked))).toBe(false);
    }
  });
});

describe('resuming under a rule', () => {
  it('that takes two takes two people', () => {
    const once = said('control.resume', [
      ['mia', 'resume'],
      ['mia', 'resume'],
    ]);
    expect(judged(two, once)).toMatchObject({ satisfied: false, waiting: ['resume'] });
    const twice = said('control.resume', [
      ['mia', 'resume'],
      ['max', 'resume'],
    ]);
    expect(judged(two, twice)).toMatchObject({ satisfied: true, rules: ['two'] });
  });

  it.each([
    ['denies', rule('deny', 'control.resume'), 'mia', false],
    [
      'names a writer',
      rule('require_human', 'control.resume', by('{ users: [walt] }')),
      'walt',
      true,
    ],
    [
      'names one who only triages',
      rule('require_human', 'control.resume', by('{ users: [tess] }')),
      'tess',
      false,
    ],
    ['asks nobody at all', rule('require_human', 'control.resume', by('{}', 0)), 'walt', false],
    ['allows it, which gives nobody the right', rule('allow', 'control.resume'), 'walt', false],
    [
      'cannot be evaluated',
      rule('deny', 'control.resume', ', when: issue.number > 0'),
      'mia',
      false,
    ],
    ['does not apply', rule('deny', 'control.resume', ', when: "false"'), 'mia', true],
    ['is about another agent', rule('deny', 'agent.enable', ', agents: [reviewer]'), 'mia', true],
  ] as const)('that %s', (_title, set, login, expected) => {
    expect(satisfied(set, said('control.resume', [[login, 'resume']]))).toBe(expected);
  });

  it('outside its own window waits; a window of everything else is not about it', () => {
    const closed = 'days: [mon], hours: "09:00-10:00", timezone: Europe/Berlin';
    const own = policies(`rules: []\nwindows: [{ actions: [control.resume], ${closed} }]`);
    const all = policies(`rules: []\nwindows: [{ ${closed} }]`);
    expect(judged(own, said('control.resume', [['mia', 'resume']])).effect).toBe('deny');
    expect(satisfied(all, said('control.resume', [['mia', 'resume']]))).toBe(true);
  });
});

describe('stopping is never made harder', () => {
  const effects = fc.constantFrom(
    rule('deny', 'control.halt, agent.disable'),
    rule('require_human', 'control.halt, agent.disable', by('{ users: [olga] }', 2)),
    rule('deny', 'control.halt, agent.disable', ', when: issue.number > 0'),
    policies(
      'rules: []\nwindows: [{ actions: [control.halt], hours: "01:00-02:00", timezone: Europe/Berlin }]\nlimits: [{ actions: [control.halt], per_day: 0 }]',
    ),
  );
  it('whatever the rules say, who may write may stop', () => {
    fc.assert(
      fc.property(
        effects,
        fc.constantFrom<Login>('walt', 'mia', 'olga'),
        fc.constantFrom('control.halt', 'agent.disable'),
        (set, login, kind) => {
          const verb = kind === 'control.halt' ? 'halt' : 'disable triager';
          return satisfied(set, said(kind, [[login, verb]], 'triager'));
        },
      ),
    );
  });

  it('but a rule may let others stop, too', () => {
    const set = rule('require_human', 'control.halt', by('{ users: [tess] }'));
    expect(satisfied(set, said('control.halt', [['tess', 'halt']]))).toBe(true);
    expect(satisfied(set, said('control.halt', [['rita', 'halt']]))).toBe(false);
  });
});

describe('policy check warns of a rule about the switch that does not do what it says', () => {
  it.each([
    ['deny', 'control.halt', '', /does not make control\.halt harder.*may always stop$/],
    [
      'require_human',
      'agent.disable',
      by('{ users: [tess] }'),
      /whoever satisfies this rule may besides/,
    ],
    ['allow', 'control.resume', '', /gives nobody the right to control\.resume/],
  ])('%s on %s', (effect, action, more, message) => {
    const findings = inspect(rule(effect, action, more), knownActions);
    expect(findings.map((one) => one.level)).toContain('warning');
    expect(findings.some((one) => message.test(one.message))).toBe(true);
  });

  it('and says nothing of one that does', () => {
    expect(inspect(two, knownActions)).toEqual([]);
  });
});
