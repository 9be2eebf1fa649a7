import { Unmodelled } from './unmodelled.ts';

/** Characters as code points, both ends included. */
export type Ranges = readonly (readonly [number, number])[];

/** The part of RE2 that is a regular language over whole texts; everyCharacter else is refused as unmodelled. */
export type Pattern =
  | { readonly type: 'set'; readonly ranges: Ranges }
  | { readonly type: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly type: 'choice'; readonly parts: readonly Pattern[] }
  | {
      readonly type: 'repeat';
      readonly part: Pattern;
      readonly least: number;
      readonly most: number;
    }
  | { readonly type: 'start' }
  | { readonly type: 'end' };

const lastCharacter = 0x10ffff;
export const everyCharacter: Ranges = [[0, lastCharacter]];

const digits: Ranges = [[0x30, 0x39]];
const words: Ranges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
];
const spaces: Ranges = [
  [0x09, 0x0a],
  [0x0c, 0x0d],
  [0x20, 0x20],
];
const controls: Readonly<Record<string, number>> = {
  n: 0x0a,
  t: 0x09,
  r: 0x0d,
  f: 0x0c,
  v: 0x0b,
  a: 0x07,
};
const maxRepeat = 100;

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
}

export function parsePattern(source: string): Pattern {
  const reader = new Reader(source);
  // Flags of the whole stand at its beginning; anywhere else they are not modelled.
  const letters = reader.match(/^\(\?([is]+)\)/)?.[1] ?? '';
  const pattern = choice(reader, withFlags({ ignoreCase: false, dotAll: false }, letters));
  if (!reader.done) throw new Unmodelled(`the pattern "${source}"`);
  return pattern;
}

class Reader {
  private readonly characters: readonly string[];
  private readonly source: string;
  private at = 0;
  constructor(source: string) {
    this.source = source;
    this.characters = Array.from(source);
  }
  get done(): boolean {
    return this.at >= this.characters.length;
  }
  get next(): string {
    return this.characters[this.at] ?? '';
  }
  take(): string {
    const character = this.next;
    if (this.done) this.refuse();
    this.at += 1;
    return character;
  }
  /** Takes what an expression finds right here. */
  match(expression: RegExp): RegExpExecArray | null {
    const found = expression.exec(this.characters.slice(this.at).join(''));
    if (found !== null) this.at += Array.from(found[0]).length;
    return found;
  }
  refuse(): never {
    throw new Unmodelled(`the pattern "${this.source}"`);
  }
}

