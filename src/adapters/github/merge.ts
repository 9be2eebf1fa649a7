import type { Result } from '../../domain/result.ts';
import { ok, refuse } from '../../domain/result.ts';
import type { RepositoryWriter } from '../../ports/code-host.ts';
import { act } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { whyNotMerged } from './merge-refusals.ts';
import { pullRequestDetail } from './pull-requests.ts';

type MergeInput = Parameters<RepositoryWriter['merge']>[0];

/**
 * Merges exactly the head that was approved; GitHub holds it to `sha`, so no look is needed before. Only a refusal needs one:
 * merged so already is success.
 */
export async function merge(
  context: RepositoryContext,
  input: MergeInput,
): Promise<Result<{ readonly sha: string }>> {
  const item = numbered(context, input.pull_request);
  const merged = await put(context, item, input);
  if (merged.ok) return merged;
  // Another merge was quicker. The head is still held to, so once more is as safe as the first time.
  const again = merged.refusal.code === 'merge.base_moved';
  const last = again ? await put(context, item, input) : merged;
  return last.ok ? last : explained(context, item, input, last);
}

/** GitHub has the same words for what was merged, closed or moved. */
async function explained(
  context: RepositoryContext,
  item: string,
  input: MergeInput,
  refusal: Result<never>,
): Promise<Result<{ readonly sha: string }>> {
  const pull = await pullRequestDetail(context, input.pull_request);
  if (pull === null) return refuse('merge.no_item', `There is no pull request ${item} to merge.`);
  if (pull.head.sha !== input.head) return refused(item, input, 409, `it is ${pull.head.sha} now`);
  if (pull.merged && pull.merge_commit_sha !== null) return ok({ sha: pull.merge_commit_sha });
  return pull.state === 'open'
    ? refusal
    : refuse('merge.closed', `${item} was closed without being merged.`);
}

const put = (
  context: RepositoryContext,
  item: string,
  input: MergeInput,
): Promise<Result<{ readonly sha: string }>> =>
  act(
    `merge of ${item}`,
    async () => {
      const { data } = await context.client('merge').pulls.merge({
        ...context.at,
        pull_number: input.pull_request,
        sha: input.head,
        merge_method: input.method,
        commit_title: input.title,
        commit_message: input.message,
      });
      return { sha: data.sha };
    },
    (status, message) => whyNotMerged(item, input, status, message),
  );

const refused = (
  item: string,
  input: MergeInput,
  status: number,
  message: string,
): Result<never> => ({
  ok: false,
  refusal: whyNotMerged(item, input, status, message) ?? {
    code: 'merge.blocked',
    message: `GitHub did not merge ${item}: ${message}`,
  },
});
