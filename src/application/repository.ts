import type { RepositoryConfig } from '../domain/repository-config.ts';
import type { Result } from '../domain/result.ts';
import type { CodeHost, RepositoryHost, RepositoryRef } from '../ports/code-host.ts';
import type { CodeOwners } from '../ports/code-owners.ts';
import type { Inbox } from '../ports/inbox.ts';
import type { JobQueue } from '../ports/job-queue.ts';
import type { LanguageModel, ModelAccessHost } from '../ports/language-model.ts';
import type { Programs } from '../ports/programs.ts';
import type { PolicySource } from '../ports/policy-source.ts';
import type { PolicyTrials } from '../ports/policy-trials.ts';
import type { RepositoryFiles } from '../ports/repository-files.ts';
import type { RoadmapDocument } from '../ports/roadmap-document.ts';
import type { Sandbox } from '../ports/sandbox.ts';
import type { VectorCache } from '../ports/vector-cache.ts';
import type { WorkspaceHost } from '../ports/workspace.ts';
import type { LedgerStore } from './ledger/ledger-store.ts';

/** Everything the work on one repository goes through. */
export interface Repository {
  readonly ref: RepositoryRef;
  readonly host: RepositoryHost;
  readonly files: RepositoryFiles;
  readonly workspaces: WorkspaceHost;
  readonly ledger: LedgerStore;
  readonly ledgerBranch: string;
  /** The ledger's files as last fetched: for people to read, not to decide on. */
  ledgerFiles(): Promise<ReadonlyMap<string, string>>;
}

/** How long to wait before trying again; the demo shortens it. */
export interface Timing {
  /** First retry of a failed run; doubles with each further one. */
  readonly retry_ms: number;
  /** Between looks at a model that gave no answer, where it did not say when. */
  readonly outage_ms: number;
  /** Between looks at what is closed for now (a window, malformed policies). */
  readonly blocked_ms: number;
}

export interface RepositoryConfigSource {
  load(text: string | null): Result<RepositoryConfig>;
}

export interface Deps {
  readonly codeHost: CodeHost;
  readonly open: (ref: RepositoryRef) => Promise<Repository>;
  readonly inbox: Inbox;
  readonly queue: JobQueue;
  readonly policies: PolicySource;
  readonly configs: RepositoryConfigSource;
  readonly trials: PolicyTrials;
  readonly roadmap: RoadmapDocument;
  readonly codeOwners: CodeOwners;
  readonly model: LanguageModel;
  readonly vectors: VectorCache;
  readonly sandbox: Sandbox;
  /** What programs of others reach the model by. */
  readonly modelAccess: ModelAccessHost;
  readonly programs: Programs;
  readonly timing: Timing;
  /** Others may work on the same database: what this process did last need not be what was done last. */
  readonly shared: boolean;
  readonly most_runs: MostRuns;
  /** Does the work with what it costs put down to the item. */
  readonly attribute: <T>(item: string, work: () => Promise<T>) => Promise<T>;
  /** ISO 8601, UTC, milliseconds. */
  readonly now: () => string;
  /** Does it again and again, until the function it gives is called. */
  readonly every: (ms: number, work: () => Promise<void>) => () => void;
  readonly newId: () => string;
  readonly sha256: (text: string) => string;
  readonly log: Log;
}

/** Of agents, begun within a day: for one item, and for all that one person opened. */
export interface MostRuns {
  readonly item: number;
  readonly person: number;
}

export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export const MAX_ATTEMPTS = 3;
