import { describe, expect, it } from 'vitest';
import type { PolicyRequest, PushFacts } from '../../../src/domain/policy/request.ts';
import {
  at,
  comment,
  judged,
  label,
  merge,
  policies,
  pull,
  requiring,
  review,
  withEvidence,
} from '../../support/policy.ts';

const push = (head: string, clock: string, more: Partial<PushFacts> = {}): PushFacts => ({
  head,
  at: at(clock),
  diff_hash: 'same',
  rewritten: false,
  paths: null,
  ...more,
});

const surviving = (survives: string) =>
  requiring(
    `{ id: code, from: { permission: maintain }, by: [review, label, command], survives: ${survives} }`,
  );

const pushed = (
  pushes: readonly PushFacts[],
  parents: readonly string[] = ['c2'],
): PolicyRequest => ({
  ...merge,
  pull_request: {
    ...pull,
    pushes,
    commits: [
      { sha: 'c3', author: 'ann', committer: 'ann', parents, pushed_at: pushes.at(-1)?.at ?? null },
    ],
  },
});

const onTheFirst = { reviews: [review('mia', 'approved', '08:30', { commit: 'c1' })] };
const first = push('c1', '08:00');

describe('an approval survives a push', () => {
  it.each<[string, string, PolicyRequest]>([
    [
      'a rebase that leaves the diff as it was',
      '[rebase]',
      pushed([first, push('c3', '09:00', { rewritten: true })]),
    ],
    [
      'a merge of the base that leaves the diff as it was',
      '[update_merge]',
      pushed([first, push('c3', '09:00')], ['c1', 'm1']),
    ],
    [
      'a change within the named paths',
      '[{ paths: ["docs/**"] }]',
      pushed([
        first,
        push('c3', '09:00', { diff_hash: 'other', paths: ['docs/a.md', 'docs/b/c.md'] }),
      ]),
    ],
    [
      'several of them in a row',
      '[rebase]',
      pushed([
        first,
        push('c2', '08:45', { rewritten: true }),
        push('c3', '09:00', { rewritten: true }),
      ]),
    ],
  ])('%s', (_rule, survives, request) => {
    expect(judged(surviving(survives), withEvidence(onTheFirst, request))).toMatchObject({
      satisfied: true,
    });
  });

  it('also when it was given by label, on the head of its time', () => {
    const request = pushed([first, push('c3', '09:00', { rewritten: true })]);
    const evidence = { labels: [label('mia', 'labeled', '08:30')] };
    expect(judged(surviving('[rebase]'), withEvidence(evidence, request)).satisfied).toBe(true);
  });
});

describe('a label on a head that was pushed away', () => {
  it.each<[string, string | null | undefined, boolean]>([
    ['survives where that head is known to have stood until then', at('08:30'), true],
    ['survives where the pushes are all there were', undefined, true],
    ['survives not where it came after what is known', at('08:29'), false],
    ['survives not where nothing is known', null, false],
  ])('%s', (_rule, until, satisfied) => {
    const known = until === undefined ? {} : { known_until: until };
    const request = pushed([{ ...first, ...known }, push('c3', '09:00', { rewritten: true })]);
    const evidence = { labels: [label('mia', 'labeled', '08:30')] };
    expect(judged(surviving('[rebase]'), withEvidence(evidence, request)).satisfied).toBe(
      satisfied,
    );
  });
});

