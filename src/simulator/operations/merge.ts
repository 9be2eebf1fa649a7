import type { Doer } from '../actor.ts';
import { GitHubRefusal, unprocessable } from '../errors.ts';
import type { Commit, Signature } from '../git/commit.ts';
import type { PullIssue, RepositoryRecord } from '../model.ts';
import { grantedRole, roleReaches } from '../permissions.ts';
import { emailOf } from '../representations/commit.ts';
import { headRepositoryOf, isFromFork, pullsOf } from '../world.ts';
import type { World } from '../world.ts';
import { factsOf } from './derive.ts';
import { bringOver } from './forks.ts';
import { countContent } from './events.ts';
import { markMerged } from './follow.ts';
import { mergeRefusal, throughTheQueue } from './protection.ts';
import { afterMoves, moveRefs } from './refs.ts';

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export const signatureOfDoer = (world: World, by: Doer): Signature => ({
  name: by.account.name ?? by.account.login,
  email: emailOf(by.account),
  date: world.time(),
});

export const webSignature = (world: World): Signature => ({
  name: 'GitHub',
  email: 'noreply@github.com',
  date: world.time(),
});

/** Merges, or throws GitHub's refusal: 405 for what may not be merged, 409 for a head or base that moved. */
export function mergePull(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  input: { sha: string | null; method: MergeMethod; title: string | null; message: string | null },
): Promise<string> {
  return world.exclusive(repository, async () => {
    requireMethod(repository, input.method);
    if (issue.state === 'closed') throw new GitHubRefusal(405, 'Pull Request is not mergeable');
    if (issue.pull.draft) {
      throw new GitHubRefusal(405, 'Pull Request is still a draft');
    }
    if (input.sha !== null && input.sha !== issue.pull.headSha) {
      throw new GitHubRefusal(409, 'Head branch was modified. Review and try the merge again.');
    }
    const { pull } = issue;
    if (repository.queues.has(pull.baseRef)) throw new GitHubRefusal(405, throughTheQueue);
    const base = await repository.git.branch(pull.baseRef);
    if (base === null) throw new GitHubRefusal(405, 'Base branch does not exist');
    const refusal = await mergeRefusal(world, repository, by, {
      issue,
      base,
      method: input.method,
    });
    if (refusal !== null) throw new GitHubRefusal(405, refusal);
    const merged = await mergedCommit(world, repository, by, issue, base, input);
    const move = { ref: `refs/heads/${pull.baseRef}`, before: base, after: merged };
    if (!(await repository.git.updateRefs([move]))) {
      throw new GitHubRefusal(409, 'Base branch was modified. Review and try the merge again.');
    }
    pull.baseSha = base;
    markMerged(world, repository, by, issue, merged);
    countContent(world, by);
    await afterMoves(world, repository, by, [move]);
    if (repository.settings.deleteBranchOnMerge) await deleteHead(world, repository, by, issue);
    return merged;
  });
}

function requireMethod(repository: RepositoryRecord, method: MergeMethod): void {
  const { settings } = repository;
  const allowed = {
    merge: settings.allowMergeCommit,
    squash: settings.allowSquashMerge,
    rebase: settings.allowRebaseMerge,
  };
  const name = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' };
  if (!allowed[method]) {
    throw new GitHubRefusal(405, `${name[method]} are not allowed on this repository.`);
  }
}

/** Whatever refs say: the commit that a merge of it onto `base` is. */
export async function mergedCommit(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  base: string,
  input: { method: MergeMethod; title: string | null; message: string | null },
): Promise<string> {
  const { git } = repository;
  const head = issue.pull.headSha;
  if (input.method === 'rebase') return rebase(world, repository, by, base, head);
  const trial = await git.tryMerge(base, head);
  if (!trial.clean) throw new GitHubRefusal(405, 'Pull Request is not mergeable');
  const { title, message } = await words(repository, issue, base, input);
  const merged = await git.writeCommit({
    tree: trial.tree,
    parents: input.method === 'squash' ? [base] : [base, head],
    author: signatureOfDoer(world, by),
    committer: webSignature(world),
    message: message === '' ? title : `${title}\n\n${message}`,
  });
  world.signed.add(merged);
  return merged;
}

