import type { Approval, Condition, PolicySet } from './rules.ts';

/**
 * Whether a condition in force may read a fact, told by its name standing in the condition's text. An index could name it
 * in other words (`pull_request["che" + "cks"]`), so a condition with one counts as reading everything: a fact that was not
 * looked up would be an empty list to it, and `all` is true of that.
 */
export const mayRead = (policies: PolicySet, fact: string): boolean =>
  conditionsIn(policies).some(
    ({ source }) => mayIndex(source) || new RegExp(`\\b${fact}\\b`).test(source),
  );

/**
 * A bracket behind something that can be indexed. One behind an operator, a comma or `in` begins a list, which reads
 * nothing. What stands in quotes is not told apart, nor what a comment hides: there every bracket counts.
 */
const mayIndex = (source: string): boolean =>
  source.includes('//')
    ? source.includes('[')
    : /[\w)\]}"']\s*\[/.test(source.replaceAll(/\bin\s*\[/g, 'in ('));

function conditionsIn({ rules }: PolicySet): readonly Condition[] {
  return rules.flatMap((rule) => [
    ...(rule.when === null ? [] : [rule.when]),
    ...(rule.effect === 'require_human' ? inApproval(rule.approval) : []),
  ]);
}

const inApproval = (approval: Approval): readonly Condition[] => [
  ...(approval.when === null ? [] : [approval.when]),
  ...(approval.type === 'requirement' ? [] : approval.parts.flatMap(inApproval)),
];
