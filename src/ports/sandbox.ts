export interface SandboxCapability {
  /**
   * `host-demo` runs on the host itself, for the demo's own repository only; `unsafe-host` does so for any, because the machine's
   * operator said so; `unavailable`: no sandbox, no step.
   */
  readonly kind: 'bubblewrap' | 'container' | 'unsafe-host' | 'host-demo' | 'unavailable';
  /** What holds and what does not, in words for an operator; where there is none, what to do about it. */
  readonly reason: string;
}

/** It went over its time, flooded its output, filled its workspace, took too much memory; or the run it belongs to ended. */
export type Stopped = 'timeout' | 'output' | 'disk' | 'memory' | 'aborted';

export interface StepRequest {
  readonly name: string;
  /** Handed to `/bin/sh -c`. */
  readonly command: string;
  /** `Workspace.root`. */
  readonly workspace: string;
  readonly timeout_ms: number;
  /** In bytes, of standard output and error together; what exceeds it is cut from the middle. */
  readonly output_cap: number;
  readonly signal?: AbortSignal;
  /** Files to keep once the step is over, by path in the workspace. */
  readonly artifacts?: readonly string[];
}

/** A file that a step made, kept by its content. */
export interface Artifact {
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
}

export type StepResult =
  | {
      readonly kind: 'finished';
      readonly ok: boolean;
      readonly exit_code: number | null;
      readonly ms: number;
      /** Times, paths and colours normalised, so that two runs of the same step read the same. */
      readonly output: string;
      readonly truncated: boolean;
      readonly stopped: Stopped | null;
      /** Absent where none was asked for. */
      readonly artifacts?: readonly Artifact[];
      /** What was asked for and could not be kept, and why. */
      readonly not_kept?: readonly string[];
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** A program from outside (a coding agent), run as a step is, but with a conversation: input, both outputs, and one way out. */
export interface ProgramRequest {
  readonly name: string;
  /** The program by absolute path, or by name where it lies in `/usr/bin` or `/bin`. */
  readonly argv: readonly string[];
  /** `Workspace.root`, which becomes its working folder; null: an empty one that ends with it. */
  readonly workspace: string | null;
  /** Standard input, whole. */
  readonly input: string;
  /** All it sees besides PATH, HOME, TMPDIR and LANG, which it may set otherwise. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * The only way out: one Unix socket of the host, found at `inside`. Where the sandbox is the host itself, `inside` in `argv`
   * and `environment` is read as `host`.
   */
  readonly socket: { readonly host: string; readonly inside: string } | null;
  /** A checkout of ours that holds the program itself, seen read-only at `inside`; named like the socket on the host. */
  readonly checkout?: { readonly host: string; readonly inside: string } | null;
  /** Folders of the host, seen read-only at the same path: where the program lies. */
  readonly programs: readonly string[];
  readonly timeout_ms: number;
  /** In bytes, of standard output and of standard error each. */
  readonly output_cap: number;
  readonly signal?: AbortSignal;
}

export type ProgramResult =
  | {
      readonly kind: 'finished';
      readonly exit_code: number | null;
      readonly ms: number;
      /** As written, from its beginning; nothing is normalised: it may be a document. */
      readonly stdout: string;
      readonly stderr: string;
      readonly truncated: boolean;
      readonly stopped: Stopped | null;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface Sandbox {
  capability(): SandboxCapability;
  run(step: StepRequest): Promise<StepResult>;
  execute(program: ProgramRequest): Promise<ProgramResult>;
}
