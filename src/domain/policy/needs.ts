import { requirementsIn } from './asked.ts';
import { mayRead } from './mentions.ts';
import type { PolicyRequest, RequestedAction } from './request.ts';
import type { PolicySet, Requirement, Role, Rule } from './rules.ts';

/**
 * What of a request depends on the policies it was gathered for: the rest of it every request carries. A fact that nobody
 * asked for was not looked up, or not kept, and stands in the request as if there were none of it.
 */
export interface Needs {
  /** Bodies of the pull request and the issue. */
  readonly bodies: boolean;
  /** Evidence beyond what may count: remarks, and what is written in a review. */
  readonly evidence: boolean;
  readonly checks: boolean;
  /** Everybody who did anything, not only those whose act may count. */
  readonly people: boolean;
  readonly teams: ReadonlySet<string>;
  readonly organizations: ReadonlySet<string>;
  /** Which pushes an approval may survive. */
  readonly pushes: boolean;
  readonly owners: boolean;
  /** Who approved this item's earlier gates. */
  readonly prior: boolean;
  /** What agents used. */
  readonly madeWith: boolean;
}

/** What is gathered where these policies are in force. */
export function needsOf(policies: PolicySet): Needs {
  const requirements = requirementsIn(policies);
  const froms = [...policies.roles.values(), ...requirements.map(({ from }) => from)];
  return {
    bodies: mayRead(policies, 'body'),
    evidence: mayRead(policies, 'evidence'),
    checks: mayRead(policies, 'checks'),
    people: mayRead(policies, 'people'),
    teams: new Set(froms.flatMap(({ teams = [] }) => teams)),
    organizations: new Set(froms.flatMap(({ organizations = [] }) => organizations)),
    pushes: mayRead(policies, 'pushes') || requirements.some(survivesAnything),
    owners:
      mayRead(policies, 'owners') || froms.some(({ codeowners }: Role) => codeowners === true),
    madeWith: mayRead(policies, 'made_with'),
    prior:
      mayRead(policies, 'prior_approvals') || requirements.some(({ notBy }) => notBy.length > 0),
  };
}

const survivesAnything = ({ survives }: Requirement): boolean =>
  survives.rebase || survives.updateMerge || survives.paths.length > 0;

/**
 * What these policies ask of a request that was gathered for others, and that it cannot answer: each in a few words. Empty:
 * they can be asked as if they had been in force.
 */
export function unanswered(
  policies: PolicySet,
  request: PolicyRequest,
  gathered: Needs,
): readonly string[] {
  const concerned = concerning(policies, request.action);
  const needs = needsOf(concerned);
  const { pull_request: pull } = request;
  const lacks: readonly (readonly [boolean, string])[] = [
    [needs.bodies && !gathered.bodies, 'the text of the item'],
    [needs.evidence && !gathered.evidence, 'remarks'],
    [needs.checks && !gathered.checks && pull !== null, 'checks'],
    [needs.people && !gathered.people, 'everybody who took part'],
    [knowsNoMilestone(request) && mayRead(concerned, 'milestone'), 'the milestone'],
    [
      pull !== null && pull.roadmap === undefined && mayRead(concerned, 'roadmap'),
      'changes of the roadmap',
    ],
    [
      needs.pushes && !gathered.pushes && pull?.pushes === undefined && mayBeOnAnotherHead(request),
      'pushes',
    ],
    [
      needs.owners &&
        !gathered.owners &&
        (pull?.files ?? []).some((file) => file.owners === undefined),
      'owners of the changed files',
    ],
    [
      needs.prior && !gathered.prior && request.prior_approvals === undefined,
      'earlier approvals of the item',
    ],
    [
      needs.madeWith && !gathered.madeWith && request.made_with === undefined,
      'what agents used for it',
    ],
    ...beyond(needs.teams, gathered.teams, 'the team'),
    ...beyond(needs.organizations, gathered.organizations, 'the organization'),
  ];
  return lacks.flatMap(([lacking, what]) => (lacking ? [what] : []));
}

const knowsNoMilestone = ({ issue, pull_request }: PolicyRequest): boolean =>
  issue?.milestone === undefined && pull_request?.milestone === undefined;

/** A label or a comment names no head, so any may be on one that a push has replaced. */
const mayBeOnAnotherHead = ({ pull_request: pull, evidence }: PolicyRequest): boolean =>
  pull !== null &&
  (evidence.labels.length > 0 ||
    evidence.comments.length > 0 ||
    evidence.reviews.some(({ state, commit }) => state === 'approved' && commit !== pull.head));

const beyond = (asked: ReadonlySet<string>, known: ReadonlySet<string>, kind: string) =>
  [...asked].map((name): readonly [boolean, string] => [!known.has(name), `${kind} ${name}`]);

/** The rules that could speak, with the roles that they name. */
function concerning(policies: PolicySet, action: RequestedAction): PolicySet {
  const rules = policies.rules.filter((rule) => speaksOf(rule, action));
  const concerned = { ...policies, rules };
  const named = new Set(requirementsIn(concerned).flatMap(({ from }) => from.roles ?? []));
  return { ...concerned, roles: new Map([...policies.roles].filter(([name]) => named.has(name))) };
}

const speaksOf = ({ agents, actions }: Rule, { kind, agent }: RequestedAction): boolean =>
  actions.includes(kind) && (agents === null || (agent !== null && agents.includes(agent)));
