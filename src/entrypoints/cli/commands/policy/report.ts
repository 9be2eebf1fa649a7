import type { Refusal } from '../../../../domain/result.ts';
import { visible } from '../../../../domain/text.ts';
import type { PolicyFault } from '../../../../ports/policy-source.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';

export interface Output {
  readonly json?: boolean;
}

/** `policies/default.yml:3:5: what is wrong`. */
export const faultLine = ({ file, line, column, message }: PolicyFault) =>
  visible(`${file}${line === null ? '' : `:${line}:${column ?? 1}`}: ${message}`);

export const document = (terminal: Terminal, value: unknown) =>
  terminal.out(JSON.stringify(value, null, 2));

/** Tells what kept a command from its work; with --json as the one document on standard output. */
export function misused(
  refusal: Refusal & { readonly faults?: readonly PolicyFault[] },
  { json }: Output,
  terminal: Terminal,
): ExitCode {
  if (json === true) {
    const { code, message, faults = [] } = refusal;
    document(terminal, { error: { code, message, faults } });
  } else {
    terminal.err(refusal.message);
  }
  return exitCode.usage;
}
