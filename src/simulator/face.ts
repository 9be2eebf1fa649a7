import type { IncomingMessage, ServerResponse } from 'node:http';

/** What users of the simulator see of it. Everything else in this folder is its inside. */

export interface SimulatorOptions {
  /** Where the bare repositories live; a fresh temporary directory by default, removed on `close`. */
  directory?: string;
  /** 0, the default, takes any free port. The simulator listens on 127.0.0.1 only. */
  port?: number;
  webhookUrl?: string;
  now?: () => Date;
  observer?: ExchangeObserver;
}

/** Sees every exchange once it is complete, so that a validator can hold the simulator to GitHub's own description. */
export interface ExchangeObserver {
  exchange(exchange: {
    method: string;
    /** With the query, without host and without `/api/v3`. */
    path: string;
    requestBody: unknown;
    status: number;
    responseBody: unknown;
    contentType: string;
  }): void;
  webhook(webhook: { event: string; action: string | null; payload: unknown }): void;
  graphql(exchange: { document: string; variables: unknown; response: unknown }): void;
}

export type Person = 'owner' | 'maintainer' | 'writer' | 'triager' | 'reader' | 'stranger';

export interface PersonAccount {
  readonly login: string;
  readonly id: number;
  readonly token: string;
}

export type SimulatorPeople = Readonly<Record<Person, PersonAccount>>;

export interface SimulatorApp {
  readonly id: number;
  readonly slug: string;
  readonly clientId: string;
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly installationId: number;
}

/** Another App on the same repositories: what it says must never count as a human's act. */
export interface OtherApp {
  readonly id: number;
  readonly slug: string;
  readonly login: string;
  readonly installationId: number;
  readonly token: string;
}

export interface CreateRepositoryInput {
  owner: string;
  name: string;
  private?: boolean;
  /** A git repository to copy with its branches, or a plain folder that becomes the first commit. */
  from?: string;
  defaultBranch?: string;
  description?: string;
}

export interface SimulatorRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly fullName: string;
  readonly defaultBranch: string;
  /** For `git clone`; wants a token as password where the repository is private or for a push. */
  readonly cloneUrl: string;
  /** The bare repository on disk. */
  readonly directory: string;
}

export interface RequestFault {
  /** 500, 502, 503: an outage; 403 or 429: the secondary rate limit; 401, 404: a token or an account that is gone. */
  status: 401 | 403 | 404 | 429 | 500 | 502 | 503;
  /** How many requests get it. */
  count: number;
  /** Only requests whose path contains this; all by default. `/graphql` for GraphQL. */
  path?: string;
  method?: string;
  /** Only requests made by this login; all by default. */
  actor?: string;
  /** Seconds, sent as `retry-after` with 403, 429 and 503. */
  retryAfter?: number;
}

/** Plain properties: set one, and it holds from the next request or delivery on. */
export interface FaultSwitches {
  /** The next N deliveries are sent twice, with the same delivery id. */
  duplicateDeliveries: number;
  /** The next N deliveries are logged as failed and not sent. */
  dropDeliveries: number;
  /** The next N deliveries are gathered and sent last first. */
  reorderDeliveries: number;
  /** Milliseconds before each delivery; set back to 0, what waits is delivered. */
  deliveryDelay: number;
  /** Milliseconds before each answer of REST and GraphQL. */
  latency: number;
  readonly requests: readonly RequestFault[];
  failRequests(fault: RequestFault): void;
  reset(): void;
}

export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly deliveredAt: string;
  readonly redelivery: boolean;
  /** Seconds. */
  readonly duration: number;
  /** As GitHub words it: `OK`, `Invalid HTTP Response: 500`, `timed out`, … */
  readonly status: string;
  readonly statusCode: number;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly url: string;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  readonly response: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

export interface Counters {
  requests: number;
  /** By `METHOD /template`, e.g. `GET /repos/{owner}/{repo}/issues`; GraphQL as `POST /graphql`; git as `GIT upload-pack`. */
  byRoute: Record<string, number>;
  /** By login; an App's own token counts as its slug; nobody as `anonymous`. */
  byActor: Record<string, number>;
  /** By login and route, as above. */
  byActorAndRoute: Record<string, Record<string, number>>;
  /** What GitHub's content-creation limit counts: issues, comments, pull requests, reviews, commits made by the API. */
  contentCreated: number;
  contentCreatedByActor: Record<string, number>;
  /** Wall-clock seconds in which at least one request was being served, git included. */
  secondsServing: number;
}

/** Acts on GitHub's own pages that its API does not offer to Apps. Each throws a `RangeError` for a name that does not fit. */
export interface SimulatorSociety {
  /** A new account without any role. */
  join(login: string): PersonAccount;
  /** The same account under another login; the old one is free. */
  rename(login: string, to: string): void;
  addTeam(team: {
    organization: string;
    slug: string;
    /** Slug of the team above: its members are those of this one, too. */
    parent?: string;
    members: readonly string[];
  }): void;
  deleteTeam(organization: string, slug: string): void;
}

export interface Simulator {
  /** `http://127.0.0.1:PORT`: REST here and under `/api/v3`, GraphQL at `/graphql` and `/api/graphql`, git at `/OWNER/NAME.git`. */
  readonly url: string;
  readonly directory: string;
  readonly app: SimulatorApp;
  readonly people: SimulatorPeople;
  readonly otherApp: OtherApp;
  readonly repositories: readonly SimulatorRepository[];
  readonly faults: FaultSwitches;
  readonly deliveries: readonly Delivery[];
  readonly counters: Counters;
  readonly webhookUrl: string | null;
  /** The App is installed on it and the people get their roles. */
  createRepository(input: CreateRepositoryInput): Promise<SimulatorRepository>;
  /** Puts a merge queue before a branch, or with null takes it away; `RangeError` for an unknown repository or branch. */
  setMergeQueue(
    repository: string,
    branch: string,
    queue: { readonly method: 'merge' | 'squash' | 'rebase' } | null,
  ): Promise<void>;
  readonly society: SimulatorSociety;
  setWebhook(url: string | null): void;
  /** GitHub's greeting to a new webhook; sent when asked for here, since a test may not want it in its count. */
  ping(): void;
  /** Sends a logged delivery again with the same guid. Throws a `RangeError` for an unknown id. */
  redeliver(id: number): Promise<void>;
  /** A REST call as that person; the answer as it came. */
  as(
    person: Person,
  ): (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ status: number; headers: Headers; body: unknown }>;
  /**
   * Adds request handling in front of GitHub's own routes, e.g. the control routes and the page under `/_simulator`.
   * A handler returns false to pass.
   */
  handle(handler: SimulatorHandler): void;
  /** Resolves when every webhook has been delivered. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

export type SimulatorHandler = (
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean> | boolean;
