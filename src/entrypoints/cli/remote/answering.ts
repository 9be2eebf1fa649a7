import { plainText } from '../../../domain/ledger/plain-text.ts';
import { exitCode, type ExitCode, type Terminal } from '../command.ts';
import { messageOf, UnreachableError, type Answer } from './ask.ts';
import { UsageError } from './remote.ts';

/** What a command found out: a document for programs, lines for people, and how it ended. */
export interface Told {
  readonly code: ExitCode;
  readonly document: unknown;
  readonly lines: readonly string[];
}

/** Answers in one document under `--json`, else in lines; what went wrong too. */
export async function answering(
  terminal: Terminal,
  json: boolean | undefined,
  work: () => Promise<Told>,
): Promise<ExitCode> {
  const told = await work().catch(failure);
  if (json === true) terminal.out(JSON.stringify(told.document, null, 2));
  else if (told.code === exitCode.done || told.code === exitCode.waiting) {
    for (const line of told.lines) terminal.out(line);
  } else for (const line of told.lines) terminal.err(line);
  return told.code;
}

function failure(error: unknown): Told {
  if (error instanceof UsageError) return refused(exitCode.usage, 'usage', error.message);
  if (error instanceof UnreachableError) {
    return refused(exitCode.inconclusive, 'unreachable', error.message);
  }
  throw error;
}

export const refused = (code: ExitCode, name: string, message: string): Told => ({
  code,
  document: { error: { code: name, message } },
  lines: [line(message)],
});

/** What the API refused, with the exit code that it means. */
export function refusal(answer: Answer): Told {
  const { status } = answer;
  const unsure = status >= 500 || status === 429;
  const wrong = status === 400 || status === 401;
  const code = unsure ? exitCode.inconclusive : wrong ? exitCode.usage : exitCode.fault;
  return { ...refused(code, `http.${status}`, messageOf(answer)), document: answer.body };
}

/** Others' words on a terminal: no control characters, one line. */
export const line = (text: string): string => plainText(text, 400);
