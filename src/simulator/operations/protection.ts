import { grantedRole, roleReaches } from '../permissions.ts';
import type { Doer } from '../actor.ts';
import type { ProtectionRecord, PullIssue, RepositoryRecord, ReviewRecord } from '../model.ts';
import type { World } from '../world.ts';
import { ruleViolations, rulesFor } from './rulesets.ts';
import { hasUnsigned, unverified } from './signatures.ts';
import { latestStatuses } from './statuses.ts';
import { hasUnresolved } from './threads.ts';
import { wantedByProtection, wantedByRules, type Wanted } from './wanted.ts';

export interface Missing {
  readonly kind:
    | 'review'
    | 'changes_requested'
    | 'check'
    | 'behind'
    | 'conversation'
    | 'signature'
    | 'merge_commit';
  readonly message: string;
}

type Method = 'merge' | 'squash' | 'rebase';

/** What is about to be merged onto what; `method` null: asked of no merge in particular. */
interface Merging {
  readonly issue: PullIssue;
  readonly base: string;
  readonly method: Method | null;
}

/** What rules of either kind still want before a merge, whoever does it, in GitHub's words. */
export async function missingForMerge(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
  base: string,
): Promise<Missing[]> {
  const merging: Merging = { issue, base, method: null };
  const protection = repository.protections.get(issue.pull.baseRef);
  const rules = wantedByRules(rulesFor(repository, issue.pull.baseRef, null));
  return [
    ...(protection === undefined
      ? []
      : await missingOf(world, repository, merging, wantedByProtection(protection))),
    ...(await missingOf(world, repository, merging, rules)),
  ];
}

/** Why this doer may not merge it so, or null. Rulesets are looked at first, and worded by themselves. */
export async function mergeRefusal(
  world: World,
  repository: RepositoryRecord,
  by: Doer,
  merging: Merging & { readonly method: Method },
): Promise<string | null> {
  const branch = merging.issue.pull.baseRef;
  const rules = rulesFor(repository, branch, by);
  const violated = await missingOf(world, repository, merging, wantedByRules(rules));
  if (violated.length > 0) return ruleViolations(violated.map(({ message }) => message));
  const protection = repository.protections.get(branch);
  const isAdmin = by.app === null && grantedRole(repository, by.account) === 'admin';
  if (protection === undefined || (isAdmin && !protection.enforceAdmins)) return null;
  const refused = branchRefusal(protection, by);
  if (refused !== null) return refused;
  const missing = await missingOf(world, repository, merging, wantedByProtection(protection));
  return missing.length === 0 ? null : missing.map(({ message }) => message).join(' ');
}

async function missingOf(
  world: World,
  repository: RepositoryRecord,
  merging: Merging,
  wanted: Wanted,
): Promise<Missing[]> {
  const { issue, base, method } = merging;
  const { headSha } = issue.pull;
  const missing: Missing[] = [];
  if (wanted.linear && method === 'merge')
    missing.push({ kind: 'merge_commit', message: 'This branch must not contain merge commits.' });
  missing.push(...missingReviews(repository, issue, wanted.reviews));
  missing.push(...missingChecks(repository, headSha, wanted.checks?.checks ?? []));
  if (wanted.checks?.strict === true && !(await repository.git.isAncestor(base, headSha))) {
    missing.push({
      kind: 'behind',
      message: 'The head branch is not up to date with the base branch.',
    });
  }
  if (wanted.conversations && hasUnresolved(issue)) {
    missing.push({
      kind: 'conversation',
      message: 'A conversation must be resolved before this pull request can be merged.',
    });
  }
  if (wanted.signatures) missing.push(...(await missingSignatures(world, repository, merging)));
  return missing;
}

/** GitHub signs the one commit that a squash makes, and can sign none of those that a rebase makes anew. */
async function missingSignatures(
  world: World,
  repository: RepositoryRecord,
  { issue, base, method }: Merging,
): Promise<Missing[]> {
  if (method === 'squash') return [];
  if (method === 'rebase') {
    const message =
      'Base branch requires signed commits. Rebase merges cannot be automatically signed by GitHub';
    return [{ kind: 'signature', message }];
  }
  const unsigned = await hasUnsigned(world, repository, issue.pull.headSha, [base]);
  return unsigned ? [{ kind: 'signature', message: unverified }] : [];
}

/** Rules about the branch itself, which hold whatever the pull request has. */
function branchRefusal(protection: ProtectionRecord, by: Doer): string | null {
  if (protection.locked) return 'Cannot change this locked branch';
  const name = by.app?.slug ?? by.account.login;
  return protection.pushers !== null && !protection.pushers.includes(name)
    ? "You're not authorized to push to this branch."
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
