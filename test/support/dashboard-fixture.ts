import type {
  DashboardSource,
  ItemPage,
  Overview,
  ReportPage,
} from '../../src/application/views/views.ts';
import type { Figures } from '../../src/domain/effectiveness/figures.ts';

const at = '2026-11-21T09:12:00.000Z';
const repository = { full_name: 'acme/widgets', url: 'https://github.com/acme/widgets' };
const github = (path: string) => `${repository.url}/${path}`;

/** What people write who want to be more than text. */
export const hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>';

const merge = {
  id: 'pull-41',
  number: 41,
  kind: 'pull_request',
  title: 'Parse durations such as 1h30m',
  url: github('pull/41'),
} as const;
const plan = {
  id: 'issue-44',
  number: 44,
  kind: 'issue',
  title: 'Time zones are ignored when a window crosses midnight',
  url: github('issues/44'),
} as const;
const outage = {
  id: 'issue-45',
  number: 45,
  kind: 'issue',
  title: `A title that wants to be more than a title ${hostile}`,
  url: github('issues/45'),
} as const;

const waitsForMerge = {
  item: merge,
  whom: '1 of acme/security',
  human: true,
  what: 'approve the merge of 3f2c9d1',
  how: 'Approve the pull request in a review, or label it assent:approve.',
  since: '2026-11-21T08:40:00.000Z',
};

const overview: Overview = {
  at,
  repositories: [
    {
      ...repository,
      halted: null,
      disabled_agents: ['governor'],
      requests: [],
      cycle: { number: 3, merges: 4, every: 5 },
      ledger: {
        branch: 'assent/ledger',
        sequence: 412,
        hash: 'b71c3a90e2f4'.repeat(5),
        foreign_patch: null,
        set_aside: [
          {
            at,
            reason: `000001.jsonl:3 was edited ${hostile}`,
            authors: ['Mallory'],
            url: github('compare/a...b'),
          },
        ],
      },
      faults: [],
      waiting: [
        waitsForMerge,
        {
          item: plan,
          whom: 'a maintainer',
          human: true,
          what: 'approve the plan 9e4f12c',
          how: 'Label the issue assent:approve, or comment /assent approve.',
          since: '2026-11-21T08:55:00.000Z',
        },
        {
          item: outage,
          whom: 'the model',
          human: false,
          what: 'triage goes on when it answers',
          how: null,
          since: '2026-11-21T09:05:00.000Z',
        },
      ],
      items: [
        {
          ...outage,
          stage: 'triage',
          authority: 'model_unavailable',
          headline: 'Triage waits for the model',
          note: '503 from the model; next try at 09:15',
          held: null,
          pull_request: null,
        },
        {
          ...plan,
          stage: 'plan',
          authority: 'waiting_for_human',
          headline: 'The plan waits for a human',
          note: null,
          held: null,
          pull_request: null,
        },
        {
          id: 'issue-43',
          number: 43,
          kind: 'issue',
          title: 'Rename the option --quiet to --silent',
          url: github('issues/43'),
          stage: 'contribution',
          authority: 'running',
          headline: 'On hold, by ada',
          note: null,
          held: 'ada: after the release',
          pull_request: null,
        },
        {
          ...merge,
          stage: 'merge',
          authority: 'waiting_for_human',
          headline: 'The merge waits for a human',
          note: null,
          held: null,
          pull_request: null,
        },
        {
          id: 'issue-39',
          number: 39,
          kind: 'issue',
          title: 'supercalifragilisticexpialidocious'.repeat(4),
          url: github('issues/39'),
          stage: 'contribution',
          authority: 'dead',
          headline: 'Contribution did not work out; a human is needed',
          note: 'The steps failed three times: npm test',
          held: null,
          pull_request: null,
        },
      ],
    },
    {
      full_name: 'acme/gadgets',
      url: 'https://github.com/acme/gadgets',
      halted: { by: 'ada', reason: 'release freeze', since: '2026-11-20T17:00:00.000Z' },
      disabled_agents: [],
      requests: [],
      cycle: { number: 1, merges: 0, every: 5 },
      ledger: {
        branch: 'assent/ledger',
        sequence: 9,
        hash: '00aa11bb22cc'.repeat(5),
        foreign_patch: `-{"a":1}\n+${hostile}`,
        set_aside: [],
      },
      faults: ['policies/default.yml:12:5: unknown key "efect"; did you mean "effect"?'],
      waiting: [],
      items: [],
    },
  ],
  deliveries: {
    received: 318,
    duplicates: 4,
    waiting: 1,
    recent: [
      {
        id: 'd3',
        event: 'pull_request_review',
        action: 'submitted',
        repository: 'acme/widgets',
        at,
        outcome: null,
        reason: null,
      },
      {
        id: 'd2',
        event: 'issues',
        action: 'labeled',
        repository: 'acme/widgets',
        at: '2026-11-21T09:11:00.000Z',
        outcome: 'handled',
        reason: "the label is a stranger's and counts for nothing",
      },
      {
        id: 'd1',
        event: 'star',
        action: 'created',
        repository: 'acme/widgets',
        at: '2026-11-21T09:00:00.000Z',
        outcome: 'ignored',
        reason: 'nothing in Assent answers to star',
      },
    ],
  },
};

