import { readFileSync } from 'node:fs';
import { loadPolicies } from '../../src/adapters/policy/load.ts';
import { adoption, type AdoptedPolicies } from '../../src/domain/policy/adoption.ts';
import { evaluate } from '../../src/domain/policy/evaluate.ts';
import { recordedVerdict, type RecordedVerdict } from '../../src/domain/policy/record.ts';
import type { PolicyRequest, PullRequestFacts } from '../../src/domain/policy/request.ts';
import type { Result } from '../../src/domain/result.ts';

const path = 'policies/default.yml';
const texts = new Map([[path, readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')]]);

const given = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.refusal.message);
  return result.value;
};

const policies = given(loadPolicies(texts));

/** The policies of this repository, as a history records that they came into force. */
export const adopted: AdoptedPolicies = given(adoption(policies, texts));

export interface Asked {
  readonly action: string;
  readonly agent: string | null;
  readonly item: string;
  /** Of the pull request it is about, or of the issue where there is none. */
  readonly number: number;
  readonly head: string | null;
  readonly at: string;
  /** Whether a maintainer has approved the head by a review. */
  readonly approved: boolean;
}

/** What those policies say, on facts such as a small pull request or an issue has. */
export const verdictOn = (asked: Asked): RecordedVerdict => {
  const request = requestOf(asked);
  return recordedVerdict(policies, request, evaluate(policies, request));
};

const ann = { id: 5, login: 'ann', type: 'User' };
const bob = { id: 2, login: 'bob', type: 'User' };
const known = { teams: [], organizations: [] };

const requestOf = ({ action, agent, item, number, head, at, approved }: Asked): PolicyRequest => ({
  at,
  repository: { full_name: 'acme/widgets', default_branch: 'main' },
  action: { kind: action, agent, item },
  pull_request: head === null ? null : pullRequest(number, head, at),
  issue:
    head === null
      ? {
          number,
          author: ann,
          title: `Widget ${number} turns the wrong way round`,
          body: 'It should turn the other way. '.repeat(8),
          labels: ['bug'],
          state: 'open',
          plan: null,
        }
      : null,
  evidence: {
    reviews: approved
      ? [
          {
            id: number,
            user: bob,
            state: 'approved',
            commit: head,
            at,
            edited_at: null,
            body: 'Looks right.',
          },
        ]
      : [],
    labels: [],
    comments: [],
  },
  people: {
    ann: { id: 5, permission: 'read', ...known },
    bob: { id: 2, permission: 'maintain', ...known },
  },
  control: { halted: false, disabled_agents: [] },
  usage: { tokens_today: 40_000, usd_today: 0.2, counts: [] },
});

const pullRequest = (number: number, head: string, at: string): PullRequestFacts => ({
  number,
  author: { id: 99, login: 'assent[bot]', type: 'Bot' },
  head,
  base: 'main',
  branch: `assent/${number}`,
  title: `Turn widget ${number} the other way round`,
  body: 'It turned the wrong way. '.repeat(8),
  draft: false,
  labels: ['bug'],
  files: ['src/widget.ts', 'test/widget.test.ts'].map((file) => ({
    path: file,
    status: 'modified',
    additions: 12,
    deletions: 3,
  })),
  commits: [
    {
      sha: head,
      author: 'assent[bot]',
      committer: 'assent[bot]',
      parents: ['p'],
      pushed_at: at,
    },
  ],
  checks: [{ name: 'ci', app_id: 15_368, conclusion: 'success' }],
});
