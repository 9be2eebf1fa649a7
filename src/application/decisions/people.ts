import { loginsConcerned } from '../../domain/policy/concerned.ts';
import { needsOf } from '../../domain/policy/needs.ts';
import type { EvidenceFacts, FileFacts, PersonFacts } from '../../domain/policy/request.ts';
import type { PolicySet } from '../../domain/policy/rules.ts';
import type { PermissionFacts } from '../../ports/code-host.ts';
import type { Session } from '../session.ts';

/** Who acted, as GitHub knows them now: asked about nobody whose act could not count, and about no team that no policy names. */
export async function people(
  session: Session,
  evidence: EvidenceFacts,
  policies: PolicySet,
  files: readonly FileFacts[],
): Promise<Readonly<Record<string, PersonFacts>>> {
  const needs = needsOf(policies);
  const teams = [...new Set([...needs.teams, ...owningTeams(files)])];
  const organizations = [...needs.organizations];
  const logins = loginsConcerned(policies, evidence);
  const entries = await Promise.all(
    logins.map(async (login) => {
      const found = await session.looks.permission(login);
      if (found === null) return null;
      const [inTeams, inOrganizations] = await Promise.all([
        teams.length === 0 ? [] : session.looks.teams(login, teams),
        organizations.length === 0 ? [] : session.looks.organizations(login, organizations),
      ]);
      const { account, permission } = found;
      const person = { id: account.id, permission, teams: inTeams, organizations: inOrganizations };
      return [login, person] as const;
    }),
  );
  return Object.fromEntries(entries.filter((entry) => entry !== null));
}

const owningTeams = (files: readonly FileFacts[]): readonly string[] =>
  files
    .flatMap(({ owners = [] }) => owners)
    .filter((owner) => owner.includes('/'))
    .map((owner) => owner.slice(1));

interface Account {
  readonly id: number;
  readonly login: string;
}

/**
 * Asked once a wake-up: fresh for each decision, without asking the same thing twice in it. null where nobody can tell, and
 * where the login is another account's by now: it was renamed, and somebody took the name.
 */
export async function permissionOf(
  session: Session,
  { id, login }: Account,
): Promise<string | null> {
  const found: PermissionFacts | null = await session.looks.permission(login);
  return found !== null && found.account.id === id ? found.permission : null;
}

/** Teams that policies name and GitHub does not show, so that nobody looks for a member who could approve. */
export async function unseenTeams(
  session: Session,
  policies: PolicySet,
  people: Readonly<Record<string, PersonFacts>>,
): Promise<readonly string[]> {
  const seen = new Set(Object.values(people).flatMap(({ teams }) => teams));
  const doubtful = [...needsOf(policies).teams].filter((team) => !seen.has(team));
  if (Object.keys(people).length === 0) return [];
  const shown = await Promise.all(doubtful.map((team) => session.looks.team(team)));
  return doubtful.filter((_, index) => shown[index] === false);
}
