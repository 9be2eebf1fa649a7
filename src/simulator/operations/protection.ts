import { grantedRole, roleReaches } from '../permissions.ts';
import type { Doer } from '../actor.ts';
import type { ProtectionRecord, PullIssue, RepositoryRecord, ReviewRecord } from '../model.ts';
import { latestStatuses } from './statuses.ts';

export interface Missing {
  readonly kind: 'review' | 'changes_requested' | 'check' | 'behind';
  readonly message: string;
}

/** What branch protection still wants before a merge, in GitHub's words. */
export async function missingForMerge(
  repository: RepositoryRecord,
  issue: PullIssue,
  baseSha: string,
): Promise<Missing[]> {
  const protection = repository.protections.get(issue.pull.baseRef);
  if (protection === undefined) return [];
  const missing = missingReviews(repository, issue, protection.requiredReviews?.count ?? 0);
  if (protection.requiredChecks !== null) {
    missing.push(
      ...missingChecks(repository, issue.pull.headSha, protection.requiredChecks.checks),
    );
    const current =
      !protection.requiredChecks.strict ||
      (await repository.git.isAncestor(baseSha, issue.pull.headSha));
    if (!current) {
      missing.push({
        kind: 'behind',
        message: 'The head branch is not up to date with the base branch.',
      });
    }
  }
  return missing;
}

/** Rules about the branch itself, which hold whatever the pull request has. */
export function branchRefusal(
  protection: ProtectionRecord,
  by: Doer,
  method: 'merge' | 'squash' | 'rebase',
): string | null {
  if (protection.locked) return 'Cannot change this locked branch';
  const name = by.app?.slug ?? by.account.login;
  if (protection.pushers !== null && !protection.pushers.includes(name))
    return "You're not authorized to push to this branch.";
  return protection.linearHistory && method === 'merge'
    ? 'This branch must not contain merge commits.'
    : null;
}

/** Each person's last approval, change request or dismissal: a comment changes nothing. */
export function latestOpinions(issue: PullIssue): ReviewRecord[] {
  const latest = new Map<number, ReviewRecord>();
  for (const review of issue.pull.reviews) {
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING') {
      latest.set(review.author.id, review);
    }
  }
  return [...latest.values()];
}

function missingReviews(repository: RepositoryRecord, issue: PullIssue, wanted: number): Missing[] {
  if (wanted === 0) return [];
  const counted = latestOpinions(issue).filter((review) =>
    roleReaches(grantedRole(repository, review.author), 'write'),
  );
  if (counted.some((review) => review.state === 'CHANGES_REQUESTED')) {
    return [{ kind: 'changes_requested', message: 'Changes have been requested.' }];
  }
  const approvals = counted.filter((review) => review.state === 'APPROVED').length;
  if (approvals >= wanted) return [];
  const plural = wanted === 1 ? 'review is' : 'reviews are';
  return [
    {
      kind: 'review',
      message: `At least ${wanted} approving ${plural} required by reviewers with write access.`,
    },
  ];
}

interface WantedCheck {
  readonly context: string;
  readonly appId: number | null;
}

/** Which of the checks wanted are not green on a commit, and which of these are red. */
export function checksOn(
  repository: RepositoryRecord,
  sha: string,
  wanted: readonly WantedCheck[],
): { readonly missing: readonly Missing[]; readonly failed: readonly WantedCheck[] } {
  const missing = missingChecks(repository, sha, wanted);
  const statuses = latestStatuses(repository, sha);
  const runs = [...repository.checkRuns.values()].filter((run) => run.headSha === sha);
  const failed = wanted.filter(({ context, appId }) => {
    const run = runs.findLast(
      (one) => one.name === context && (appId === null || one.app.id === appId),
    );
    if (run !== undefined)
      return run.conclusion !== null && !['success', 'neutral', 'skipped'].includes(run.conclusion);
    return (
      appId === null &&
      statuses.some((one) => one.context === context && ['failure', 'error'].includes(one.state))
    );
  });
  return { missing, failed };
}

function missingChecks(
  repository: RepositoryRecord,
  sha: string,
  wanted: readonly WantedCheck[],
): Missing[] {
  const runs = [...repository.checkRuns.values()].filter((run) => run.headSha === sha);
  const statuses = latestStatuses(repository, sha);
  return wanted
    .filter(({ context, appId }) => {
      const run = runs.findLast(
        (one) => one.name === context && (appId === null || one.app.id === appId),
      );
      if (run !== undefined)
        return !['success', 'neutral', 'skipped'].includes(run.conclusion ?? '');
      if (appId !== null) return true;
      return !statuses.some((one) => one.context === context && one.state === 'success');
    })
    .map(({ context }) => ({
      kind: 'check',
      message: `Required status check "${context}" is expected.`,
    }));
}

export const throughTheQueue = 'Changes must be made through the merge queue';

/** Why this branch refuses to be written to directly, or null. */
export function directWriteRefusal(
  repository: RepositoryRecord,
  branch: string,
  isAdmin: boolean,
): string | null {
  if (!isAdmin && repository.queues.has(branch)) return throughTheQueue;
  const protection = repository.protections.get(branch);
  if (protection === undefined || (isAdmin && !protection.enforceAdmins)) return null;
  if (protection.requiredReviews !== null) return 'Changes must be made through a pull request.';
  const checks = protection.requiredChecks?.checks.length ?? 0;
  return checks === 0 ? null : `${checks} of ${checks} required status checks are expected.`;
}
