import type { Result } from '../domain/result.ts';
import type { Artifact } from './sandbox.ts';

/** Files that steps made, kept by what is in them: the same file is there once, and cannot be another one later. */
export interface Artifacts {
  /** `paths`: files or folders below `root`, which others wrote: what leaves it, and what is no plain file, is refused. */
  keep(root: string, paths: readonly string[]): Promise<KeptArtifacts>;
  /** Read back and hashed again; refuses `artifacts.missing` and `artifacts.damaged`. */
  read(sha256: string): Promise<Result<Uint8Array>>;
}

export interface KeptArtifacts {
  readonly kept: readonly Artifact[];
  /** What was not, and why. */
  readonly refused: readonly string[];
}
