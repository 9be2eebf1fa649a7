import fc from 'fast-check';
import type { PolicyRequest } from '../../src/domain/policy/request.ts';
import { at, bot, everyone, merge, pull, user } from './policy.ts';

const asked = [
  'pull_request.draft',
  'pull_request == null',
  'pull_request.author == null',
  'pull_request.author.login == "ann"',
  'pull_request.title.startsWith("docs")',
  'pull_request.title.matches("^(docs|fix): ")',
  'pull_request.title.upperAscii().contains("FIX")',
  'size(pull_request.title) > 4',
  'pull_request.base in ["main", "dev"]',
  'pull_request.branch == pull_request.base',
  '"bug" in pull_request.labels',
  'pull_request.labels.exists(l, l == pull_request.base)',
  'size(pull_request.files) > 1',
  'pull_request.files.all(f, f.path.startsWith("docs/"))',
  'pull_request.files.exists(f, f.path.lowerAscii().matches("(^|/)[a-z]+\\\\.md$"))',
  'pull_request.files.exists(f, f.path == "docs/A.md" && f.status == "added")',
  'pull_request.files.filter(f, f.status == "added").size() > 0',
  'pull_request.files.filter(f, f.status == "added").all(f, f.additions + f.deletions < 10)',
  'pull_request.files.map(f, f.path).exists(p, p.endsWith(".md"))',
  'pull_request.files.exists(f, has(f.owners) && "@ann" in f.owners)',
  'pull_request.files.exists_one(f, f.additions > 5)',
  'pull_request.commits.exists(c, size(c.parents) > 1)',
  'pull_request.commits.exists(c, pull_request.files.exists(f, f.path == c.sha))',
  'pull_request.files.exists(f, pull_request.files.exists(g, g.path != f.path))',
  'pull_request.checks.exists(c, c.conclusion == null)',
  'pull_request.checks.all(c, c.conclusion == "success")',
  'pull_request.title.split(" ").size() > 1',
  'issue.state == "open"',
  'issue != null && issue.plan != null',
  'has(evidence.labels_now)',
  'action.agent == "contributor"',
  '"ada" in people && people["ada"].permission == "admin"',
  'people["ada"].permission == "admin"',
  'prior_approvals != null',
  'usage.tokens_today > 5 || usage.usd_today >= 1.5',
];

export const condition: fc.Arbitrary<string> = fc.letrec<{ condition: string }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 3, arbitrary: fc.constantFrom(...asked) },
    tie('condition').map((one) => `!(${one})`),
    fc
      .tuple(tie('condition'), fc.constantFrom('&&', '||'), tie('condition'))
      .map(([one, how, other]) => `(${one}) ${how} (${other})`),
    fc
      .tuple(tie('condition'), tie('condition'), tie('condition'))
      .map(([one, then, other]) => `(${one}) ? (${then}) : (${other})`),
  ),
})).condition;

const some = <T>(arbitrary: fc.Arbitrary<T>, maxLength = 3) => fc.array(arbitrary, { maxLength });
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 4 });

const file = fc.record(
  {
    path: fc.constantFrom('docs/A.md', 'docs/b.MD', 'docs/c.txt', 'src/a.ts', 'README.md', 'c3'),
    status: fc.constantFrom('added', 'modified'),
    additions: fc.nat(12),
    deletions: fc.nat(3),
    owners: fc.subarray(['@ann', '@tess', '@acme/core']),
  },
  { requiredKeys: ['path', 'status', 'additions', 'deletions'] },
);
const commit = fc.record({
  sha: fc.constantFrom('c3', 'c2'),
  author: orNull(fc.constant('ann')),
  committer: fc.constant('ann'),
  parents: fc.subarray(['c1', 'c0']),
  pushed_at: fc.constant(null),
});

