import type { Result } from '../domain/result.ts';

export interface WorkspaceChange {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'removed';
  readonly additions: number;
  readonly deletions: number;
  readonly binary: boolean;
}

export interface SearchHit {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

export interface TextRange {
  /** First and last line shown, 1-based. */
  readonly from: number;
  readonly to: number;
  readonly total_lines: number;
  readonly text: string;
}

/** A checkout an agent may edit. Paths are relative, `/` separated; whatever leaves the checkout is refused. */
export interface Workspace {
  list(prefix: string): Promise<Result<readonly string[]>>;
  search(text: string, limit: number): Promise<Result<readonly SearchHit[]>>;
  read(path: string, from: number, to: number): Promise<Result<TextRange>>;
  /** Refuses unless `before` stands in the file exactly once. */
  replaceOnce(path: string, before: string, after: string): Promise<Result<null>>;
  write(path: string, text: string): Promise<Result<null>>;
  remove(path: string): Promise<Result<null>>;
  /** What differs from the base; refuses symlinks, nested repositories and odd path names, naming each. */
  changes(): Promise<Result<readonly WorkspaceChange[]>>;
  /** The difference from the base as a patch, text forced. */
  patch(): Promise<Result<string>>;
  /** What the sandbox mounts. */
  readonly root: string;
}

export interface WorkspaceCommit {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** ISO time: the same tree, message and time give the same commit, so a repeated run pushes nothing new. */
  readonly at: string;
}

/** A file's whole text on both sides of the change; null: not there, no UTF-8 text, or too large to be read. */
export interface ComparedText {
  readonly before: string | null;
  readonly after: string | null;
}

export interface OpenWorkspace extends Workspace {
  /** The texts of those paths that are on one side or the other. */
  compare(paths: readonly string[]): Promise<Result<ReadonlyMap<string, ComparedText>>>;
  /** Commits on the base into the host's bare repository; gives the sha. Nothing leaves the host. */
  commit(input: WorkspaceCommit): Promise<Result<string>>;
  dispose(): Promise<void>;
}

export interface WorkspaceHost {
  /** `run` names the folder: unique a run. `sha` must be in the host's bare repository. */
  open(input: {
    readonly run: string;
    readonly sha: string;
    readonly branch: string;
  }): Promise<Result<OpenWorkspace>>;
}
