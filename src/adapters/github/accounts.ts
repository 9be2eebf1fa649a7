import type { Account } from '../../ports/code-host.ts';

/** GitHub gives null for an account that was deleted. Its type is no `User`: it counts for nothing. */
const GHOST: Account = { id: 0, login: 'ghost', type: 'Ghost' };

export function toAccount(
  user: { readonly id: number; readonly login: string; readonly type?: string } | null | undefined,
): Account {
  if (user === null || user === undefined) return GHOST;
  return { id: user.id, login: user.login, type: user.type ?? 'Unknown' };
}

/** GitHub's own account for what is written through it. As a commit's committer it is nobody who contributed. */
export const WEB_FLOW = 'web-flow';

/** As GraphQL tells it: a `User`, `Bot`, `Mannequin`, `Organization`, … */
export interface GraphqlActor {
  readonly __typename: string;
  readonly login: string;
  readonly databaseId?: number | null;
}

/** Ask for an actor with this; a kind not named here comes without an id and counts for nothing. */
export const ACTOR_FIELDS = `__typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId }
  ... on Organization { databaseId }`;

/** GraphQL leaves `[bot]` off a bot's login, and REST does not: without it a bot could be taken for a person's namesake. */
export function fromActor(actor: GraphqlActor | null): Account {
  if (actor === null) return GHOST;
  const { __typename: type, databaseId } = actor;
  const login =
    type === 'Bot' && !actor.login.endsWith('[bot]') ? `${actor.login}[bot]` : actor.login;
  return typeof databaseId === 'number'
    ? { id: databaseId, login, type }
    : { id: 0, login, type: 'Unknown' };
}
