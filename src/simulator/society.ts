import type { Credentials } from './auth.ts';
import type { PersonAccount, SimulatorSociety } from './face.ts';
import type { Account, TeamRecord } from './model.ts';
import type { World } from './world.ts';

/** What people do on GitHub's pages and no App can ask for: new accounts, new names, teams made and deleted. */
export const society = (world: World, credentials: Credentials): SimulatorSociety => ({
  join(login): PersonAccount {
    free(world, login);
    const account: Account = { id: world.id(), login, name: login, type: 'User' };
    world.accounts.push(account);
    return { login, id: account.id, token: credentials.issueUserToken(account) };
  },
  rename(login, to) {
    free(world, to);
    known(world, login).login = to;
  },
  addTeam({ organization, slug, parent = null, members }) {
    world.teams.push({
      id: world.id(),
      organization,
      slug,
      name: slug,
      parent,
      members: new Map(members.map((login) => [known(world, login).id, 'member' as const])),
    });
  },
  deleteTeam(organization, slug) {
    const at = world.teams.findIndex(
      (team) => team.organization === organization && team.slug === slug,
    );
    if (at === -1) throw new RangeError(`There is no team ${organization}/${slug}.`);
    world.teams.splice(at, 1);
  },
});

/** Whoever is in a team below is in this one, too. */
export function teamRole(
  world: World,
  team: TeamRecord,
  account: Account,
): 'member' | 'maintainer' | undefined {
  const own = team.members.get(account.id);
  if (own !== undefined) return own;
  const below = world.teams.filter(
    ({ organization, parent }) => organization === team.organization && parent === team.slug,
  );
  return below.some((child) => teamRole(world, child, account) !== undefined)
    ? 'member'
    : undefined;
}

function free(world: World, login: string): void {
  if (world.account(login) !== undefined) throw new RangeError(`${login} is taken.`);
}

function known(world: World, login: string): Account {
  const account = world.account(login);
  if (account === undefined) throw new RangeError(`There is no ${login}.`);
  return account;
}
