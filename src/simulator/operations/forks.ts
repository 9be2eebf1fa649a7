import { rm } from 'node:fs/promises';
import type { Doer } from '../actor.ts';
import { GitHubRefusal, invalidField } from '../errors.ts';
import type { RepositoryRecord } from '../model.ts';
import { makeGitRepository, nameForm, newRecord } from '../repositories.ts';
import { forksOf, pullsFrom } from '../world.ts';
import type { World } from '../world.ts';
import { closeWithoutHead } from './follow.ts';

/** One's own fork: of a repository an account has at most one, and asking again gives the same. */
export async function createFork(
  world: World,
  parent: RepositoryRecord,
  by: Doer,
  input: { name: string | null; defaultBranchOnly: boolean },
): Promise<RepositoryRecord> {
  const owner = by.account;
  if (owner.id === parent.owner.id) {
    throw new GitHubRefusal(403, 'A repository cannot be forked into the account that owns it.');
  }
  if (input.name !== null && (!nameForm.test(input.name) || /^\.+$/.test(input.name))) {
    throw invalidField('Repository', 'name', 'invalid');
  }
  const existing = world.repositories.find(
    (one) => one.network === parent.network && one.owner.id === owner.id,
  );
  if (existing !== undefined) return existing;
  const name = freeName(world, owner.login, input.name ?? parent.name);
  const { defaultBranch } = parent;
  const from = parent.git.directory;
  const { git } = await makeGitRepository(world, { owner: owner.login, name, from, defaultBranch });
  if (input.defaultBranchOnly) await keepOnly(git, `refs/heads/${defaultBranch}`);
  const fork = newRecord(world, {
    owner,
    name,
    private: parent.private,
    description: parent.description,
    defaultBranch,
    git,
    parent,
    // Whoever may read a private repository may read its forks; a fork of a public one starts with its owner alone.
    roles: parent.private ? new Map(parent.roles) : new Map(),
  });
  world.repositories.push(fork);
  return fork;
}

/** GitHub numbers a name that the account has for something else already. */
function freeName(world: World, owner: string, wanted: string): string {
  let name = wanted;
  for (let next = 1; world.repository(owner, name) !== undefined; next += 1) {
    name = `${wanted}-${next}`;
  }
  return name;
}

async function keepOnly(git: RepositoryRecord['git'], kept: string): Promise<void> {
  const others = [...(await git.refs('refs/heads'))].filter(([ref]) => ref !== kept);
  await git.updateRefs(others.map(([ref, before]) => ({ ref, before, after: null })));
}

/** Pull requests from it close and lose their head's repository; its own forks go over to its parent. */
export async function deleteFork(world: World, fork: RepositoryRecord, by: Doer): Promise<void> {
  if (fork.parent === null) {
    throw new GitHubRefusal(403, 'This simulator deletes forks only.');
  }
  for (const { base, issue } of pullsFrom(world, fork)) {
    if (issue.state === 'open' && base !== fork) closeWithoutHead(world, base, by, issue);
  }
  for (const child of forksOf(world, fork)) child.parent = fork.parent;
  world.repositories.splice(world.repositories.indexOf(fork), 1);
  fork.git.close();
  await rm(fork.git.directory, { recursive: true, force: true });
}

/** A commit with all it reaches, from one repository to another; no ref moves. */
export async function bringOver(
  from: RepositoryRecord,
  to: RepositoryRecord,
  sha: string,
): Promise<void> {
  if (from === to) return;
  await to.git.run([
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-write-fetch-head',
    from.git.directory,
    sha,
  ]);
}
