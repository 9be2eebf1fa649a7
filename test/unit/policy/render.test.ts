import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/domain/policy/evaluate.ts';
import { differences } from '../../../src/domain/policy/expectation.ts';
import { renderVerdict, verdictLines } from '../../../src/domain/policy/render.ts';
import { merge, policies, requiring, review, withEvidence } from '../../support/policy.ts';

const code = requiring('{ id: code, from: { permission: maintain }, count: 1 }');

describe('a verdict in Markdown', () => {
  it('says who is missing', () => {
    const text = renderVerdict(evaluate(code, merge));
    expect(text).toMatch(/^\*\*Waiting for a human\*\* \(rule `merge`\)\./);
    expect(text).toContain('- `code`: 0 of 1 from `maintain permission or more`');
  });

  it('says who approved, and on what', () => {
    const text = renderVerdict(
      evaluate(code, withEvidence({ reviews: [review('mia', 'approved', '10:00')] })),
    );
    expect(text).toMatch(/^\*\*Approved\*\*/);
    expect(text).toContain('- `mia` by review on `c3`, for `code`');
  });

  it('says why something does not count', () => {
    const text = renderVerdict(
      evaluate(
        code,
        withEvidence({ reviews: [review('mia', 'approved', '10:00', { id: 7, commit: 'c1' })] }),
      ),
    );
    expect(text).toContain('- `review 7`: `given on c1; the head is c3`');
  });

  it('says who blocks', () => {
    const text = renderVerdict(
      evaluate(code, withEvidence({ reviews: [review('max', 'changes_requested', '10:00')] })),
    );
    expect(text).toContain('`max` asked for changes');
  });

  it('says why it is denied', () => {
    const set = policies(
      'rules: [{ id: no, actions: [pull_request.merge], effect: deny, reason: "Not on Fridays." }]',
    );
    expect(renderVerdict(evaluate(set, merge))).toMatch(
      /^\*\*Denied\*\* \(rule `no`\): `rule no denies it: Not on Fridays\.`/,
    );
  });

  it('keeps what others wrote inside code spans: it mentions nobody, closes nothing, draws nothing', () => {
    const reason = '@everyone `closes #1` <img src=x> ``';
    const set = policies(
      `rules: [{ id: no, actions: [pull_request.merge], effect: deny, reason: '${reason}' }]`,
    );
    const text = renderVerdict(evaluate(set, merge));
    const outside = text.replaceAll(/(`+) ?[\s\S]*?[^`] ?\1(?!`)/g, '');
    expect(text).toContain('@everyone');
    expect(outside).not.toMatch(/@everyone|closes|<img/);
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
