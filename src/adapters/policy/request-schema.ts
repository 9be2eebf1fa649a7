import { z } from 'zod';
import type { PolicyRequest } from '../../domain/policy/request.ts';
import { strict } from './issues.ts';

const instant = z.iso.datetime({
  offset: true,
  error: 'takes a time such as 2026-11-20T10:00:00Z',
});
const name = z.string().min(1, { error: 'is empty' });
const amount = z.int().min(0);

const actor = strict({ id: z.int(), login: name, type: z.string() });

const file = strict({
  path: name,
  status: z.string(),
  additions: amount,
  deletions: amount,
  owners: z.array(name).exactOptional(),
});

const commit = strict({
  sha: name,
  author: z.string().nullable(),
  committer: z.string().nullable(),
  author_id: z.int().nullable().exactOptional(),
  committer_id: z.int().nullable().exactOptional(),
  parents: z.array(z.string()),
  pushed_at: instant.nullable().default(null),
});

const push = strict({
  head: name,
  at: instant,
  diff_hash: z.string().nullable(),
  rewritten: z.boolean(),
  paths: z.array(z.string()).nullable(),
  known_until: instant.nullable().exactOptional(),
});

const milestone = strict({
  title: z.string(),
  number: z.int().nullable(),
  status: z.string(),
  line: z.int().positive().nullable(),
  heading: z.string().nullable().exactOptional(),
  path: z.string().nullable().exactOptional(),
});

const roadmapChange = strict({
  title: z.string(),
  rows_added: amount,
  rows_removed: amount,
  opened: z.boolean(),
});

const pullRequest = strict({
  number: z.int(),
  author: actor.nullable(),
  head: name,
  base: z.string(),
  branch: z.string(),
  title: z.string(),
  body: z.string(),
  draft: z.boolean(),
  labels: z.array(z.string()),
  files: z.array(file),
  commits: z.array(commit),
  checks: z.array(strict({ name: z.string(), app_id: z.int(), conclusion: z.string().nullable() })),
  pushes: z.array(push).exactOptional(),
  milestone: milestone.nullable().exactOptional(),
  roadmap: z.array(roadmapChange).exactOptional(),
});

const issue = strict({
  number: z.int(),
  author: actor.nullable(),
  title: z.string(),
  body: z.string(),
  labels: z.array(z.string()),
  state: z.string().default('unknown'),
  plan: strict({ digest: name, published_at: instant }).nullable().default(null),
  milestone: milestone.nullable().exactOptional(),
});

const evidence = strict({
  reviews: z.array(
    strict({
      id: z.int(),
      user: actor.nullable(),
      state: z.string(),
      commit: z.string().nullable(),
      at: instant,
      edited_at: instant.nullable(),
      body: z.string(),
    }),
  ),
  labels: z.array(
    strict({ name: z.string(), action: z.string(), user: actor.nullable(), at: instant }),
  ),
  labels_now: z.array(z.string()).exactOptional(),
  comments: z.array(
    strict({
      id: z.int(),
      user: actor.nullable(),
      body: z.string(),
      at: instant,
      edited_at: instant.nullable(),
      hidden: z.literal(true).exactOptional(),
    }),
  ),
});

const person = strict({
  id: z.int().exactOptional(),
  permission: z.string(),
  teams: z.array(z.string()),
  organizations: z.array(z.string()),
});

const usage = strict({
  tokens_today: amount,
  usd_today: z.number().min(0),
  counts: z.array(strict({ agent: z.string(), action: z.string(), hour: amount, day: amount })),
});

/** The request of CONTRACTS.md, "A verdict". */
export const verdictRequest = strict({
  at: instant,
  repository: strict({ full_name: name, default_branch: name }),
  action: strict({ kind: name, agent: z.string().nullable(), item: z.string().nullable() }),
  pull_request: pullRequest.nullable(),
  issue: issue.nullable(),
  evidence,
  people: z.record(z.string(), person),
  control: strict({ halted: z.boolean(), disabled_agents: z.array(z.string()) }),
  usage,
  unseen_teams: z.array(name).exactOptional(),
  prior_approvals: z
    .array(strict({ gate: name, step: name, id: z.int(), login: name }))
    .exactOptional(),
  made_with: strict({ agent: name, tools: z.array(name), tier: name })
    .nullable()
    .exactOptional(),
}) satisfies z.ZodType<PolicyRequest>;

/** Where a test begins that names no request of its own: nothing done, nobody known, no pull request, no issue. */
export const blankRequest: PolicyRequest = {
  at: '2026-01-05T12:00:00Z',
  repository: { full_name: 'acme/widgets', default_branch: 'main' },
  action: { kind: 'issue.label', agent: null, item: null },
  pull_request: null,
  issue: null,
  evidence: { reviews: [], labels: [], comments: [] },
  people: {},
  control: { halted: false, disabled_agents: [] },
  usage: { tokens_today: 0, usd_today: 0, counts: [] },
};
