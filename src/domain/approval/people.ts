import { refuse, ok, type Result } from '../result.ts';
import type { ActorFacts, PersonFacts } from '../policy/request.ts';
import { permissions, type From, type Permission, type Role } from '../policy/rules.ts';

/** A human whose rights in the repository are known. */
export interface Person {
  readonly id: number;
  readonly login: string;
  readonly permission: Permission;
  readonly teams: ReadonlySet<string>;
  readonly organizations: ReadonlySet<string>;
}

/** Logins, teams and organizations compare without case, as on GitHub. */
export const fold = (name: string) => name.toLowerCase();

/** Whether two acts are the same person's. Nobody knows who a missing account is, so it is never the same. */
export const sameActor = (one: ActorFacts | null, other: ActorFacts | null) =>
  one !== null && other !== null && one.id === other.id;

export const atLeast = (have: Permission, needed: Permission) =>
  permissions.indexOf(have) >= permissions.indexOf(needed);

/** As `atLeast`, of what GitHub says: an unknown role, and nobody knowing, reach nothing. */
export function reaches(have: string | null, needed: Permission): boolean {
  const known = permissions.find((one) => one === have);
  return known !== undefined && atLeast(known, needed);
}

/** Looks people up by login. */
export function directory(
  people: Readonly<Record<string, PersonFacts>>,
): (actor: ActorFacts | null) => Result<Person> {
  const byLogin = new Map(Object.entries(people).map(([login, facts]) => [fold(login), facts]));
  return (actor) => {
    if (actor === null) return refuse('person.unknown', 'its author is unknown');
    if (actor.type !== 'User' || actor.login.endsWith('[bot]')) {
      return refuse(
        'person.not_human',
        `${actor.login} is no person on GitHub (type ${actor.type || 'unknown'}), and only a User counts`,
      );
    }
    const facts = byLogin.get(fold(actor.login));
    if (facts === undefined) {
      return refuse(
        'person.unknown',
        `the permission of ${actor.login} in this repository is not known`,
      );
    }
    if (facts.id !== undefined && facts.id !== actor.id) {
      return refuse(
        'person.other',
        `the login ${actor.login} belongs to another account now (${facts.id}, not ${actor.id})`,
      );
    }
    const permission = permissions.find((known) => known === facts.permission);
    if (permission === undefined) {
      return refuse(
        'person.permission',
        `the permission of ${actor.login}, "${facts.permission}", is none that is known`,
      );
    }
    return ok({
      id: actor.id,
      login: actor.login,
      permission,
      teams: new Set(facts.teams.map(fold)),
      organizations: new Set(facts.organizations.map(fold)),
    });
  };
}

/**
 * Whether any key of `from` names the person. An empty `from`, and a role nobody defined, name nobody. `owns` says whether
 * the person owns what is asked about, by CODEOWNERS.
 */
export function qualifies(
  person: Person,
  from: From,
  roles: ReadonlyMap<string, Role>,
  owns: (person: Person) => boolean,
): boolean {
  return (
    (from.codeowners === true && owns(person)) ||
    (from.users ?? []).some((user) => isUser(person, user)) ||
    (from.teams ?? []).some((team) => person.teams.has(fold(team))) ||
    (from.organizations ?? []).some((organization) =>
      person.organizations.has(fold(organization)),
    ) ||
    (from.permission !== undefined && atLeast(person.permission, from.permission)) ||
    (from.roles ?? []).some((name) => {
      const role = roles.get(name);
      return role !== undefined && qualifies(person, role, new Map(), owns);
    })
  );
}

/** `id:123` names an account whatever it is called; a login names whoever has it today. */
const isUser = (person: Person, user: string): boolean =>
  fold(user) === `id:${person.id}` || fold(user) === fold(person.login);

/** `from` in words: "maintainer, or a member of acme/security". */
export function describeFrom(from: From): string {
  const parts = [
    ...(from.roles ?? []).map((role) => `role ${role}`),
    ...(from.permission === undefined ? [] : [`${from.permission} permission or more`]),
    ...(from.teams ?? []).map((team) => `team ${team}`),
    ...(from.organizations ?? []).map((organization) => `organization ${organization}`),
    ...(from.users ?? []).map((user) =>
      fold(user).startsWith('id:') ? `account ${user}` : `@${user}`,
    ),
    ...(from.codeowners === true ? ['an owner of the changed files (CODEOWNERS)'] : []),
  ];
  return parts.length === 0 ? 'nobody (its `from` is empty)' : parts.join(' or ');
}
