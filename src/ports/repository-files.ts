import type { Result } from '../domain/result.ts';
import type { ChangedPath } from '../domain/review/change.ts';

export type { ChangedPath as ChangedFile };

export interface CommitFacts {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: { readonly name: string; readonly email: string };
  readonly committer: { readonly name: string; readonly email: string };
  readonly committed_at: string;
  readonly subject: string;
  /** What follows the subject; of a very long one its end. */
  readonly body: string;
}

/** What a push made of a pull request's change. */
export interface PushedChange {
  /** The head before is no ancestor of the one after: a force push. */
  readonly rewritten: boolean;
  /** Nothing but what the base brought differs from the head before. */
  readonly same: boolean;
  /** What else differs. Null: the old change does not go onto the new base by itself, so nobody can tell. */
  readonly paths: readonly string[] | null;
}

/**
 * A repository's files and history, read from a bare mirror; nothing of it is ever checked out or run. A `rev`, `base` or `head`
 * is a sha, a sha's parent (`SHA^1`) or a branch.
 */
export interface RepositoryFiles {
  /** Brings branches and pull request heads up to date; throws `MirrorFault` where the host cannot be reached. */
  fetch(): Promise<void>;
  /** Null where there is no such branch. */
  head(branch: string): Promise<string | null>;
  /** Null where there is no such file. */
  readFile(rev: string, path: string): Promise<string | null>;
  /** Every file below the prefix ('' for all), sorted. */
  listFiles(rev: string, prefix: string): Promise<readonly string[]>;
  /** Whether any text file but Markdown holds the word, whole and in this spelling. */
  isMentioned(rev: string, word: string): Promise<boolean>;
  /** Between the merge base of the two and `head`, as GitHub shows a pull request. */
  changedFiles(base: string, head: string): Promise<readonly ChangedPath[]>;
  patch(base: string, head: string): Promise<string>;
  /** The same of these paths alone, in git's own order; `cut`: there was more than so many bytes. Null where `head` is gone. */
  patchOf(
    base: string,
    head: string,
    paths: readonly string[],
    limits: { readonly context: number; readonly bytes: number },
  ): Promise<{ readonly text: string; readonly cut: boolean } | null>;
  /** Of the last commits of `rev` but merges: how many there are, up to `commits`, and how many of them changed each path. */
  churn(
    rev: string,
    commits: number,
  ): Promise<{ readonly commits: number; readonly touched: ReadonlyMap<string, number> }>;
  /** SHA-256 of the patch without its positions: equal for a change that was only rebased. Null where a commit is gone. */
  diffHash(base: string, head: string): Promise<string | null>;
  /** From one head of a pull request into `base` to the next. Null where a commit is gone. */
  pushed(base: string, before: string, after: string): Promise<PushedChange | null>;
  mergeBase(a: string, b: string): Promise<string | null>;
  isAncestor(ancestor: string, descendant: string): Promise<boolean>;
  /** Reachable from head and not from base, oldest first. */
  commits(base: string, head: string): Promise<readonly CommitFacts[]>;
  /**
   * Pushes to `assent/*` only. `lease` is the sha the branch is believed to be at, null for "not there yet".
   * Refuses with `push.branch`, `push.missing` where nobody has the commit or, where the branch is elsewhere, `push.lease`.
   */
  push(input: {
    readonly branch: string;
    readonly sha: string;
    readonly lease: string | null;
  }): Promise<Result<null>>;
}
