import { writeFile } from 'node:fs/promises';
import { replayQueue, type Replay } from '../../../../application/ledger/replay-queue.ts';
import { decisionTools, eventShapes, sha256 } from '../../../../composition.ts';
import { plainText } from '../../../../domain/ledger/plain-text.ts';
import { QUEUE_PATH } from '../../../../domain/ledger/projection.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { openFolder } from './folder.ts';
import { reportFindings } from './verify.ts';

interface Options {
  readonly out?: string;
  readonly json?: boolean;
}

export const replay = async (
  path: string,
  { out, json = false }: Options,
  terminal: Terminal,
): Promise<ExitCode> => {
  if (json && out === '-') {
    terminal.err('--json and --out - both want standard output: give --out a file');
    return exitCode.usage;
  }
  const folder = await openFolder(path, terminal, json);
  if (folder === null) return exitCode.usage;
  const result = await replayQueue(folder, sha256, {
    shapes: eventShapes,
    decisions: decisionTools,
  });
  if (out !== undefined && result.queue !== null) await write(result.queue, out, terminal);
  if (json) terminal.out(JSON.stringify(documentOf(result, out ?? null), null, 2));
  else
    report(
      result,
      out === '-' ? { ...terminal, out: (line: string) => terminal.err(line) } : terminal,
    );
  return exitOf(result);
};

const exitOf = ({ queue, equal, status }: Replay): ExitCode => {
  if (equal) return exitCode.done;
  return queue === null && status === 'inconclusive' ? exitCode.inconclusive : exitCode.fault;
};

const write = async (queue: string, out: string, terminal: Terminal): Promise<void> => {
  // The terminal ends each line itself.
  if (out === '-') terminal.out(queue.replace(/\n$/, ''));
  else await writeFile(out, queue);
};

const documentOf = (
  { equal, until, head, events, queue, difference, findings }: Replay,
  out: string | null,
) => ({
  equal,
  written_until: until,
  sequence: head.sequence,
  hash: head.hash,
  events,
  replayed: queue !== null,
  out: queue === null ? null : out,
  difference:
    difference === null
      ? null
      : { line: difference.line, file: difference.left, replayed: difference.right },
  findings,
});

const report = (result: Replay, terminal: Terminal): void => {
  const { queue, equal, until, events, head, difference, findings } = result;
  const end = `${events} events, head ${head.sequence} ${head.hash}`;
  if (queue === null) {
    reportFindings(findings, terminal);
    terminal.out('The history cannot be replayed.');
  } else if (until !== null) {
    terminal.out(
      `${QUEUE_PATH} is what the history gives, as it was written until ${until} (${end}).`,
    );
  } else if (equal) {
    terminal.out(`${QUEUE_PATH} is what the history gives, byte for byte (${end}).`);
  } else if (difference === null) {
    terminal.out(`${QUEUE_PATH} is missing; the history gives one (${end}).`);
  } else {
    terminal.out(`${QUEUE_PATH} is not what the history gives (${end}).`);
    terminal.out(`First difference in line ${difference.line}:`);
    terminal.out(`  file      ${plainText(difference.left)}`);
    terminal.out(`  replayed  ${plainText(difference.right)}`);
  }
};
