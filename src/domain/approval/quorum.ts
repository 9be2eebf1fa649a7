import { ok, type Result } from '../result.ts';
import type { PolicyRequest } from '../policy/request.ts';
import type { Approval, Composite, Condition, Requirement } from '../policy/rules.ts';
import type { Reason, Waiting } from '../policy/verdict.ts';
import { short } from './digest.ts';
import { ownersMissing, uncovered, type Uncovered } from './owners.ts';
import { whoCould } from './could.ts';
import { describeFrom, fold, type Person } from './people.ts';
import { count, type Count, type Hearing } from './requirement.ts';

/** How far an approval tree has come. */
export interface Quorum {
  /** Whether what the tree asks for is there; true where its `when` asks for nothing. */
  readonly holds: boolean;
  /** Whether the tree asks for anything at all. */
  readonly asked: boolean;
  /** Every requirement that was asked for, also those that wait for an earlier step. */
  readonly counts: readonly Count[];
  /** What to ask people for now. */
  readonly waiting: readonly Waiting[];
  readonly reason: Reason;
}

/** Weighs a tree. A condition that cannot be evaluated anywhere in it refuses the whole. */
export function weighTree(
  approval: Approval,
  request: PolicyRequest,
  hearing: Hearing,
): Result<Quorum> {
  const applies = conditionHolds(approval.when, request);
  if (!applies.ok) return applies;
  if (!applies.value) return ok(notAsked(approval));
  return approval.type === 'requirement'
    ? ok(weighRequirement(approval, hearing))
    : weighComposite(approval, request, hearing);
}

export function conditionHolds(when: Condition | null, request: PolicyRequest): Result<boolean> {
  return when === null ? ok(true) : when.test(request);
}

function notAsked(approval: Approval): Quorum {
  const text = `– ${nameOf(approval)} is not asked for: ${approval.when?.source ?? ''} is false`;
  return { holds: true, asked: false, counts: [], waiting: [], reason: { text, children: [] } };
}

/** Weighs one requirement, its `when` left aside. */
export function weighRequirement(requirement: Requirement, hearing: Hearing): Quorum {
  const result = count(requirement, hearing);
  const { ownership, roles } = hearing;
  const people = result.approvers.map(({ person }) => person);
  const lacking = uncovered(requirement, people, ownership, roles);
  // With owners asked for, what counts is the file that has the fewest approvals.
  const have = Math.min(people.length, ...lacking.map((file) => file.have));
  const blocked = result.blockers.length > 0;
  const holds = have >= requirement.count && !blocked;
  const waiting: Waiting = {
    step: requirement.step,
    count: requirement.count,
    have,
    from: requirement.from,
    ...(blocked ? { blocked_by: result.blockers.map(({ login }) => login) } : {}),
  };
  const text = `${holds ? '✓' : '…'} step ${requirement.step}: ${have} of ${requirement.count} from ${describeFrom(requirement.from)}, by ${requirement.by.join(' or ')}`;
  return {
    holds,
    asked: true,
    counts: [result],
    waiting: holds ? [] : [waiting],
    reason: {
      text,
      children: [
        ...reasonsOf(result),
        ...(have < requirement.count ? couldReasons(requirement, hearing, people) : []),
        ...ownerReasons(lacking, ownersMissing(requirement, ownership, roles)),
      ],
    },
  };
}

/** More people than these are only counted: whoever reads it looks for one to ask. */
const shownPeople = 5;

/** Whom to ask, and where it is nobody, that: a question nobody can answer should be seen before it is waited for. */
function couldReasons(
  requirement: Requirement,
  hearing: Hearing,
  approvers: readonly Person[],
): readonly Reason[] {
  if (hearing.candidates === null) return [];
  const given = new Set(approvers.map(({ login }) => fold(login)));
  const could = whoCould(requirement, hearing, hearing.candidates).filter(
    (login) => !given.has(fold(login)),
  );
  if (could.length === 0) return [leaf('… nobody Assent knows of could give it')];
  const more = could.length - shownPeople;
  const named = could.slice(0, shownPeople).join(', ');
  return [leaf(`… could be given by ${named}${more > 0 ? ` and ${more} more` : ''}`)];
}

