import { isFloored } from './floor.ts';
import type { Approval, From, PolicySet, Requirement, Rule } from './rules.ts';
import { aboutTheSwitch } from './switch.ts';

/** Something about rules that are well-formed. A fault cannot do what it says; a warning probably does not. */
export interface Finding {
  readonly level: 'fault' | 'warning';
  readonly file: string;
  readonly rule: string | null;
  readonly message: string;
}

/**
 * Looks at the rules as a whole: the floor, and rules that can have no effect. Only what is certain without evaluating a
 * condition is reported; `knownActions` are those the caller takes.
 */
export function inspect(policies: PolicySet, knownActions: readonly string[]): readonly Finding[] {
  return [
    ...policies.rules.flatMap((rule) => [
      ...belowFloor(rule),
      ...neverApplies(rule, knownActions),
      ...withoutApprovers(rule, policies),
      ...repeatedSteps(rule),
      ...shadowed(rule, policies.rules),
      ...withoutEffectOnTheSwitch(rule),
    ]),
    ...unusedRoles(policies),
    ...(policies.files.length === 0 || policies.rules.some((rule) => rule.effect !== 'deny')
      ? []
      : [allDenied(policies)]),
  ];
}

const finding = (level: Finding['level'], rule: Rule, message: string): Finding => ({
  level,
  file: rule.file,
  rule: rule.id,
  message,
});

function belowFloor(rule: Rule): readonly Finding[] {
  const floored = rule.actions.filter(isFloored).join(', ');
  if (floored === '' || rule.effect === 'deny') return [];
  if (rule.effect !== 'require_human') {
    const message = `allows ${floored}, which always takes a human: use require_human. Until then the floor asks for one maintainer`;
    return [finding('fault', rule, message)];
  }
  if (fewest(rule.approval, false) === 0) {
    return [
      finding(
        'fault',
        rule,
        `lets ${floored} pass with no approval at all; the floor asks for one maintainer`,
      ),
    ];
  }
  return fewest(rule.approval, true) === 0
    ? [
        finding(
          'warning',
          rule,
          `asks nobody for ${floored} when none of its conditions holds; the floor then asks for one maintainer`,
        ),
      ]
    : [];
}

/** How few people satisfy an approval; with `conditions`, also when every `when` is false. */
function fewest(approval: Approval, conditions: boolean): number {
  if (conditions && approval.when !== null) return 0;
  if (approval.type === 'requirement') return approval.count;
  const parts = approval.parts.map((part) => fewest(part, conditions));
  if (approval.type !== 'any') return Math.max(0, ...parts);
  // An alternative whose `when` is false is none; it does not make the others easier.
  return Math.min(...approval.parts.map((part) => fewest({ ...part, when: null }, conditions)));
}

function neverApplies(rule: Rule, knownActions: readonly string[]): readonly Finding[] {
  const unknown = rule.actions.filter((action) => !knownActions.includes(action));
  return [
    ...(rule.when?.source.trim() === 'false'
      ? [finding('warning', rule, 'never applies: its condition is false')]
      : []),
    ...(unknown.length > 0
      ? [
          finding(
            'warning',
            rule,
            `names ${unknown.join(', ')}, which Assent itself never does; right only for agents of your own`,
          ),
        ]
      : []),
  ];
}

function withoutApprovers(rule: Rule, { roles }: PolicySet): readonly Finding[] {
  if (rule.effect !== 'require_human') return [];
  return requirementsOf(rule.approval).flatMap((requirement) => {
    const most = mostPeople(requirement.from, roles);
    return most < requirement.count
      ? [
          finding(
            'warning',
            rule,
            `step ${requirement.step} takes ${requirement.count}, and its \`from\` names ${most}: it can never hold`,
          ),
        ]
      : [];
  });
}

const requirementsOf = (approval: Approval): readonly Requirement[] =>
  approval.type === 'requirement' ? [approval] : approval.parts.flatMap(requirementsOf);

/** Infinity where teams, organizations or permissions are named: nobody knows here how many people they are. */
function mostPeople(from: From, roles: PolicySet['roles']): number {
  const named = [from, ...(from.roles ?? []).map((role) => roles.get(role) ?? {})];
  const open = named.some(
    ({ teams, organizations, permission }) =>
      permission !== undefined || (teams ?? []).length > 0 || (organizations ?? []).length > 0,
  );
  return open
    ? Infinity
    : new Set(named.flatMap(({ users }) => users ?? []).map((login) => login.toLowerCase())).size;
}

function repeatedSteps(rule: Rule): readonly Finding[] {
  if (rule.effect !== 'require_human') return [];
  const steps = requirementsOf(rule.approval).map(({ step }) => step);
  const repeated = [...new Set(steps.filter((step, index) => steps.indexOf(step) !== index))];
  return repeated.map((step) =>
    finding('warning', rule, `has several steps "${step}"; verdicts cannot tell them apart`),
  );
}

const rank = { allow: 0, require_human: 1, deny: 2 } as const;

/** A rule is without effect where one stronger rule always applies with it, or where one says the very same. */
function shadowed(rule: Rule, rules: readonly Rule[]): readonly Finding[] {
  const stronger = rules.find(
    (other) => rank[other.effect] > rank[rule.effect] && covers(other, rule),
  );
  if (stronger !== undefined) {
    return [
      finding(
        'warning',
        rule,
        `has no effect: rule ${stronger.id} (${stronger.effect}) applies wherever it does, and is stronger`,
      ),
    ];
  }
  const same = rules
    .slice(0, rules.indexOf(rule))
    .find(
      (other) =>
        other.effect === rule.effect && rule.effect !== 'require_human' && covers(other, rule),
    );
  return same === undefined
    ? []
    : [
        finding(
          'warning',
          rule,
          `has no effect: rule ${same.id} says the same wherever it applies`,
        ),
      ];
}

/** Whether `outer` surely applies to all that `inner` applies to. */
function covers(outer: Rule, inner: Rule): boolean {
  const condition =
    outer.when === null ||
    outer.when.source.trim() === 'true' ||
    outer.when.source === inner.when?.source;
  const agents =
    outer.agents === null ||
    ((inner.agents ?? []).length > 0 &&
      (inner.agents ?? []).every((agent) => outer.agents?.includes(agent)));
  return (
    outer !== inner &&
    condition &&
    agents &&
    inner.actions.every((action) => outer.actions.includes(action))
  );
}

function unusedRoles({ rules, roles, files }: PolicySet): readonly Finding[] {
  const used = new Set(
    rules.flatMap((rule) =>
      rule.effect === 'require_human'
        ? requirementsOf(rule.approval).flatMap(({ from }) => from.roles ?? [])
        : [],
    ),
  );
  return [...roles.keys()]
    .filter((role) => !used.has(role))
    .map((role) => ({
      level: 'warning',
      file: files.join(', '),
      rule: null,
      message: `role ${role} is used by no rule`,
    }));
}

function withoutEffectOnTheSwitch(rule: Rule): readonly Finding[] {
  const message = aboutTheSwitch(rule);
  return message === null ? [] : [finding('warning', rule, message)];
}

const allDenied = ({ files }: PolicySet): Finding => ({
  level: 'warning',
  file: files.join(', '),
  rule: null,
  message: 'no rule allows anything, so everything is denied',
});
