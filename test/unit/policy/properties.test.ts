import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/domain/policy/evaluate.ts';
import { renderReasons } from '../../../src/domain/policy/render.ts';
import type { ActorFacts, PolicyRequest } from '../../../src/domain/policy/request.ts';
import type {
  Approval,
  Condition,
  From,
  PolicySet,
  Rule,
} from '../../../src/domain/policy/rules.ts';
import { permissions } from '../../../src/domain/policy/rules.ts';

const kinds = ['pull_request.merge', 'roadmap.publish', 'issue.label'];
/** Mostly what can count, or nearly nothing ever would and the properties would hold of nothing. */
const logins = ['ann', 'bob', 'bob', 'bob', 'constructor', '', 'x[bot]'];

/** Random policies, also ones that no file could hold: the domain does not lean on its reader. */
const orRarelyNull = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.option(arbitrary, { nil: null, freq: 10 });

const condition: fc.Arbitrary<Condition | null> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  fc
    .boolean()
    .map((value) => ({ source: String(value), test: () => ({ ok: true as const, value }) })),
  fc.constant({
    source: 'fails',
    test: () => ({ ok: false as const, refusal: { code: 'x', message: 'fails' } }),
  }),
);

const from: fc.Arbitrary<From> = fc.record(
  {
    users: fc.array(fc.constantFrom(...logins), { maxLength: 2 }),
    teams: fc.array(fc.constantFrom('acme/core', 'acme/qa'), { maxLength: 2 }),
    organizations: fc.array(fc.constantFrom('acme'), { maxLength: 1 }),
    permission: fc.constantFrom('none' as const, ...permissions),
    codeowners: fc.constant(true as const),
    roles: fc.array(fc.constantFrom('maintainer', 'nobody'), { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const { approval } = fc.letrec<{ approval: Approval }>((tie) => ({
  approval: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    fc.record({
      type: fc.constant('requirement' as const),
      step: fc.constantFrom('a', 'b'),
      when: condition,
      from,
      count: fc.integer({ min: 0, max: 2 }),
      by: fc.subarray(['review' as const, 'label' as const, 'command' as const], { minLength: 1 }),
      author: fc.boolean(),
      contributors: fc.boolean(),
      edited: fc.boolean(),
      survives: fc.record({
        rebase: fc.boolean(),
        updateMerge: fc.boolean(),
        paths: fc.constantFrom([], [{ source: '**', test: () => true }]),
      }),
      validFor: fc.oneof(
        { weight: 5, arbitrary: fc.constant(null) },
        fc.constantFrom(1, 86_400_000, Number.NaN),
      ),
      notBy: fc.oneof({ weight: 5, arbitrary: fc.constant([]) }, fc.constant(['a'])),
    }),
    fc.record({
      type: fc.constantFrom('steps' as const, 'any' as const, 'all' as const),
      when: condition,
      parts: fc.array(tie('approval'), { maxLength: 3 }),
    }),
  ),
}));

const ruleBase = {
  file: fc.constant('policies/a.yml'),
  agents: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    fc.subarray(['triager', 'governor']),
  ),
  actions: fc.oneof(fc.constant(kinds), fc.subarray(kinds, { minLength: 1 })),
  when: condition,
  reason: fc.constant(null),
};

const rules: fc.Arbitrary<readonly Rule[]> = fc
  .array(
    fc.oneof(
      fc.record({
        ...ruleBase,
        effect: fc.constantFrom(
          ...Array.from({ length: 9 }, () => 'allow' as const),
          'deny' as const,
        ),
      }),
      fc.record({
        ...ruleBase,
        effect: fc.constant('require_human' as const),
        approval,
        expires: fc.constant(null),
      }),
    ),
    { maxLength: 4 },
  )
  .map((each) => each.map((rule, index): Rule => ({ ...rule, id: `r${index}` })));

const policySet: fc.Arbitrary<PolicySet> = rules.map((each) => ({
  digest: 'd',
  files: ['policies/a.yml'],
  roles: new Map([['maintainer', { permission: 'maintain' as const }]]),
  rules: each,
  limits: [],
  budgets: [],
  windows: [],
  milestones: [],
  retries: [],
}));

/** One rule, whose options decide: among any rules they hardly ever are what a verdict turns on. */
const oneRule: fc.Arbitrary<PolicySet> = fc
  .record({
    from: fc.constantFrom<From>(
      { codeowners: true },
      { codeowners: true, users: ['ann'] },
      { users: ['bob'] },
    ),
    validFor: fc.constantFrom(null, 1, 86_400_000),
    notBy: fc.constantFrom([], ['a'], ['plan.adopt']),
  })
  .map((options) => ({
    digest: 'd',
    files: ['policies/a.yml'],
    roles: new Map(),
    rules: [
      {
        id: 'm',
        file: 'policies/a.yml',
        agents: null,
        actions: kinds,
        when: null,
        reason: null,
        effect: 'require_human',
        expires: null,
        approval: {
          type: 'requirement',
          step: 'code',
          when: null,
          count: 1,
          by: ['review'],
          author: true,
          contributors: true,
          edited: false,
          survives: { rebase: false, updateMerge: false, paths: [] },
          ...options,
        },
      },
    ],
    limits: [],
    budgets: [],
    windows: [],
    milestones: [],
    retries: [],
  }));

const time = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      '2026-11-20T08:00:00Z',
      '2026-11-20T10:00:00Z',
      '2026-11-20T10:00:01Z',
    ),
  },
  fc.constant('no time'),
);

