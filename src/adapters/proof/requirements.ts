import { permissions, type From, type Requirement, type Role } from '../../domain/policy/rules.ts';
import { implies, type Term } from './term.ts';

export type Roles = ReadonlyMap<string, Role>;

/** What is so under one requirement is so under each that asks for no more. */
export const implied = (
  requirements: ReadonlyMap<string, Requirement>,
  wherever: (lenient: Requirement, strict: Requirement) => boolean,
  truth: (name: string) => Term,
): readonly Term[] =>
  [...requirements].flatMap(([name, strict]) =>
    [...requirements].flatMap(([other, lenient]) =>
      name !== other && wherever(lenient, strict) ? [implies(truth(name), truth(other))] : [],
    ),
  );

export const asksOwners = (from: From, roles: Roles): boolean =>
  from.codeowners === true ||
  (from.roles ?? []).some((name) => roles.get(name)?.codeowners === true);

/** Whom a `from` names, its roles written out. */
export function flattened(from: From, roles: Roles): From {
  const all = [from, ...(from.roles ?? []).map((name) => roles.get(name) ?? {})];
  const least = all.flatMap(({ permission }) =>
    permission === undefined ? [] : [permissions.indexOf(permission)],
  );
  const permission = permissions[Math.min(...least)];
  return {
    users: all.flatMap(({ users }) => users ?? []),
    teams: all.flatMap(({ teams }) => teams ?? []),
    organizations: all.flatMap(({ organizations }) => organizations ?? []),
    ...(permission === undefined ? {} : { permission }),
    ...(all.some(({ codeowners }) => codeowners === true) ? { codeowners: true } : {}),
  };
}

/** Whether whoever may lift an objection under one requirement surely may under the other. */
export function liftsWherever(lenient: Requirement, strict: Requirement): boolean {
  const has = (all: readonly string[] | undefined, some: readonly string[] | undefined) =>
    (some ?? []).every((each) => (all ?? []).includes(each));
  const rank = ({ permission }: From) =>
    permission === undefined ? Infinity : permissions.indexOf(permission);
  const paths = ({ survives }: Requirement) => survives.paths.map(({ source }) => source);
  return (
    has(lenient.from.users, strict.from.users) &&
    has(lenient.from.teams, strict.from.teams) &&
    has(lenient.from.organizations, strict.from.organizations) &&
    rank(lenient.from) <= rank(strict.from) &&
    (lenient.from.codeowners === true || strict.from.codeowners !== true) &&
    (lenient.author || !strict.author) &&
    (lenient.contributors || !strict.contributors) &&
    (lenient.edited || !strict.edited) &&
    (lenient.survives.rebase || !strict.survives.rebase) &&
    (lenient.survives.updateMerge || !strict.survives.updateMerge) &&
    has(paths(lenient), paths(strict)) &&
    has(strict.notBy, lenient.notBy)
  );
}

/** Whether what has enough approvals under one requirement surely has enough under the other. */
export const holdsWherever = (lenient: Requirement, strict: Requirement): boolean =>
  // Of those who count, whether one may write (0) says nothing of whether they are enough.
  (lenient.count === 0) === (strict.count === 0) &&
  lenient.count <= strict.count &&
  liftsWherever(lenient, strict) &&
  strict.by.every((way) => lenient.by.includes(way)) &&
  (lenient.validFor === null || (strict.validFor !== null && strict.validFor <= lenient.validFor));
