import { afterCount, afterLiteral, afterString, afterValue, ascii, NOT } from './canonical-scan.ts';

/** `"hash":"…",` with 64 digits. */
const HASH_MEMBER_BYTES = 74;

const text = {
  actorId: ascii('{"actor":{"id":'),
  actorKind: ascii(',"kind":'),
  actorLogin: ascii(',"login":'),
  at: ascii('},"at":'),
  cause: ascii(',"cause":'),
  data: ascii(',"data":'),
  comma: ascii(','),
  hash: ascii('"hash":'),
  id: ascii(',"id":'),
  item: ascii(',"item":'),
  policy: ascii(',"policy":'),
  previous: ascii(',"previous":'),
  sequence: ascii(',"sequence":'),
  type: ascii(',"type":'),
  version: ascii(',"version":'),
  end: ascii('}'),
  null: ascii('null'),
} as const;

const kinds = ['"system"', '"agent"', '"human"'].map(ascii);

/**
 * Knows a line of history as Assent writes it: canonical JSON, with the members of an event and no others, each of its kind. Gives the
 * byte where its own hash begins. `NOT`: something is wrong with it, or too rare to be known here.
 *
 * There is nothing at `NOT`, so a step behind one that failed fails as well.
 */
export const hashMemberOf = (line: Uint8Array): number => {
  let at = afterLiteral(line, 0, text.actorId);
  at = orNull(afterPositive, line, at);
  at = afterKind(line, afterLiteral(line, at, text.actorKind));
  at = afterText(line, afterLiteral(line, at, text.actorLogin));
  at = afterMoment(line, afterLiteral(line, at, text.at));
  at = orNull(afterText, line, afterLiteral(line, at, text.cause));
  at = afterValue(line, afterLiteral(line, at, text.data));
  const hash = afterLiteral(line, at, text.comma);
  at = afterHash(line, afterLiteral(line, hash, text.hash));
  at = afterText(line, afterLiteral(line, at, text.id));
  at = orNull(afterText, line, afterLiteral(line, at, text.item));
  at = orNull(afterText, line, afterLiteral(line, at, text.policy));
  at = afterHash(line, afterLiteral(line, at, text.previous));
  at = afterPositive(line, afterLiteral(line, at, text.sequence));
  at = afterText(line, afterLiteral(line, at, text.type));
  at = afterPositive(line, afterLiteral(line, at, text.version));
  at = afterLiteral(line, at, text.end);
  return at === line.length ? hash : NOT;
};

type After = (line: Uint8Array, at: number) => number;

const orNull = (after: After, line: Uint8Array, at: number): number =>
  line[at] === text.null[0] ? afterLiteral(line, at, text.null) : after(line, at);

const afterText: After = (line, at) => {
  const end = afterString(line, at);
  return end > at + 2 ? end : NOT;
};

const ZERO = 0x30;
const NINE = 0x39;

const afterPositive: After = (line, at) => (line[at] === ZERO ? NOT : afterCount(line, at));

const afterKind: After = (line, at) => {
  for (const kind of kinds) {
    const end = afterLiteral(line, at, kind);
    if (end !== NOT) return end;
  }
  return NOT;
};

const MOMENT = ascii('"0000-00-00T00:00:00.000Z"');

const days = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** `"2026-11-21T07:48:41.000Z"`; a 29th of February is too rare. */
const afterMoment: After = (line, at) => {
  for (let index = 0; index < MOMENT.length; index += 1) {
    const [byte, form] = [line[at + index] ?? 0, MOMENT[index]];
    if (form === ZERO ? byte < ZERO || byte > NINE : byte !== form) return NOT;
  }
  const month = twoDigits(line, at + 6);
  const day = twoDigits(line, at + 9);
  if (day < 1 || day > (days[month] ?? 0)) return NOT;
  const isTime =
    twoDigits(line, at + 12) < 24 && twoDigits(line, at + 15) < 60 && twoDigits(line, at + 18) < 60;
  return isTime ? at + MOMENT.length : NOT;
};

const twoDigits = (line: Uint8Array, at: number): number =>
  ((line[at] ?? 0) - ZERO) * 10 + (line[at + 1] ?? 0) - ZERO;

const afterHash: After = (line, at) => {
  if (line[at] !== 0x22) return NOT;
  const end = at + 65;
  for (let index = at + 1; index < end; index += 1) {
    if (hexadecimal[line[index] ?? 0] !== 1) return NOT;
  }
  return line[end] === 0x22 ? end + 1 : NOT;
};

const hexadecimal = Uint8Array.from({ length: 256 }, (_, byte) =>
  '0123456789abcdef'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

/**
 * The bytes that a line's hash is of: all but the hash itself. They are put together in one place for line after line, since a new
 * array for each costs more than hashing it; what was given is good until the next is asked for.
 */
export class HashedBytes {
  #held = new Uint8Array(8192);

  of(line: Uint8Array, hashMember: number): Uint8Array {
    if (line.length > this.#held.length) this.#held = new Uint8Array(line.length * 2);
    this.#held.set(line);
    this.#held.copyWithin(hashMember, hashMember + HASH_MEMBER_BYTES, line.length);
    return this.#held.subarray(0, line.length - HASH_MEMBER_BYTES);
  }
}
