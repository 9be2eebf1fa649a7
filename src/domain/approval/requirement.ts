import { ok, refuse, type Refusal, type Result } from '../result.ts';
import type { ActorFacts, PolicyRequest, PriorApprovalFacts } from '../policy/request.ts';
import type { Requirement, Role } from '../policy/rules.ts';
import type { Approver } from '../policy/verdict.ts';
import {
  actsIn,
  type Act,
  type Acts,
  type ApprovalAct,
  type Objection,
  type OverrideAct,
} from './acts.ts';
import { hasNotApprovedBefore, isFresh } from './bars.ts';
import type { Candidate } from './candidate.ts';
import { iso, standing, subjectOf, time, type Subject } from './digest.ts';
import { isOwner, ownership, type Ownership } from './owners.ts';
import { describeFrom, directory, fold, qualifies, sameActor, type Person } from './people.ts';

/** A request's evidence, read once for all requirements. */
export interface Hearing {
  readonly acts: Acts;
  readonly subject: Subject;
  readonly person: (actor: ActorFacts | null) => Result<Person>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly ownership: Ownership;
  /** Folded. */
  readonly unseenTeams: ReadonlySet<string>;
  /** When it is asked, in milliseconds; null where the request's time is none. */
  readonly now: number | null;
  /** Who might be asked, for the explanation alone; null: nobody looked. */
  readonly candidates: readonly Candidate[] | null;
  /** Null: unknown. */
  readonly priorApprovals: readonly PriorApprovalFacts[] | null;
}

export function hear(
  request: PolicyRequest,
  roles: ReadonlyMap<string, Role>,
  candidates: readonly Candidate[] | null = null,
): Hearing {
  return {
    acts: actsIn(request.evidence),
    subject: subjectOf(request),
    person: directory(request.people),
    roles,
    ownership: ownership(request),
    now: time(request.at),
    candidates,
    priorApprovals: request.prior_approvals ?? null,
    unseenTeams: new Set((request.unseen_teams ?? []).map(fold)),
  };
}

/** One requirement against the evidence. */
export interface Count {
  readonly requirement: Requirement;
  /** One entry a person, in the order of the requirement's ways. */
  readonly approvers: readonly (Approver & { readonly person: Person })[];
  readonly blockers: readonly Blocker[];
  readonly lifted: readonly string[];
  /** Evidence that had its effect here, as an approval or as an objection. */
  readonly heard: ReadonlySet<string>;
  /** Why other evidence had none. */
  readonly refused: ReadonlyMap<string, Refusal>;
}

export interface Blocker {
  readonly login: string;
  readonly evidence: string;
}

export function count(requirement: Requirement, hearing: Hearing): Count {
  const heard = new Set<string>();
  const refused = new Map<string, Refusal>();
  const approvers = new Map<number, Count['approvers'][number]>();

  for (const act of inOrderOfWays(hearing.acts.approvals, requirement)) {
    const approval = weigh(act, requirement, hearing);
    if (!approval.ok) {
      refused.set(act.evidence, approval.refusal);
      continue;
    }
    const { person, digest } = approval.value;
    heard.add(act.evidence);
    // One person counts once, whatever they did besides.
    if (!approvers.has(person.id)) {
      approvers.set(person.id, {
        login: person.login,
        by: act.by,
        digest,
        step: requirement.step,
        person,
      });
    }
  }
  const objections = weighObjections(requirement, hearing);
  return {
    requirement,
    approvers: [...approvers.values()],
    blockers: objections.blockers,
    lifted: objections.lifted,
    heard: heard.union(objections.heard),
    refused: new Map([...refused, ...objections.refused]),
  };
}

const inOrderOfWays = (acts: readonly ApprovalAct[], { by }: Requirement) =>
  [...acts].sort((a, b) => by.indexOf(a.by) - by.indexOf(b.by) || a.at - b.at);

/** Whether an act is an approval that this requirement counts, and on which digest. */
function weigh(
  act: ApprovalAct,
  requirement: Requirement,
  hearing: Hearing,
): Result<{ person: Person; digest: string }> {
  const person = eligible(act.user, requirement, hearing);
  if (!person.ok) return person;
  if (!requirement.by.includes(act.by)) {
    return refuse(
      'approval.way',
      `step ${requirement.step} takes ${requirement.by.join(' or ')}, not a ${act.by}`,
    );
  }
  const allowed = mayApprove(person.value, requirement, hearing.subject);
  if (!allowed.ok) return allowed;
  const separate = hasNotApprovedBefore(person.value, requirement, hearing.priorApprovals);
  if (!separate.ok) return separate;
  if (act.edited && !requirement.edited) {
    return refuse('approval.edited', 'edited after it was written; write a new comment');
  }
  const fresh = isFresh(act.at, requirement, hearing.now);
  if (!fresh.ok) return fresh;
  const digest = standing(act, hearing.subject, requirement.survives);
  return digest.ok ? ok({ person: person.value, digest: digest.value }) : digest;
}

/** Whether somebody's approval would count, were it given now. */
export function countsIfGiven(
  user: ActorFacts,
  requirement: Requirement,
  hearing: Hearing,
): boolean {
  const [by] = requirement.by;
  if (by === undefined) return false;
  const commit = by === 'review' && hearing.subject.type === 'head' ? hearing.subject.digest : null;
  const at = hearing.now ?? 0;
  return weigh(
    { evidence: '', user, by, at, review: null, commit, edited: false },
    requirement,
    hearing,
  ).ok;
}

