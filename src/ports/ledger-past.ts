import type { ChainHead } from '../domain/ledger/envelope.ts';

/** A commit that changed the ledger's files. The texts are whoever's who wrote it. */
export interface LedgerCommitFacts {
  readonly oid: string;
  /** Where it says the history ends; null: not one of Assent's. */
  readonly head: ChainHead | null;
  readonly author: string;
  /** ISO 8601. */
  readonly at: string;
  readonly subject: string;
}

/** A commit of Assent's own that was found sound, with the head it recorded. */
export interface SoundHead {
  readonly commit: string;
  readonly head: ChainHead;
}

/** What git and the code host know of the ledger's branch beside its files. */
export interface LedgerPast {
  /** Whether the commit is on this machine: one that lost its branch before it was fetched is not. */
  knows(oid: string): Promise<boolean>;
  /**
   * Commits that changed the ledger's files, from `tip` back by first parents, newest first; not those that `since` has too. None
   * where `tip` is not known here.
   */
  commits(tip: string, since: string | null): Promise<readonly LedgerCommitFacts[]>;
  /** Paths of the ledger that are no plain files there: links, submodules. */
  odd(oid: string): Promise<readonly string[]>;
  /** Of the ledger's files, as a patch, cut to what a page can show. */
  difference(from: string, to: string): Promise<string>;
  /** Whether the code host itself vouches that our App wrote it. False also where the host vouches for nobody. */
  vouched(oid: string): Promise<boolean>;
  /** Keeps a commit under a branch; done already is done. */
  keep(branch: string, oid: string): Promise<void>;
  /** What this machine last found sound, in an earlier life too; null: it knows of none, or forgot. */
  remembered(): Promise<SoundHead | null>;
  remember(sound: SoundHead): Promise<void>;
}
