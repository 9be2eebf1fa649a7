import { describe, expect, it } from 'vitest';
import type { EvidenceFacts, PolicyRequest } from '../../../src/domain/policy/request.ts';
import {
  bot,
  comment,
  everyone,
  judged,
  label,
  merge,
  pull,
  requiring,
  review,
  user,
  withEvidence,
  type Login,
} from '../../support/policy.ts';

const any = requiring(
  '{ id: code, from: { permission: maintain }, count: 1, by: [review, label, command] }',
);
const judge = (evidence: Partial<EvidenceFacts>, request?: PolicyRequest) =>
  judged(any, withEvidence(evidence, request));

const approved = (login: 'mia' | 'max', clock: string) => review(login, 'approved', clock);

describe('an approval counts', () => {
  it.each<[string, Partial<EvidenceFacts>, string]>([
    ['by a review of the head', { reviews: [approved('mia', '10:00')] }, 'mia by review for code'],
    [
      'by a label set after the head was pushed',
      { labels: [label('mia', 'labeled', '10:00')] },
      'mia by label for code',
    ],
    [
      'by a command',
      { comments: [comment('mia', '/assent approve', '10:00')] },
      'mia by command for code',
    ],
    [
      'by a command with a reason',
      { comments: [comment('mia', '/assent approve ship it', '10:00')] },
      'mia by command for code',
    ],
    [
      'by a review that a mere comment followed',
      { reviews: [approved('mia', '10:00'), review('mia', 'commented', '10:30')] },
      'mia by review for code',
    ],
    [
      'by a label taken away and set again',
      {
        labels: [
          label('mia', 'labeled', '10:00'),
          label('max', 'unlabeled', '10:10'),
          label('mia', 'labeled', '10:20'),
        ],
      },
      'mia by label for code',
    ],
    [
      'once, by the first way the requirement names, whatever else its author did',
      { reviews: [approved('mia', '10:00')], labels: [label('mia', 'labeled', '09:30')] },
      'mia by review for code',
    ],
    [
      'by a review whose text was edited',
      { reviews: [review('mia', 'approved', '10:00', { edited_at: '2026-11-20T10:05:00Z' })] },
      'mia by review for code',
    ],
    [
      'of a login in another case',
      { reviews: [review('mia', 'approved', '10:00', { user: { ...user('mia'), login: 'Mia' } })] },
      'Mia by review for code',
    ],
  ])('%s', (_rule, evidence, approver) => {
    expect(judge(evidence)).toMatchObject({ satisfied: true, approvers: [approver], waiting: [] });
  });
});

