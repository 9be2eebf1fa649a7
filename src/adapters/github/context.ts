import type { RepositoryRef } from '../../ports/code-host.ts';
import type { Client } from './client.ts';
import type { Grant } from './tokens.ts';

/** Who we are on GitHub. */
export interface Identity {
  readonly app_id: number;
  readonly slug: string;
  /** `slug[bot]`. */
  readonly login: string;
  /** Of the bot's account, not of the App. */
  readonly id: number;
}

/** What the modules about one repository share. */
export interface RepositoryContext {
  readonly ref: RepositoryRef;
  /** The repository as Octokit wants it in each call. */
  readonly at: { readonly owner: string; readonly repo: string };
  client(grant: Grant): Client;
  identity(): Promise<Identity>;
  /** Branches that are never deleted, whatever asks. Whoever puts what must last on a branch adds it. */
  readonly kept: Set<string>;
}

/** `acme/widgets#3`, for faults and refusals. */
export const numbered = (context: RepositoryContext, number: number): string =>
  `${context.ref.full_name}#${number}`;
