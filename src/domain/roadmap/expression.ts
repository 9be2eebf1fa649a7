import { markerAt, type FoundMarker } from './marker.ts';
import type { Span } from './outline.ts';
import { statusOfPercent, wordAt, type FoundWord, type Status } from './status.ts';

export interface Percent {
  readonly text: string;
  readonly value: number;
}

interface Placed<T> {
  readonly span: Span;
  readonly found: T;
}

/** A status as somebody wrote it: `✅ Done`, `🔄 45%`, `Completed`. Spans count from the start of the text it was read in. */
export interface Expression {
  readonly span: Span;
  readonly text: string;
  readonly marker: Placed<FoundMarker> | null;
  readonly word: Placed<FoundWord> | null;
  readonly percent: Placed<Percent> | null;
  readonly status: Status;
}

const gap = /[\s*_`~]*/y;
const percentHere = /(\d{1,3})(?:\.\d+)?\s?%/y;

/** The expression that begins exactly at `offset`: a marker, a word and a percentage, each at most once. */
function expressionAt(raw: string, offset: number): Expression | null {
  let end = offset;
  let next = offset;
  const take = <T extends { text: string }>(found: T | null): Placed<T> | null => {
    if (found === null) return null;
    const span = { start: next, end: next + found.text.length };
    end = span.end;
    next = skip(gap, raw, end);
    return { span, found };
  };
  const marker = take(markerAt(raw, next));
  const early = take(percentAt(raw, next));
  const word = take(wordAt(raw, next));
  const percent = early ?? take(percentAt(raw, next));
  if (marker === null && word === null && percent === null) return null;
  return {
    span: { start: offset, end },
    text: raw.slice(offset, end),
    marker,
    word,
    percent,
    status: statusOf(marker, word, percent),
  };
}

/** `75% complete` is on its way, whatever the word says alone, and so is `🚧 0%`; a word says more than a picture. */
function statusOf(
  marker: Placed<FoundMarker> | null,
  word: Placed<FoundWord> | null,
  percent: Placed<Percent> | null,
): Status {
  if (word !== null && word.found.status !== 'done') return word.found.status;
  if (percent !== null)
    return statusOfNumber(percent.found.value, marker?.found.status ?? 'unknown');
  return word?.found.status ?? marker?.found.status ?? 'unknown';
}

function statusOfNumber(value: number, pictured: Status): Status {
  const onItsWay = value < 100 && pictured !== 'done' && pictured !== 'unknown';
  return onItsWay ? pictured : statusOfPercent(value);
}

function percentAt(raw: string, offset: number): Percent | null {
  percentHere.lastIndex = offset;
  const found = percentHere.exec(raw);
  return found === null ? null : { text: found[0], value: Number(found[1]) };
}

function skip(pattern: RegExp, raw: string, offset: number): number {
  pattern.lastIndex = offset;
  return offset + (pattern.exec(raw)?.[0].length ?? 0);
}

/** Exactly at `offset`, as after a label. */
export const expressionAtLineStart = (raw: string, offset: number): Expression | null =>
  expressionAt(raw, offset);

const opening = /[\s*_`~]*/y;

/** A status at the beginning of a table cell; what follows it is a note, and stays. */
export function expressionInCell(raw: string): Expression | null {
  return expressionAt(raw, skip(opening, raw, 0)) ?? bracketed(raw, 0);
}

/**
 * A status before a title: a marker, or a word in brackets. A bare word is the title's own:
 * `Complete rewrite of the parser` says nothing about how far it is.
 */
export function expressionBefore(raw: string): Expression | null {
  const start = skip(opening, raw, 0);
  const found = expressionAt(raw, start);
  if (found?.marker === null || found === null) return bracketed(raw, start);
  const { marker } = found;
  return marker.span.start === start ? markerAlone(raw, found) : null;
}

function markerAlone(raw: string, found: Expression): Expression | null {
  if (found.marker === null) return null;
  return {
    ...found,
    span: found.marker.span,
    text: raw.slice(found.marker.span.start, found.marker.span.end),
    word: null,
    percent: null,
    status: found.marker.found.status,
  };
}

const openBracket = /[[(]\s*/y;
const closeBracket = /[\s*_`~]*[\])]/y;

function bracketed(raw: string, offset: number): Expression | null {
  const start = skip(openBracket, raw, offset);
  if (start === offset) return null;
  const found = expressionAt(raw, start);
  return found !== null && skip(closeBracket, raw, found.span.end) > found.span.end ? found : null;
}

/** `v0.1 (shipped) — static schemas`: in brackets, between a name and the dash before what it is about. */
export function expressionBetween(raw: string): Expression | null {
  for (let offset = raw.search(/[[(]/); offset > 0; offset = nextBracket(raw, offset)) {
    const found = bracketed(raw, offset);
    if (found !== null && /^[\s*_`~]*[\])]\s*(?:[-–—:]|â€[”“])/.test(raw.slice(found.span.end)))
      return found;
  }
  return null;
}

function nextBracket(raw: string, offset: number): number {
  const found = raw.slice(offset + 1).search(/[[(]/);
  return found === -1 ? -1 : offset + 1 + found;
}

const closing = /[\s*_`~)\].:]*$/y;

/**
 * A status after a title: with a marker, in brackets, or behind a dash or a colon. A bare word or number is the title's
 * own: `Raise coverage to 80%` is a goal, not a state.
 */
export function expressionAfter(raw: string): Expression | null {
  for (let offset = 1; offset < raw.length; offset += 1) {
    const found = beginsExpression(raw, offset) ? expressionAt(raw, offset) : null;
    if (found !== null && endsAt(raw, found.span.end) && isSetApart(raw, found)) return found;
  }
  return null;
}

function beginsExpression(raw: string, offset: number): boolean {
  return /[\s([*_`~]/.test(raw.charAt(offset - 1));
}

function endsAt(raw: string, offset: number): boolean {
  closing.lastIndex = offset;
  return closing.test(raw);
}

function isSetApart(raw: string, { marker, span }: Expression): boolean {
  return (
    marker !== null ||
    /(?:[([]|(?:^|\s)(?:[-–—|]|â€[”“])|:)[\s*_`~]*$/.test(raw.slice(0, span.start))
  );
}
