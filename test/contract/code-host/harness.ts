import type { CodeHost, RepositoryRef } from '../../../src/ports/code-host.ts';

export const PEOPLE = ['owner', 'maintainer', 'writer', 'triager', 'reader', 'stranger'] as const;
export type Person = (typeof PEOPLE)[number];

/** Where the contract is held: a repository with a commit on its default branch, our App, and people to act in it. */
export interface Harness {
  readonly ref: RepositoryRef;
  /** A host that remembers nothing, as after a restart. */
  connect(): CodeHost;
  /** Those of whom there is a token. The owner is always there. */
  readonly people: Partial<Record<Person, { readonly login: string }>>;
  /** A REST request as that person. */
  as(
    person: Person,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  /** Whether what happens is delivered, so that the log of deliveries has something in it. */
  readonly delivers: boolean;
  /** Puts a merge queue before a branch, where that can be done. */
  readonly queue?: (branch: string, on: boolean) => Promise<void>;
  /** A team (`org/slug`) with one active member, where there is one. */
  readonly team?: { readonly name: string; readonly member: string };
  close(): Promise<void>;
}
