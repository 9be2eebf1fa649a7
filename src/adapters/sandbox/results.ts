import type {
  ProgramRequest,
  ProgramResult,
  StepRequest,
  StepResult,
} from '../../ports/sandbox.ts';
import { normaliseLog } from './log.ts';
import type { Ended } from './process.ts';

/**
 * Both outputs as one, in the order they were written: two pipes would be read in any. On one line with the command, so that
 * the shell counts its lines as its author does.
 */
export const stepScript = (command: string): string => `exec 2>&1; ${command}`;

/** `paths`: what the log shows in place of them. */
export function stepResult(
  step: StepRequest,
  ended: Ended,
  paths: Readonly<Record<string, string>>,
): StepResult {
  const { exit_code, ms, stopped } = ended;
  const raw = Buffer.concat([ended.stdout, ended.stderr]).toString('utf8');
  const log = normaliseLog(raw, { paths, cap: step.output_cap });
  return {
    kind: 'finished',
    ok: exit_code === 0 && stopped === null,
    exit_code,
    ms,
    output: log.text,
    truncated: log.truncated || ended.truncated,
    stopped,
  };
}

export function programResult({ output_cap }: ProgramRequest, ended: Ended): ProgramResult {
  const { exit_code, ms, stopped } = ended;
  const beginning = (bytes: Buffer) => bytes.subarray(0, output_cap).toString('utf8');
  return {
    kind: 'finished',
    exit_code,
    ms,
    stdout: beginning(ended.stdout),
    stderr: beginning(ended.stderr),
    truncated:
      ended.truncated || ended.stdout.length > output_cap || ended.stderr.length > output_cap,
    stopped,
  };
}