const leaf = (text: string): Reason => ({ text, children: [] });

const reasonsOf = ({ approvers, blockers, lifted }: Count): readonly Reason[] => [
  ...approvers.map(({ login, by, digest }) =>
    leaf(`✓ ${login} approved by ${by} on ${short(digest)}`),
  ),
  ...blockers.map(({ login, evidence }) => leaf(`✗ ${login} objects (${evidence})`)),
  ...lifted.map((text) => leaf(`– ${text}`)),
];

/** More paths than these are only counted: a verdict is read by people. */
const shownPaths = 10;

const ownerReasons = (lacking: readonly Uncovered[], missing: string | null): readonly Reason[] => [
  ...(missing === null ? [] : [leaf(`… ${missing}`)]),
  ...lacking.slice(0, shownPaths).map(({ path, have, owners }) => {
    const whose = owners === null ? 'whose owners are not known' : `owned by ${owners.join(', ')}`;
    return leaf(`… ${path}, ${whose}: ${have} so far`);
  }),
  ...(lacking.length > shownPaths ? [leaf(`… and ${lacking.length - shownPaths} more files`)] : []),
];

function weighComposite(
  composite: Composite,
  request: PolicyRequest,
  hearing: Hearing,
): Result<Quorum> {
  const parts: Quorum[] = [];
  for (const part of composite.parts) {
    // Every part is weighed, whatever the ones before say: an error in a later one must not hide.
    const quorum = weighTree(part, request, hearing);
    if (!quorum.ok) return quorum;
    parts.push(quorum.value);
  }
  const joined = join[composite.type](parts);
  const counts = parts.flatMap((part) => part.counts);
  // An objection blocks also where it was raised under an alternative that another one made unnecessary.
  const blockedParts = parts.filter((part) =>
    part.counts.some(({ blockers }) => blockers.length > 0),
  );
  const holds = joined.holds && blockedParts.length === 0;
  const mark = holds ? '✓' : '…';
  return ok({
    holds,
    asked: parts.some((part) => part.asked),
    counts,
    waiting: joined.holds ? blockedParts.flatMap((part) => part.waiting) : joined.waiting,
    reason: { text: `${mark} ${joined.text}`, children: joined.reasons },
  });
}

interface Joined {
  readonly holds: boolean;
  readonly waiting: readonly Waiting[];
  readonly reasons: readonly Reason[];
  readonly text: string;
}

/** How the parts of each kind of composite come together. */
const join: Record<Composite['type'], (parts: readonly Quorum[]) => Joined> = {
  all: (parts) => ({
    holds: parts.every((part) => part.holds),
    waiting: parts.flatMap((part) => part.waiting),
    reasons: parts.map((part) => part.reason),
    text: `all of ${parts.length}`,
  }),
  any: (parts) => {
    // A part that is not asked for is no alternative; taking it as one that holds would be an approval by nobody.
    const alternatives = parts.filter((part) => part.asked);
    const holds = alternatives.some((part) => part.holds);
    return {
      holds,
      waiting: holds ? [] : alternatives.flatMap((part) => part.waiting),
      reasons: parts.map((part) => part.reason),
      text:
        alternatives.length === 0
          ? 'any of: no alternative applies, so nobody can approve'
          : `any of ${alternatives.length}`,
    };
  },
  steps: (parts) => {
    const current = parts.findIndex((part) => !part.holds);
    return {
      holds: current === -1,
      waiting: parts[current]?.waiting ?? [],
      reasons: parts.map((part, index) =>
        current !== -1 && index > current && !part.holds ? notYet(part.reason) : part.reason,
      ),
      text: `${parts.length} step${parts.length === 1 ? '' : 's'}, in order`,
    };
  },
};

const notYet = (reason: Reason): Reason => ({
  ...reason,
  text: `${reason.text} (asked once the step before holds)`,
});

const nameOf = (approval: Approval): string =>
  approval.type === 'requirement'
    ? `step ${approval.step}`
    : `${approval.type} of ${approval.parts.map(nameOf).join(', ')}`;
