import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsIn } from '../../../src/domain/approval/command.ts';
import { evaluate } from '../../../src/domain/policy/evaluate.ts';
import { recordedVerdict } from '../../../src/domain/policy/record.ts';
import type { PolicyRequest } from '../../../src/domain/policy/request.ts';
import { slim } from '../../../src/domain/policy/slim.ts';
import { comment, label, merge, policies, pull, requiring, review } from '../../support/policy.ts';

const human = '{ id: code, from: { permission: maintain }, count: 1 }';
const asking = requiring(human);

/** Conditions over what is cut, over what is kept, and over neither. */
const conditions = [
  'pull_request.body.contains("urgent")',
  'size(pull_request.body) > 3',
  'pull_request["bo" + "dy"] == ""',
  'evidence.comments.exists(c, c.body.contains("lgtm"))',
  'evidence.reviews.exists(r, r.body == "urgent")',
  'evidence.comments.size() > 1',
  'people.exists(login, people[login].permission == "admin")',
  'pull_request.title == "Greets"',
  'true',
] as const;

/** Compiled once: every condition with every effect, from which sets are put together. */
const rules = policies(
  `rules: [${conditions
    .flatMap((when) =>
      ['allow', 'deny', `require_human, approval: ${human}`].map((says) => ({ when, says })),
    )
    .map(
      ({ when, says }, index) =>
        `{ id: r${index}, actions: [pull_request.merge], when: '${when}', effect: ${says} }`,
    )
    .join(', ')}]`,
).rules;

const set = fc
  .subarray([...rules], { maxLength: 3 })
  .map((some) => ({ ...asking, rules: [...asking.rules, ...some] }));

/** Pieces from which a comment may be put together so that a command hides in it, or one appears that nobody gave. */
const body = fc
  .array(
    fc.constantFrom(
      '/assent approve',
      '/assent reject because',
      '/assent override it is `urgent',
      '/assent APPROVE <pre>',
      '/assent hold <!-- x',
      '-->',
      '`',
      '```',
      '> quoted',
      '',
      'lgtm',
      'urgent',
      '<pre>',
      '</pre>',
      ' /assent approve',
    ),
    { maxLength: 6 },
  )
  .map((lines) => lines.join('\n'));

const login = fc.constantFrom('mia' as const, 'max' as const, 'olga' as const, 'rita' as const);
const clock = fc.constantFrom('08:00', '10:00', '10:30', '11:00');

const request: fc.Arbitrary<PolicyRequest> = fc
  .record({
    text: fc.constantFrom('', 'urgent', 'more'),
    reviews: fc.array(
      fc
        .tuple(login, fc.constantFrom('approved', 'changes_requested', 'commented', 'dismissed'))
        .chain(([who, state]) =>
          fc.tuple(clock, body).map((rest) => [who, state, ...rest] as const),
        ),
      { maxLength: 3 },
    ),
    labels: fc.array(fc.tuple(login, fc.constantFrom('labeled', 'unlabeled'), clock), {
      maxLength: 2,
    }),
    comments: fc.array(fc.tuple(login, body, clock, fc.boolean()), { maxLength: 4 }),
  })
  .map(({ text, reviews, labels, comments }) => ({
    ...merge,
    pull_request: { ...pull, body: text },
    evidence: {
      reviews: reviews.map(([who, state, at, said]) => review(who, state, at, { body: said })),
      labels: labels.map(([who, action, at]) => label(who, action, at)),
      comments: comments.map(([who, said, at, edited]) =>
        comment(who, said, at, edited ? { edited_at: '2026-11-20T11:30:00Z' } : {}),
      ),
    },
  }));

describe('a slim request', () => {
  it('gets the same verdict from the policies it was made slim for, to the last reason', () => {
    fc.assert(
      fc.property(set, request, (asked, whole) => {
        expect(evaluate(asked, slim(asked, whole))).toEqual(evaluate(asked, whole));
      }),
      { numRuns: 100 },
    );
  });

  it('has the same commands in each comment, and none in what it left out', () => {
    const { evidence } = requestOf([]);
    fc.assert(
      fc.property(body, (said) => {
        const asked = {
          ...merge,
          evidence: { ...evidence, comments: [comment('mia', said, '10:00')] },
        };
        const kept = slim(asking, asked).evidence.comments;
        expect(kept.flatMap((one) => commandsIn(one.body))).toEqual(commandsIn(said));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps a command apart from the open code mark of the one before', () => {
    const said = '/assent override a `mark\n\n/assent approve the `other';
    const kept = slim(asking, requestOf([comment('mia', said, '10:00')])).evidence.comments;
    expect(kept.flatMap((one) => commandsIn(one.body)).map(({ verb }) => verb)).toEqual([
      'override',
      'approve',
    ]);
  });

  it('keeps no remark, no text of a review and no description that nobody asked for', () => {
    const whole = requestOf([comment('mia', 'a secret plan\n/assent approve it\nmore', '10:00')]);
    expect(JSON.stringify(slim(asking, whole))).not.toMatch(/secret|described|wrote/);
  });

  it.each(conditions.slice(0, 5))('keeps what %s may read', (when) => {
    const reading = policies(
      `rules: [{ id: a, actions: [issue.label], when: '${when}', effect: deny }]`,
    );
    const whole = requestOf([comment('mia', 'a remark', '10:00')]);
    expect(slim(reading, whole).evidence).toEqual(whole.evidence);
  });
});

const requestOf = (comments: PolicyRequest['evidence']['comments']): PolicyRequest => ({
  ...merge,
  pull_request: { ...pull, body: 'described' },
  evidence: {
    reviews: [review('mia', 'approved', '10:00', { body: 'wrote' })],
    labels: [],
    comments,
  },
});

describe('a verdict as the history keeps it', () => {
  const verdictOn = (request: PolicyRequest) => {
    return recordedVerdict(asking, request, evaluate(asking, request));
  };
  const file = (path: string) => ({ path, status: 'added', additions: 1, deletions: 0 });

  it('names who approved, and the facts that gave it', () => {
    expect(verdictOn(requestOf([]))).toMatchObject({
      action: 'pull_request.merge',
      effect: 'require_human',
      satisfied: true,
      approvers: [{ login: 'mia', by: 'review', digest: 'c3', step: 'code' }],
      facts: { pull_request: { head: 'c3' } },
      facts_missing: null,
    });
  });

  it('goes without facts where they are too large, and says so', () => {
    const files = Array.from({ length: 2000 }, (_, index) => file(`src/deep/${index}.ts`));
    expect(verdictOn({ ...merge, pull_request: { ...pull, files } })).toMatchObject({
      facts: null,
      facts_missing: expect.stringMatching(/^they take \d+ bytes; at most 65536 are recorded$/),
    });
  });

  it('goes without facts where they have no canonical form', () => {
    expect(verdictOn({ ...merge, pull_request: { ...pull, title: '\ud83d' } })).toMatchObject({
      facts: null,
      facts_missing: 'they hold text that is no Unicode',
    });
  });

  it('says why it denies', () => {
    const denying = policies(
      'rules: [{ id: no, actions: [pull_request.merge], effect: deny, reason: Frozen. }]',
    );
    const verdict = recordedVerdict(denying, merge, evaluate(denying, merge));
    expect(verdict).toMatchObject({ effect: 'deny', reason: 'rule no denies it: Frozen.' });
  });
});
