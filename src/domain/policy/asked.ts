import type { Approval, PolicySet, Requirement } from './rules.ts';

/** Every requirement of every rule: facts that none of them asks for need not be looked up. */
export const requirementsIn = ({ rules }: PolicySet): readonly Requirement[] =>
  rules.flatMap((rule) => (rule.effect === 'require_human' ? leaves(rule.approval) : []));

const leaves = (approval: Approval): readonly Requirement[] =>
  approval.type === 'requirement' ? [approval] : approval.parts.flatMap(leaves);
