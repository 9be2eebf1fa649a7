import { ok, refused } from '../../domain/result.ts';
import type { LedgerBranch, LedgerCommit } from '../../ports/ledger-branch.ts';

interface Commit {
  readonly files: ReadonlyMap<string, string>;
  readonly subject: string;
  readonly body: string;
}

/** A branch in memory: for tests, and to look back at what was written to it. */
export interface MemoryLedgerBranch extends LedgerBranch {
  /** Commits from the first to the newest. */
  readonly commits: readonly Commit[];
}

export const createMemoryLedgerBranch = (): MemoryLedgerBranch => {
  const commits: Commit[] = [];
  const oidOf = (count: number): string | null =>
    count === 0 ? null : count.toString(16).padStart(40, '0');
  const commitAt = (oid: string): Commit | undefined => commits[Number.parseInt(oid, 16) - 1];

  return {
    commits,
    head: async () => oidOf(commits.length),
    read: async (oid) => {
      const commit = commitAt(oid);
      if (commit === undefined) throw new Error(`no commit ${oid} in this branch`);
      return commit.files;
    },
    commit: async ({ expected, files, deletions = [], subject, body }: LedgerCommit) => {
      const tip = oidOf(commits.length);
      if (tip !== expected) {
        const message = `the branch is at ${tip ?? 'no commit'}, not at ${expected ?? 'no commit'}`;
        return refused({ code: 'ledger.moved', message });
      }
      const next = new Map(commits.at(-1)?.files);
      for (const path of deletions) next.delete(path);
      for (const { path, content } of files) next.set(path, content);
      commits.push({ files: next, subject, body });
      return ok(oidOf(commits.length) ?? '');
    },
  };
};
