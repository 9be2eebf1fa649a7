import type { RepositoryRecord, StatusRecord } from '../model.ts';

/** The newest of each context. */
export function latestStatuses(repository: RepositoryRecord, sha: string): StatusRecord[] {
  const newest = new Map<string, StatusRecord>();
  for (const status of repository.statuses) {
    if (status.sha === sha) newest.set(status.context, status);
  }
  return [...newest.values()];
}