describe('an approval does not count, and the verdict says why', () => {
  it.each<[string, Partial<EvidenceFacts>, RegExp]>([
    [
      'given on another commit',
      { reviews: [review('mia', 'approved', '10:00', { commit: 'c1' })] },
      /^given on c1; the head is c3$/,
    ],
    [
      'given on no known commit, before the head was pushed',
      { reviews: [review('mia', 'approved', '08:00', { commit: null })] },
      /before the head c3 was pushed/,
    ],
    ['dismissed', { reviews: [review('mia', 'dismissed', '10:00')] }, /^dismissed$/],
    ['in a state nobody knows', { reviews: [review('mia', 'blessed', '10:00')] }, /"blessed"/],
    [
      'of somebody with too little permission',
      { reviews: [review('walt', 'approved', '10:00')] },
      /walt has permission write/,
    ],
    [
      'of somebody without any',
      { reviews: [review('nora', 'approved', '10:00')] },
      /nora has permission none/,
    ],
    ['of a bot', { reviews: [review('mia', 'approved', '10:00', { user: bot })] }, /type Bot/],
    [
      'of a bot with the login of a maintainer',
      { reviews: [review('mia', 'approved', '10:00', { user: { ...user('mia'), type: 'Bot' } })] },
      /type Bot/,
    ],
    [
      'of an actor of no type',
      { reviews: [review('mia', 'approved', '10:00', { user: { ...user('mia'), type: '' } })] },
      /type unknown/,
    ],
    [
      'of a bot that calls itself a user',
      { reviews: [review('mia', 'approved', '10:00', { user: { ...bot, type: 'User' } })] },
      /is no person/,
    ],
    [
      'of an account that is gone',
      { reviews: [review('mia', 'approved', '10:00', { user: null })] },
      /unknown/,
    ],
    ['of the author', { reviews: [review('ann', 'approved', '10:00')] }, /ann is the author/],
    [
      'by a label set before the head was pushed',
      { labels: [label('mia', 'labeled', '08:59')] },
      /before the head c3 was pushed/,
    ],
    [
      'by a label that somebody removed',
      { labels: [label('mia', 'labeled', '10:00'), label('rita', 'unlabeled', '10:30')] },
      /removed by rita/,
    ],
    [
      'by a label of the triage role',
      { labels: [label('tess', 'labeled', '10:00')] },
      /tess has permission triage/,
    ],
    [
      'by a label set and removed in the same second',
      { labels: [label('mia', 'unlabeled', '10:00'), label('mia', 'labeled', '10:00')] },
      /removed/,
    ],
    [
      'by a command that was hidden, which takes it back',
      { comments: [comment('mia', '/assent approve', '10:00', { hidden: true })] },
      /hidden/,
    ],
    [
      'by an edited command',
      {
        comments: [
          comment('mia', '/assent approve', '10:00', { edited_at: '2026-11-20T10:05:00Z' }),
        ],
      },
      /edited/,
    ],
    [
      'by a command given before the head was pushed',
      { comments: [comment('mia', '/assent approve', '08:00')] },
      /before the head/,
    ],
  ])('%s', (_rule, evidence, reason) => {
    const verdict = judge(evidence);
    expect(verdict).toMatchObject({
      effect: 'require_human',
      satisfied: false,
      approvers: [],
      waiting: ['code'],
    });
    expect(verdict.ignored.join('\n')).toMatch(reason);
  });

  it('by a label that is no longer on the item, though nobody was seen to remove it', () => {
    const labels = [label('mia', 'labeled', '10:00')];
    expect(judge({ labels, labels_now: ['bug'] })).toMatchObject({
      satisfied: false,
      ignored: ['the label is no longer on the item'],
    });
    expect(judge({ labels, labels_now: ['Assent:Approve'] }).satisfied).toBe(true);
  });

  it('nor does an older approval come back when a later one is dismissed', () => {
    const verdict = judge({
      reviews: [approved('mia', '10:00'), review('mia', 'dismissed', '11:00')],
    });
    expect(verdict).toMatchObject({ satisfied: false, approvers: [] });
  });

  it('nor one whose own review is listed again as dismissed', () => {
    const given = approved('mia', '10:00');
    expect(judge({ reviews: [{ ...given, state: 'dismissed' }, given] }).satisfied).toBe(false);
  });

  it('nor one that a comment takes back further down', () => {
    expect(
      judge({ comments: [comment('mia', '/assent approve\n/assent reject', '10:00')] }).satisfied,
    ).toBe(false);
  });

  it.each<[string, PolicyRequest['people']]>([
    ['is missing from people', {}],
    [
      'has a permission nobody knows',
      { mia: { permission: 'superuser', teams: [], organizations: [] } },
    ],
  ])('where the person %s', (_rule, people) => {
    const verdict = judge({ reviews: [approved('mia', '10:00')] }, { ...merge, people });
    expect(verdict.satisfied).toBe(false);
    expect(verdict.ignored.join()).toMatch(/permission/);
  });

  it('where a login is named like a property of every object', () => {
    const constructor = { ...user('mia'), login: 'constructor' };
    expect(
      judge({ reviews: [review('mia', 'approved', '10:00', { user: constructor })] }).satisfied,
    ).toBe(false);
  });

  it('where nobody knows when the head was pushed and the act names no commit', () => {
    const commits = pull.commits.map((commit) => ({ ...commit, pushed_at: null }));
    const verdict = judge(
      { labels: [label('mia', 'labeled', '10:00')] },
      { ...merge, pull_request: { ...pull, commits } },
    );
    expect(verdict.satisfied).toBe(false);
    expect(verdict.ignored.join()).toMatch(/not known/);
  });

  it('of a contributor to the change', () => {
    const commits = pull.commits.map((commit) => ({ ...commit, committer: 'MIA' }));
    const verdict = judge(
      { reviews: [approved('mia', '10:00')] },
      { ...merge, pull_request: { ...pull, commits } },
    );
    expect(verdict.ignored).toEqual(['mia authored or committed a commit of it']);
  });
});

