import { APPROVE_LABEL } from '../../domain/approval/acts.ts';
import { fold } from '../../domain/approval/people.ts';
import { commandsIn } from '../../domain/approval/command.ts';
import { explain } from '../../domain/policy/evaluate.ts';
import type { ActorFacts, EvidenceFacts, PolicyRequest } from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { Verdict } from '../../domain/policy/verdict.ts';
import { wouldCount } from '../../domain/policy/would-count.ts';
import type { CountedApproval } from '../../domain/work-item/command.ts';
import { gatedAction } from '../../domain/work-item/gated.ts';
import type { Gate, GatedAction, Item } from '../../domain/work-item/state.ts';
import { candidatesOf } from './candidates.ts';
import {
  issueEvidence,
  issueForPolicy,
  policyRequest,
  pullRequestEvidence,
  pullRequestForPolicy,
  type ActionFacts,
} from './facts.ts';
import { pullRequestMadeWith } from './made-with.ts';
import { withMilestones } from './milestones.ts';
import { withoutOwnActs } from './own-acts.ts';
import type { Session } from '../session.ts';

/** A gate as it stands on GitHub now: the request, what policy says of it, and the digest it is about. */
export interface Assessment {
  readonly action: GatedAction;
  readonly digest: string;
  readonly request: PolicyRequest;
  readonly verdict: Verdict;
  readonly gate: Gate;
  readonly approvals: readonly CountedApproval[];
  readonly sufficient: boolean;
}

/** As things stand in this wake-up's look at GitHub. null: there is nothing to judge (no plan, no pull request, or it is gone). */
export async function assess(session: Session, item: Item): Promise<Assessment | null> {
  const action = gatedAction(item);
  if (action === null || session.rules.kind === 'broken') return null;
  const facts =
    action === 'plan.adopt'
      ? await planFacts(session, item)
      : await mergeFacts(session, item, action, session.rules.policies);
  if (facts === null) return null;
  const { policies } = session.rules;
  const asked = await withMilestones(session, facts);
  const request = await policyRequest(session, asked, policies);
  const explained = explain(policies, request, await candidatesOf(session, policies));
  const { id } = await session.deps.codeHost.identity();
  const verdict = withoutOwnActs(explained, request.evidence, id);
  session.memory.verdicts.set(item.id, verdict);
  session.memory.judgedAt.set(item.id, request.at);
  return assessment(item, action, request, verdict);
}

async function planFacts(session: Session, item: Item): Promise<ActionFacts | null> {
  if (item.plan === null) return null;
  const look = await session.looks.issue(item.number);
  if (look === null) return null;
  return {
    kind: 'plan.adopt',
    agent: 'triager',
    item,
    pull_request: null,
    issue: issueForPolicy(look.issue, {
      digest: item.plan.digest,
      published_at: item.plan.published_at,
    }),
    evidence: issueEvidence(look),
  };
}

async function mergeFacts(
  session: Session,
  item: Item,
  kind: GatedAction,
  policies: PolicySet,
): Promise<ActionFacts | null> {
  if (item.pull_request === null) return null;
  const look = await session.looks.pullRequest(item.pull_request.number);
  if (look === null) return null;
  const pull_request = await pullRequestForPolicy(session, item, look, policies);
  const evidence = pullRequestEvidence(look);
  const agent = kind === 'roadmap.publish' ? 'governor' : null;
  const made_with = pullRequestMadeWith(session.state, item);
  return { kind, agent, item, pull_request, issue: null, evidence, made_with };
}

function assessment(
  item: Item,
  action: GatedAction,
  request: PolicyRequest,
  verdict: Verdict,
): Assessment {
  const digest = request.pull_request?.head ?? request.issue?.plan?.digest ?? '';
  const approvals = approvalsIn(verdict, action, digest, request);
  return {
    action,
    digest,
    request,
    verdict,
    approvals,
    gate: {
      action,
      digest,
      since:
        item.gate?.action === action && item.gate.digest === digest ? item.gate.since : request.at,
      waiting_for: verdict.waiting_for.map((waiting) => ({
        ...waiting,
        from: { ...waiting.from },
      })),
      ignored: verdict.ignored.slice(0, 20),
      rules: verdict.rules,
    },
    // `allow` is not enough where the machine asks for a human; the floor has turned it into a requirement already.
    sufficient: verdict.effect === 'require_human' && verdict.satisfied && approvals.length > 0,
  };
}

function approvalsIn(
  verdict: Verdict,
  gate: GatedAction,
  digest: string,
  { evidence, people }: PolicyRequest,
): readonly CountedApproval[] {
  return verdict.approvers.flatMap(({ login, by, step, digest: given_on }) => {
    const act = lastAct(evidence, { login, id: people[login]?.id }, by);
    return act === null
      ? []
      : [{ gate, login, id: act.id, by, digest, step, at: act.at, given_on }];
  });
}

function lastAct(
  evidence: EvidenceFacts,
  person: { readonly login: string; readonly id: number | undefined },
  by: 'review' | 'label' | 'command',
): { readonly id: number; readonly at: string } | null {
  const acts = {
    review: evidence.reviews.filter((review) => review.state === 'approved'),
    label: evidence.labels.filter(
      ({ name, action }) => action === 'labeled' && fold(name) === APPROVE_LABEL,
    ),
    command: evidence.comments.filter(({ body }) =>
      commandsIn(body).some(({ verb }) => verb === 'approve'),
    ),
  }[by];
  const act = acts.findLast(
    ({ user }) =>
      user?.login === person.login && (person.id === undefined || user.id === person.id),
  );
  return act?.user == null ? null : { id: act.user.id, at: act.at };
}

/** Whether this person's approval would count here, by what is known of them now. */
export function mayDecide(
  session: Session,
  { request, digest }: Assessment,
  { permission, ...person }: ActorFacts & { readonly permission: string },
): boolean {
  if (session.rules.kind === 'broken') return false;
  const known = request.people[person.login] ?? { permission, teams: [], organizations: [] };
  const people = { ...request.people, [person.login]: known };
  return wouldCount(session.rules.policies, { ...request, people }, person, digest);
}
