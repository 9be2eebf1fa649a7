import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor, Doer } from './actor.ts';
import type { RepositoryRecord } from './model.ts';
import { directWriteRefusal } from './operations/protection.ts';
import { ruleRefusal, type BranchChange } from './operations/rulesets.ts';
import { unsignedWords } from './operations/signatures.ts';
import { grantedRole } from './permissions.ts';
import type { World } from './world.ts';

/** The branches that take signed commits only, and a file of those that are; in a variable of their own they may not fit. */
export async function signatureEnvironment(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  refs: readonly string[],
): Promise<Record<string, string>> {
  const strict = refs.filter(
    (ref) =>
      ref.startsWith('refs/heads/') &&
      unsignedWords(repository, ref.slice('refs/heads/'.length), by) !== null,
  );
  if (strict.length === 0) return {};
  const file = join(repository.git.directory, 'signed-commits');
  await writeFile(file, [...world.signed, ''].join('\n'));
  return { SIMULATOR_SIGNATURES: ` ${strict.join(' ')} `, SIMULATOR_SIGNED: file };
}

/** What the update hook needs to know, one branch a line: git itself then refuses, in its own protocol. */
export function hookEnvironment(
  repository: RepositoryRecord,
  actor: Actor,
  by: Doer,
  refs: readonly string[],
): Record<string, string> {
  const isAdmin = by.app === null && grantedRole(repository, by.account) === 'admin';
  const locked: string[] = [];
  const noForce: string[] = [];
  const noDelete: string[] = [`refs/heads/${repository.defaultBranch}`];
  for (const [branch, protection] of repository.protections) {
    const ref = `refs/heads/${branch}`;
    if (directWriteRefusal(repository, branch, isAdmin) !== null) locked.push(ref);
    if (!protection.allowForcePushes) noForce.push(ref);
    if (!protection.allowDeletions) noDelete.push(ref);
  }
  for (const ref of refs) {
    const branch = ref.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : null;
    if (branch === null) continue;
    const refused = (change: BranchChange) => ruleRefusal(repository, branch, by, change) !== null;
    if (refused('forward')) locked.push(ref);
    if (refused('forced')) noForce.push(ref);
    if (refused('deletion')) noDelete.push(ref);
  }
  const mayWorkflows = actor.kind !== 'installation' || actor.permissions['workflows'] === 'write';
  return {
    SIMULATOR_LOCKED: ` ${locked.join(' ')} `,
    SIMULATOR_NO_FORCE: ` ${noForce.join(' ')} `,
    SIMULATOR_NO_DELETE: ` ${noDelete.join(' ')} `,
    SIMULATOR_WORKFLOWS: mayWorkflows ? 'yes' : 'no',
  };
}
