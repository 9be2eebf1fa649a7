import type { Account, AppRecord, InstallationRecord, Permissions } from './model.ts';

/** Who makes a request, as their credential says. */
export type Actor =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'user'; readonly account: Account }
  /** An App with its JWT: it may ask about itself and make tokens, nothing else. */
  | { readonly kind: 'app'; readonly app: AppRecord }
  | InstallationActor;

export interface InstallationActor {
  readonly kind: 'installation';
  readonly app: AppRecord;
  readonly installation: InstallationRecord;
  readonly permissions: Permissions;
  /** Null: all the installation has. */
  readonly repositories: ReadonlySet<number> | null;
}

/** Who did something, once it is known that they may. */
export interface Doer {
  readonly account: Account;
  readonly app: AppRecord | null;
}

export function doerOf(actor: Actor): Doer | null {
  if (actor.kind === 'user') return { account: actor.account, app: null };
  if (actor.kind === 'installation') return { account: actor.app.bot, app: actor.app };
  return null;
}

export function nameOf(actor: Actor): string {
  if (actor.kind === 'anonymous') return 'anonymous';
  if (actor.kind === 'app') return actor.app.slug;
  return actor.kind === 'user' ? actor.account.login : actor.app.slug;
}
