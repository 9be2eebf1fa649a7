import { complement, everyCharacter, parsePattern, type Pattern, type Ranges } from './pattern.ts';
import { Unmodelled } from './unmodelled.ts';

/** How a text is changed before it is looked at: the language is then that of the texts which become a match. */
export type Fold = 'none' | 'lower' | 'upper';

/** A question about one text, as the language of the texts of which it is true. */
export interface Language {
  /** The same question has the same key. */
  readonly key: string;
  /** Without anchors: of the whole text. */
  readonly pattern: Pattern;
}

const maxAlternatives = 64;
const rest: Pattern = {
  type: 'repeat',
  part: { type: 'set', ranges: everyCharacter },
  least: 0,
  most: Infinity,
};

/** The texts in which RE2 finds a pattern. */
export function matching(source: string, fold: Fold): Language {
  const alternatives = anchored(parsePattern(source)).map(({ start, body, end }) =>
    sequence([...(start ? [] : [rest]), body, ...(end ? [] : [rest])]),
  );
  return { key: `${fold} matches ${source}`, pattern: folded(choice(alternatives), fold) };
}

export type Placement = 'is' | 'startsWith' | 'endsWith' | 'contains';

/** The texts that are this one, or hold it in some place. */
export function holding(placement: Placement, value: string, fold: Fold): Language {
  const characters = Array.from(value, (character): Pattern => {
    const code = character.codePointAt(0) ?? 0;
    return { type: 'set', ranges: [[code, code]] };
  });
  const before = placement === 'endsWith' || placement === 'contains' ? [rest] : [];
  const behind = placement === 'startsWith' || placement === 'contains' ? [rest] : [];
  const pattern = sequence([...before, ...characters, ...behind]);
  return { key: `${fold} ${placement} ${value}`, pattern: folded(pattern, fold) };
}

/** The least and the most characters of the texts a pattern without anchors matches. */
export function lengths(pattern: Pattern): readonly [number, number] {
  switch (pattern.type) {
    case 'set':
      return [1, 1];
    case 'sequence':
      return pattern.parts.reduce<readonly [number, number]>(
        ([least, most], part) => {
          const [from, to] = lengths(part);
          return [least + from, most + to];
        },
        [0, 0],
      );
    case 'choice': {
      const each = pattern.parts.map(lengths);
      return [Math.min(...each.map(([least]) => least)), Math.max(...each.map(([, most]) => most))];
    }
    case 'repeat': {
      const [least, most] = lengths(pattern.part);
      return [least * pattern.least, pattern.most === 0 || most === 0 ? 0 : most * pattern.most];
    }
    default:
      return [0, 0];
  }
}

/** An alternative of a pattern whose anchors have moved to its ends. */
interface Alternative {
  readonly start: boolean;
  readonly body: Pattern;
  readonly end: boolean;
  /** Whether the body matches the empty text. */
  readonly nullable: boolean;
}

const empty: Pattern = { type: 'sequence', parts: [] };
const free = (body: Pattern, nullable: boolean): Alternative => ({
  start: false,
  body,
  end: false,
  nullable,
});
const sequence = (parts: readonly Pattern[]): Pattern => ({ type: 'sequence', parts });
const choice = (parts: readonly Pattern[]): Pattern => ({ type: 'choice', parts });

/** `(^|/)name$` is two patterns, one of which begins where the text does. */
function anchored(pattern: Pattern): readonly Alternative[] {
  switch (pattern.type) {
    case 'start':
      return [{ ...free(empty, true), start: true }];
    case 'end':
      return [{ ...free(empty, true), end: true }];
    case 'set':
      return [free(pattern, false)];
    case 'choice':
      return bounded(pattern.parts.flatMap(anchored));
    case 'sequence':
      return pattern.parts.reduce<readonly Alternative[]>(
        (before, part) => {
          const after = anchored(part);
          return bounded(before.flatMap((one) => after.flatMap((other) => joined(one, other))));
        },
        [free(empty, true)],
      );
    case 'repeat':
      return [repeated(pattern)];
  }
}

function bounded(alternatives: readonly Alternative[]): readonly Alternative[] {
  const plain = alternatives.filter(({ start, end }) => !start && !end);
  const merged =
    plain.length < 2
      ? alternatives
      : [
          free(
            choice(plain.map(({ body }) => body)),
            plain.some(({ nullable }) => nullable),
          ),
          ...alternatives.filter(({ start, end }) => start || end),
        ];
  if (merged.length > maxAlternatives) throw new Unmodelled('a pattern with so many anchors');
  return merged;
}

/** Before a `^` and after a `$` nothing can stand: that side has to match the empty text, or there is no match at all. */
function joined(one: Alternative, other: Alternative): readonly Alternative[] {
  if (one.end && other.start) {
    return one.nullable && other.nullable
      ? [{ start: true, body: empty, end: true, nullable: true }]
      : [];
  }
  if (other.start) return one.nullable ? [other] : [];
  if (one.end) return other.nullable ? [one] : [];
  return [
    {
      start: one.start,
      body: sequence([one.body, other.body]),
      end: other.end,
      nullable: one.nullable && other.nullable,
    },
  ];
}

function repeated(pattern: Extract<Pattern, { type: 'repeat' }>): Alternative {
  const inner = anchored(pattern.part);
  const [only] = inner;
  if (inner.length !== 1 || only === undefined || only.start || only.end)
    throw new Unmodelled('a repeated anchor in a pattern');
  return free({ ...pattern, part: only.body }, pattern.least === 0 || only.nullable);
}

/** The pattern of the texts that the change of case turns into its own. */
function folded(pattern: Pattern, fold: Fold): Pattern {
  if (fold === 'none') return pattern;
  switch (pattern.type) {
    case 'set':
      return { type: 'set', ranges: unfolded(pattern.ranges, fold) };
    case 'sequence':
    case 'choice':
      return { ...pattern, parts: pattern.parts.map((part) => folded(part, fold)) };
    case 'repeat':
      return { ...pattern, part: folded(pattern.part, fold) };
    default:
      return pattern;
  }
}

const upper: Ranges = [[0x41, 0x5a]];
const lower: Ranges = [[0x61, 0x7a]];

/** The characters that the change of case turns into one of these. */
function unfolded(ranges: Ranges, fold: Exclude<Fold, 'none'>): Ranges {
  const [gone, kept, shift] = fold === 'lower' ? [upper, lower, -0x20] : [lower, upper, 0x20];
  const turned = common(ranges, kept).map(([low, high]) => [low + shift, high + shift] as const);
  return [...common(ranges, complement(gone)), ...turned];
}

const common = (one: Ranges, other: Ranges): Ranges =>
  one.flatMap(([low, high]) =>
    other.flatMap(([from, to]) => {
      const [start, end] = [Math.max(low, from), Math.min(high, to)];
      return start <= end ? [[start, end] as const] : [];
    }),
  );