describe('a change request of somebody who could approve blocks', () => {
  const request = review('mia', 'changes_requested', '10:00');

  it.each<[string, Partial<EvidenceFacts>]>([
    ['whoever else approves', { reviews: [request, approved('max', '11:00')] }],
    ['after a push as well', { reviews: [{ ...request, commit: 'c1' }, approved('max', '11:00')] }],
    [
      'when it came after the same person approved',
      { reviews: [approved('mia', '09:30'), request, approved('max', '11:00')] },
    ],
    [
      'when given by label',
      {
        labels: [label('mia', 'labeled', '10:00', { name: 'assent:reject' })],
        reviews: [approved('max', '11:00')],
      },
    ],
    [
      'when given by command',
      {
        comments: [comment('mia', '/assent reject not yet', '10:00')],
        reviews: [approved('max', '11:00')],
      },
    ],
    [
      'when a reader took the rejecting label away',
      {
        labels: [
          label('mia', 'labeled', '10:00', { name: 'assent:reject' }),
          label('rita', 'unlabeled', '10:30', { name: 'assent:reject' }),
        ],
        reviews: [approved('max', '11:00')],
      },
    ],
    [
      'when its own author overrides it',
      {
        reviews: [request, approved('max', '11:00')],
        comments: [comment('mia', '/assent override never mind', '11:30')],
      },
    ],
    [
      'when it is overridden without a justification',
      {
        reviews: [request, approved('max', '11:00')],
        comments: [comment('max', '/assent override', '11:30')],
      },
    ],
    [
      'when somebody without the role overrides it',
      {
        reviews: [request, approved('max', '11:00')],
        comments: [comment('walt', '/assent override it is fine', '11:30')],
      },
    ],
    [
      'when the override came before it',
      {
        reviews: [request, approved('max', '11:00')],
        comments: [comment('max', '/assent override whatever comes', '09:30')],
      },
    ],
    [
      'when its author approves in the very same second by label',
      { reviews: [request, approved('max', '11:00')], labels: [label('mia', 'labeled', '10:00')] },
    ],
    [
      'when a later review of its author was dismissed',
      { reviews: [request, review('mia', 'dismissed', '11:00'), approved('max', '11:00')] },
    ],
  ])('%s', (_rule, evidence) => {
    const verdict = judge(evidence);
    expect(verdict).toMatchObject({ satisfied: false, waiting: ['code'] });
    expect(verdict.reasons).toMatch(/mia objects/);
  });

  it.each<[string, Partial<EvidenceFacts>]>([
    ['its author approves', { reviews: [request, approved('mia', '11:00')] }],
    [
      'its author approves in the same second, by a later review',
      { reviews: [request, approved('mia', '10:00')] },
    ],
    [
      'its author approves by label',
      { reviews: [request], labels: [label('mia', 'labeled', '11:00')] },
    ],
    [
      'it is dismissed and somebody approves',
      { reviews: [{ ...request, state: 'dismissed' }, approved('max', '11:00')] },
    ],
    [
      'somebody else with the role overrides it and says why',
      {
        reviews: [request, approved('max', '11:00')],
        comments: [comment('max', '/assent override the flake is known, see #4', '11:30')],
      },
    ],
    [
      'its author takes the rejecting label away',
      {
        labels: [
          label('mia', 'labeled', '10:00', { name: 'assent:reject' }),
          label('mia', 'unlabeled', '10:30', { name: 'assent:reject' }),
        ],
        reviews: [approved('max', '11:00')],
      },
    ],
  ])('until %s', (_rule, evidence) => {
    expect(judge(evidence)).toMatchObject({ satisfied: true, waiting: [] });
  });

  it('and not where its author could not have approved', () => {
    const verdict = judge({
      reviews: [review('rita', 'changes_requested', '10:00'), approved('max', '11:00')],
    });
    expect(verdict.satisfied).toBe(true);
    expect(verdict.ignored.join()).toMatch(/rita has permission read/);
  });

  it.each<[string, Login, RegExp]>([
    ['somebody without the role', 'walt', /an override without effect: walt has permission write/],
    ['the author of the change', 'ann', /an override without effect: ann is the author/],
    ['whoever objects', 'mia', /mia objects; somebody else has to override it/],
  ])('and says why an override of %s has no effect', (_rule, login, reason) => {
    const comments = [comment(login, '/assent override it is fine', '11:30')];
    expect(judge({ reviews: [request], comments }).ignored.join()).toMatch(reason);
  });

  it('and says who blocks', () => {
    const verdict = judge({ reviews: [request] });
    expect(verdict.reasons).toMatch(/✗ mia objects \(review \d+\)/);
  });
});