describe('an approval ends with a push', () => {
  const rebased = [first, push('c3', '09:00', { rewritten: true })];
  it.each<[string, string, PolicyRequest]>([
    ['unless the requirement says otherwise', '[]', pushed(rebased)],
    [
      'that changes the diff',
      '[rebase]',
      pushed([first, push('c3', '09:00', { rewritten: true, diff_hash: 'other' })]),
    ],
    [
      'whose diff nobody knows',
      '[rebase]',
      pushed([
        { ...first, diff_hash: null },
        push('c3', '09:00', { rewritten: true, diff_hash: null }),
      ]),
    ],
    [
      'that is no force push, where only rebases are survived',
      '[rebase]',
      pushed([first, push('c3', '09:00')]),
    ],
    [
      'that merges nothing, where only merges of the base are survived',
      '[update_merge]',
      pushed([first, push('c3', '09:00')]),
    ],
    [
      'that changes a path beside the named ones',
      '[{ paths: ["docs/**"] }]',
      pushed([
        first,
        push('c3', '09:00', { diff_hash: 'other', paths: ['docs/a.md', 'src/a.ts'] }),
      ]),
    ],
    [
      'whose paths nobody knows',
      '[{ paths: ["**"] }]',
      pushed([first, push('c3', '09:00', { diff_hash: 'other' })]),
    ],
    [
      'by a path with a line break in it',
      '[{ paths: ["docs/**"] }]',
      pushed([first, push('c3', '09:00', { diff_hash: 'other', paths: ['docs/a\nb'] })]),
    ],
    [
      'when one of several is none it survives',
      '[rebase]',
      pushed([
        first,
        push('c2', '08:45', { diff_hash: 'other' }),
        push('c3', '09:00', { rewritten: true }),
      ]),
    ],
    [
      'when the pushes do not end at the head',
      '[rebase]',
      pushed([first, push('c9', '09:00', { rewritten: true })]),
    ],
    [
      'when the pushes run backwards',
      '[rebase]',
      pushed([{ ...first, at: at('10:00') }, push('c3', '09:00', { rewritten: true })]),
    ],
    ['when nobody knows the pushes', '[rebase]', merge],
    [
      'when it was given on no known head',
      '[rebase]',
      pushed([push('c3', '09:00', { rewritten: true })]),
    ],
  ])('%s', (_rule, survives, request) => {
    expect(judged(surviving(survives), withEvidence(onTheFirst, request))).toMatchObject({
      satisfied: false,
      ignored: ['given on c1; the head is c3'],
    });
  });

  it('is bound to the later of what the head commit and the last push say', () => {
    const request = pushed([first, push('c3', '09:00')]);
    const late = {
      ...request,
      pull_request: {
        ...pull,
        ...request.pull_request,
        commits: pull.commits.map((commit) => ({ ...commit, pushed_at: at('10:00') })),
      },
    };
    const evidence = { labels: [label('mia', 'labeled', '09:30')] };
    expect(judged(surviving('[]'), withEvidence(evidence, request)).satisfied).toBe(true);
    expect(judged(surviving('[]'), withEvidence(evidence, late)).satisfied).toBe(false);
  });
});

describe('a plan is adopted', () => {
  const adopting = policies(`
rules: [{ id: plan, actions: [plan.adopt], effect: require_human,
  approval: { id: plan, from: { permission: maintain }, by: [review, label, command] } }]`);
  const issue = {
    number: 3,
    author: { id: 2, login: 'mia', type: 'User' },
    title: '',
    body: '',
    labels: [],
    state: 'open',
    plan: { digest: 'p1', published_at: at('09:00') },
  };
  const plan: PolicyRequest = {
    ...merge,
    action: { kind: 'plan.adopt', agent: 'triager', item: 'issue-3' },
    pull_request: null,
    issue,
  };
  const given = { comments: [comment('mia', '/assent approve', '10:00')] };

  it('by an approval after it was published, also by whoever opened the issue', () => {
    expect(judged(adopting, withEvidence(given, plan))).toMatchObject({
      satisfied: true,
      approvers: ['mia by command for plan'],
    });
  });

  it.each<[string, PolicyRequest]>([
    [
      'by one given before',
      { ...plan, issue: { ...issue, plan: { digest: 'p2', published_at: at('10:30') } } },
    ],
    ['while there is none', { ...plan, issue: { ...issue, plan: null } }],
    ['while there is no issue', { ...plan, issue: null }],
    [
      'when nobody can tell when it was published',
      { ...plan, issue: { ...issue, plan: { digest: 'p1', published_at: 'yesterday' } } },
    ],
  ])('not %s', (_rule, request) => {
    expect(judged(adopting, withEvidence(given, request))).toMatchObject({
      effect: 'require_human',
      satisfied: false,
    });
  });

  it('not by a review, which names a commit', () => {
    expect(
      judged(adopting, withEvidence({ reviews: [review('mia', 'approved', '10:00')] }, plan))
        .satisfied,
    ).toBe(false);
  });
});
