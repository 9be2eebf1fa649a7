import type { EventActor, RecordedEvent, Sha256 } from './envelope.ts';
import { EventScan } from './event-scan.ts';
import { KnownTexts } from './known-texts.ts';

/** `,"hash":"…"` with 64 digits. */
const HASH_MEMBER_BYTES = 74;
const HASH_DIGITS = 64;

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
/** The first letter of `null`. */
const NULL = 0x6e;

interface Kind {
  readonly type: string;
  readonly version: number;
}

/** What differs from line to line, as it stands there. */
interface Parsed {
  readonly at: string;
  readonly cause: string | null;
  readonly data: unknown;
  readonly id: string;
}

/**
 * Reads lines of history that are as Assent writes them, which nearly every line is. Known by their bytes, they need not be parsed
 * whole: what stands in line after line is known from the line before, and the hash is made anyway. The rest, half of a line, goes
 * through the parser of the engine. One for the lines of one history, in their order.
 */
export class EventReader {
  readonly #sha256: Sha256 | null;
  readonly #scan = new EventScan();
  readonly #actors = new KnownTexts<EventActor>();
  readonly #items = new KnownTexts<string>();
  readonly #policies = new KnownTexts<string>();
  readonly #kinds = new KnownTexts<Kind>();
  /** Of the line read last. */
  #hash = '';
  /** A line without its hash. In one place for line after line: a new array for each would cost more than hashing it. */
  #content = new Uint8Array(8192);

  /** `sha256`: null for a reader who takes the hashes as they are. */
  constructor(sha256: Sha256 | null) {
    this.#sha256 = sha256;
  }

  /**
   * The event of a line whose bytes are as they should be and hash to what it says. Null: something is wrong with it, or it is of a rare
   * kind, and `readEventLine` has to say what it is.
   */
  read(line: Uint8Array): RecordedEvent | null {
    const scan = this.#scan;
    if (!scan.knows(line)) return null;
    const hash = this.#hashOf(line);
    if (!isSpelled(hash, line, scan.hash + 1)) return null;
    const parsed = this.#parse();
    if (parsed === null) return null;
    const before = this.#hash;
    this.#hash = hash;
    const { type, version } = this.#kindOf(line);
    return {
      sequence: countOf(line, scan.sequence, scan.sequenceEnd),
      id: parsed.id,
      at: parsed.at,
      type,
      version,
      item: textOf(this.#items, line, scan.item, scan.itemEnd),
      actor:
        this.#actors.find(line, ACTOR, scan.actorEnd) ??
        this.#actors.keep(
          line,
          ACTOR,
          scan.actorEnd,
          parse(line, ACTOR, scan.actorEnd) as EventActor,
        ),
      data: parsed.data,
      cause: parsed.cause,
      policy: textOf(this.#policies, line, scan.policy, scan.policyEnd),
      previous: isSpelled(before, line, scan.previous + 1)
        ? before
        : decoded(line, scan.previous + 1, scan.previous + 1 + HASH_DIGITS),
      hash,
    };
  }

  /** Leaves behind the bytes that the hash is of. */
  #hashOf(line: Uint8Array): string {
    const { dataEnd, hash } = this.#scan;
    if (line.length > this.#content.length) this.#content = new Uint8Array(line.length * 2);
    this.#content.set(line.subarray(0, dataEnd));
    this.#content.set(line.subarray(dataEnd + HASH_MEMBER_BYTES), dataEnd);
    return this.#sha256 === null
      ? decoded(line, hash + 1, hash + 1 + HASH_DIGITS)
      : this.#sha256(this.#content.subarray(0, line.length - HASH_MEMBER_BYTES));
  }

  /** Date, cause, data and id stand side by side in what was hashed, and braces about them make them an object. */
  #parse(): Parsed | null {
    const from = this.#scan.actorEnd;
    const to = this.#scan.idEnd - HASH_MEMBER_BYTES;
    this.#content[from] = OPEN_BRACE;
    this.#content[to] = CLOSE_BRACE;
    try {
      return parse(this.#content, from, to + 1) as Parsed;
    } catch {
      // A string that is no UTF-8.
      return null;
    }
  }

  #kindOf(line: Uint8Array): Kind {
    const { type: from, typeEnd, version, versionEnd } = this.#scan;
    const known = this.#kinds.find(line, from, versionEnd);
    if (known !== null) return known;
    const type = asKey(parse(line, from, typeEnd) as string);
    return this.#kinds.keep(line, from, versionEnd, {
      type,
      version: countOf(line, version, versionEnd),
    });
  }
}

/** Behind `{"actor":`. */
const ACTOR = 9;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decoded = (line: Uint8Array, from: number, to: number): string =>
  utf8.decode(line.subarray(from, to));

/** The members are an event's, and each of its kind: known by their bytes. */
const parse = (line: Uint8Array, from: number, to: number): unknown =>
  JSON.parse(decoded(line, from, to));

const textOf = (
  known: KnownTexts<string>,
  line: Uint8Array,
  from: number,
  to: number,
): string | null =>
  line[from] === NULL
    ? null
    : (known.find(line, from, to) ??
      known.keep(line, from, to, asKey(parse(line, from, to) as string)));

/** The same text as the engine keeps it for the key of an object: one it finds at once wherever it is one, or is compared with one. */
const asKey = (text: string): string => Object.keys({ [text]: null })[0] ?? text;

const ZERO = 0x30;

const countOf = (line: Uint8Array, from: number, to: number): number => {
  let count = 0;
  for (let at = from; at < to; at += 1) count = count * 10 + (line[at] ?? 0) - ZERO;
  return count;
};

/** Whether 64 digits stand at `at`. */
const isSpelled = (digits: string, line: Uint8Array, at: number): boolean => {
  if (digits.length !== HASH_DIGITS) return false;
  for (let index = 0; index < HASH_DIGITS; index += 1) {
    if (digits.charCodeAt(index) !== line[at + index]) return false;
  }
  return true;
};