const actor = (type: fc.Arbitrary<string>): fc.Arbitrary<ActorFacts | null> =>
  orRarelyNull(
    fc.record({ id: fc.integer({ min: 1, max: 4 }), login: fc.constantFrom(...logins), type }),
  );

/** Requests with any evidence whose actors are of these types, on any head, by people with these permissions. */
const scattered = (
  type: fc.Arbitrary<string>,
  permission: fc.Arbitrary<string>,
): fc.Arbitrary<PolicyRequest> => {
  const commit = fc.constantFrom('c1', 'c1', 'c1', 'c2');
  return fc.record({
    at: time,
    repository: fc.constant({ full_name: 'acme/widgets', default_branch: 'main' }),
    action: fc.record({
      kind: fc.constantFrom(...kinds),
      agent: fc.constantFrom(null, 'triager', 'governor'),
      item: fc.constant(null),
    }),
    pull_request: orRarelyNull(
      fc.record({
        number: fc.constant(1),
        author: actor(fc.constantFrom('User', 'Bot')),
        head: commit,
        base: fc.constant('main'),
        branch: fc.constant('x'),
        title: fc.string(),
        body: fc.string(),
        draft: fc.boolean(),
        labels: fc.constant([]),
        files: fc.constantFrom(
          [],
          [{ path: 'a', status: 'added', additions: 1, deletions: 0, owners: ['@bob'] }],
          [
            { path: 'a', status: 'added', additions: 1, deletions: 0, owners: ['@bob'] },
            {
              path: 'b',
              status: 'added',
              additions: 1,
              deletions: 0,
              owners: ['@ann'],
            },
          ],
        ),
        commits: fc.array(
          fc.record({
            sha: commit,
            author: fc.constantFrom(null, ...logins),
            committer: fc.constant(null),
            parents: fc.constant([]),
            pushed_at: fc.option(time, { nil: null }),
          }),
          { maxLength: 2 },
        ),
        checks: fc.constant([]),
        pushes: fc.array(
          fc.record({
            head: commit,
            at: time,
            diff_hash: fc.constantFrom(null, 'h'),
            rewritten: fc.boolean(),
            paths: fc.constantFrom(null, ['a']),
          }),
          { maxLength: 3 },
        ),
      }),
    ),
    issue: fc.constant(null),
    evidence: fc.record({
      reviews: fc.array(
        fc.record({
          id: fc.integer({ min: 1, max: 5 }),
          user: actor(type),
          state: fc.constantFrom(
            'approved',
            'approved',
            'approved',
            'approved',
            'approved',
            'changes_requested',
            'dismissed',
            'commented',
            'odd',
          ),
          commit: orRarelyNull(commit),
          at: time,
          edited_at: fc.constant(null),
          body: fc.constant('/assent approve'),
        }),
        { maxLength: 4 },
      ),
      labels: fc.array(
        fc.record({
          name: fc.constantFrom('assent:approve', 'assent:reject', 'bug'),
          action: fc.constantFrom('labeled', 'unlabeled', 'odd'),
          user: actor(type),
          at: time,
        }),
        { maxLength: 3 },
      ),
      comments: fc.array(
        fc.record({
          id: fc.integer({ min: 1, max: 5 }),
          user: actor(type),
          body: fc.constantFrom('/assent approve', '/assent override x', '> /assent approve', 'hm'),
          at: time,
          edited_at: fc.option(time, { nil: null }),
        }),
        { maxLength: 3 },
      ),
    }),
    people: fc.dictionary(
      fc.constantFrom(...logins),
      fc.record({
        permission,
        teams: fc.subarray(['acme/core']),
        organizations: fc.subarray(['acme']),
      }),
      { minKeys: 2 },
    ),
    control: fc.record({
      halted: fc.constantFrom(false, false, false, true),
      disabled_agents: fc.constantFrom([], [], ['triager']),
    }),
    usage: fc.constant({ tokens_today: 0, usd_today: 0, counts: [] }),
    prior_approvals: fc.constantFrom(
      [],
      [{ gate: 'plan.adopt', step: 'a', id: 2, login: 'bob' }],
      [{ gate: 'plan.adopt', step: 'a', id: 9, login: 'bob' }],
    ),
  });
};

