import type { AppFacts, InstallationFacts, WebhookFacts } from '../domain/doctor/app.ts';
import type { BranchRules } from '../domain/doctor/repository.ts';
import type { Result } from '../domain/result.ts';
import type { RepositoryRef } from './code-host.ts';

/** An installation, and the repositories it may see. */
export interface Installed {
  readonly facts: InstallationFacts;
  readonly repositories: readonly RepositoryRef[];
}

/**
 * How the App is set up on the code host: reading only, and nothing thrown, since each thing that cannot be looked at is a finding of its
 * own. Refusals: `github.unreachable` where no answer came, `github.refused` where it was no.
 */
export interface AppInspection {
  app(): Promise<Result<AppFacts>>;
  webhook(): Promise<Result<WebhookFacts>>;
  installations(): Promise<Result<readonly Installed[]>>;
  defaultBranch(ref: RepositoryRef): Promise<Result<string>>;
  branchRules(ref: RepositoryRef, branch: string): Promise<Result<BranchRules>>;
  /** Of the default branch. null: there is no such file. */
  file(ref: RepositoryRef, path: string): Promise<Result<string | null>>;
  /** Files beneath a folder of the default branch, as paths from the root. */
  filesBeneath(ref: RepositoryRef, folder: string): Promise<Result<readonly string[]>>;
  labels(ref: RepositoryRef): Promise<Result<readonly string[]>>;
}
