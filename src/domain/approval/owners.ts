import type { FileFacts, PolicyRequest } from '../policy/request.ts';
import type { Requirement, Role } from '../policy/rules.ts';
import { fold, qualifies, type Person } from './people.ts';

/** Who owns the changed files, read once for all requirements. */
export interface Ownership {
  /** The changed files that need an owner: those that have one, and those of which nobody knows. */
  readonly files: readonly OwnedFile[];
  /** Folded owners of any of them; empty where the owners of even one file are unknown. */
  readonly owners: ReadonlySet<string>;
}

interface OwnedFile {
  readonly path: string;
  /** Null: unknown. */
  readonly owners: ReadonlySet<string> | null;
}

/** One file with unknown owners makes all unknown: an approval of the others would read as one of everything. */
export function ownership({ pull_request: pull }: PolicyRequest): Ownership {
  const files = (pull?.files ?? []).map(ownedFile);
  const unknown = files.some(({ owners }) => owners === null);
  return {
    files: files.filter(({ owners }) => owners === null || owners.size > 0),
    owners: unknown ? new Set() : new Set(files.flatMap(({ owners }) => [...(owners ?? [])])),
  };
}

const ownedFile = ({ path, owners }: FileFacts): OwnedFile => ({
  path,
  owners: owners === undefined ? null : new Set(owners.map(fold)),
});

/** Whether one of these owners is the person, or a team of theirs. */
export const isOwner = (person: Person, owners: ReadonlySet<string>): boolean =>
  owners.has(`@${fold(person.login)}`) ||
  [...person.teams].some((team) => owners.has(`@${fold(team)}`));

/** Whether a requirement asks for owners of the changed files, by itself or by a role. */
const asksOwners = ({ from }: Requirement, roles: ReadonlyMap<string, Role>): boolean =>
  from.codeowners === true ||
  (from.roles ?? []).some((name) => roles.get(name)?.codeowners === true);

/** A changed file for which too few have approved. */
export interface Uncovered {
  readonly path: string;
  readonly have: number;
  /** Folded owners, for a reader; null: unknown. */
  readonly owners: readonly string[] | null;
}

/**
 * The owned files that still lack approvals. Each takes `count` people who own it or whom another key of `from` names: an
 * owner of one file says nothing about another.
 */
export function uncovered(
  requirement: Requirement,
  approvers: readonly Person[],
  { files }: Ownership,
  roles: ReadonlyMap<string, Role>,
): readonly Uncovered[] {
  if (!asksOwners(requirement, roles)) return [];
  return files.flatMap(({ path, owners }) => {
    const have = approvers.filter((person) =>
      qualifies(person, requirement.from, roles, (one) => isOwner(one, owners ?? new Set())),
    ).length;
    return have >= requirement.count
      ? []
      : [{ path, have, owners: owners === null ? null : [...owners] }];
  });
}

/** What nobody can tell about the owners a requirement asks for; null where they are known and there are some. */
export function ownersMissing(
  requirement: Requirement,
  { files, owners }: Ownership,
  roles: ReadonlyMap<string, Role>,
): string | null {
  if (!asksOwners(requirement, roles) || owners.size > 0) return null;
  return files.length === 0
    ? 'no changed file has an owner in CODEOWNERS'
    : 'who owns the changed files by CODEOWNERS is not known';
}