/** The same, half of them with one more approval that lacks nothing but what these types and permissions do not give. */
const request = (
  type: fc.Arbitrary<string>,
  permission: fc.Arbitrary<string>,
): fc.Arbitrary<PolicyRequest> =>
  fc
    .tuple(scattered(type, permission), fc.boolean(), type, permission)
    .map(([asked, approved, itsType, itsPermission]) => {
      if (!approved || asked.pull_request === null) return asked;
      const person = {
        permission: itsPermission,
        teams: ['acme/core', 'acme/qa'],
        organizations: ['acme'],
      };
      const user = { id: 9, login: 'bob', type: itsType };
      const review = {
        id: 9,
        user,
        state: 'approved',
        commit: asked.pull_request.head,
        at: '2026-11-20T11:00:00Z',
        edited_at: null,
        body: '',
      };
      return {
        ...asked,
        evidence: { ...asked.evidence, reviews: [review] },
        people: { ...asked.people, bob: person },
        control: { halted: false, disabled_agents: [] },
      };
    });

const anything = request(
  fc.constantFrom('User', 'Bot', 'Organization', ''),
  fc.constantFrom(...permissions, 'odd'),
);
const passes = ({ effect, satisfied }: ReturnType<typeof evaluate>) =>
  effect === 'allow' || satisfied;
const runs = { numRuns: 100 };

