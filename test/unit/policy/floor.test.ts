import { describe, expect, it } from 'vitest';
import {
  judged,
  label,
  merge,
  policies,
  pull,
  review,
  withEvidence,
} from '../../support/policy.ts';

const allowing = (kind: string) =>
  policies(`rules: [{ id: open, actions: [${kind}], effect: allow }]`);
const approving = (approval: string) =>
  policies(
    `rules: [{ id: lax, actions: [pull_request.merge], effect: require_human, approval: ${approval} }]`,
  );
const acting = (kind: string) => ({ ...merge, action: { kind, agent: null, item: 'pull-12' } });

describe('no policy lets the default branch change without a human', () => {
  it.each(['pull_request.merge', 'roadmap.publish'])(
    'a rule that allows %s still takes a maintainer',
    (kind) => {
      const waiting = judged(allowing(kind), acting(kind));
      expect(waiting).toMatchObject({
        effect: 'require_human',
        satisfied: false,
        waiting: ['floor'],
        rules: ['open'],
      });
      const approved = judged(
        allowing(kind),
        withEvidence({ reviews: [review('mia', 'approved', '10:00')] }, acting(kind)),
      );
      expect(approved).toMatchObject({
        effect: 'require_human',
        satisfied: true,
        approvers: ['mia by review for floor'],
      });
    },
  );

  it.each<[string, string]>([
    ['asks for nobody', '{ id: none, from: { permission: maintain }, count: 0 }'],
    ['asks for nobody of anybody', '{ id: none, from: {}, count: 0 }'],
    [
      'asks only under conditions that are false',
      `{ steps: [{ when: pull_request.draft, id: code, from: { permission: maintain } }] }`,
    ],
    [
      'is itself under a condition that is false',
      '{ when: pull_request.draft, id: code, from: { permission: maintain } }',
    ],
    [
      'has one alternative that asks for nobody',
      '{ any: [{ id: a, from: { users: [olga] } }, { id: none, from: {}, count: 0 }] }',
    ],
  ])('a requirement that %s takes a maintainer', (_rule, approval) => {
    expect(judged(approving(approval), merge)).toMatchObject({
      effect: 'require_human',
      satisfied: false,
      waiting: ['floor'],
    });
  });

  it.each(['rita', 'tess', 'nora'] as const)(
    'the word of somebody who cannot write (%s) is not enough alone',
    (login) => {
      const set = approving(`{ id: code, from: { users: [${login}] }, by: [review, label] }`);
      const alone = withEvidence({ reviews: [review(login, 'approved', '10:00')] });
      expect(judged(set, alone)).toMatchObject({ satisfied: false, waiting: ['floor'] });
      const together = withEvidence({
        reviews: [...alone.evidence.reviews, review('mia', 'approved', '10:30')],
      });
      expect(judged(set, together).satisfied).toBe(true);
    },
  );

  it('a policy may name somebody with write permission, and need no more', () => {
    const set = approving('{ id: code, from: { users: [walt] } }');
    expect(
      judged(set, withEvidence({ reviews: [review('walt', 'approved', '10:00')] })),
    ).toMatchObject({ satisfied: true });
  });

  it('the floor does not count an author, a stale review or an old label', () => {
    const evidence = {
      reviews: [
        review('ann', 'approved', '10:00'),
        review('mia', 'approved', '10:00', { commit: 'c1' }),
      ],
      labels: [label('max', 'labeled', '08:00')],
    };
    expect(judged(allowing('pull_request.merge'), withEvidence(evidence)).satisfied).toBe(false);
  });

  it('without a pull request nothing can be approved', () => {
    const request = withEvidence(
      { labels: [label('mia', 'labeled', '10:00')] },
      { ...merge, pull_request: null },
    );
    expect(judged(allowing('pull_request.merge'), request).satisfied).toBe(false);
  });

  it('other actions may be allowed', () => {
    expect(
      judged(allowing('pull_request.open'), { ...acting('pull_request.open'), pull_request: pull })
        .effect,
    ).toBe('allow');
  });

  it('denying remains possible', () => {
    const set = policies(
      'rules: [{ id: open, actions: [pull_request.merge], effect: allow }, { id: no, actions: [pull_request.merge], effect: deny }]',
    );
    expect(
      judged(set, withEvidence({ reviews: [review('mia', 'approved', '10:00')] })),
    ).toMatchObject({ effect: 'deny', satisfied: false });
  });
});
