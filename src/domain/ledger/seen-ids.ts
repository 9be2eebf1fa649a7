/** Words of a slot: the four of an id, and the sequence of its event; 0 there says that the slot is free. */
const WORDS = 5;
const FIRST_SLOTS = 1024;
/** Slots looked at for one id. Bounded, since whoever writes a history by hand may choose ids that crowd together. */
const PROBES = 32;
const MAX_WORD = 0xffff_ffff;

/**
 * The ids of a history and the event each was first given to. A hundred thousand texts in a `Map` are most of what verifying
 * would keep in memory, and what the collector goes over again and again; a UUID is twenty bytes in a table that is a quarter to
 * half full. Exact, not a fingerprint: two ids are the same only if all their bits are. Any other id is kept as text.
 */
export class SeenIds {
  readonly #others = new Map<string, number>();
  #table = new Uint32Array(FIRST_SLOTS * WORDS);
  #taken = 0;
  /** The words of the id at hand, and its sequence. */
  readonly #entry = new Uint32Array(WORDS);

  /** The event that had `id` before; null: none, and from now on it is that of `sequence`. */
  firstOf(id: string, sequence: number): number | null {
    // Those that found no room in the table are few: none, unless somebody chose them.
    const before = this.#others.size === 0 ? undefined : this.#others.get(id);
    if (before !== undefined) return before;
    if (sequence <= MAX_WORD && readUuid(id, this.#entry)) {
      this.#entry[WORDS - 1] = sequence;
      const first = this.#put();
      if (first !== null) return first === 0 ? null : first;
    }
    this.#others.set(id, sequence);
    return null;
  }

  /** The sequence that stands at the entry's id; 0: it was not there and is now; null: there is no room where it would be looked for. */
  #put(): number | null {
    if (this.#taken * 2 * WORDS >= this.#table.length) this.#grow();
    const first = place(this.#table, this.#entry);
    if (first === 0) this.#taken += 1;
    return first;
  }

  #grow(): void {
    const grown = new Uint32Array(this.#table.length * 2);
    const entry = new Uint32Array(WORDS);
    for (let at = 0; at < this.#table.length; at += WORDS) {
      const sequence = this.#table[at + WORDS - 1] ?? 0;
      if (sequence === 0) continue;
      for (let word = 0; word < WORDS; word += 1) entry[word] = this.#table[at + word] ?? 0;
      if (place(grown, entry) === 0) continue;
      this.#others.set(writeUuid(entry), sequence);
      this.#taken -= 1;
    }
    this.#table = grown;
  }
}

/** As `#put`. */
const place = (table: Uint32Array, entry: Uint32Array): number | null => {
  const slots = table.length / WORDS;
  let slot = scattered(entry) & (slots - 1);
  for (let probe = 0; probe < PROBES; probe += 1) {
    const at = slot * WORDS;
    const taken = table[at + WORDS - 1] ?? 0;
    if (taken === 0) {
      for (let word = 0; word < WORDS; word += 1) table[at + word] = entry[word] ?? 0;
      return 0;
    }
    if (
      table[at] === entry[0] &&
      table[at + 1] === entry[1] &&
      table[at + 2] === entry[2] &&
      table[at + 3] === entry[3]
    ) {
      return taken;
    }
    slot = (slot + 1) & (slots - 1);
  }
  return null;
};

/** All bits of an id count: a UUID of another version has its chance and its clock in other words. */
const scattered = (entry: Uint32Array): number => {
  let hash = 0;
  for (let word = 0; word < 4; word += 1) {
    hash = Math.imul(hash ^ (entry[word] ?? 0), 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash;
};

const UUID_LENGTH = 36;
const HYPHEN = 0x2d;
const hyphens = [8, 13, 18, 23] as const;
/** Where its digits stand, in fours. */
const fours = [0, 4, 9, 14, 19, 24, 28, 32] as const;

/** What each character of ASCII is as a digit of an id; -1: none. One spelling an id: upper case would be another text for the same bits. */
const digits = Int8Array.from({ length: 128 }, (_, unit) =>
  '0123456789abcdef'.indexOf(String.fromCharCode(unit)),
);

const digit = (id: string, at: number): number => digits[id.charCodeAt(at)] ?? -1;

/** Four digits from `at` on; negative where one of them is none. */
const four = (id: string, at: number): number =>
  (digit(id, at) << 12) | (digit(id, at + 1) << 8) | (digit(id, at + 2) << 4) | digit(id, at + 3);

/** Reads `3fa85f64-5717-4562-b3fc-2c963f66afa6`, lower case, into four words; false: it is not one. */
const readUuid = (id: string, words: Uint32Array): boolean => {
  if (id.length !== UUID_LENGTH) return false;
  for (const at of hyphens) if (id.charCodeAt(at) !== HYPHEN) return false;
  for (let word = 0; word < 4; word += 1) {
    const high = four(id, fours[word * 2] ?? 0);
    const low = four(id, fours[word * 2 + 1] ?? 0);
    if (high < 0 || low < 0) return false;
    words[word] = (high << 16) | low;
  }
  return true;
};

const writeUuid = (entry: Uint32Array): string =>
  Array.from(entry.subarray(0, 4), (word) => word.toString(16).padStart(8, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