async function words(
  repository: RepositoryRecord,
  issue: PullIssue,
  base: string,
  input: { method: MergeMethod; title: string | null; message: string | null },
): Promise<{ title: string; message: string }> {
  if (input.method === 'merge') {
    return {
      title:
        input.title ??
        `Merge pull request #${issue.number} from ${issue.pull.headOwner.login}/${issue.pull.headRef}`,
      message: input.message ?? issue.title,
    };
  }
  const { commits } = await factsOf(repository, base, issue.pull.headSha);
  const [only] = commits;
  const single = commits.length === 1 && only !== undefined;
  const subject = single ? (only.message.split('\n')[0] ?? issue.title) : issue.title;
  const body = single
    ? only.message.split('\n').slice(2).join('\n')
    : commits.map((commit) => `* ${commit.message}`).join('\n\n');
  return {
    title: input.title ?? `${subject} (#${issue.number})`,
    message: input.message ?? body,
  };
}

/** Each commit again on top of the base, merges left out, as GitHub's rebase does. */
async function rebase(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  base: string,
  head: string,
): Promise<string> {
  const { git } = repository;
  const shas = (await git.revisions(head, [base])).toReversed();
  const commits = await Promise.all(shas.map((sha) => git.requireCommit(sha)));
  let onto = base;
  for (const commit of commits.filter((one) => one.parents.length < 2)) {
    onto = await pick(world, repository, by, onto, commit);
  }
  return onto;
}

async function pick(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  onto: string,
  commit: Commit,
): Promise<string> {
  const { git } = repository;
  // git before 2.40 cannot be told the merge base: a commit of `onto`'s tree on the picked commit's parent makes it so.
  const stand = await git.writeCommit({
    tree: (await git.requireCommit(onto)).tree,
    parents: commit.parents,
    author: commit.author,
    committer: commit.committer,
    message: 'stand-in',
  });
  const trial = await git.tryMerge(stand, commit.sha);
  if (!trial.clean) throw new GitHubRefusal(405, "This branch can't be rebased");
  return git.writeCommit({
    tree: trial.tree,
    parents: [onto],
    author: commit.author,
    committer: signatureOfDoer(world, by),
    message: commit.message,
  });
}

async function deleteHead(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
): Promise<void> {
  // A fork's branches are not this repository's to delete.
  if (isFromFork(repository, issue.pull)) return;
  const { headRef, headSha } = issue.pull;
  const others = pullsOf(repository).some(
    (one) =>
      one.state === 'open' &&
      one.pull.headRef === headRef &&
      one.pull.headRepository === repository.id,
  );
  if (headRef === repository.defaultBranch || others) return;
  await moveRefs(world, repository, by, [
    { ref: `refs/heads/${headRef}`, before: headSha, after: null },
  ]);
}

/** "Update branch": the base merged into the head. */
export function updateBranch(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  issue: PullIssue,
  expectedHead: string | null,
): Promise<void> {
  return world.exclusive(repository, async () => {
    const { pull } = issue;
    if (expectedHead !== null && expectedHead !== pull.headSha) {
      throw unprocessable('expected head sha didn’t match current head ref.');
    }
    const { git } = repository;
    const head = headToUpdate(world, repository, by, issue);
    const base = await git.branch(pull.baseRef);
    if (base === null || issue.state === 'closed') throw unprocessable('Validation Failed');
    if (await git.isAncestor(base, pull.headSha)) {
      throw unprocessable('There are no new commits on the base branch.');
    }
    const trial = await git.tryMerge(pull.headSha, base);
    if (!trial.clean) throw unprocessable('merge conflict between base and head');
    const merged = await git.writeCommit({
      tree: trial.tree,
      parents: [pull.headSha, base],
      author: signatureOfDoer(world, by),
      committer: webSignature(world),
      message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
    });
    world.signed.add(merged);
    await bringOver(repository, head, merged);
    await moveRefs(world, head, by, [
      { ref: `refs/heads/${pull.headRef}`, before: pull.headSha, after: merged },
    ]);
  });
}

/** A fork's branch is updated by who may push to it, or by the base's writers where its author lets them. */
function headToUpdate(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  { pull }: PullIssue,
): RepositoryRecord {
  const head = headRepositoryOf(world, pull);
  if (head === null) throw unprocessable('The head repository was deleted.');
  if (!isFromFork(repository, pull)) return head;
  const pushes = roleReaches(grantedRole(head, by.account), 'write');
  const writes = roleReaches(grantedRole(repository, by.account), 'write');
  if (by.app !== null || !(pushes || (pull.maintainerCanModify && writes))) {
    throw new GitHubRefusal(403, 'Must have push access to the head repository.');
  }
  return head;
}
