import type { PermissionFacts } from '../../ports/code-host.ts';
import { toAccount } from './accounts.ts';
import { askOrNull } from './call.ts';
import type { RepositoryContext } from './context.ts';
import { CodeHostFault } from './fault.ts';

/**
 * What GitHub says now; `author_association` in payloads is unreliable. 403 and 404 are null, which counts for nothing.
 * An outage is thrown, not null: it would end approvals that stand.
 */
export async function permission(
  context: RepositoryContext,
  login: string,
): Promise<PermissionFacts | null> {
  const found = await askOrNull(
    `permission of ${login} in ${context.ref.full_name}`,
    [403, 404],
    () =>
      context
        .client('describe')
        .repos.getCollaboratorPermissionLevel({ ...context.at, username: login }),
  );
  if (found === null || found.data.user === null) return null;
  // `permission` knows four steps; only `role_name` tells maintain from write and triage from read.
  return { account: toAccount(found.data.user), permission: found.data.role_name };
}

export async function teamsOf(
  context: RepositoryContext,
  login: string,
  teams: readonly string[],
): Promise<readonly string[]> {
  const member = await Promise.all(teams.map((team) => isActiveMember(context, login, team)));
  return teams.filter((_, index) => member[index]);
}

export async function organizationsOf(
  context: RepositoryContext,
  login: string,
  organizations: readonly string[],
): Promise<readonly string[]> {
  const member = await Promise.all(
    organizations.map((org) =>
      seen(`membership of ${login} in ${org}`, async () => {
        const membership = { org, username: login };
        const { data } = await context.client('people').orgs.getMembershipForUser(membership);
        return data.state === 'active';
      }),
    ),
  );
  return organizations.filter((_, index) => member[index]);
}

export async function seesTeam(context: RepositoryContext, team: string): Promise<boolean> {
  const at = partsOf(team);
  if (at === null) return false;
  return seen(`team ${team}`, async () => {
    await context.client('people').teams.getByName(at);
    return true;
  });
}

async function isActiveMember(
  context: RepositoryContext,
  login: string,
  team: string,
): Promise<boolean> {
  const at = partsOf(team);
  if (at === null) return false;
  return seen(`membership of ${login} in ${team}`, async () => {
    const membership = { ...at, username: login };
    const { data } = await context.client('people').teams.getMembershipForUserInOrg(membership);
    return data.state === 'active';
  });
}

function partsOf(team: string): { readonly org: string; readonly team_slug: string } | null {
  const [org, slug, ...rest] = team.split('/');
  return org === undefined || slug === undefined || rest.length > 0
    ? null
    : { org, team_slug: slug };
}

/** What GitHub does not show is as if it were not there. An outage is thrown: it says nothing of anybody. */
async function seen(operation: string, look: () => Promise<boolean>): Promise<boolean> {
  try {
    return (await askOrNull(operation, [403, 404], look)) ?? false;
  } catch (error) {
    if (mayNotSeeMembers(error)) return false;
    throw error;
  }
}

/** An App that was not given `members` gets no token for it: 422. Then nobody is in any team. */
const mayNotSeeMembers = (error: unknown): boolean =>
  error instanceof CodeHostFault && error.status === 422;
