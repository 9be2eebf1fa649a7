import type { Doer } from '../actor.ts';
import type { RefUpdate } from '../git/repository.ts';
import type { PullIssue, RepositoryRecord } from '../model.ts';
import type { World } from '../world.ts';
import { announcePull } from './announce.ts';
import { record } from './events.ts';
import { closeReferenced } from './closing.ts';
import { dismissStale } from './reviews.ts';

/** A pull request follows its head branch: a push synchronizes it, a deletion closes it. */
export async function followHead(
  world: World,
  /** Of the pull request; the branch may be a fork's, and then its commits are here already. */
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  move: RefUpdate,
): Promise<void> {
  if (move.after === null) {
    closeWithoutHead(world, repository, by, issue);
    return;
  }
  const { pull } = issue;
  const before = pull.headSha;
  if (before === move.after) return;
  pull.headSha = move.after;
  pull.baseSha = (await repository.git.branch(pull.baseRef)) ?? pull.baseSha;
  await repository.git.updateRefs([
    { ref: `refs/pull/${issue.number}/head`, before, after: move.after },
  ]);
  issue.updatedAt = world.time();
  if (move.before !== null && !(await repository.git.isAncestor(move.before, move.after))) {
    record(world, repository, by, issue, 'head_ref_force_pushed', { kind: 'plain' }, move.after);
  }
  announcePull(world, repository, by, 'synchronize', issue, { before, after: move.after });
  dismissStale(world, repository, issue);
  if (await repository.git.isAncestor(move.after, pull.baseSha)) {
    markMerged(world, repository, by, issue, pull.baseSha);
  }
}

export function closeWithoutHead(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
): void {
  issue.state = 'closed';
  issue.closedBy = by.account;
  issue.closedAt = record(world, repository, by, issue, 'closed');
  announcePull(world, repository, by, 'closed', issue);
}

/** Whoever pushes a pull request's commits to its base has merged it. */
export async function followBase(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  move: RefUpdate,
): Promise<void> {
  if (move.after === null) return;
  if (await repository.git.isAncestor(issue.pull.headSha, move.after)) {
    markMerged(world, repository, by, issue, move.after);
  }
}

export function markMerged(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  mergeCommit: string,
): void {
  const now = record(world, repository, by, issue, 'merged', { kind: 'plain' }, mergeCommit);
  record(world, repository, by, issue, 'closed');
  issue.state = 'closed';
  issue.closedAt = now;
  issue.closedBy = by.account;
  issue.pull.mergedAt = now;
  issue.pull.mergedBy = by.account;
  issue.pull.mergeCommitSha = mergeCommit;
  announcePull(world, repository, by, 'closed', issue);
  if (issue.pull.baseRef === repository.defaultBranch) {
    closeReferenced(world, repository, by, `${issue.title}\n${issue.body ?? ''}`, mergeCommit);
  }
}
