import type { CelInput } from '@bufbuild/cel';
import type { PolicyRequest } from '../../domain/policy/request.ts';

/** The types of `src/domain/policy/request.ts` as conditions see them; a type stands after those it is made of. */
export const factTypes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Repository: { full_name: 'string', default_branch: 'string' },
  Action: { kind: 'string', agent: 'string', item: 'string' },
  Actor: { id: 'int', login: 'string', type: 'string' },
  File: {
    path: 'string',
    status: 'string',
    additions: 'int',
    deletions: 'int',
    owners: 'list<string>',
  },
  Commit: {
    sha: 'string',
    author: 'string',
    committer: 'string',
    author_id: 'int',
    committer_id: 'int',
    parents: 'list<string>',
    pushed_at: 'string',
  },
  Check: { name: 'string', app_id: 'int', conclusion: 'string' },
  Push: {
    head: 'string',
    at: 'string',
    diff_hash: 'string',
    rewritten: 'bool',
    paths: 'list<string>',
    known_until: 'string',
  },
  Milestone: {
    title: 'string',
    number: 'int',
    status: 'string',
    line: 'int',
    heading: 'string',
    path: 'string',
  },
  RoadmapChange: { title: 'string', rows_added: 'int', rows_removed: 'int', opened: 'bool' },
  PullRequest: {
    number: 'int',
    author: 'Actor',
    head: 'string',
    base: 'string',
    branch: 'string',
    title: 'string',
    body: 'string',
    draft: 'bool',
    labels: 'list<string>',
    files: 'list<File>',
    commits: 'list<Commit>',
    checks: 'list<Check>',
    pushes: 'list<Push>',
    milestone: 'Milestone',
    roadmap: 'list<RoadmapChange>',
  },
  Plan: { digest: 'string', published_at: 'string' },
  Issue: {
    number: 'int',
    author: 'Actor',
    title: 'string',
    body: 'string',
    labels: 'list<string>',
    state: 'string',
    plan: 'Plan',
    milestone: 'Milestone',
  },
  Review: {
    id: 'int',
    user: 'Actor',
    state: 'string',
    commit: 'string',
    at: 'string',
    edited_at: 'string',
    body: 'string',
  },
  Label: { name: 'string', action: 'string', user: 'Actor', at: 'string' },
  Comment: { id: 'int', user: 'Actor', body: 'string', at: 'string', edited_at: 'string' },
  Evidence: {
    reviews: 'list<Review>',
    labels: 'list<Label>',
    labels_now: 'list<string>',
    comments: 'list<Comment>',
  },
  Person: { id: 'int', permission: 'string', teams: 'list<string>', organizations: 'list<string>' },
  Control: { halted: 'bool', disabled_agents: 'list<string>' },
  Count: { agent: 'string', action: 'string', hour: 'int', day: 'int' },
  PriorApproval: { gate: 'string', step: 'string', id: 'int', login: 'string' },
  MadeWith: { agent: 'string', tools: 'list<string>', tier: 'string' },
  Usage: { tokens_today: 'int', usd_today: 'double', counts: 'list<Count>' },
};

/** What may be null in a request, and so be compared with it. */
export const nullableTypes = [
  'PullRequest',
  'Issue',
  'Plan',
  'Milestone',
  'Actor',
  'string',
  'list<string>',
  'list<PriorApproval>',
  'MadeWith',
] as const;

export const factVariables: Readonly<Record<keyof PolicyRequest, string>> = {
  at: 'string',
  repository: 'Repository',
  action: 'Action',
  pull_request: 'PullRequest',
  issue: 'Issue',
  evidence: 'Evidence',
  people: 'map<string, Person>',
  control: 'Control',
  usage: 'Usage',
  unseen_teams: 'list<string>',
  prior_approvals: 'list<PriorApproval>',
  made_with: 'MadeWith',
};

/** A request as the evaluator takes it, and how long its longest list is. */
export interface Facts {
  readonly bindings: Record<string, CelInput>;
  readonly longest: number;
}

/** Requests are data and do not change, so one conversion serves every condition of an evaluation. */
const converted = new WeakMap<PolicyRequest, Facts>();

export function factsOf(request: PolicyRequest): Facts {
  const known = converted.get(request);
  if (known !== undefined) return known;
  let longest = 0;
  const convert = (value: unknown, key: string): CelInput => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return key === 'usd_today' ? value : BigInt(value);
    if (Array.isArray(value)) {
      longest = Math.max(longest, value.length);
      return value.map((each) => convert(each, key));
    }
    if (typeof value === 'object') {
      const entries = Object.entries(value).filter(([, each]) => each !== undefined);
      longest = Math.max(longest, entries.length);
      return new Map(entries.map(([name, each]) => [name, convert(each, name)]));
    }
    throw new TypeError(`a request holds no ${typeof value}, at ${key}`);
  };
  const bindings = Object.fromEntries(
    Object.keys(factVariables).map((name) => [
      name,
      convert(request[name as keyof PolicyRequest] ?? null, name),
    ]),
  );
  const facts = { bindings, longest };
  converted.set(request, facts);
  return facts;
}
