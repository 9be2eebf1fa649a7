import { loadPolicies } from '../../src/adapters/policy/load.ts';
import { evaluate } from '../../src/domain/policy/evaluate.ts';
import type {
  ActorFacts,
  CommentFacts,
  EvidenceFacts,
  LabelFacts,
  PersonFacts,
  PolicyRequest,
  PullRequestFacts,
  ReviewFacts,
} from '../../src/domain/policy/request.ts';
import type { PolicySet } from '../../src/domain/policy/rules.ts';
import type { Verdict } from '../../src/domain/policy/verdict.ts';

/** The people of the tests: login to id and permission. */
const cast = {
  olga: { id: 1, permission: 'admin' },
  mia: { id: 2, permission: 'maintain' },
  max: { id: 3, permission: 'maintain' },
  walt: { id: 4, permission: 'write' },
  tess: { id: 5, permission: 'triage' },
  rita: { id: 6, permission: 'read' },
  nora: { id: 7, permission: 'none' },
  ann: { id: 8, permission: 'maintain' },
} as const;

export type Login = keyof typeof cast;

export const user = (login: Login): ActorFacts => ({ id: cast[login].id, login, type: 'User' });
export const bot: ActorFacts = { id: 90, login: 'assent[bot]', type: 'Bot' };

export const everyone: Readonly<Record<string, PersonFacts>> = Object.fromEntries(
  Object.entries(cast).map(([login, { permission }]) => [
    login,
    { permission, teams: [], organizations: [] },
  ]),
);

export const pull: PullRequestFacts = {
  number: 12,
  author: user('ann'),
  head: 'c3',
  base: 'main',
  branch: 'feature',
  title: 'Greets',
  body: '',
  draft: false,
  labels: [],
  files: [{ path: 'src/a.ts', status: 'modified', additions: 1, deletions: 0 }],
  commits: [
    {
      sha: 'c3',
      author: 'ann',
      committer: 'ann',
      parents: ['c2'],
      pushed_at: '2026-11-20T09:00:00Z',
    },
  ],
  checks: [],
};

/** A merge of `pull` at noon, with nobody's word on it yet. */
export const merge: PolicyRequest = {
  at: '2026-11-20T12:00:00Z',
  repository: { full_name: 'acme/widgets', default_branch: 'main' },
  action: { kind: 'pull_request.merge', agent: null, item: 'pull-12' },
  pull_request: pull,
  issue: null,
  evidence: { reviews: [], labels: [], comments: [] },
  people: everyone,
  control: { halted: false, disabled_agents: [] },
  usage: { tokens_today: 0, usd_today: 0, counts: [] },
};

/** A time on the day of `merge`, as `10:30`. */
export const at = (clock: string) => `2026-11-20T${clock}:00Z`;

let nextId = 100;

export const review = (
  login: Login,
  state: string,
  clock: string,
  more: Partial<ReviewFacts> = {},
): ReviewFacts => ({
  id: (nextId += 1),
  user: user(login),
  state,
  commit: 'c3',
  at: at(clock),
  edited_at: null,
  body: '',
  ...more,
});

export const label = (
  login: Login,
  action: string,
  clock: string,
  more: Partial<LabelFacts> = {},
): LabelFacts => ({
  name: 'assent:approve',
  action,
  user: user(login),
  at: at(clock),
  ...more,
});

export const comment = (
  login: Login,
  body: string,
  clock: string,
  more: Partial<CommentFacts> = {},
): CommentFacts => ({
  id: (nextId += 1),
  user: user(login),
  body,
  at: at(clock),
  edited_at: null,
  ...more,
});

export const withEvidence = (
  evidence: Partial<EvidenceFacts>,
  request: PolicyRequest = merge,
): PolicyRequest => ({
  ...request,
  evidence: { ...request.evidence, ...evidence },
});

/** Policies of YAML; a test whose policies are malformed fails with what is wrong with them. */
export function policies(text: string): PolicySet {
  const loaded = loadPolicies(new Map([['policies/test.yml', `version: 1\n${text}`]]));
  if (!loaded.ok) throw new Error(loaded.refusal.message);
  return loaded.value;
}

/** One rule for merges, with this approval. */
export const requiring = (approval: string): PolicySet =>
  policies(
    `rules: [{ id: merge, actions: [pull_request.merge], effect: require_human, approval: ${approval} }]`,
  );

/** A verdict in the words tests compare. */
export function judged(set: PolicySet, request: PolicyRequest) {
  const verdict: Verdict = evaluate(set, request);
  return {
    effect: verdict.effect,
    satisfied: verdict.satisfied,
    approvers: verdict.approvers.map(({ login, by, step }) => `${login} by ${by} for ${step}`),
    waiting: verdict.waiting_for.map(({ step }) => step),
    ignored: verdict.ignored.map(({ reason }) => reason),
    rules: verdict.rules,
    reasons: flatten(verdict.reasons),
  };
}

const flatten = ({ text, children }: Verdict['reasons']): string =>
  [text, ...children.map(flatten)].join('\n');
