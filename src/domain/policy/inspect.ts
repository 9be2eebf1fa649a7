import { isFloored } from './floor.ts';
import { deadParts } from './dead-rules.ts';
import { fault, requirementsIn, warning, type Finding, type RuleFinding } from './finding.ts';
import type { Approval, PolicySet, Rule } from './rules.ts';
import { repeatedParts, shadowed } from './shadowed-rules.ts';
import { aboutTheSwitch } from './switch.ts';

/**
 * Looks at the rules as a whole: the floor, rules and parts of them that can have no effect, and what is written for
 * nothing. Only what is certain without a request is reported; `knownActions` are those the caller takes.
 */
export function inspect(policies: PolicySet, knownActions: readonly string[]): readonly Finding[] {
  const { rules, files } = policies;
  return [
    ...rules.flatMap((rule) => {
      const { file, id } = rule;
      // Rules that stand for a milestone come after those of their file, and have no lines of their own.
      const derived = rule.tightens === true;
      const index = rules.filter((other) => other.file === file).indexOf(rule);
      return findingsIn(rule, policies, knownActions).map(({ level, path, message }): Finding => ({
        level,
        file,
        rule: id,
        path: derived ? ['milestones'] : ['rules', index, ...path],
        message,
      }));
    }),
    ...unusedRoles(policies),
    ...(files.length === 0 || rules.some((rule) => rule.effect !== 'deny') ? [] : [allDenied]),
  ];
}

const findingsIn = (
  rule: Rule,
  policies: PolicySet,
  known: readonly string[],
): readonly RuleFinding[] =>
  rule.tightens === true
    ? deadParts(rule, policies, known)
    : [
        ...belowFloor(rule),
        ...deadParts(rule, policies, known),
        ...repeatedSteps(rule),
        ...repeatedParts(rule),
        ...shadowed(rule, policies.rules),
        ...withoutEffectOnTheSwitch(rule),
      ];

function belowFloor(rule: Rule): readonly RuleFinding[] {
  const floored = rule.actions.filter(isFloored).join(', ');
  if (floored === '' || rule.effect === 'deny') return [];
  if (rule.effect !== 'require_human') {
    const message = `allows ${floored}, which always takes a human: use require_human. Until then the floor asks for one maintainer`;
    return [fault(message, ['effect'])];
  }
  if (fewest(rule.approval, false) === 0) {
    const message = `lets ${floored} pass with no approval at all; the floor asks for one maintainer. Ask for a count of 1 or more`;
    return [fault(message, ['approval'])];
  }
  if (fewest(rule.approval, true) > 0) return [];
  const message = `asks nobody for ${floored} when none of its conditions holds; the floor then asks for one maintainer. Add a part without a condition`;
  return [warning(message, ['approval'])];
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

function repeatedSteps(rule: Rule): readonly RuleFinding[] {
  const steps = requirementsIn(rule);
  return steps.flatMap(({ approval: { step }, path }, index) =>
    steps.findIndex((other) => other.approval.step === step) < index
      ? [
          warning(`has several steps "${step}"; verdicts cannot tell them apart: name them apart`, [
            ...path,
            'id',
          ]),
        ]
      : [],
  );
}

function unusedRoles({ rules, roles }: PolicySet): readonly Finding[] {
  const used = new Set(
    rules.flatMap((rule) =>
      requirementsIn(rule).flatMap(({ approval }) => approval.from.roles ?? []),
    ),
  );
  return [...roles.keys()]
    .filter((role) => !used.has(role))
    .map((role) => ({
      level: 'warning',
      file: null,
      rule: null,
      path: ['roles', role],
      message: `role ${role} is used by no rule; remove it`,
    }));
}

function withoutEffectOnTheSwitch(rule: Rule): readonly RuleFinding[] {
  const message = aboutTheSwitch(rule);
  return message === null ? [] : [warning(message)];
}

const allDenied: Finding = {
  level: 'warning',
  file: null,
  rule: null,
  path: [],
  message: 'no rule allows anything, so everything is denied; add a rule that does',
};