function choice(reader: Reader, flags: Flags): Pattern {
  const parts = [sequence(reader, flags)];
  while (reader.next === '|') {
    reader.take();
    parts.push(sequence(reader, flags));
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { type: 'choice', parts };
}

function sequence(reader: Reader, flags: Flags): Pattern {
  const parts: Pattern[] = [];
  while (!reader.done && reader.next !== '|' && reader.next !== ')')
    parts.push(repeated(atom(reader, flags), reader));
  return { type: 'sequence', parts };
}

const withFlags = ({ ignoreCase, dotAll }: Flags, letters: string): Flags => ({
  ignoreCase: ignoreCase || letters.includes('i'),
  dotAll: dotAll || letters.includes('s'),
});

function repeated(part: Pattern, reader: Reader): Pattern {
  const found = reader.match(/^(?:([*+?])|\{(\d{1,3})(,(\d{0,3}))?\})\??/);
  if (found === null) return part;
  // A second quantifier is an error of RE2, or one on a lazy one; neither is modelled.
  if (/^[*+?]/.test(reader.next)) reader.refuse();
  const [, sign, from, comma, to] = found;
  const least = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
  const most =
    sign === undefined
      ? comma === undefined
        ? least
        : to === ''
          ? Infinity
          : Number(to)
      : sign === '?'
        ? 1
        : Infinity;
  if (least > maxRepeat || (most !== Infinity && most > maxRepeat)) reader.refuse();
  return { type: 'repeat', part, least, most };
}

function atom(reader: Reader, flags: Flags): Pattern {
  const character = reader.take();
  switch (character) {
    case '(':
      return group(reader, flags);
    case '[':
      return bracket(reader, flags);
    case '.':
      return set(flags.dotAll ? everyCharacter : complement([[0x0a, 0x0a]]));
    case '^':
      return { type: 'start' };
    case '$':
      return { type: 'end' };
    case '\\':
      return escaped(reader, flags);
    case '*':
    case '+':
    case '?':
      return reader.refuse();
    default:
      return set(single(character, flags));
  }
}

const set = (ranges: Ranges): Pattern => ({ type: 'set', ranges });

function group(reader: Reader, flags: Flags): Pattern {
  const opening = reader.match(/^\?(?:P?<\w+>|([is]*):)/);
  if (opening === null && reader.next === '?') reader.refuse();
  const inner = choice(reader, withFlags(flags, opening?.[1] ?? ''));
  if (reader.take() !== ')') reader.refuse();
  return inner;
}

function escaped(reader: Reader, flags: Flags): Pattern {
  const character = reader.take();
  if (character === 'A') return { type: 'start' };
  if (character === 'z') return { type: 'end' };
  return set(escapedSet(character, reader, flags));
}

/** What an escape stands for, in and out of brackets. */
function escapedSet(character: string, reader: Reader, flags: Flags): Ranges {
  const control = controls[character];
  if (control !== undefined) return [[control, control]];
  const known: Readonly<Record<string, Ranges>> = {
    d: digits,
    w: words,
    s: spaces,
    D: complement(digits),
    W: complement(words),
    S: complement(spaces),
  };
  const named = known[character];
  // Under (?i) RE2 folds some classes with letters outside ASCII.
  if (named !== undefined)
    return flags.ignoreCase && /w/i.test(character) ? reader.refuse() : named;
  return /[\p{L}\p{N}]/u.test(character) ? reader.refuse() : single(character, flags);
}

function bracket(reader: Reader, flags: Flags): Pattern {
  const negated = reader.match(/^\^/) !== null;
  const ranges: (readonly [number, number])[] = [];
  for (let first = true; first || reader.next !== ']'; first = false) {
    if (reader.match(/^\[:/) !== null) reader.refuse();
    const low = bracketItem(reader, flags);
    const [start] = low;
    const isRange = reader.match(/^-(?!\])/) !== null;
    if (!isRange) {
      ranges.push(...low);
      continue;
    }
    const high = bracketItem(reader, { ...flags, ignoreCase: false });
    const [end] = high;
    if (start === undefined || end === undefined || end[0] !== end[1]) return reader.refuse();
    if (flags.ignoreCase) reader.refuse();
    ranges.push([start[0], end[0]]);
  }
  reader.take();
  return set(negated ? complement(ranges) : ranges);
}

function bracketItem(reader: Reader, flags: Flags): Ranges {
  const character = reader.take();
  return character === '\\' ? escapedSet(reader.take(), reader, flags) : single(character, flags);
}

/** One character, with its other cases under (?i). Outside ASCII those are too many to know here. */
function single(character: string, { ignoreCase }: Flags): Ranges {
  const code = character.codePointAt(0) ?? 0;
  if (!ignoreCase) return [[code, code]];
  if (code > 0x7f) throw new Unmodelled(`(?i) with ${character}`);
  const lower = character.toLowerCase();
  // The Kelvin sign and the long s are the only characters outside ASCII that fold into it.
  const others = lower === 'k' ? '\u{212a}' : lower === 's' ? '\u{17f}' : '';
  return [...new Set([lower, lower.toUpperCase(), ...Array.from(others)])].map((each) => {
    const point = each.codePointAt(0) ?? 0;
    return [point, point] as const;
  });
}

export function complement(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const gaps: (readonly [number, number])[] = [];
  let next = 0;
  for (const [low, high] of sorted) {
    if (low > next) gaps.push([next, low - 1]);
    next = Math.max(next, high + 1);
  }
  return next <= lastCharacter ? [...gaps, [next, lastCharacter]] : gaps;
}
