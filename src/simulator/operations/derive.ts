import type { Commit } from '../git/commit.ts';
import { diffTrees } from '../git/diff.ts';
import type { FileChange } from '../git/diff.ts';
import { emptyTree } from '../git/tree.ts';
import type { PullIssue, RepositoryRecord } from '../model.ts';
import type { World } from '../world.ts';
import { missingForMerge } from './protection.ts';
import { latestStatuses } from './statuses.ts';

/** What git says of a pull request. */
export interface PullFacts {
  readonly mergeBase: string | null;
  readonly files: readonly FileChange[];
  /** Oldest first, as GitHub lists them. */
  readonly commits: readonly Commit[];
}

const factsCache = new WeakMap<RepositoryRecord, Map<string, Promise<PullFacts>>>();

/** Shas name immutable things, so what follows from two of them is computed once. */
export function factsOf(
  repository: RepositoryRecord,
  baseSha: string,
  headSha: string,
): Promise<PullFacts> {
  const cache = factsCache.get(repository) ?? new Map<string, Promise<PullFacts>>();
  factsCache.set(repository, cache);
  const key = `${baseSha} ${headSha}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const facts = derive(repository, baseSha, headSha);
  cache.set(key, facts);
  // A fault of the moment must not be the answer for good.
  facts.catch(() => cache.delete(key));
  return facts;
}

async function derive(
  { git }: RepositoryRecord,
  baseSha: string,
  headSha: string,
): Promise<PullFacts> {
  const mergeBase = await git.mergeBase(baseSha, headSha);
  const [shas, files] = await Promise.all([
    git.revisions(headSha, [baseSha], 250),
    diffTrees(git, mergeBase ?? emptyTree, headSha),
  ]);
  const commits = await Promise.all(shas.toReversed().map((sha) => git.requireCommit(sha)));
  return { mergeBase, files, commits };
}

export const pullFacts = (repository: RepositoryRecord, issue: PullIssue): Promise<PullFacts> =>
  factsOf(repository, issue.pull.baseSha, issue.pull.headSha);

export interface Mergeability {
  readonly mergeable: boolean | null;
  readonly state: 'clean' | 'dirty' | 'blocked' | 'behind' | 'draft' | 'unstable' | 'unknown';
}

export async function mergeabilityOf(
  world: World,
  repository: RepositoryRecord,
  issue: PullIssue,
): Promise<Mergeability> {
  if (issue.state === 'closed') return { mergeable: null, state: 'unknown' };
  const base = await repository.git.branch(issue.pull.baseRef);
  if (base === null) return { mergeable: null, state: 'unknown' };
  const trial = await repository.git.tryMerge(base, issue.pull.headSha);
  if (!trial.clean) return { mergeable: false, state: 'dirty' };
  if (issue.pull.draft) return { mergeable: true, state: 'draft' };
  const missing = await missingForMerge(world, repository, issue, base);
  if (missing.some((one) => one.kind === 'behind')) return { mergeable: true, state: 'behind' };
  if (missing.length > 0) return { mergeable: true, state: 'blocked' };
  return { mergeable: true, state: hasFailedCheck(repository, issue) ? 'unstable' : 'clean' };
}

function hasFailedCheck(repository: RepositoryRecord, issue: PullIssue): boolean {
  const bad = new Set(['failure', 'timed_out', 'action_required', 'cancelled']);
  return (
    [...repository.checkRuns.values()].some(
      (run) => run.headSha === issue.pull.headSha && bad.has(run.conclusion ?? ''),
    ) ||
    latestStatuses(repository, issue.pull.headSha).some(
      (status) => status.state === 'failure' || status.state === 'error',
    )
  );
}
