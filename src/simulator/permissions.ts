import type { Actor } from './actor.ts';
import { GitHubRefusal, notFound } from './errors.ts';
import type { AccessLevel, Account, RepositoryRecord, Role } from './model.ts';

const roleOrder: readonly Role[] = ['none', 'read', 'triage', 'write', 'maintain', 'admin'];
const levelOrder: readonly AccessLevel[] = ['read', 'write', 'admin'];

export const roleReaches = (role: Role, wanted: Role): boolean =>
  roleOrder.indexOf(role) >= roleOrder.indexOf(wanted);

export const isRole = (text: string): text is Role => roleOrder.some((role) => role === text);

/** What an operation asks for: one of these App permissions, or this role of a user. */
export interface Access {
  readonly app: readonly (readonly [permission: string, level: AccessLevel])[];
  readonly role: Role;
}

/** The role given, or `admin` for the owner; a public repository lends everyone what `roleOn` adds in `effectiveRole`. */
export function grantedRole(repository: RepositoryRecord, account: Account): Role {
  if (account.id === repository.owner.id) return 'admin';
  return repository.roles.get(account.id) ?? 'none';
}

export function effectiveRole(repository: RepositoryRecord, account: Account): Role {
  const role = grantedRole(repository, account);
  return role === 'none' && !repository.private ? 'read' : role;
}

export function canSee(repository: RepositoryRecord, actor: Actor): boolean {
  if (!repository.private) return true;
  if (actor.kind === 'user') return grantedRole(repository, actor.account) !== 'none';
  return actor.kind === 'installation' && reaches(actor, repository);
}

function reaches(actor: Actor & { kind: 'installation' }, repository: RepositoryRecord): boolean {
  return (
    actor.installation.repositories.has(repository.id) &&
    (actor.repositories === null || actor.repositories.has(repository.id))
  );
}

export function holds(actor: Actor, repository: RepositoryRecord, access: Access): boolean {
  if (actor.kind === 'user') {
    return roleReaches(effectiveRole(repository, actor.account), access.role);
  }
  if (actor.kind === 'installation') {
    const onlyReads = access.role === 'read' && access.app.every(([, level]) => level === 'read');
    if (!reaches(actor, repository)) return !repository.private && onlyReads;
    return access.app.some(([permission, level]) => {
      const held = actor.permissions[permission];
      return held !== undefined && levelOrder.indexOf(held) >= levelOrder.indexOf(level);
    });
  }
  return (
    actor.kind === 'anonymous' &&
    !repository.private &&
    access.role === 'read' &&
    access.app.every(([, level]) => level === 'read')
  );
}

/** Throws GitHub's own refusal: 404 to who may not even know, 401 to nobody, 403 to somebody without the right. */
export function requireAccess(actor: Actor, repository: RepositoryRecord, access: Access): void {
  if (!canSee(repository, actor)) throw notFound();
  if (holds(actor, repository, access)) return;
  if (actor.kind === 'anonymous') throw new GitHubRefusal(401, 'Requires authentication');
  if (actor.kind === 'app') throw new GitHubRefusal(401, 'Bad credentials');
  if (actor.kind === 'installation') {
    throw new GitHubRefusal(403, 'Resource not accessible by integration');
  }
  throw new GitHubRefusal(
    403,
    access.role === 'admin'
      ? 'Must have admin rights to Repository.'
      : `Must have ${access.role === 'write' ? 'push' : access.role} access to repository.`,
  );
}
