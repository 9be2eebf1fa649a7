import type { Doer } from '../actor.ts';
import type { Commit } from '../git/commit.ts';
import { changedPaths } from '../git/changed-paths.ts';
import { zeroSha } from '../git/repository.ts';
import type { GitRepository, RefUpdate } from '../git/repository.ts';
import type { RepositoryRecord } from '../model.ts';
import { accountOfEmail } from '../representations/commit.ts';
import type { Json } from '../representations/common.ts';
import { repositoryHtml } from '../representations/common.ts';
import { repository as representRepository } from '../representations/repository.ts';
import { pullsFrom, pullsOf } from '../world.ts';
import type { World } from '../world.ts';
import { announce } from './announce.ts';
import { closeReferenced } from './closing.ts';
import { bringOver } from './forks.ts';
import { followBase, followHead } from './follow.ts';

export type Move = RefUpdate;

/**
 * Moves refs by compare-and-swap and lets everything that depends on them follow. Call it inside `world.exclusive`.
 * False, with nothing changed, if a ref was not where it was said to be.
 */
export async function moveRefs(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  moves: readonly Move[],
): Promise<boolean> {
  if (!(await repository.git.updateRefs(moves))) return false;
  await afterMoves(world, repository, by, moves);
  return true;
}

/** What follows once refs have moved, by whatever way. */
export async function afterMoves(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  moves: readonly Move[],
): Promise<void> {
  for (const move of moves) {
    if (!/^refs\/(heads|tags)\//.test(move.ref) || move.before === move.after) continue;
    repository.pushedAt = world.time();
    await announcePush(world, repository, by, move);
    await closeByCommits(world, repository, by, move);
    if (move.before === null) announceRef(world, repository, by, 'create', move.ref);
    if (move.after === null) announceRef(world, repository, by, 'delete', move.ref);
  }
  for (const move of moves) {
    if (!move.ref.startsWith('refs/heads/')) continue;
    const branch = move.ref.slice('refs/heads/'.length);
    const open = pullsOf(repository).filter((issue) => issue.state === 'open');
    for (const { base, issue } of pullsFrom(world, repository)) {
      if (issue.state !== 'open' || issue.pull.headRef !== branch) continue;
      if (move.after !== null) await bringOver(repository, base, move.after);
      await followHead(world, base, by, issue, move);
      await world.queues.changed(world, base, by, issue);
    }
    for (const issue of open.filter((one) => one.state === 'open' && one.pull.baseRef === branch)) {
      await followBase(world, repository, by, issue, move);
    }
    await world.queues.baseMoved(world, repository, branch, move.after);
  }
}

/** A commit that says it fixes an issue closes it once it is on the default branch, however it got there. */
async function closeByCommits(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  move: Move,
): Promise<void> {
  const { git, defaultBranch } = repository;
  if (move.ref !== `refs/heads/${defaultBranch}` || move.before === null || move.after === null)
    return;
  for (const sha of await git.revisions(move.after, [move.before], 250)) {
    const { message } = await git.requireCommit(sha);
    closeReferenced(world, repository, by, message, sha);
  }
}

function announceRef(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  event: 'create' | 'delete',
  ref: string,
): void {
  const [, kind, ...rest] = ref.split('/');
  announce(world, repository, by, event, () => ({
    ref: rest.join('/'),
    ref_type: kind === 'tags' ? 'tag' : 'branch',
    ...(event === 'create'
      ? { master_branch: repository.defaultBranch, description: repository.description }
      : {}),
    pusher_type: 'user',
  }));
}

async function announcePush(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  move: Move,
): Promise<void> {
  if (world.webhooks.unheard) return;
  const { git } = repository;
  const { ref, before, after } = move;
  const known = before === null ? await headsBeside(git, ref) : [before];
  const shas = after === null ? [] : await git.revisions(after, known, 2048);
  const forced = before !== null && after !== null && !(await git.isAncestor(before, after));
  const html = repositoryHtml(world, repository);
  announce(world, repository, by, 'push', async () => {
    const commits = await Promise.all(
      shas
        .slice(0, 20)
        .toReversed()
        .map(async (sha) => pushCommit(world, repository, await git.requireCommit(sha))),
    );
    const head = after === null ? null : await git.commit(after);
    const told = commits.find(({ id }) => id === after);
    return {
      ref,
      before: before ?? zeroSha,
      after: after ?? zeroSha,
      created: before === null,
      deleted: after === null,
      forced,
      base_ref: null,
      compare: `${html}/compare/${(before ?? zeroSha).slice(0, 12)}...${(after ?? zeroSha).slice(0, 12)}`,
      commits,
      head_commit: head === null ? null : (told ?? (await pushCommit(world, repository, head))),
      pusher: { name: by.account.login, email: null },
      repository: pushRepository(world, repository),
    };
  });
}

const headsBeside = async (git: GitRepository, ref: string): Promise<string[]> =>
  [...(await git.refs('refs/heads'))].filter(([name]) => name !== ref).map(([, sha]) => sha);

/** In `push`, and there alone, the repository's times are seconds since the epoch. */
function pushRepository(world: World, repository: RepositoryRecord): Json {
  const seconds = (time: string) => Math.floor(Date.parse(time) / 1000);
  const represented = representRepository(world, repository);
  const { owner } = represented;
  return {
    ...represented,
    owner: {
      ...(typeof owner === 'object' ? owner : {}),
      name: repository.owner.login,
      email: null,
    },
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
  };
}

async function pushCommit(
  world: World,
  repository: RepositoryRecord,
  commit: Commit,
): Promise<Json> {
  const paths = await changedPaths(repository.git, commit.parents[0] ?? null, commit.sha);
  const person = (signature: Commit['author']) => ({
    name: signature.name,
    email: signature.email,
    ...loginOf(world, signature.email),
  });
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${repositoryHtml(world, repository)}/commit/${commit.sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    ...paths,
  };
}

function loginOf(world: World, email: string): { username?: string } {
  const login = accountOfEmail(world, email)?.login;
  return login === undefined ? {} : { username: login };
}
