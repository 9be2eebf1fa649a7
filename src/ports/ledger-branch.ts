import type { Refusal, Result } from '../domain/result.ts';

/** The branch is not where `expected` says: read again, decide again. */
export interface LedgerMoved extends Refusal {
  readonly code: 'ledger.moved';
}

export interface LedgerFile {
  readonly path: string;
  readonly content: string;
}

export interface LedgerCommit {
  /** The commit the files were decided on; null when the branch is not there yet. */
  readonly expected: string | null;
  /** Whole contents, written over what stands there. Other files stay as they are. */
  readonly files: readonly LedgerFile[];
  readonly deletions?: readonly string[];
  readonly subject: string;
  readonly body: string;
}

/** The branch that holds the ledger. Trouble with git or the network is thrown; losing a race is a value. */
export interface LedgerBranch {
  /** The commit at the tip, or null when the branch is not there. */
  head(): Promise<string | null>;
  /** The ledger's files at a commit (`.ai_metadata/**` and `INTERNAL_LOG.md`), by path. */
  read(oid: string): Promise<ReadonlyMap<string, string>>;
  /** One commit with all the files, only if the branch is still at `expected`: the new commit, or `ledger.moved`. */
  commit(input: LedgerCommit): Promise<Result<string, LedgerMoved>>;
}
