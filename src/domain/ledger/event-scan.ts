import { afterCount, afterLiteral, afterString, afterValue, ascii, NOT } from './canonical-scan.ts';

const text = {
  actorId: ascii('{"actor":{"id":'),
  actorKind: ascii(',"kind":'),
  actorLogin: ascii(',"login":'),
  at: ascii('},"at":'),
  cause: ascii(',"cause":'),
  data: ascii(',"data":'),
  hash: ascii(',"hash":'),
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
 * Knows a line of history as Assent writes it: canonical JSON, with the members of an event and no others, each of its kind; and where
 * in it each of them stands. One for line after line: the places are those of the last that was known.
 *
 * There is nothing at `NOT`, so a step behind one that failed fails as well.
 */
export class EventScan {
  /** Behind each of these, so the comma. */
  actorEnd = NOT;
  dataEnd = NOT;
  idEnd = NOT;
  /** The quote, or the first digit or letter, of each of these. */
  hash = NOT;
  item = NOT;
  itemEnd = NOT;
  policy = NOT;
  policyEnd = NOT;
  previous = NOT;
  sequence = NOT;
  sequenceEnd = NOT;
  type = NOT;
  typeEnd = NOT;
  version = NOT;
  versionEnd = NOT;

  /** False: something is wrong with the line, or too rare to be known here. */
  knows(line: Uint8Array): boolean {
    let at = orNull(afterPositive, line, afterLiteral(line, 0, text.actorId));
    at = afterKind(line, afterLiteral(line, at, text.actorKind));
    at = afterText(line, afterLiteral(line, at, text.actorLogin));
    this.actorEnd = at + 1;
    at = afterMoment(line, afterLiteral(line, at, text.at));
    at = orNull(afterText, line, afterLiteral(line, at, text.cause));
    at = afterValue(line, afterLiteral(line, at, text.data));
    this.dataEnd = at;
    this.hash = afterLiteral(line, at, text.hash);
    at = afterHash(line, this.hash);
    at = afterText(line, afterLiteral(line, at, text.id));
    this.idEnd = at;
    this.item = afterLiteral(line, at, text.item);
    this.itemEnd = orNull(afterText, line, this.item);
    this.policy = afterLiteral(line, this.itemEnd, text.policy);
    this.policyEnd = orNull(afterText, line, this.policy);
    this.previous = afterLiteral(line, this.policyEnd, text.previous);
    at = afterHash(line, this.previous);
    this.sequence = afterLiteral(line, at, text.sequence);
    this.sequenceEnd = afterPositive(line, this.sequence);
    this.type = afterLiteral(line, this.sequenceEnd, text.type);
    this.typeEnd = afterText(line, this.type);
    this.version = afterLiteral(line, this.typeEnd, text.version);
    this.versionEnd = afterPositive(line, this.version);
    return afterLiteral(line, this.versionEnd, text.end) === line.length;
  }
}
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
