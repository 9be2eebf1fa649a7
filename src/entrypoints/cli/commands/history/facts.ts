import type { Inspection } from '../../../../application/ledger/inspect-ledger.ts';
import { readEvents } from '../../../../application/ledger/read-story.ts';
import { upcast } from '../../../../domain/ledger/upcast.ts';
import type { RecordedVerdict } from '../../../../domain/policy/record.ts';
import type { LedgerFolder } from '../../../../ports/ledger-folder.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { exitOf } from './verify.ts';

interface Output {
  readonly json: boolean;
  readonly terminal: Terminal;
}

/** The facts alone, as a request, so that they can be written to a file and asked again. */
export async function showFacts(
  folder: LedgerFolder,
  sequence: number,
  { status }: Pick<Inspection, 'status'>,
  { json, terminal }: Output,
): Promise<ExitCode> {
  const complain = (code: string, message: string, exit: ExitCode): ExitCode => {
    if (json) terminal.out(JSON.stringify({ error: { code, message } }, null, 2));
    else terminal.err(message);
    return exit;
  };
  // What was written into a history by other hands is no decision of the past.
  if (status === 'faulty') {
    return complain('history.faulty', 'This history does not hold.', exitOf[status]);
  }
  const verdict = await verdictAt(folder, sequence);
  if (verdict === null) {
    const message = `Event ${sequence} is no decision of policy (verdict.given).`;
    return complain('history.no_verdict', message, exitCode.usage);
  }
  if (verdict.facts === null) {
    const message = `Event ${sequence} was recorded without its facts: ${verdict.facts_missing}.`;
    return complain('history.no_facts', message, exitCode.inconclusive);
  }
  terminal.out(JSON.stringify(verdict.facts, null, 2));
  return exitOf[status];
}

async function verdictAt(folder: LedgerFolder, sequence: number): Promise<RecordedVerdict | null> {
  for await (const event of readEvents(folder)) {
    if (event.sequence !== sequence) continue;
    const known = upcast(event);
    return known?.type === 'verdict.given' ? known.data : null;
  }
  return null;
}
