import { refuse, type Result } from '../../domain/result.ts';
import type { PullRequestFacts } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';

/** The codes of a refusal that trying again would get again: only a person can make way. */
export const needsAPerson: ReadonlySet<string> = new Set([
  'pull_request.not_ours',
  'pull_request.other_base',
]);

/** By the id of its author: anybody who may write can open one from a branch that is named like ours. */
export const isOurs = async (
  { deps }: Session,
  { author }: Pick<PullRequestFacts, 'author'>,
): Promise<boolean> => author.id === (await deps.codeHost.identity()).id;

/** Open from this branch of this repository; a fork may have one of the same name. */
export async function openFromBranch(
  { repository: { host, ref } }: Session,
  branch: string,
): Promise<readonly PullRequestFacts[]> {
  const open = await host.openPullRequests();
  return open.filter(
    (pull) => pull.head_branch === branch && pull.head_repository === ref.full_name,
  );
}

export const notOurs = (
  { number, author }: Pick<PullRequestFacts, 'number' | 'author'>,
  branch: string,
): Result<never> =>
  refuse(
    'pull_request.not_ours',
    `#${number} was opened from ${branch} by ${author.login}, and it is not taken for Assent's. Close it, then say \`/assent retry\``,
  );
