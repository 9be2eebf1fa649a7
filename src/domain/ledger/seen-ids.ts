/** An id is four words. */
const WORDS = 4;
const FIRST_PLACES = 1024;
/** Places looked at for one id. Bounded, since whoever writes a history by hand may choose ids that crowd together. */
const PROBES = 32;

/**
 * The ids of a history and the event each was first given to. A hundred thousand texts in a `Map` are most of what verifying
 * would keep in memory, and what the collector goes over again and again; a UUID is sixteen bytes in a list, found by an index that
 * is a quarter to half full. A place in it is one word: the number of the id in the list, and in the bits that leaves free some of
 * its scattering, so that the list itself is looked at only where the two very likely are the same. Small, since each id is a leap
 * to another end of it. Exact: two ids are the same only if all their bits are. Any other id is kept as text.
 */
export class SeenIds {
  readonly #others = new Map<string, number>();
  #index = new Uint32Array(FIRST_PLACES);
  /** The bits of a place that number an id, from 1 on; 0: it is free. */
  #numbers = FIRST_PLACES - 1;
  #ids = new Uint32Array((FIRST_PLACES / 2) * WORDS);
  #sequences = new Float64Array(FIRST_PLACES / 2);
  #count = 0;
  /** The words of the id at hand. */
  readonly #id = new Uint32Array(WORDS);

  /** The event that had `id` before; null: none, and from now on it is that of `sequence`. */
  firstOf(id: string, sequence: number): number | null {
    // Those that found no room in the index are few: none, unless somebody chose them.
    const before = this.#others.size === 0 ? undefined : this.#others.get(id);
    if (before !== undefined) return before;
    if (readUuid(id, this.#id)) {
      if (this.#count === this.#sequences.length) this.#grow();
      const first = this.#find();
      if (first !== null) {
        if (first > 0) return this.#sequences[first - 1] ?? null;
        this.#keep(sequence);
        return null;
      }
    }
    this.#others.set(id, sequence);
    return null;
  }

  /** The number of the id at hand; 0: it was not there, and is now, as the next; null: there is no room where it would be looked for. */
  #find(): number | null {
    const scattering = scattered(this.#id, 0);
    const mark = scattering & ~this.#numbers;
    let place = scattering & this.#numbers;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const entry = this.#index[place] ?? 0;
      if (entry === 0) {
        this.#index[place] = mark | (this.#count + 1);
        return 0;
      }
      const number = entry & this.#numbers;
      if ((entry & ~this.#numbers) === mark && this.#isAtHand(number)) return number;
      place = (place + 1) & this.#numbers;
    }
    return null;
  }

  #isAtHand(number: number): boolean {
    const at = (number - 1) * WORDS;
    for (let word = 0; word < WORDS; word += 1) {
      if (this.#ids[at + word] !== this.#id[word]) return false;
    }
    return true;
  }

  #keep(sequence: number): void {
    const at = this.#count * WORDS;
    for (let word = 0; word < WORDS; word += 1) this.#ids[at + word] = this.#id[word] ?? 0;
    this.#sequences[this.#count] = sequence;
    this.#count += 1;
  }

  /** Twice the room. An id that finds none any more is kept as text; the place of its number in the list is lost. */
  #grow(): void {
    const places = this.#index.length * 2;
    this.#numbers = places - 1;
    this.#index = new Uint32Array(places);
    this.#ids = grown(this.#ids, new Uint32Array((places / 2) * WORDS));
    this.#sequences = grown(this.#sequences, new Float64Array(places / 2));
    for (let number = 1; number <= this.#count; number += 1) this.#place(number);
  }

  #place(number: number): void {
    const at = (number - 1) * WORDS;
    const scattering = scattered(this.#ids, at);
    let place = scattering & this.#numbers;
    for (let probe = 0; probe < PROBES; probe += 1) {
      if (this.#index[place] === 0) {
        this.#index[place] = (scattering & ~this.#numbers) | number;
        return;
      }
      place = (place + 1) & this.#numbers;
    }
    this.#others.set(
      writeUuid(this.#ids.subarray(at, at + WORDS)),
      this.#sequences[number - 1] ?? 0,
    );
  }
}
const grown = <T extends Uint32Array | Float64Array>(list: T, into: T): T => {
  into.set(list);
  return into;
};

/** Of the id at `at`. All its bits count: a UUID of another version has its chance and its clock in other words. */
const scattered = (ids: Uint32Array, at: number): number => {
  let hash = 0;
  for (let word = 0; word < WORDS; word += 1) {
    hash = Math.imul(hash ^ (ids[at + word] ?? 0), 0x9e37_79b1);
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
  for (let word = 0; word < WORDS; word += 1) {
    const high = four(id, fours[word * 2] ?? 0);
    const low = four(id, fours[word * 2 + 1] ?? 0);
    if (high < 0 || low < 0) return false;
    words[word] = (high << 16) | low;
  }
  return true;
};

const writeUuid = (words: Uint32Array): string =>
  Array.from(words, (word) => word.toString(16).padStart(8, '0'))
    .join('')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