/** The refusal of a person whom `from` does not name. */
export const notNamed = 'approval.from';

/** The person, if they are one and `from` names them. */
function eligible(
  actor: ActorFacts | null,
  requirement: Requirement,
  hearing: Hearing,
): Result<Person> {
  const person = hearing.person(actor);
  const owns = (one: Person) => isOwner(one, hearing.ownership.owners);
  if (!person.ok || qualifies(person.value, requirement.from, hearing.roles, owns)) return person;
  const unseen = (requirement.from.teams ?? []).filter((team) =>
    hearing.unseenTeams.has(fold(team)),
  );
  const besides = unseen.map((team) => `; team ${team} does not exist or is not visible to Assent`);
  return refuse(
    notNamed,
    `${person.value.login} has permission ${person.value.permission}; step ${requirement.step} takes ${describeFrom(requirement.from)}${besides.join('')}`,
  );
}

/**
 * Four eyes: nobody approves their own change unless the policy says so. A plan is written by an agent, so whoever opened
 * the issue is not its author.
 */
function mayApprove(person: Person, requirement: Requirement, subject: Subject): Result<true> {
  if (subject.type !== 'head') return ok(true);
  const { author, commits } = subject.pull;
  if (!requirement.author && author?.id === person.id) {
    return refuse('approval.author', `${person.login} is the author`);
  }
  const isAuthor = author?.id === person.id;
  const contributed = commits.some(
    ({ author: name, author_id, committer, committer_id }) =>
      isAccount(person, name, author_id) || isAccount(person, committer, committer_id),
  );
  // Where the author may approve, their own commits do not stand in their way.
  if (!requirement.contributors && contributed && !isAuthor) {
    return refuse('approval.contributor', `${person.login} authored or committed a commit of it`);
  }
  return ok(true);
}

/** By id where it is known: who was renamed since is still who made the commit. */
const isAccount = (person: Person, login: string | null, id: number | null | undefined): boolean =>
  typeof id === 'number' ? id === person.id : login !== null && fold(login) === fold(person.login);

function weighObjections(
  requirement: Requirement,
  hearing: Hearing,
): Pick<Count, 'blockers' | 'lifted' | 'heard' | 'refused'> {
  const blockers: Blocker[] = [];
  const lifted: string[] = [];
  const heard = new Set<string>();
  const refused = new Map<string, Refusal>();
  for (const objection of hearing.acts.objections) {
    const person = eligible(objection.user, requirement, hearing);
    if (!person.ok) {
      refused.set(objection.evidence, without('objection', person.refusal));
      continue;
    }
    heard.add(objection.evidence);
    const by = liftedBy(objection, requirement, hearing);
    if (by === null) blockers.push({ login: person.value.login, evidence: objection.evidence });
    else lifted.push(`${objection.evidence} of ${person.value.login} was lifted: ${by}`);
  }
  for (const override of hearing.acts.overrides) {
    const weighed = weighOverride(override, requirement, hearing);
    if (!weighed.ok) refused.set(override.evidence, without('override', weighed.refusal));
    else if (blockers.some(({ login }) => fold(login) === fold(weighed.value.person.login))) {
      const { login } = weighed.value.person;
      const message = `${login} objects; somebody else has to override it`;
      refused.set(override.evidence, { code: 'override.own', message });
    } else heard.add(override.evidence);
  }
  return { blockers, lifted, heard, refused };
}

const without = (act: string, { code, message }: Refusal): Refusal => ({
  code,
  message: `an ${act} without effect: ${message}`,
});

/**
 * Whoever could approve may override, by command whatever ways the requirement takes: an override is no approval. It does not
 * age either, for it answers one objection, and the approvals beside it have to be fresh anyhow.
 */
const weighOverride = (act: OverrideAct, requirement: Requirement, hearing: Hearing) =>
  weigh({ ...act, commit: null }, { ...requirement, by: ['command'], validFor: null }, hearing);

/** How an objection ended: its author approved later, an eligible person took the label away, or somebody else overrode it. */
function liftedBy(objection: Objection, requirement: Requirement, hearing: Hearing): string | null {
  const { approvals, overrides } = hearing.acts;
  const approval = approvals.find(
    (act) =>
      sameActor(act.user, objection.user) &&
      after(act, objection) &&
      (!act.edited || requirement.edited),
  );
  if (approval !== undefined)
    return `${approval.user?.login} approved since (${approval.evidence})`;

  const remover = objection.removedBy.find(
    (actor) => sameActor(actor, objection.user) || eligible(actor, requirement, hearing).ok,
  );
  if (remover !== undefined) return `${remover?.login} removed the label`;

  const override = overrides.find(
    (act) =>
      after(act, objection) &&
      !sameActor(act.user, objection.user) &&
      weighOverride(act, requirement, hearing).ok,
  );
  return override === undefined
    ? null
    : `overridden by ${override.user?.login} at ${iso(override.at)}: ${override.justification}`;
}

/**
 * GitHub's clock has whole seconds. Within one, ids order two reviews; anything else stays open, and then the objection
 * stands.
 */
const after = (act: Act, objection: Objection) =>
  act.at > objection.at ||
  (act.at === objection.at &&
    act.review !== null &&
    objection.review !== null &&
    act.review > objection.review);
