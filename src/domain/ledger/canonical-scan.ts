/**
 * Canonical JSON (RFC 8785) told from its bytes alone, in one pass: nothing is parsed, written or kept. Parsing a line and writing
 * it again to see whether it comes out the same takes three times as long, and a long history is all such lines.
 *
 * Each function takes the place where something begins and gives the place behind it, or `NOT`: it is not canonical JSON, or of
 * a kind so rare (a key that is not ASCII, an escaped control character, nesting beyond `DEPTH`) that writing it anew has to tell.
 * Strings are taken by byte: that they are UTF-8 is for whoever decodes them.
 */
export const NOT = -1;

/** Levels of objects and arrays; nothing that Assent writes is nested so deep. */
const DEPTH = 64;

const QUOTE = 0x22;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** 1 for each byte that stands for itself in a string. */
const plain = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** 1 for each byte that may stand for itself in a key whose order bytes can tell: beyond ASCII, UTF-8 and UTF-16 are ordered differently. */
const plainInKey = plain.map((is, byte) => (byte < 0x80 ? is : 0));

/** 1 for what stands behind the backslash where a character has to be written so. Other control characters have four digits: rare. */
const escaped = Uint8Array.from({ length: 256 }, (_, byte) =>
  '"\\bfnrt'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

export const ascii = (text: string): Uint8Array =>
  Uint8Array.from(text, (unit) => unit.charCodeAt(0));

const TRUE = ascii('true');
const FALSE = ascii('false');
const NULL = ascii('null');

export const afterValue = (bytes: Uint8Array, at: number, depth = DEPTH): number => {
  switch (bytes[at]) {
    case QUOTE:
      return afterString(bytes, at);
    case OPEN_BRACE:
      return depth === 0 ? NOT : afterObject(bytes, at, depth - 1);
    case OPEN_BRACKET:
      return depth === 0 ? NOT : afterArray(bytes, at, depth - 1);
    case TRUE[0]:
      return afterLiteral(bytes, at, TRUE);
    case FALSE[0]:
      return afterLiteral(bytes, at, FALSE);
    case NULL[0]:
      return afterLiteral(bytes, at, NULL);
    default:
      return afterNumber(bytes, at);
  }
};

export const afterLiteral = (bytes: Uint8Array, at: number, literal: Uint8Array): number => {
  for (let index = 0; index < literal.length; index += 1) {
    if (bytes[at + index] !== literal[index]) return NOT;
  }
  return at + literal.length;
};

/** From quote to quote. */
export const afterString = (bytes: Uint8Array, at: number): number => {
  if (bytes[at] !== QUOTE) return NOT;
  let index = at + 1;
  for (;;) {
    while (plain[bytes[index] ?? 0] === 1) index += 1;
    if (bytes[index] === QUOTE) return index + 1;
    if (bytes[index] !== BACKSLASH || escaped[bytes[index + 1] ?? 0] !== 1) return NOT;
    index += 2;
  }
};

/** Digits only, as short as they go, and few enough for a double to hold exactly. */
export const afterCount = (bytes: Uint8Array, at: number): number => {
  const end = afterDigits(bytes, at);
  if (end === at || end - at > 15) return NOT;
  return bytes[at] === ZERO && end - at > 1 ? NOT : end;
};

const afterDigits = (bytes: Uint8Array, at: number): number => {
  let index = at;
  while (isDigit(bytes[index] ?? 0)) index += 1;
  return index;
};

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;

/** 1 for each byte of a number that is no count. */
const numeric = Uint8Array.from({ length: 256 }, (_, byte) =>
  '0123456789+-.e'.includes(String.fromCharCode(byte)) ? 1 : 0,
);

const afterNumber = (bytes: Uint8Array, at: number): number => {
  const count = afterCount(bytes, at);
  if (count !== NOT && numeric[bytes[count] ?? 0] === 0) return count;
  let text = '';
  let index = at;
  while (numeric[bytes[index] ?? 0] === 1) {
    text += String.fromCharCode(bytes[index] ?? 0);
    index += 1;
  }
  // The engine writes numbers as the RFC wants them; what is no number, or too large for one, it writes in letters.
  return text !== '' && String(Number(text)) === text ? index : NOT;
};

const afterArray = (bytes: Uint8Array, at: number, depth: number): number => {
  let index = at + 1;
  if (bytes[index] === CLOSE_BRACKET) return index + 1;
  for (;;) {
    index = afterValue(bytes, index, depth);
    if (bytes[index] === CLOSE_BRACKET) return index + 1;
    if (bytes[index] !== COMMA) return NOT;
    index += 1;
  }
};

const afterObject = (bytes: Uint8Array, at: number, depth: number): number => {
  let index = at + 1;
  if (bytes[index] === CLOSE_BRACE) return index + 1;
  let before = NOT;
  for (;;) {
    const key = index;
    const end = afterKey(bytes, key);
    if (end === NOT || (before !== NOT && !isBefore(bytes, before, key))) return NOT;
    before = key;
    index = afterValue(bytes, end, depth);
    if (bytes[index] === CLOSE_BRACE) return index + 1;
    if (bytes[index] !== COMMA) return NOT;
    index += 1;
  }
};

/** A key and its colon. */
const afterKey = (bytes: Uint8Array, at: number): number => {
  if (bytes[at] !== QUOTE) return NOT;
  let index = at + 1;
  while (plainInKey[bytes[index] ?? 0] === 1) index += 1;
  return bytes[index] === QUOTE && bytes[index + 1] === COLON ? index + 2 : NOT;
};

/** Whether one key comes before another and is not the same. Both are followed by a quote, which no byte of a key is. */
const isBefore = (bytes: Uint8Array, key: number, next: number): boolean => {
  let offset = 1;
  while (bytes[key + offset] === bytes[next + offset]) {
    if (bytes[key + offset] === QUOTE) return false;
    offset += 1;
  }
  const [left, right] = [bytes[key + offset] ?? 0, bytes[next + offset] ?? 0];
  // The end of a key comes before anything, but a quote does not come before a space or an exclamation mark.
  if (left === QUOTE) return true;
  return right !== QUOTE && left < right;
};
