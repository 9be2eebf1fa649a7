import type { Account, RepositoryRecord } from '../model.ts';
import type { World } from '../world.ts';

export function associationOf(
  world: World,
  repository: RepositoryRecord,
  account: Account,
): string {
  if (account.id === repository.owner.id) return 'OWNER';
  if (world.members.get(repository.owner.id)?.has(account.id) === true) return 'MEMBER';
  if ((repository.roles.get(account.id) ?? 'none') !== 'none') return 'COLLABORATOR';
  const contributed = [...repository.issues.values()].some(
    (issue) =>
      issue.author.id === account.id && issue.pull?.mergedAt !== null && issue.pull !== null,
  );
  return contributed ? 'CONTRIBUTOR' : 'NONE';
}
