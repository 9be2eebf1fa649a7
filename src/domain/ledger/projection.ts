import { prettyCanonicalJson } from './canonical-json.ts';
import type { ChainHead } from './envelope.ts';

export const QUEUE_PATH = '.ai_metadata/queue.json';

const QUEUE_VERSION = 1;

/** What `queue.json` shows of a state. Only open items, so that its size is bounded by the work in hand. */
export interface QueueSource {
  readonly items: Readonly<Record<string, unknown>>;
  readonly control: unknown;
  readonly cycle: unknown;
}

/** `queue.json`: what waits, the switch, the cycle, and the event it reflects. The same state has the same bytes. */
export const renderQueue = ({ items, control, cycle }: QueueSource, head: ChainHead): string => {
  const { sequence, hash } = head;
  return `${prettyCanonicalJson({ version: QUEUE_VERSION, sequence, hash, control, cycle, items })}\n`;
};

/** What `queue.json` says it reflects, or why that cannot be told. */
export type QueueHead =
  | { readonly ok: true; readonly head: ChainHead }
  | { readonly ok: false; readonly problem: string };

export const readQueueHead = (text: string): QueueHead => {
  let queue: unknown;
  try {
    queue = JSON.parse(text);
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : 'is not JSON' };
  }
  if (typeof queue !== 'object' || queue === null) return { ok: false, problem: 'not an object' };
  const version = 'version' in queue ? queue.version : undefined;
  if (version !== QUEUE_VERSION) {
    return {
      ok: false,
      problem: `version must be ${QUEUE_VERSION}, is ${JSON.stringify(version)}`,
    };
  }
  const sequence = 'sequence' in queue ? queue.sequence : undefined;
  const hash = 'hash' in queue ? queue.hash : undefined;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) {
    return { ok: false, problem: 'sequence must be a whole number from 0' };
  }
  if (typeof hash !== 'string' || !/^[0-9a-f]{64}$/.test(hash)) {
    return { ok: false, problem: 'hash must be a SHA-256 in lower-case hex' };
  }
  return { ok: true, head: { sequence, hash } };
};

/** The first line (from 1) where two texts differ, with both sides; null where they are equal. */
export const firstDifferingLine = (
  left: string,
  right: string,
): { readonly line: number; readonly left: string; readonly right: string } | null => {
  if (left === right) return null;
  const lefts = left.split('\n');
  const rights = right.split('\n');
  let index = 0;
  while (lefts[index] === rights[index]) index += 1;
  const end = '(end of file)';
  return { line: index + 1, left: lefts[index] ?? end, right: rights[index] ?? end };
};
