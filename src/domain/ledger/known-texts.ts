/** So many texts are kept of a kind. */
const PLACES = 256;

/** Bytes of the longest text that is kept: a longer one is nobody's name, and hundreds of such would fill the memory. */
const LONGEST = 256;

const nothing = new Uint8Array(0);

/**
 * Texts that stand in line after line (an item, the policies, a type) by their bytes, with what each was read as. Comparing bytes
 * is cheaper than reading them again, and what is the same text is the same string, which the machine compares and looks up in a
 * fraction of the time. Each has one place, by its length and some of its bytes; the next that comes there takes it.
 */
export class KnownTexts<T> {
  readonly #texts: Uint8Array[] = Array.from({ length: PLACES }, () => nothing);
  readonly #values: (T | null)[] = Array.from({ length: PLACES }, () => null);

  /** What the bytes from `from` to `to` were read as; null: not known, or no more. */
  find(line: Uint8Array, from: number, to: number): T | null {
    const place = placeOf(line, from, to);
    return standsAt(this.#texts[place] ?? nothing, line, from, to)
      ? (this.#values[place] ?? null)
      : null;
  }

  keep(line: Uint8Array, from: number, to: number, value: T): T {
    if (to - from > LONGEST) return value;
    const place = placeOf(line, from, to);
    // Copied: the line is good for now only, and of a `Buffer` a slice would be a view.
    this.#texts[place] = new Uint8Array(line.subarray(from, to));
    this.#values[place] = value;
    return value;
  }
}

/** Of `"issue-12"` and of `"stage.entered","version":1`, what tells most of them apart. */
const placeOf = (line: Uint8Array, from: number, to: number): number =>
  (to -
    from +
    (line[to - 2] ?? 0) * 3 +
    (line[to - 3] ?? 0) * 30 +
    (line[to - 4] ?? 0) * 7 +
    (line[from + 1] ?? 0) * 5 +
    (line[from + 4] ?? 0) * 11 +
    (line[from + 8] ?? 0) * 17) %
  PLACES;

const standsAt = (text: Uint8Array, line: Uint8Array, from: number, to: number): boolean => {
  if (text.length !== to - from) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (line[from + index] !== text[index]) return false;
  }
  return true;
};
