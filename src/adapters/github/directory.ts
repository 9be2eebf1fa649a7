import type { Account, PermissionFacts } from '../../ports/code-host.ts';
import { toAccount } from './accounts.ts';
import { askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';

/** Who may do something in the repository: the first hundred are more than anybody asks. null: the App may not see them. */
export async function collaborators(
  context: RepositoryContext,
): Promise<readonly PermissionFacts[] | null> {
  const found = await askOrNull(`collaborators of ${context.ref.full_name}`, [403, 404], () =>
    context.client('describe').repos.listCollaborators({ ...context.at, per_page: 100 }),
  );
  return found?.data.map((one) => ({ account: toAccount(one), permission: one.role_name })) ?? null;
}

/** Members of a team (`org/slug`), those of the teams below it included. */
export async function teamMembers(
  context: RepositoryContext,
  team: string,
): Promise<readonly Account[]> {
  const [org, slug, ...rest] = team.split('/');
  if (org === undefined || slug === undefined || rest.length > 0) return [];
  // 422: an App that was not given `members` gets no token for it.
  const found = await askOrNull(`members of ${team}`, [403, 404, 422], () =>
    context.client('people').teams.listMembersInOrg({ org, team_slug: slug, per_page: 100 }),
  );
  return (found?.data ?? []).map(toAccount);
}
