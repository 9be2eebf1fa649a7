import type { RecordedEvent } from './envelope.ts';
import { canonicalJson } from './canonical-json.ts';

export const HISTORY_FOLDER = '.ai_metadata/history';

/** A segment is closed before it would grow past this, so that a commit uploads at most this much history (64 KiB). */
export const SEGMENT_BYTES = 65_536;

/** The longest line, newline included, that is written or read: 1 MiB. An event is a decision, not a store of documents. */
export const LINE_BYTES = 1_048_576;

/** One file of the history. `number` counts from 1; `content` is whole lines. */
export interface Segment {
  readonly number: number;
  readonly content: string;
}

/** An event beyond `LINE_BYTES`: whoever made it should have kept a digest and stored the text elsewhere. */
export class EventTooLargeError extends Error {
  readonly type: string;
  readonly bytes: number;

  constructor(event: RecordedEvent, bytes: number) {
    super(
      `event ${event.sequence} (${event.type}) takes ${bytes} bytes as a line of history; ` +
        `at most ${LINE_BYTES} are kept. Record a digest in place of the text.`,
    );
    this.name = 'EventTooLargeError';
    this.type = event.type;
    this.bytes = bytes;
  }
}

export const segmentPath = (number: number): string =>
  `${HISTORY_FOLDER}/${String(number).padStart(6, '0')}.jsonl`;

/** The number in a segment's path, or null if the path is no segment's. */
export const segmentNumber = (path: string): number | null => {
  const digits = /^\.ai_metadata\/history\/(\d{6,})\.jsonl$/.exec(path)?.[1];
  if (digits === undefined) return null;
  const number = Number(digits);
  // `0000001` and `000000` are nobody's names: one number has one path.
  return number > 0 && segmentPath(number) === path ? number : null;
};

export const eventLine = (event: RecordedEvent): string => `${canonicalJson(event)}\n`;

/**
 * The segments that adding `events` behind `last` writes: the last one grown, and new ones after it. Closed segments never
 * appear here. An event larger than a whole segment stands alone in one.
 */
export const extendSegments = (
  last: Segment | null,
  events: readonly RecordedEvent[],
): readonly Segment[] => {
  let open = last ?? { number: 1, content: '' };
  let size = utf8Length(open.content);
  const written = new Map<number, Segment>();
  for (const event of events) {
    const line = eventLine(event);
    const bytes = utf8Length(line);
    if (bytes > LINE_BYTES) throw new EventTooLargeError(event, bytes);
    if (size > 0 && size + bytes > SEGMENT_BYTES) {
      open = { number: open.number + 1, content: '' };
      size = 0;
    }
    open = { number: open.number, content: open.content + line };
    size += bytes;
    written.set(open.number, open);
  }
  return [...written.values()];
};

/** Bytes of well-formed text in UTF-8, counted without encoding it. */
const utf8Length = (text: string): number => {
  let bytes = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit >= 0x80) bytes += 1;
    // A surrogate pair is two units and four bytes: one more for each half; any other unit from U+0800 takes three.
    if (unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff)) bytes += 1;
  }
  return bytes;
};
