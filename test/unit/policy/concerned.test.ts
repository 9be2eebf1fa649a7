import { describe, expect, it } from 'vitest';

import { loginsConcerned } from '../../../src/domain/policy/concerned.ts';
import { mayRead } from '../../../src/domain/policy/mentions.ts';
import {
  bot,
  comment,
  everyone,
  judged,
  label,
  policies,
  requiring,
  review,
  withEvidence,
} from '../../support/policy.ts';

const merging = (rule: string) =>
  policies(`rules: [{ id: merge, actions: [pull_request.merge], ${rule} }]`);

describe('a fact is looked up', () => {
  it.each([
    ['that no condition names', 'effect: allow', false],
    ['that a rule asks for', "effect: allow, when: 'size(pull_request.checks) > 0'", true],
    [
      'that a word only resembles',
      'effect: allow, when: \'pull_request.title == "checksum"\'',
      false,
    ],
    [
      'that an index may name in other words',
      'effect: allow, when: \'pull_request.labels[0] == "bug"\'',
      true,
    ],
    [
      'that a list of values does not name',
      `effect: allow, when: 'pull_request.title in ["a", "b"] || [1] == [size(pull_request.labels)]'`,
      false,
    ],
    [
      'that an index names after a line break',
      `effect: allow, when: "pull_request\\n  ['che' + 'cks'] == []"`,
      true,
    ],
    [
      'that an index names after a comment',
      `effect: allow, when: "pull_request // (\\n ['che' + 'cks'] == []"`,
      true,
    ],
    [
      'that an index into what a call gives may name',
      `effect: allow, when: 'pull_request.title.split(" ")[0] == "fix"'`,
      true,
    ],
    [
      'that one step of many asks for',
      `effect: require_human, approval: { any: [
        { id: a, from: { permission: write }, by: [review] },
        { steps: [{ id: b, when: 'pull_request.checks.exists(c, c.name == "ci")', from: { permission: write }, by: [review] }] }] }`,
      true,
    ],
  ])('%s', (_, rule, asked) => {
    expect(mayRead(merging(rule), 'checks')).toBe(asked);
  });
});

describe('a person is looked up', () => {
  const set = requiring(
    '{ id: code, from: { permission: maintain }, by: [review, label, command] }',
  );
  const evidence = {
    reviews: [review('mia', 'approved', '10:00'), review('rita', 'commented', '10:01')],
    labels: [
      label('max', 'labeled', '10:02'),
      label('walt', 'unlabeled', '10:03', { name: 'Assent:Reject' }),
      label('tess', 'labeled', '10:04', { name: 'bug' }),
    ],
    comments: [
      comment('olga', 'Fine.\n/assent approve', '10:05'),
      comment('nora', 'I would not /assent approve this', '10:06'),
      comment('ann', '/assent approve', '10:07', { user: bot }),
    ],
  };

  it('whose act may count, once, and nobody else', () => {
    expect(loginsConcerned(set, evidence).toSorted()).toEqual(['max', 'mia', 'olga', 'walt']);
  });

  it('whoever it is, where a condition reads who people are', () => {
    const reading = merging(
      `effect: require_human, when: '"rita" in people', approval: { id: code, from: { permission: maintain }, by: [review] }`,
    );
    expect(loginsConcerned(reading, evidence)).toContain('rita');
    expect(loginsConcerned(reading, evidence)).toContain('tess');
  });

  it('or not, and the verdict is the same', () => {
    const request = withEvidence(evidence);
    const asked = loginsConcerned(set, request.evidence);
    const people = Object.fromEntries(
      Object.entries(everyone).filter(([login]) => asked.includes(login)),
    );
    expect(judged(set, { ...request, people })).toEqual(judged(set, request));
  });
});