describe('for any policies and any request', () => {
  it('there is a verdict, and it can be rendered', () => {
    fc.assert(
      fc.property(policySet, anything, (set, asked) => {
        const verdict = evaluate(set, asked);
        expect(['allow', 'require_human', 'deny']).toContain(verdict.effect);
        expect(renderReasons(verdict.reasons)).not.toBe('');
      }),
      runs,
    );
  });

  it('a merge or a roadmap never passes on the word of those who are no person, or may not write', () => {
    const noUsers = request(
      fc.constantFrom('Bot', 'Organization', ''),
      fc.constantFrom(...permissions),
    );
    const noWriters = request(
      fc.constantFrom('User', 'Bot'),
      fc.constantFrom('none', 'read', 'triage', 'odd'),
    );
    fc.assert(
      fc.property(
        policySet,
        fc.oneof(noUsers, noWriters),
        fc.constantFrom('pull_request.merge', 'roadmap.publish'),
        (set, asked, kind) => {
          const verdict = evaluate(set, { ...asked, action: { ...asked.action, kind } });
          expect(passes(verdict)).toBe(false);
        },
      ),
      { numRuns: 250 },
    );
  });

  it('and merges do pass on the word of those who may', () => {
    const sample = fc.sample(
      fc.tuple(policySet, request(fc.constant('User'), fc.constantFrom('maintain', 'admin'))),
      { numRuns: 300, seed: 1 },
    );
    const passed = sample.filter(([set, asked]) =>
      passes(evaluate(set, { ...asked, action: { ...asked.action, kind: 'pull_request.merge' } })),
    );
    expect(passed.length).toBeGreaterThan(20);
  });

  it('a merge that passes names at least one approver, on the head or on one the policy lets it survive', () => {
    fc.assert(
      fc.property(policySet, anything, (set, asked) => {
        const verdict = evaluate(set, {
          ...asked,
          action: { ...asked.action, kind: 'pull_request.merge' },
        });
        if (passes(verdict)) expect(verdict.approvers.length).toBeGreaterThan(0);
      }),
      runs,
    );
  });

  it('a rule that denies makes every verdict a denial', () => {
    fc.assert(
      fc.property(policySet, anything, fc.nat(4), (set, asked, place) => {
        const deny: Rule = {
          id: 'deny',
          file: 'policies/a.yml',
          agents: null,
          actions: kinds,
          when: null,
          reason: null,
          effect: 'deny',
        };
        const verdict = evaluate({ ...set, rules: set.rules.toSpliced(place, 0, deny) }, asked);
        expect(verdict).toMatchObject({ effect: 'deny', satisfied: false });
      }),
      runs,
    );
  });

  it('the order of the rules does not matter to the effect', () => {
    fc.assert(
      fc.property(policySet, anything, (set, asked) => {
        const one = evaluate(set, asked);
        const other = evaluate({ ...set, rules: set.rules.toReversed() }, asked);
        expect([other.effect, other.satisfied]).toEqual([one.effect, one.satisfied]);
      }),
      runs,
    );
  });

  it('the order of the evidence of different people does not matter', () => {
    fc.assert(
      fc.property(policySet, anything, (set, asked) => {
        const reviews = asked.evidence.reviews.map((review, index) => ({
          ...review,
          id: index + 1,
        }));
        const one = evaluate(set, { ...asked, evidence: { ...asked.evidence, reviews } });
        const other = evaluate(set, {
          ...asked,
          evidence: { ...asked.evidence, reviews: reviews.toReversed() },
        });
        expect([other.effect, other.satisfied]).toEqual([one.effect, one.satisfied]);
      }),
      runs,
    );
  });

  it('what somebody unknown says changes nothing', () => {
    const stranger: ActorFacts = { id: 77, login: 'eve', type: 'User' };
    const said = { user: stranger, at: '2026-11-20T11:30:00Z', edited_at: null };
    fc.assert(
      fc.property(
        policySet,
        anything,
        fc.constantFrom('approved', 'changes_requested', 'dismissed'),
        fc.constantFrom('approve', 'reject', 'override x'),
        (set, asked, state, verb) => {
          const { reviews, comments } = asked.evidence;
          const evidence = {
            ...asked.evidence,
            reviews: [...reviews, { ...said, id: 700, state, commit: 'c1', body: '' }],
            comments: [...comments, { ...said, id: 701, body: `/assent ${verb}` }],
          };
          const before = evaluate(set, asked);
          const after = evaluate(set, { ...asked, evidence });
          expect([after.effect, after.satisfied, after.approvers]).toEqual([
            before.effect,
            before.satisfied,
            before.approvers,
          ]);
        },
      ),
      runs,
    );
  });

  it('the same request gives the same verdict', () => {
    fc.assert(
      fc.property(policySet, anything, (set, asked) => {
        expect(evaluate(set, structuredClone(asked))).toEqual(evaluate(set, asked));
      }),
      runs,
    );
  });

  const merging = (asked: PolicyRequest): PolicyRequest => ({
    ...asked,
    action: { ...asked.action, kind: 'pull_request.merge' },
  });
  /** A merge that did not pass, and does once this has become of the request; null where none is found. */
  const opened = (less: (asked: PolicyRequest) => PolicyRequest, sets = policySet) =>
    fc.check(
      fc.property(sets, anything, (set, asked) => {
        const [before, after] = [merging(asked), merging(less(asked))];
        return passes(evaluate(set, before)) || !passes(evaluate(set, after));
      }),
      { numRuns: 1000 },
    ).counterexample;

  it('taking comments away that object to nothing lets no merge pass', () => {
    expect(
      opened((asked) => ({ ...asked, evidence: { ...asked.evidence, comments: [] } })),
    ).toBeNull();
  });

  it('taking all evidence away leaves no merge that passes', () => {
    fc.assert(
      fc.property(policySet, anything, (set, asked) => {
        const evidence = { reviews: [], labels: [], comments: [] };
        expect(passes(evaluate(set, merging({ ...asked, evidence })))).toBe(false);
      }),
      runs,
    );
  });

  it('time that passes lets no merge pass, where no window opens', () => {
    expect(opened((asked) => ({ ...asked, at: '2027-11-20T11:00:00Z' }), oneRule)).toBeNull();
  });

  it('knowing less of who approved before, or who owns what, lets no merge pass', () => {
    expect(
      opened((asked) => {
        const { prior_approvals: _, ...unknown } = asked;
        const pull = asked.pull_request;
        const files = pull?.files.map(({ owners, ...file }) =>
          file.path === 'b' ? file : { ...file, owners: owners ?? [] },
        );
        return { ...unknown, pull_request: pull === null ? null : { ...pull, files: files ?? [] } };
      }, oneRule),
    ).toBeNull();
  });

  it('nor does one more who approved before', () => {
    expect(
      opened(
        (asked) => ({
          ...asked,
          prior_approvals: [
            ...(asked.prior_approvals ?? []),
            { gate: 'plan.adopt', step: 'a', id: 9, login: 'bob' },
          ],
        }),
        oneRule,
      ),
    ).toBeNull();
  });
});
