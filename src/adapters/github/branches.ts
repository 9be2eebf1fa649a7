import type { Result } from '../../domain/result.ts';
import { ok, refuse } from '../../domain/result.ts';
import { act, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { numbered } from './context.ts';
import { openPullRequests } from './pull-requests.ts';

const OURS = 'assent/';

/** Deletes what we made and are done with: below `assent/`, not the ledger, and no open pull request needs it. */
export async function deleteBranch(
  context: RepositoryContext,
  branch: string,
): Promise<Result<null>> {
  if (!branch.startsWith(OURS) || branch === OURS)
    return refuse('branch.not_ours', `${branch} is not below ${OURS}; it is not ours to delete.`);
  if (context.kept.has(branch))
    return refuse('branch.kept', `${branch} holds what must not be lost; it is never deleted.`);
  const user = (await openPullRequests(context, branch)).find(
    (pull) => pull.head_branch === branch && pull.head_repository === context.ref.full_name,
  );
  if (user !== undefined)
    return refuse(
      'branch.in_use',
      `${numbered(context, user.number)} is open on ${branch}. Close or merge it first.`,
    );
  const deleted = await act(
    `deletion of ${branch} in ${context.ref.full_name}`,
    async () => {
      await context.client('push').git.deleteRef({ ...context.at, ref: `heads/${branch}` });
      return null;
    },
    (status, message) =>
      status === 422 || status === 403
        ? { code: 'branch.refused', message: `GitHub did not let ${branch} be deleted: ${message}` }
        : null,
  );
  // 422 is also what GitHub says of a branch that is not there: gone already is as good.
  return deleted.ok || (await exists(context, branch)) ? deleted : ok(null);
}

async function exists(context: RepositoryContext, branch: string): Promise<boolean> {
  const found = await askOrNull(`branch ${branch} of ${context.ref.full_name}`, [404, 409], () =>
    context.client('observe').git.getRef({ ...context.at, ref: `heads/${branch}` }),
  );
  return found !== null;
}
