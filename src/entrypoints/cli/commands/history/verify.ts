import { styleText } from 'node:util';
import { inspectLedger, type Inspection } from '../../../../application/ledger/inspect-ledger.ts';
import { decisionTools, eventShapes, sha256 } from '../../../../composition.ts';
import type { Anchor } from '../../../../domain/ledger/anchor-check.ts';
import { describeFinding, type Severity } from '../../../../domain/ledger/findings.ts';
import { plainText } from '../../../../domain/ledger/plain-text.ts';
import { exitCode, type ExitCode, type Terminal } from '../../command.ts';
import { openFolder } from './folder.ts';

interface Options {
  readonly anchor?: readonly Anchor[];
  readonly json?: boolean;
}

export const exitOf: Readonly<Record<Inspection['status'], ExitCode>> = {
  valid: exitCode.done,
  faulty: exitCode.fault,
  inconclusive: exitCode.inconclusive,
};

export const verify = async (
  path: string,
  { anchor = [], json = false }: Options,
  terminal: Terminal,
): Promise<ExitCode> => {
  const folder = await openFolder(path, terminal, json);
  if (folder === null) return exitCode.usage;
  const inspection = await inspectLedger(folder, sha256, {
    anchors: anchor,
    shapes: eventShapes,
    decisions: decisionTools,
  });
  if (json) terminal.out(JSON.stringify(documentOf(inspection), null, 2));
  else report(inspection, terminal);
  return exitOf[inspection.status];
};

const documentOf = ({
  status,
  head,
  events,
  segments,
  anchors,
  findings,
  omitted,
}: Inspection) => ({
  status,
  head: { sequence: head.sequence, hash: head.hash },
  events,
  segments,
  anchors,
  findings,
  omitted,
});

const colours: Readonly<Record<Severity, Parameters<typeof styleText>[0]>> = {
  fault: 'red',
  inconclusive: 'yellow',
  warning: 'yellow',
  note: 'dim',
};

/** Hashes make a message long, and it is worth its length. */
const LINE_LENGTH = 600;

export const reportFindings = (findings: Inspection['findings'], terminal: Terminal): void => {
  for (const finding of findings) {
    const label = styleText(colours[finding.severity], finding.severity.padEnd(12));
    // File names in the folder and values in its lines are anybody's.
    terminal.out(`${label} ${plainText(describeFinding(finding), LINE_LENGTH)}`);
  }
};

const report = (inspection: Inspection, terminal: Terminal): void => {
  const { status, head, events, segments, anchors, findings, omitted } = inspection;
  reportFindings(findings, terminal);
  if (omitted > 0) terminal.out(`             … and ${omitted} more`);
  const size = `${count(events, 'event')} in ${count(segments, 'segment')}`;
  const end = `head ${head.sequence} ${head.hash}`;
  switch (status) {
    case 'valid':
      terminal.out(`${styleText('green', 'The history holds')}: ${size}, ${end}.`);
      terminal.out(
        anchors > 0
          ? `It passes all ${count(anchors, 'anchor')} kept outside it.`
          : 'No anchor outside it was at hand: that its end was not cut off rests on queue.json alone.',
      );
      break;
    case 'faulty': {
      const faults = findings.filter(({ severity }) => severity === 'fault').length + omitted;
      terminal.out(
        `${styleText('red', 'The history does not hold')}: ${count(faults, 'fault')} in ${size}, ${end}.`,
      );
      break;
    }
    case 'inconclusive':
      terminal.out(`${styleText('yellow', 'Cannot tell')}: ${size}.`);
  }
};

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