/** Merges on which nobody has spoken. */
export const silentMerge: fc.Arbitrary<PolicyRequest> = fc
  .record({
    action: fc.record({
      kind: fc.constant('pull_request.merge'),
      agent: orNull(fc.constantFrom('contributor', 'governor')),
      item: fc.constant('pull-12'),
    }),
    pull_request: orNull(
      fc
        .record({
          author: orNull(fc.constantFrom(user('ann'), user('mia'))),
          title: fc.constantFrom('docs: a', 'fix: b', 'Fix', '', 'docs'),
          base: fc.constantFrom('main', 'dev', 'bug'),
          branch: fc.constantFrom('main', 'feature'),
          draft: fc.boolean(),
          labels: fc.subarray(['bug', 'main', 'wip']),
          files: some(file),
          commits: some(commit, 2),
          checks: some(
            fc.record({
              name: fc.constant('ci'),
              app_id: fc.constant(1),
              conclusion: orNull(fc.constantFrom('success', 'failure')),
            }),
            2,
          ),
        })
        .map((facts) => ({ ...pull, ...facts })),
    ),
    issue: orNull(
      fc.record({
        number: fc.constant(3),
        author: fc.constant(user('ann')),
        title: fc.constant('x'),
        body: fc.constant(''),
        labels: fc.constant([]),
        state: fc.constantFrom('open', 'closed'),
        plan: orNull(fc.constant({ digest: 'p1', published_at: merge.at })),
      }),
    ),
    labels_now: fc.option(fc.constant(['bug']), { nil: undefined }),
    people: fc.constantFrom({}, { ada: { permission: 'admin', teams: [], organizations: [] } }),
    tokens_today: fc.nat(10),
    prior: fc.constantFrom(undefined, []),
  })
  .map(({ labels_now: now, tokens_today: tokens, prior, ...facts }) => ({
    ...merge,
    ...facts,
    ...(prior === undefined ? {} : { prior_approvals: prior }),
    evidence: {
      reviews: [],
      labels: [],
      comments: [],
      ...(now === undefined ? {} : { labels_now: now }),
    },
    usage: { ...merge.usage, tokens_today: tokens },
  }));

const acting = fc.constantFrom(
  user('olga'),
  user('mia'),
  user('walt'),
  user('tess'),
  user('ann'),
  bot,
);
const on = fc.constantFrom('c3', 'c3', 'c2');
const hour = fc.constantFrom('09:30', '10:00', '10:15', '11:00').map(at);
const edits = fc.constantFrom(null, null, at('11:30'));

/** What people said of a merge, in every way there is, on this head and the one before. */
export const spokenMerge: fc.Arbitrary<PolicyRequest> = fc
  .record({
    reviews: some(
      fc.record({
        id: fc.integer({ min: 1, max: 9 }),
        user: acting,
        state: fc.constantFrom('approved', 'approved', 'approved', 'changes_requested'),
        commit: on,
        at: hour,
        edited_at: fc.constant(null),
        body: fc.constant(''),
      }),
    ),
    labels: some(
      fc.record({
        name: fc.constantFrom('assent:approve', 'assent:approve', 'assent:reject'),
        action: fc.constantFrom('labeled', 'labeled', 'unlabeled'),
        user: acting,
        at: hour,
      }),
      2,
    ),
    comments: some(
      fc.record({
        id: fc.integer({ min: 1, max: 9 }),
        user: acting,
        body: fc.constantFrom('/assent approve', '/assent approve', '/assent override so be it'),
        at: hour,
        edited_at: edits,
      }),
      2,
    ),
    teams: fc.subarray(['walt', 'tess'] as const),
    rewritten: fc.boolean(),
    same: fc.boolean(),
    paths: fc.constantFrom(null, ['docs/a.md'], ['src/a.ts']),
    author: fc.constantFrom(user('ann'), user('mia')),
    committer: fc.constantFrom('ann', 'walt'),
    parents: fc.constantFrom(['c2'], ['c2', 'm1']),
    draft: fc.boolean(),
    prior: fc.constantFrom(
      undefined,
      [],
      [{ gate: 'plan.adopt', step: 'plan', id: user('mia').id, login: 'mia' }],
    ),
  })
  .map(
    ({
      reviews,
      labels,
      comments,
      teams,
      rewritten,
      same,
      paths,
      author,
      committer,
      parents,
      draft,
      prior,
    }) => ({
      ...merge,
      ...(prior === undefined ? {} : { prior_approvals: prior }),
      people: {
        ...everyone,
        ...Object.fromEntries(
          teams.map((login) => [
            login,
            { permission: 'read', teams: ['acme/core'], organizations: [] },
          ]),
        ),
      },
      evidence: { reviews, labels, comments },
      pull_request: {
        ...pull,
        author,
        draft,
        commits: [{ sha: 'c3', author: 'ann', committer, parents, pushed_at: at('10:00') }],
        pushes: [
          { head: 'c2', at: at('09:00'), diff_hash: 'd1', rewritten: false, paths: null },
          { head: 'c3', at: at('10:00'), diff_hash: same ? 'd1' : 'd2', rewritten, paths },
        ],
      },
    }),
  );
