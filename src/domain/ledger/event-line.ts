import { canonicalJson } from './canonical-json.ts';
import type { EventActor, RecordedEvent } from './envelope.ts';

/** Why a line of history is not an event. `column` counts characters from 1. */
export interface LineFault {
  readonly code:
    | 'line.not_utf8'
    | 'line.not_json'
    | 'line.duplicate_key'
    | 'line.not_canonical'
    | 'event.malformed';
  readonly message: string;
  readonly column: number | null;
}

/** What a line held: an event, faults, or both (a readable event written in another than the canonical way). */
export interface ReadLine {
  readonly event: RecordedEvent | null;
  readonly faults: readonly LineFault[];
}

/** Reads one line, without its newline: what it is, and all that is wrong with it. */
export const readEventLine = (bytes: Uint8Array): ReadLine => {
  const text = decode(bytes);
  if (typeof text !== 'string') return { event: null, faults: [text] };
  const parsed = parse(text);
  if (!parsed.ok) return { event: null, faults: [parsed.fault] };
  const { value } = parsed;
  const canonical = canonicalOf(value);
  const malformed = malformations(value);
  const written = canonical === text ? faultless : [writtenOtherwise(text, canonical)];
  return {
    // What has no canonical JSON has no hash either: there is nothing to follow.
    event: canonical !== null && isEvent(value, malformed) ? value : null,
    faults: [...written, ...malformed],
  };
};

const faultless: readonly LineFault[] = [];

// `ignoreBOM` keeps a byte order mark in the text, where the parser finds it; otherwise it would go unseen.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decode = (bytes: Uint8Array): string | LineFault => {
  try {
    return utf8.decode(bytes);
  } catch {
    const before = new TextDecoder().decode(bytes).indexOf('\uFFFD');
    return {
      code: 'line.not_utf8',
      message: 'holds bytes that are no UTF-8',
      column: before < 0 ? null : before + 1,
    };
  }
};

const parse = (
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; fault: LineFault } => {
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    const position = /at position (\d+)/.exec(problem)?.[1];
    return {
      ok: false,
      fault: {
        code: 'line.not_json',
        message: text === '' ? 'is empty' : `is not JSON: ${withoutQuote(problem)}`,
        column: position === undefined ? null : Number(position) + 1,
      },
    };
  }
};

/** V8 quotes the text it could not read, which may be long and is nobody's to trust. */
const withoutQuote = (problem: string): string =>
  problem.replace(/, (?:\.\.\.)?".*$/su, '').replace(/ in JSON at position \d+.*$/su, '');

const writtenOtherwise = (text: string, canonical: string | null): LineFault => {
  if (canonical === null) {
    const message =
      'holds a value that has no canonical JSON (a lone surrogate, or nested too deep)';
    return { code: 'line.not_canonical', message, column: null };
  }
  const repeated = duplicateKey(text);
  if (repeated !== null) {
    return {
      code: 'line.duplicate_key',
      message: `names the key ${JSON.stringify(repeated.key)} twice in one object`,
      column: repeated.column,
    };
  }
  return {
    code: 'line.not_canonical',
    message:
      'is not written as canonical JSON (RFC 8785): no spaces, keys in order, shortest numbers',
    column: firstDifference(text, canonical) + 1,
  };
};

const canonicalOf = (value: unknown): string | null => {
  try {
    return canonicalJson(value);
  } catch {
    return null;
  }
};

const firstDifference = (left: string, right: string): number => {
  let index = 0;
  while (index < left.length && left[index] === right[index]) index += 1;
  return index;
};

/** The first key that one object of valid JSON `text` names twice; `JSON.parse` keeps the last and says nothing. */
const duplicateKey = (text: string): { key: string; column: number } | null => {
  const seen: Set<string>[] = [];
  // Strings with what follows them (a colon makes it a key), and the braces that open and close objects.
  for (const token of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/gu)) {
    if (token[0] === '{') seen.push(new Set());
    else if (token[0] === '}') seen.pop();
    else if (token[1] !== undefined) {
      const key: unknown = JSON.parse(token[0].slice(0, -token[1].length));
      const keys = seen.at(-1);
      if (typeof key !== 'string' || keys === undefined) continue;
      if (keys.has(key)) return { key, column: token.index + 1 };
      keys.add(key);
    }
  }
  return null;
};

type Check = (value: unknown) => string | null;

const matching =
  (wanted: string, test: (value: unknown) => boolean): Check =>
  (value) =>
    test(value) ? null : `must be ${wanted}`;

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
const isHash = (value: unknown): boolean =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const orNull = (test: (value: unknown) => boolean) => (value: unknown) =>
  value === null || test(value);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const MOMENT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** `2026-11-21T07:48:41.000Z` and nothing else: one moment has one spelling. */
const isMoment = (value: unknown): boolean => {
  if (typeof value !== 'string' || !MOMENT.test(value)) return false;
  const day = Number(value.slice(8, 10));
  // Some engines read the 31st of February as the 3rd of March.
  return day <= 28 || new Date(value).getUTCDate() === day;
};

const kinds: readonly unknown[] = ['human', 'agent', 'system'] satisfies EventActor['kind'][];

/** The keys an object has to have, no more and no fewer, with what each has to be. */
type Checks = readonly (readonly [key: string, check: Check])[];

const actorChecks: Checks = Object.entries({
  kind: matching('human, agent or system', (value) => kinds.includes(value)),
  id: matching('a positive whole number or null', orNull(isCount)),
  login: matching('text', isText),
} satisfies Record<keyof EventActor, Check>);

const eventChecks: Checks = Object.entries({
  sequence: matching('a whole number from 1', isCount),
  id: matching('text', isText),
  at: matching('a moment in UTC with milliseconds (2026-11-21T07:48:41.000Z)', isMoment),
  type: matching('text', isText),
  version: matching('a whole number from 1', isCount),
  item: matching('text or null', orNull(isText)),
  actor: matching('an object', isRecord),
  data: () => null,
  cause: matching('text or null', orNull(isText)),
  policy: matching('text or null', orNull(isText)),
  previous: matching('a SHA-256 in lower-case hex', isHash),
  hash: matching('a SHA-256 in lower-case hex', isHash),
} satisfies Record<keyof RecordedEvent, Check>);

const malformations = (value: unknown): readonly LineFault[] => {
  if (!isRecord(value)) return [malformed('is no JSON object')];
  const actor = isRecord(value['actor'])
    ? checkKeys(value['actor'], actorChecks, 'actor.')
    : faultless;
  return [...checkKeys(value, eventChecks, ''), ...actor];
};

const checkKeys = (
  value: Readonly<Record<string, unknown>>,
  checks: Checks,
  prefix: string,
): LineFault[] => {
  const faults: LineFault[] = [];
  for (const [key, check] of checks) {
    const problem = Object.hasOwn(value, key) ? check(value[key]) : 'is missing';
    if (problem !== null) faults.push(malformed(`key ${prefix}${key} ${problem}`));
  }
  const known = checks.map(([key]) => key);
  for (const key of Object.keys(value).filter((each) => !known.includes(each))) {
    const named = `${prefix}${JSON.stringify(key)}`;
    faults.push(malformed(`key ${named} is unknown; known are ${known.join(', ')}`));
  }
  return faults;
};

const malformed = (message: string): LineFault => ({
  code: 'event.malformed',
  message,
  column: null,
});

const isEvent = (value: unknown, faults: readonly LineFault[]): value is RecordedEvent =>
  isRecord(value) && faults.length === 0;
