import { knownAgents, takenBy } from './actions.ts';
import { approvalsIn, requirementsIn, warning, type RuleFinding } from './finding.ts';
import type { Condition, From, PolicySet, Requirement, Rule } from './rules.ts';

/** What of a rule can never have an effect, whatever is asked. */
export function deadParts(
  rule: Rule,
  policies: PolicySet,
  known: readonly string[],
): readonly RuleFinding[] {
  return [
    ...unknownActions(rule, known),
    ...othersActions(rule),
    ...constantConditions(rule),
    ...requirementsIn(rule).flatMap(({ approval, path }) =>
      unmeetable(approval, rule, policies).map((message) => warning(message, path)),
    ),
  ];
}

const unknownActions = (rule: Rule, known: readonly string[]): readonly RuleFinding[] =>
  rule.actions.flatMap((action, index) =>
    known.includes(action)
      ? []
      : [
          warning(
            `names ${action}, which Assent itself never does; right only for agents of your own`,
            ['actions', index],
          ),
        ],
  );

/** A denial of what nobody does is a belt beside braces; an allowance or a question waits for what never comes. */
function othersActions({ agents, actions, effect }: Rule): readonly RuleFinding[] {
  if (effect === 'deny' || agents === null || agents.some((name) => !knownAgents.includes(name)))
    return [];
  return actions.flatMap((action, index) => {
    const takers = takenBy[action];
    if (takers === undefined || takers.some((one) => one !== null && agents.includes(one)))
      return [];
    const who = takers.map((one) => (one === null ? 'Assent itself' : `the ${one}`)).join(' or ');
    const remedy = takers.includes(null) ? 'leave agents out' : 'name that agent';
    return [
      warning(`never applies to ${action}: ${who} does that, not ${agents.join(', ')}; ${remedy}`, [
        'actions',
        index,
      ]),
    ];
  });
}

function constantConditions(rule: Rule): readonly RuleFinding[] {
  const own = constant(rule.when, [
    'never applies: its condition is false; remove the rule, or the condition',
    'has a condition that is always true; leave it out',
  ]);
  const parts = approvalsIn(rule).flatMap(({ approval, path }) =>
    constant(approval.when, [
      'has a part that is never asked for: its condition is false; remove it',
      'has a part whose condition is always true; leave the condition out',
    ]).map(({ message }) => warning(message, [...path, 'when'])),
  );
  const conditions = [
    { when: rule.when, path: ['when'] },
    ...approvalsIn(rule).map(({ approval, path }) => ({
      when: approval.when,
      path: [...path, 'when'],
    })),
  ];
  const repeated = conditions.flatMap(({ when, path }) =>
    when?.repeats === undefined
      ? []
      : [warning(`says \`${when.repeats}\` twice in one condition; once is enough`, path)],
  );
  return [...own, ...parts, ...repeated];
}

function constant(
  when: Condition | null,
  [ifFalse, ifTrue]: readonly [string, string],
): readonly RuleFinding[] {
  if (when?.constant === undefined) return [];
  return [warning(when.constant ? ifTrue : ifFalse, ['when'])];
}

/** Why a requirement can never hold, if that is so. */
function unmeetable(
  requirement: Requirement,
  { actions }: Rule,
  { roles }: PolicySet,
): readonly string[] {
  const { step, count, from, by } = requirement;
  const onIssue = actions.every((action) => action === 'plan.adopt');
  if (onIssue && by.every((way) => way === 'review')) {
    return [
      `has a step ${step} that takes a review, and a plan stands on an issue, which nobody can review: it can never hold; use by: [label, command]`,
    ];
  }
  const most = mostPeople(from, roles, onIssue);
  if (most >= count) return [];
  const remedy =
    most === 0
      ? 'name users, teams, organizations, a permission or roles'
      : 'name more people, or ask for fewer';
  return [
    `has a step ${step} that takes ${count}, and its \`from\` names ${most}: it can never hold; ${remedy}`,
  ];
}

/** Infinity where teams, organizations, permissions or owners are named: nobody knows here how many people they are. */
function mostPeople(from: From, roles: PolicySet['roles'], onIssue: boolean): number {
  const named = [from, ...(from.roles ?? []).map((role) => roles.get(role) ?? {})];
  const open = named.some(
    ({ teams, organizations, permission, codeowners }) =>
      permission !== undefined ||
      // An issue changes no files, so it has no owners of any.
      (codeowners === true && !onIssue) ||
      (teams ?? []).length > 0 ||
      (organizations ?? []).length > 0,
  );
  return open
    ? Infinity
    : new Set(named.flatMap(({ users }) => users ?? []).map((login) => login.toLowerCase())).size;
}
