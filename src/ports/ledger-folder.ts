import type { Anchor } from '../domain/ledger/anchor-check.ts';

/** What a folder's own commits say of the history in it. */
export interface CommitAnchors {
  readonly anchors: readonly Anchor[];
  /** Commits that changed the ledger's files and carry no head: not written by Assent. Newest first. */
  readonly foreign: readonly string[];
  /** Why the commits could not be read, where there are some; null if they were, or if there are none. */
  readonly problem: string | null;
}

/** A ledger to read, wherever it lies. Reading follows no symbolic links. */
export interface LedgerFolder {
  /** Names in `.ai_metadata/history`; `file` is false for what is no plain file. Null: there is no such folder. */
  history(): Promise<readonly { readonly name: string; readonly file: boolean }[] | null>;
  /** A file of the ledger in chunks; never more than one chunk in memory. A chunk is good until the next is asked for. */
  chunks(path: string): AsyncIterable<Uint8Array>;
  /** A whole small file; null if it is not there. */
  bytes(path: string): Promise<Uint8Array | null>;
  commitAnchors(): Promise<CommitAnchors>;
}
