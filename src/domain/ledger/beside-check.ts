import type { ChainHead } from './envelope.ts';
import type { Findings } from './findings.ts';
import type { LedgerFold } from './governance.ts';
import { INTERNAL_LOG_PATH, renderInternalLog } from './internal-log.ts';
import { writtenUntil } from './past-queues.ts';
import { plainText } from './plain-text.ts';
import { firstDifferingLine, QUEUE_PATH, readQueueHead, renderQueue } from './projection.ts';

/** The history's end, and what it comes to; null where the history is too broken to say. */
interface Expected {
  readonly head: ChainHead;
  readonly fold: LedgerFold | null;
}

/** Compares `queue.json` with the history it claims to reflect. */
export const checkQueue = (
  bytes: Uint8Array | null,
  { head, fold }: Expected,
  findings: Findings,
): void => {
  const fault = (code: string, message: string, line?: number): void =>
    findings.add('fault', code, line === undefined ? place : { ...place, line }, message);
  const place = { file: QUEUE_PATH };
  if (bytes === null) {
    fault('queue.missing', 'is missing: `assent history replay DIR --out FILE` rebuilds it');
    return;
  }
  const text = decode(bytes);
  const claimed = text === null ? null : readQueueHead(text);
  if (text === null || claimed === null || !claimed.ok) {
    const problem = claimed?.ok === false ? plainText(claimed.problem) : 'not UTF-8';
    fault('queue.unreadable', `cannot be read (${problem}): \`assent history replay\` rebuilds it`);
    return;
  }
  const { sequence, hash } = claimed.head;
  if (sequence > head.sequence) {
    fault(
      'queue.ahead',
      `reflects event ${sequence}, but the history ends at event ${head.sequence}: the end was cut off`,
    );
  } else if (sequence < head.sequence) {
    fault(
      'queue.behind',
      `reflects event ${sequence}, but the history goes on to event ${head.sequence}: it is an old copy, or events were added by other hands`,
    );
  } else if (hash !== head.hash) {
    fault(
      'queue.hash',
      `reflects event ${sequence} with ${hash}, but the history has it with ${head.hash}: one of them was rewritten`,
    );
  } else if (fold !== null) {
    const difference = firstDifferingLine(text, renderQueue(fold.state, head));
    if (difference === null) return;
    const until = writtenUntil(text, fold.state, head);
    if (until !== null) {
      const message = `is the projection as it was written until ${until}; the next commit writes it as today`;
      findings.add('note', 'queue.older', place, message);
      return;
    }
    const { line, left, right } = difference;
    fault(
      'queue.differs',
      `is not the projection of the history: it has ${quote(left)} where the history gives ${quote(right)}`,
      line,
    );
  }
};

/** Compares `INTERNAL_LOG.md` with its rendering; it decides nothing, so a difference is only noted. */
export const checkInternalLog = (
  bytes: Uint8Array | null,
  { head, fold }: Expected,
  findings: Findings,
): void => {
  const place = { file: INTERNAL_LOG_PATH };
  if (bytes === null) {
    findings.add('note', 'log.missing', place, 'is missing; the next commit writes it again');
    return;
  }
  if (fold === null) return;
  const text = decode(bytes);
  const difference = firstDifferingLine(text ?? '', renderInternalLog(fold, head));
  if (difference === null) return;
  findings.add(
    'note',
    'log.differs',
    { ...place, line: difference.line },
    'is not what the history renders; the next commit writes it again',
  );
};

const quote = (line: string): string => `“${plainText(line, 80)}”`;

const decode = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};
