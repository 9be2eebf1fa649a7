import { WEB_FLOW } from './accounts.ts';
import type { LedgerPast } from '../../ports/ledger-past.ts';
import { ask, askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { CodeHostFault, statusOf } from './fault.ts';

/** What GitHub alone can say or do about the ledger's past. */
export type HostedPast = Pick<LedgerPast, 'vouched' | 'keep'>;

export const createHostedPast = (context: RepositoryContext): HostedPast => ({
  vouched: (oid) => vouched(context, oid),
  keep: (branch, oid) => keep(context, branch, oid),
});

/**
 * GitHub signs what an App writes through the API. The author alone says nothing (an address is anybody's to write), and a valid
 * signature alone neither (anybody signs with a key of their own): it takes both, and a committer that is GitHub or we.
 */
async function vouched(context: RepositoryContext, oid: string): Promise<boolean> {
  const operation = `commit ${oid} of ${context.ref.full_name}`;
  const found = await askOrNull(operation, [404, 409, 422], () =>
    context.client('observe').repos.getCommit({ ...context.at, ref: oid, per_page: 1 }),
  );
  if (found === null) return false;
  const { author, committer, commit } = found.data;
  const { id } = await context.identity();
  const byGitHub = loginOf(committer) === WEB_FLOW || idOf(committer) === id;
  return commit.verification?.verified === true && idOf(author) === id && byGitHub;
}

/** GitHub gives an empty object where it knows no account. */
type MaybeAccount = { readonly id?: number; readonly login?: string } | object | null;

const idOf = (account: MaybeAccount): number | null =>
  account !== null && 'id' in account && typeof account.id === 'number' ? account.id : null;

const loginOf = (account: MaybeAccount): string | null =>
  account !== null && 'login' in account && typeof account.login === 'string'
    ? account.login
    : null;

async function keep(context: RepositoryContext, branch: string, oid: string): Promise<void> {
  context.kept.add(branch);
  const operation = `branch ${branch} of ${context.ref.full_name}`;
  const { git } = context.client('push');
  try {
    await git.createRef({ ...context.at, ref: `refs/heads/${branch}`, sha: oid });
  } catch (error) {
    // 422 is also "it is there already": an earlier try that died came so far.
    const there =
      statusOf(error) === 422
        ? await ask(operation, () => git.getRef({ ...context.at, ref: `heads/${branch}` }))
        : null;
    if (there?.data.object.sha !== oid) throw new CodeHostFault(operation, error);
  }
}
