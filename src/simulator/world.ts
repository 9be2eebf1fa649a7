import { isoSeconds } from './git/commit.ts';
import type { Doer } from './actor.ts';
import type { Credentials } from './auth.ts';
import type { Faults } from './faults.ts';
import type { Counters } from './face.ts';
import type {
  Account,
  AppRecord,
  IssueRecord,
  PullIssue,
  PullRecord,
  RepositoryRecord,
  TeamRecord,
} from './model.ts';
import { isPull } from './model.ts';
import type { Webhooks } from './webhooks.ts';

/** Merge queues follow what happens elsewhere; told of by name, since refs and checks know nothing of queues. */
export interface QueueHooks {
  /** A check or status on this commit. */
  checked(world: World, repository: RepositoryRecord, sha: string): Promise<void>;
  changed(world: World, repository: RepositoryRecord, by: Doer, issue: PullIssue): Promise<void>;
  baseMoved(
    world: World,
    repository: RepositoryRecord,
    branch: string,
    head: string | null,
  ): Promise<void>;
}

/** Everything there is, and the means to change it. One a simulator. */
export interface WorldParts {
  readonly directory: string;
  readonly now: () => Date;
  readonly apps: readonly AppRecord[];
  readonly credentials: Credentials;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly queues: QueueHooks;
}

export class World {
  readonly directory: string;
  readonly apps: readonly AppRecord[];
  readonly credentials: Credentials;
  readonly webhooks: Webhooks;
  readonly faults: Faults;
  readonly counters: Counters;
  readonly queues: QueueHooks;
  readonly accounts: Account[] = [];
  readonly repositories: RepositoryRecord[] = [];
  readonly teams: TeamRecord[] = [];
  /** Organization's id → the ids of its members. */
  readonly members = new Map<number, Map<number, 'admin' | 'member'>>();
  /** Commits that GitHub made itself for whoever asked by the API, and signed with its own key. */
  readonly signed = new Set<string>();
  /** Known once the server listens. */
  url = '';
  readonly #now: () => Date;
  readonly #locks = new Map<number, Promise<unknown>>();
  #nextId = 1_001;

  constructor(parts: WorldParts) {
    this.directory = parts.directory;
    this.apps = parts.apps;
    this.credentials = parts.credentials;
    this.webhooks = parts.webhooks;
    this.faults = parts.faults;
    this.counters = parts.counters;
    this.queues = parts.queues;
    this.#now = parts.now;
  }

  time(): string {
    return isoSeconds(this.#now());
  }

  date(): Date {
    return this.#now();
  }

  id(): number {
    return this.#nextId++;
  }

  account(login: string): Account | undefined {
    return this.accounts.find((one) => one.login.toLowerCase() === login.toLowerCase());
  }

  repository(owner: string, name: string): RepositoryRecord | undefined {
    return this.repositories.find(
      (one) =>
        one.owner.login.toLowerCase() === owner.toLowerCase() &&
        one.name.toLowerCase() === name.toLowerCase(),
    );
  }

  /**
   * One at a time within a repository and its forks. Whatever moves a ref holds this, so that what is derived from "before"
   * and "after" (events, pull requests) never sees another's half. A lock for each fork would have a push to a fork wait for
   * the repository of its pull request while "update branch" there waits for the fork.
   */
  exclusive<T>(repository: RepositoryRecord, work: () => Promise<T>): Promise<T> {
    const before = this.#locks.get(repository.network) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#locks.set(
      repository.network,
      turn.catch(() => undefined),
    );
    return turn;
  }
}

export const fullName = (repository: RepositoryRecord): string =>
  `${repository.owner.login}/${repository.name}`;

export const pullsOf = (repository: RepositoryRecord): PullIssue[] =>
  [...repository.issues.values()].filter((issue: IssueRecord) => isPull(issue));

export const forksOf = (world: World, repository: RepositoryRecord): RepositoryRecord[] =>
  world.repositories.filter((one) => one.parent === repository.id);

export const parentOf = (world: World, { parent }: RepositoryRecord): RepositoryRecord | null =>
  world.repositories.find((one) => one.id === parent) ?? null;

/** The end of the line of parents; null for what is no fork. */
export function sourceOf(world: World, repository: RepositoryRecord): RepositoryRecord | null {
  const parent = parentOf(world, repository);
  return parent === null ? null : (sourceOf(world, parent) ?? parent);
}

/** Null once it was deleted. */
export const headRepositoryOf = (world: World, pull: PullRecord): RepositoryRecord | null =>
  world.repositories.find((one) => one.id === pull.headRepository) ?? null;

export const isFromFork = (base: RepositoryRecord, pull: PullRecord): boolean =>
  pull.headRepository !== base.id;

/** Every pull request, wherever it is open, whose head is a branch of this repository. */
export const pullsFrom = (
  world: World,
  head: RepositoryRecord,
): { readonly base: RepositoryRecord; readonly issue: PullIssue }[] =>
  world.repositories
    .filter((base) => base.network === head.network)
    .flatMap((base) => pullsOf(base).map((issue) => ({ base, issue })))
    .filter(({ issue }) => issue.pull.headRepository === head.id);