describe('the options of a requirement', () => {
  const options = (more: string) =>
    requiring(
      `{ id: code, from: { permission: maintain }, by: [review, label, command], ${more} }`,
    );

  it('author lets the author approve, whose own commits then do not matter', () => {
    expect(
      judged(
        options('author: true'),
        withEvidence({ reviews: [review('ann', 'approved', '10:00')] }),
      ).satisfied,
    ).toBe(true);
  });

  it('contributors lets those approve who committed', () => {
    const request = {
      ...merge,
      pull_request: {
        ...pull,
        commits: pull.commits.map((commit) => ({ ...commit, author: 'mia' })),
      },
    };
    const evidence = { reviews: [approved('mia', '10:00')] };
    expect(judged(options('contributors: true'), withEvidence(evidence, request)).satisfied).toBe(
      true,
    );
    expect(judged(options('contributors: false'), withEvidence(evidence, request)).satisfied).toBe(
      false,
    );
  });

  it('edited lets edited commands count', () => {
    const evidence = {
      comments: [comment('mia', '/assent approve', '10:00', { edited_at: '2026-11-20T10:05:00Z' })],
    };
    expect(judged(options('edited: true'), withEvidence(evidence)).satisfied).toBe(true);
  });

  it('by leaves out the other ways', () => {
    const set = requiring('{ id: code, from: { permission: maintain }, by: [review] }');
    const verdict = judged(set, withEvidence({ labels: [label('mia', 'labeled', '10:00')] }));
    expect(verdict).toMatchObject({
      satisfied: false,
      ignored: ['step code takes review, not a label'],
    });
  });
});

describe('from names', () => {
  const people = {
    ...everyone,
    rita: { permission: 'read', teams: ['acme/Security'], organizations: ['Acme'] },
  };
  const evidence = { reviews: [review('rita', 'approved', '10:00')] };

  it.each([
    ['users, without regard to case', '{ users: [RITA] }', true],
    ['teams, without regard to case', '{ teams: [acme/security] }', true],
    ['organizations, without regard to case', '{ organizations: [acme] }', true],
    ['at least a permission', '{ permission: read }', true],
    ['nobody by a higher permission', '{ permission: triage }', false],
    ['nobody by another team', '{ teams: [acme/core] }', false],
    ['whoever any key names', '{ users: [olga], teams: [acme/security] }', true],
    ['nobody when empty', '{}', false],
    ['nobody by empty lists', '{ users: [], teams: [] }', false],
  ])('%s', (_rule, from, counts) => {
    const verdict = judged(
      requiring(`{ id: code, from: ${from} }`),
      withEvidence(evidence, { ...merge, people }),
    );
    expect(verdict.approvers).toEqual(counts ? ['rita by review for code'] : []);
  });
});

it('hiding a rejection does not lift it: less is needed to hide than to lift one', () => {
  const verdict = judge({
    reviews: [approved('max', '10:00')],
    comments: [comment('mia', '/assent reject', '10:05', { hidden: true })],
  });
  expect(verdict.satisfied).toBe(false);
});
