import type { Approval, Requirement, Rule } from './rules.ts';

/** Something about rules that are well-formed. A fault cannot do what it says; a warning probably does not. */
export interface Finding {
  readonly level: 'fault' | 'warning';
  /** Null where it stands in whichever file has the path, or is about all of them. */
  readonly file: string | null;
  readonly rule: string | null;
  /** Where in the file's data, as `['rules', 2, 'approval']`; empty: the file as a whole. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The same within a rule, before anybody knows where in its file the rule stands. */
export interface RuleFinding {
  readonly level: Finding['level'];
  readonly path: Finding['path'];
  readonly message: string;
}

export const warning = (message: string, path: Finding['path'] = []): RuleFinding => ({
  level: 'warning',
  path,
  message,
});

export const fault = (message: string, path: Finding['path'] = []): RuleFinding => ({
  level: 'fault',
  path,
  message,
});

/** An approval, or a part of one, with its place in the rule. */
export interface Placed<T extends Approval> {
  readonly approval: T;
  readonly path: Finding['path'];
}

export const approvalsIn = (rule: Rule): readonly Placed<Approval>[] =>
  rule.effect === 'require_human' ? partsIn({ approval: rule.approval, path: ['approval'] }) : [];

function partsIn(placed: Placed<Approval>): readonly Placed<Approval>[] {
  const { approval, path } = placed;
  if (approval.type === 'requirement') return [placed];
  const inside = approval.parts.flatMap((part, index) =>
    partsIn({ approval: part, path: [...path, approval.type, index] }),
  );
  return [placed, ...inside];
}

export const requirementsIn = (rule: Rule): readonly Placed<Requirement>[] =>
  approvalsIn(rule).flatMap(({ approval, path }) =>
    approval.type === 'requirement' ? [{ approval, path }] : [],
  );
