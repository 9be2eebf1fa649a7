import { LINE_BYTES } from './segments.ts';

export interface Line {
  /** Without its newline; empty where the line is too long to be held. */
  readonly bytes: Uint8Array;
  /** Whether a newline ended it; only the last line of a file can lack one. */
  readonly terminated: boolean;
  /** More than `LINE_BYTES`. */
  readonly tooLong: boolean;
}

const NEWLINE = 0x0a;

/**
 * Cuts chunks of bytes into lines: those that end in a chunk, together, since waiting for each line by itself costs more than
 * reading it. They are good until the next are asked for. Holds one chunk, and never more than `LINE_BYTES` of one line.
 */
export async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<readonly Line[]> {
  let parts: Uint8Array[] = [];
  let size = 0;
  const hold = (part: Uint8Array): void => {
    size += part.length;
    if (size < LINE_BYTES) parts.push(part);
    else parts = [];
  };
  const take = (terminated: boolean): Line => {
    const tooLong = size >= LINE_BYTES;
    const line = { bytes: join(parts), terminated, tooLong };
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of chunks) {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      // Nearly every line lies whole in a chunk: nothing is held for it, nor put together.
      if (parts.length === 0 && size === 0 && end - start < LINE_BYTES) {
        lines.push({ bytes: chunk.subarray(start, end), terminated: true, tooLong: false });
      } else {
        hold(chunk.subarray(start, end));
        lines.push(take(true));
      }
      start = end + 1;
    }
    // Copied, since a reader may fill its buffer again before the rest of the line is there; `slice` of a `Buffer` would be a view.
    if (start < chunk.length) hold(new Uint8Array(chunk.subarray(start)));
    if (lines.length > 0) yield lines;
  }
  if (size > 0) yield [take(false)];
}

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
};
