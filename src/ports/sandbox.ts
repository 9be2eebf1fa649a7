export interface SandboxCapability {
  /** `host-demo` runs on the host itself: only for the demo's own repository. */
  readonly kind: 'bubblewrap' | 'host-demo' | 'unavailable';
  readonly reason: string;
}

export interface StepRequest {
  readonly name: string;
  /** Handed to `/bin/sh -c`. */
  readonly command: string;
  /** `Workspace.root`. */
  readonly workspace: string;
  readonly timeout_ms: number;
  /** In bytes, of standard output and error together; what exceeds it is cut from the middle. */
  readonly output_cap: number;
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
      readonly stopped: 'timeout' | 'output' | null;
    }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface Sandbox {
  capability(): SandboxCapability;
  run(step: StepRequest): Promise<StepResult>;
}