const page: ItemPage = {
  repository,
  item: {
    ...merge,
    stage: 'merge',
    authority: 'waiting_for_human',
    headline: 'The merge waits for a human',
    note: null,
    held: null,
    pull_request: null,
  },
  waiting: [waitsForMerge],
  approvals: [
    {
      gate: 'pull_request.merge',
      login: 'bob',
      by: 'review',
      digest: '3f2c9d1a77',
      at: '2026-11-21T08:50:00.000Z',
    },
  ],
  ignored: [
    {
      evidence: 'label assent:approve by eve',
      reason: 'eve has the permission read; maintain or more is needed',
    },
    { evidence: 'review 7 by bob', reason: 'given on a81be02; the head is 3f2c9d1' },
  ],
  notices: [],
  verdict: {
    action: 'pull_request.merge',
    effect: 'require_human',
    satisfied: false,
    reasons: {
      text: '… rule merge asks for two steps',
      children: [
        { text: '✓ code: 1 of 1, bob by review on 3f2c9d1', children: [] },
        {
          text: '… security, because src/auth/session.ts is touched',
          children: [
            { text: '… 0 of 1 from acme/security', children: [] },
            { text: '– owners: 0 of 2, not needed if security approves', children: [] },
          ],
        },
      ],
    },
  },
  timeline: [
    {
      sequence: 301,
      at: '2026-11-21T07:30:00.000Z',
      actor: { kind: 'system', login: 'assent' },
      type: 'item.created',
      text: 'opened "Parse durations such as 1h30m"',
    },
    {
      sequence: 307,
      at: '2026-11-21T07:31:12.000Z',
      actor: { kind: 'agent', login: 'reviewer' },
      type: 'agent.proposed',
      text: 'reviewer proposed review.publish (b1946ac92492)',
    },
    {
      sequence: 333,
      at: '2026-11-21T08:20:00.000Z',
      actor: { kind: 'human', login: 'bob' },
      type: 'approval.given',
      text: 'approved the merge on a81be02 by review',
    },
    {
      sequence: 334,
      at: '2026-11-21T08:31:00.000Z',
      actor: { kind: 'system', login: 'assent' },
      type: 'approval.ended',
      text: `approval of the merge by bob ended: the head moved; the commit says ${hostile}`,
    },
  ],
};

const figures = (change: Partial<Figures> = {}): Figures => ({
  runs: 0,
  failed: 0,
  dead: 0,
  outages: 0,
  proposals: 0,
  accepted_at_first: 0,
  accepted_after_rework: 0,
  rejected: 0,
  refused_calls: 0,
  tokens: 0,
  tokens_in_vain: 0,
  usd: 0,
  unpriced: 0,
  acceptance_at_first: null,
  decisions_waited_for: 0,
  median_wait_seconds: null,
  ...change,
});

const contributed = (share: number, tokens: number): Figures =>
  figures({
    runs: 10,
    proposals: 9,
    failed: 1,
    accepted_at_first: Math.round(share * 8),
    accepted_after_rework: 2,
    acceptance_at_first: share,
    tokens,
    tokens_in_vain: 12_000,
    usd: 1.5,
    unpriced: 1,
    median_wait_seconds: 7_300,
  });

const byAgent = (contributor: Figures) => ({
  triager: figures({ runs: 14, proposals: 12, tokens: 61_000, unpriced: 14 }),
  contributor,
  reviewer: figures({ runs: 9, proposals: 9, tokens: 90_500, usd: 0.31 }),
  governor: figures(),
});

const report: ReportPage = {
  repository,
  sequence: 412,
  total: byAgent(contributed(0.625, 1_204_000)),
  cycles: [0.4, 0.5, 0.75].map((share, index) => ({
    cycle: index + 1,
    from: at,
    to: index === 2 ? null : at,
    agents: byAgent(contributed(share, 500_000 - index * 90_000)),
  })),
  memory: {
    notes: [
      {
        kind: 'rejected',
        item: 'issue-31',
        title: `Rewrite it all ${hostile}`,
        text: `Not in this release ${hostile}`,
        by: 'ada',
        at,
      },
      {
        kind: 'mended',
        item: 'issue-12',
        title: 'Durations',
        text: 'npm test failed',
        by: null,
        at,
      },
    ],
    more: 7,
  },
};

/** A morning in two repositories, with everything the pages can show. */
export const dashboardFixture: DashboardSource = {
  overview: async () => overview,
  item: async (repository, id) => (repository === 'acme/widgets' && id === merge.id ? page : null),
  report: async (full_name) => (full_name === 'acme/widgets' ? report : null),
};
