import type { Doer } from '../actor.ts';
import type { RepositoryRecord } from '../model.ts';
import { grantedRole } from '../permissions.ts';
import type { World } from '../world.ts';
import { ruleViolations, rulesFor } from './rulesets.ts';

export const unverified = 'Commits must have verified signatures.';

/** The ones that `after` brings where `known` is there already. */
export async function hasUnsigned(
  world: World,
  { git }: RepositoryRecord,
  after: string,
  known: readonly string[],
): Promise<boolean> {
  return (await git.revisions(after, known)).some((sha) => !world.signed.has(sha));
}

/** How a branch says that it takes signed commits only, from this doer; null: it does not say so. */
export function unsignedWords(
  repository: RepositoryRecord,
  branch: string,
  by: Doer,
): string | null {
  if (rulesFor(repository, branch, by).some(({ type }) => type === 'required_signatures'))
    return ruleViolations([unverified]);
  const protection = repository.protections.get(branch);
  if (protection?.signatures !== true) return null;
  const isAdmin = by.app === null && grantedRole(repository, by.account) === 'admin';
  return isAdmin && !protection.enforceAdmins ? null : unverified;
}

/** Why this branch does not take these commits, by whatever way they come but a merge, or null. */
export async function signatureRefusal(
  world: World,
  repository: RepositoryRecord,
  branch: string,
  by: Doer,
  { before, after }: { readonly before: string | null; readonly after: string },
): Promise<string | null> {
  const words = unsignedWords(repository, branch, by);
  if (words === null) return null;
  const known =
    before === null ? [...(await repository.git.refs('refs/heads')).values()] : [before];
  return (await hasUnsigned(world, repository, after, known)) ? words : null;
}
