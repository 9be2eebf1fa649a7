import { needsOf } from '../../domain/policy/needs.ts';
import { mayRead } from '../../domain/policy/mentions.ts';
import type {
  EvidenceFacts,
  FileFacts,
  MadeWithFacts,
  PlanFacts,
  PolicyRequest,
  PullRequestFacts as PolicyPullRequest,
} from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { AgentName, Item } from '../../domain/work-item/state.ts';
import type { IssueEvidence, PullRequestEvidence } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';
import { withOwners } from './owners.ts';
import { people, unseenTeams } from './people.ts';
import { headSince, pushesOf } from './pushes.ts';

/** What an action is judged by, beside what every request carries. */
export interface ActionFacts {
  readonly kind: string;
  readonly agent: AgentName | null;
  /** null: it is about the repository as a whole. */
  readonly item: Item | null;
  readonly pull_request: PolicyPullRequest | null;
  readonly issue: PolicyRequest['issue'];
  readonly evidence: EvidenceFacts;
  /** Absent: no agent made what it is about. */
  readonly made_with?: MadeWithFacts | null;
}

export const noEvidence: EvidenceFacts = { reviews: [], labels: [], comments: [] };

/** The request of CONTRACTS.md, with the people looked up on GitHub now. */
export async function policyRequest(
  session: Session,
  facts: ActionFacts,
  policies: PolicySet,
): Promise<PolicyRequest> {
  const { state, deps, repository, rules } = session;
  const at = deps.now();
  const files = facts.pull_request?.files ?? [];
  const known = await people(session, facts.evidence, policies, files);
  const unseen = await unseenTeams(session, policies, known);
  return {
    at,
    repository: {
      full_name: repository.ref.full_name,
      default_branch: rules.kind === 'sound' ? rules.branch : '',
    },
    action: { kind: facts.kind, agent: facts.agent, item: facts.item?.id ?? null },
    pull_request: facts.pull_request,
    issue: facts.issue,
    evidence: facts.evidence,
    people: known,
    ...(unseen.length === 0 ? {} : { unseen_teams: unseen }),
    ...priorApprovals(facts.item, policies),
    ...(needsOf(policies).madeWith ? { made_with: facts.made_with ?? null } : {}),
    control: {
      halted: state.control.halted !== null,
      disabled_agents: state.control.disabled_agents,
    },
    usage: usageOf(session, facts.agent, at),
  };
}

/** Who decided at other gates of this item before, where a policy separates duties. By what the history has in force. */
const priorApprovals = (
  item: Item | null,
  policies: PolicySet,
): Pick<PolicyRequest, 'prior_approvals'> =>
  item !== null && needsOf(policies).prior
    ? {
        prior_approvals: item.approvals.map(({ gate, step, id, login }) => ({
          gate,
          step,
          id,
          login,
        })),
      }
    : {};

/** Counted from the history, which is the truth; the agent's own numbers are not asked. */
export function usageOf(
  session: Pick<Session, 'state'>,
  agent: AgentName | null,
  at: string,
): PolicyRequest['usage'] {
  const { usage: used } = session.state;
  const today = used.day === at.slice(0, 10) && agent !== null;
  const hourAgo = new Date(Date.parse(at) - 3_600_000).toISOString();
  const dayAgo = new Date(Date.parse(at) - 86_400_000).toISOString();
  const counts = new Map<string, { agent: string; action: string; hour: number; day: number }>();
  for (const act of used.acts) {
    if (act.at <= dayAgo) continue;
    const key = `${act.agent}/${act.action}`;
    const count = counts.get(key) ?? { agent: act.agent, action: act.action, hour: 0, day: 0 };
    const inHour = act.at > hourAgo ? 1 : 0;
    counts.set(key, { ...count, hour: count.hour + inHour, day: count.day + 1 });
  }
  return {
    tokens_today: today ? (used.tokens[agent] ?? 0) : 0,
    usd_today: today ? (used.usd[agent] ?? 0) : 0,
    counts: [...counts.values()],
  };
}

/** An issue as policies see it: state from GitHub now, and the plan that stands on it here. */
export const issueForPolicy = (
  { number, author, title, body, labels, state }: IssueEvidence['issue'],
  plan: PlanFacts | null,
): NonNullable<PolicyRequest['issue']> => ({ number, author, title, body, labels, state, plan });

/** A pull request as policies see it: state from GitHub now, files from git. */
export async function pullRequestForPolicy(
  session: Session,
  item: Item,
  look: PullRequestEvidence,
  policies: PolicySet,
): Promise<PolicyPullRequest> {
  const { pull_request: pull, commits } = look;
  const { host, files } = session.repository;
  const [changed, checks, pushes] = await Promise.all([
    files.changedFiles(pull.base_sha, pull.head),
    // Two requests at least, and few policies ask: branch protection guards checks already.
    mayRead(policies, 'checks') ? host.checks(pull.head) : [],
    pushesOf(session, item, look, policies),
  ]);
  const since = headSince(item, look);
  return {
    number: pull.number,
    author: pull.author,
    head: pull.head,
    base: pull.base,
    branch: pull.head_branch,
    title: pull.title,
    body: pull.body,
    draft: pull.draft,
    labels: pull.labels,
    files: await withOwners(session, policies, pull.base_sha, changed.map(fileFacts)),
    commits: commits.map((commit) => ({
      ...commit,
      pushed_at: commit.sha === pull.head ? since : null,
    })),
    checks: checks.map((check) => ({ ...check, app_id: check.app_id ?? 0 })),
    ...(pushes === undefined ? {} : { pushes }),
  };
}

export const fileFacts = (file: FileFacts): FileFacts => ({
  path: file.path,
  status: file.status,
  additions: file.additions,
  deletions: file.deletions,
});

/**
 * The commit a review names, unless it was given while the pull request led to another branch: the same head is another
 * change there, so then its time speaks, which is before the head was put before this branch.
 */
const boundTo = (
  { at, commit }: PullRequestEvidence['reviews'][number],
  retargetedAt: string | null,
): string | null =>
  retargetedAt !== null && at !== null && Date.parse(at) < Date.parse(retargetedAt) ? null : commit;

/** Human acts on a pull request. */
export function pullRequestEvidence({
  pull_request,
  reviews,
  label_events,
  comments,
  retargeted_at,
}: PullRequestEvidence): EvidenceFacts {
  // A review that is still pending has no time and was not given to anybody.
  const given = reviews.flatMap((review) =>
    review.at === null
      ? []
      : [{ ...review, at: review.at, commit: boundTo(review, retargeted_at) }],
  );
  return { reviews: given, labels: label_events, labels_now: pull_request.labels, comments };
}

export const issueEvidence = ({ issue, label_events, comments }: IssueEvidence): EvidenceFacts => ({
  reviews: [],
  labels: label_events,
  labels_now: issue.labels,
  comments,
});
