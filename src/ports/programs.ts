import type { Result } from '../domain/result.ts';

/** A program as it lies on this machine. */
export interface FoundProgram {
  readonly name: string;
  /** Absolute; links followed where they lead out of the system's own folders. */
  readonly path: string;
  /** What has to be seen of this machine for it to run; null: nothing beside the system's own folders. */
  readonly folder: string | null;
}

export interface Programs {
  /** On the PATH of the service. A refusal says what to do: install it, or put it where nothing private lies. */
  find(name: string): Promise<Result<FoundProgram>>;
}
