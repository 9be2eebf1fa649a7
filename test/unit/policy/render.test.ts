import { describe, expect, it } from 'vitest';
import { evaluate, explain } from '../../../src/domain/policy/evaluate.ts';
import { differences } from '../../../src/domain/policy/expectation.ts';
import { renderReasons, verdictInALine, verdictLines } from '../../../src/domain/policy/render.ts';
import { merge, policies, requiring, review, withEvidence } from '../../support/policy.ts';

const code = requiring('{ id: code, from: { permission: maintain }, count: 1 }');

const answered = (...acts: Parameters<typeof review>[]) =>
  evaluate(code, withEvidence({ reviews: acts.map((act) => review(...act)) }));

describe('the answer to "why" is one line that', () => {
  it.each([
    [
      'says who is missing',
      evaluate(code, merge),
      'waits for a human; asked by rule merge; code: 0 of 1 from maintain permission or more',
    ],
    [
      'says who approved, and for what',
      answered(['mia', 'approved', '10:00']),
      'approved; asked by rule merge; given: mia by review for code',
    ],
    [
      'says which act does not count, and why',
      answered(['mia', 'approved', '10:00', { id: 7, commit: 'c1' }]),
      'review 7 does not count: given on c1; the head is c3',
    ],
    ['says who objects', answered(['max', 'changes_requested', '10:00']), 'max to take back'],
    [
      'says why it is denied',
      evaluate(
        policies(
          'rules: [{ id: no, actions: [pull_request.merge], effect: deny, reason: "Not on Fridays." }]',
        ),
        merge,
      ),
      'denied: rule no denies it: Not on Fridays.',
    ],
  ])('%s', (_what, verdict, text) => {
    expect(verdictInALine(verdict)).toContain(text);
    expect(verdictInALine(verdict)).not.toContain('\n');
  });
});

describe('the tree in Markdown', () => {
  it('keeps what others wrote inside code spans: it mentions nobody, closes nothing, draws nothing', () => {
    const reason = '@everyone `closes #1` <img src=x> ``';
    const set = policies(
      `rules: [{ id: no, actions: [pull_request.merge], effect: deny, reason: '${reason}' }]`,
    );
    const text = renderReasons(evaluate(set, merge).reasons);
    const outside = text.replaceAll(/(`+) ?[\s\S]*?[^`] ?\1(?!`)/g, '');
    expect(text).toContain('@everyone');
    expect(outside).not.toMatch(/@everyone|closes|<img/);
  });
});

describe('the tree names who could give what is missing', () => {
  const person = (id: number, login: string, permission: string) => ({
    id,
    login,
    type: 'User',
    permission,
    teams: [],
    organizations: [],
  });
  const author = merge.pull_request?.author ?? person(0, 'nobody', 'none');
  const people = [
    person(71, 'zoe', 'maintain'),
    person(72, 'Bea', 'admin'),
    person(73, 'walt', 'write'),
    { ...person(author.id, author.login, 'admin') },
    { ...person(74, 'robot', 'admin'), type: 'Bot' },
  ];
  const tree = (candidates: typeof people, request = merge) =>
    renderReasons(explain(code, request, candidates).reasons);

  it('by name, without the author, without who may not, without who is no person', () => {
    expect(tree(people)).toContain('`… could be given by Bea, zoe`');
  });

  it('and counts the rest', () => {
    const many = Array.from({ length: 9 }, (_, index) => person(100 + index, `p${index}`, 'admin'));
    expect(tree(many)).toContain('p0, p1, p2, p3, p4 and 4 more');
  });

  it('and says so where it is nobody', () => {
    expect(tree([person(73, 'walt', 'write')])).toContain(
      '`… nobody Assent knows of could give it`',
    );
  });

  it('and nothing where nobody could be listed: that is not nobody', () => {
    expect(renderReasons(explain(code, merge, null).reasons)).not.toContain('could');
  });

  it('and nobody once it is given', () => {
    const given = withEvidence({ reviews: [review('mia', 'approved', '10:00')] });
    expect(tree(people, given)).not.toContain('could');
  });

  it('and changes nothing else: the verdict is the same', () => {
    const { reasons: _one, ...plain } = evaluate(code, merge);
    const { reasons: _other, ...explained } = explain(code, merge, people);
    expect(explained).toEqual(plain);
  });
});

describe('a verdict on a terminal', () => {
  it('is its tree, indented, then who is missing', () => {
    expect(verdictLines(evaluate(code, merge))).toEqual([
      '… pull_request.merge waits for a human',
      '  … rule merge requires humans',
      '    … step code: 0 of 1 from maintain permission or more, by review',
      '',
      'Waiting for:',
      '  code: 0 of 1 from maintain permission or more',
    ]);
  });
});

describe('a policy test', () => {
  const verdict = evaluate(code, merge);
  it.each([
    [
      'passes where all it names is so',
      {
        effect: 'require_human',
        satisfied: false,
        waiting_for: ['code'],
        approvers: [],
        ignored: [],
        rules: ['merge'],
        reason: 'step code',
      },
      0,
    ],
    ['leaves out what it does not name', { effect: 'require_human' }, 0],
    ['tells another effect', { effect: 'allow' }, 1],
    [
      'tells every difference',
      {
        effect: 'deny',
        satisfied: true,
        waiting_for: [],
        approvers: ['mia'],
        ignored: ['review 1'],
        rules: [],
        reason: 'moon',
      },
      7,
    ],
  ] as const)('%s', (_rule, expected, count) =>
    expect(differences(expected, verdict)).toHaveLength(count),
  );
});
