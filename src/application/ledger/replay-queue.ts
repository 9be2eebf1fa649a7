import type { ChainHead, Sha256 } from '../../domain/ledger/envelope.ts';
import type { Finding } from '../../domain/ledger/findings.ts';
import { writtenUntil } from '../../domain/ledger/past-queues.ts';
import { firstDifferingLine, QUEUE_PATH, renderQueue } from '../../domain/ledger/projection.ts';
import type { LedgerFolder } from '../../ports/ledger-folder.ts';
import { inspectLedger, type InspectionStatus, type Scrutiny } from './inspect-ledger.ts';

/** `queue.json` as the history gives it, beside the one that is there. */
export interface Replay {
  readonly head: ChainHead;
  readonly events: number;
  /** Null where the history is too broken, or says too little, to give one. */
  readonly queue: string | null;
  /** Whether the two say the same: byte for byte, or as it was written until `until`. */
  readonly equal: boolean;
  readonly until: string | null;
  /** Null where the files are equal, or one of them is not there. */
  readonly difference: ReturnType<typeof firstDifferingLine>;
  /** What kept the history from being replayed, or else what is wrong with the file. */
  readonly findings: readonly Finding[];
  readonly status: InspectionStatus;
}

export const replayQueue = async (
  folder: LedgerFolder,
  sha256: Sha256,
  scrutiny: Scrutiny = {},
): Promise<Replay> => {
  const { head, events, state, unreliable, findings, status } = await inspectLedger(
    folder,
    sha256,
    scrutiny,
  );
  const replayed = unreliable === null && events > 0 ? renderQueue(state.state, head) : null;
  const bytes = await folder.bytes(QUEUE_PATH);
  const standing =
    bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const compared =
    replayed === null || standing === null
      ? null
      : compare({ standing, replayed }, (text) => writtenUntil(text, state.state, head));
  return {
    head,
    events,
    queue: replayed,
    equal: compared !== null && compared.difference === null,
    until: compared?.until ?? null,
    difference: compared?.difference ?? null,
    findings: findings.filter(
      ({ severity }) => severity === 'fault' || severity === 'inconclusive',
    ),
    status,
  };
};

const compare = (
  { standing, replayed }: { readonly standing: string; readonly replayed: string },
  until: (text: string) => string | null,
): Pick<Replay, 'until' | 'difference'> => {
  const difference = firstDifferingLine(standing, replayed);
  const older = difference === null ? null : until(standing);
  return { until: older, difference: older === null ? difference : null };
};
