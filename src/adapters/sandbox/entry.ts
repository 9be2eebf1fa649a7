import type { ProgramRequest, StepRequest } from '../../ports/sandbox.ts';
import { inside } from './bubblewrap/arguments.ts';
import { plainEnvironment, stepEnvironment } from './environment.ts';
import { stepScript } from './results.ts';

/** What goes into a sandbox, whichever it is and whatever it was asked as. */
export interface Entry {
  readonly argv: readonly string[];
  readonly workspace: string | null;
  readonly input: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly socket: ProgramRequest['socket'];
  readonly checkout: ProgramRequest['socket'];
  readonly programs: readonly string[];
  readonly timeout_ms: number;
  readonly output_cap: number;
  readonly signal: AbortSignal | undefined;
}

/** `path`: PATH as it is inside. */
export const stepEntry = (step: StepRequest, path: string): Entry => ({
  argv: ['/bin/sh', '-c', stepScript(step.command)],
  workspace: step.workspace,
  input: '',
  environment: { ...plainEnvironment(path, inside.home, '/tmp'), ...stepEnvironment },
  socket: null,
  checkout: null,
  programs: [],
  timeout_ms: step.timeout_ms,
  output_cap: step.output_cap,
  signal: step.signal,
});

export const programEntry = (program: ProgramRequest, path: string): Entry => ({
  argv: program.argv,
  workspace: program.workspace,
  input: program.input,
  environment: { ...plainEnvironment(path, inside.home, '/tmp'), ...program.environment },
  socket: program.socket,
  checkout: program.checkout ?? null,
  programs: program.programs,
  timeout_ms: program.timeout_ms,
  output_cap: program.output_cap,
  signal: program.signal,
});
