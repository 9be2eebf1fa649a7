import type { CountedMerge } from '../../domain/work-item/state.ts';
import type { PullRequestFacts } from '../../ports/code-host.ts';
import type { ChangedFile, CommitFacts } from '../../ports/repository-files.ts';
import type { Repository } from '../repository.ts';

/** What a merge brought, however GitHub or a person's push put it on the branch. */
export interface MergedChange {
  readonly files: readonly ChangedFile[];
  /** The command that takes it back; null where no single one does. */
  readonly revert: string | null;
  /** The commits it came as. */
  readonly commits: readonly CommitFacts[];
}

/**
 * `sha` is where GitHub says it landed: the merge commit, the squashed one, the last of the rebased, or the tip of a push that
 * carried several pull requests. Taken as a merge commit throughout, the last three would tell of the wrong files.
 */
export async function mergedChange(
  repository: Repository,
  { sha, pull_request }: Pick<CountedMerge, 'sha' | 'pull_request'>,
  pull: PullRequestFacts | null,
): Promise<MergedChange> {
  const { files } = repository;
  const landed = await files.commits(pull?.base_sha ?? `${sha}^1`, sha);
  const merge = landed.find(({ parents }) => parents.length === 2 && parents[1] === pull?.head);
  if (merge !== undefined) {
    const own = await files.changedFiles(`${merge.sha}^1`, merge.sha);
    const brought = await files.commits(`${merge.sha}^1`, merge.sha);
    return {
      files: own,
      revert: `git revert -m 1 ${merge.sha}`,
      commits: brought,
    };
  }
  const last = await files.changedFiles(`${sha}^1`, sha);
  const proposed = pull === null ? null : await files.changedFiles(pull.base_sha, pull.head);
  if (proposed === null || isSame(last, proposed)) {
    return { files: last, revert: `git revert ${sha}`, commits: landed.slice(-1) };
  }
  const rebased = await rebasedCommits(repository, pull_request, landed);
  const [first] = rebased;
  const whole = first === undefined ? last : await files.changedFiles(`${first.sha}^1`, sha);
  return isSame(whole, proposed)
    ? {
        files: whole,
        revert: `git revert ${first?.sha ?? sha}^..${sha}`,
        commits: rebased,
      }
    : { files: proposed, revert: null, commits: landed };
}

/** As many as the pull request had, from the end. */
async function rebasedCommits(
  { host }: Repository,
  pull_request: number,
  landed: readonly CommitFacts[],
): Promise<readonly CommitFacts[]> {
  const own = await host.commits(pull_request);
  return own.length === 0 ? [] : landed.slice(-own.length);
}

const isSame = (a: readonly ChangedFile[], b: readonly ChangedFile[]): boolean =>
  told(a) === told(b);

const told = (files: readonly ChangedFile[]): string =>
  files
    .map(({ path, additions, deletions }) => `${path} ${additions} ${deletions}`)
    .sort()
    .join('\n');
