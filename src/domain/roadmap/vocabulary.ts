import type { Expression } from './expression.ts';
import { defaultMarker, styleIn, type FoundMarker, type MarkerStyle } from './marker.ts';
import type { CheckBoxSlot, Roadmap, StatusSlot, WrittenSlot } from './roadmap.ts';
import { defaultWord, inTheCaseOf, type FoundWord, type SettableStatus } from './status.ts';

/** How a document itself says each status, so that an edit says it the same way. */
export interface Vocabulary {
  readonly text: string;
  readonly marks: readonly CheckBoxSlot[];
  readonly written: readonly WrittenSlot[];
}

export function vocabularyOf({ text, milestones }: Roadmap): Vocabulary {
  const slots = milestones.flatMap((milestone) => [
    ...milestone.slots,
    ...milestone.items.flatMap((item) => item.slots),
  ]);
  return {
    text,
    marks: slots.filter((slot) => slot.kind === 'check_box'),
    written: slots.filter((slot) => slot.kind === 'written'),
  };
}

/** What is asked of a slot; `percent` where it is known how far things are. */
export interface Wanted {
  readonly status: SettableStatus;
  readonly percent: number | null;
}

/** The text that makes the slot say what is wanted; null where it cannot: a check box has no word for "blocked". */
export function render(slot: StatusSlot, wanted: Wanted, vocabulary: Vocabulary): string | null {
  return slot.kind === 'check_box'
    ? renderMark(wanted.status, vocabulary)
    : renderWritten(slot, { ...wanted, percent: percentOf(wanted) }, vocabulary);
}

function percentOf({ status, percent }: Wanted): number | null {
  if (status === 'done') return 100;
  return status === 'planned' ? 0 : status === 'in_progress' ? percent : null;
}

function renderMark(status: SettableStatus, { marks }: Vocabulary): string | null {
  const used = mostUsed(marks.filter((slot) => slot.status === status).map(({ mark }) => mark));
  if (used !== null) return used;
  return status === 'done' ? 'x' : status === 'planned' ? ' ' : null;
}

function renderWritten(slot: WrittenSlot, wanted: Wanted, vocabulary: Vocabulary): string | null {
  const { expression } = slot;
  const model = expression ?? modelFor(slot, vocabulary);
  if (model === null) return defaultWord(wanted.status);
  if (hasMarkup(model)) return byParts(model, wanted, vocabulary);
  return asWrittenElsewhere(slot, model, wanted, vocabulary) ?? byParts(model, wanted, vocabulary);
}

/** An empty cell is filled as the cells beside it are. */
function modelFor({ shape }: WrittenSlot, { written }: Vocabulary): Expression | null {
  return (
    written.find((slot) => slot.shape === shape && slot.expression !== null)?.expression ?? null
  );
}

/** `✅ **Done**`: the stars around a part must stay where they are, so such an expression is changed part by part. */
function hasMarkup({ text }: Expression): boolean {
  return /[*_`~]/.test(text);
}

/** First among those made of the same parts in the same table or place, then in others like it. */
function asWrittenElsewhere(
  slot: WrittenSlot,
  model: Expression,
  wanted: Wanted,
  { written }: Vocabulary,
): string | null {
  const said = written.filter(
    ({ shape, status }) => status === wanted.status && kindOf(shape) === kindOf(slot.shape),
  );
  const alike = said.filter(({ expression }) => partsOf(expression) === partsOf(model));
  const here = alike.filter(({ shape }) => shape === slot.shape);
  const unlike = said.filter(({ expression }) => maySwap(slot, model, expression));
  return [here, alike, unlike]
    .map((slots) => mostUsed(slots.flatMap((other) => withPercent(other.expression, wanted))))
    .reduce((first, next) => first ?? next, null);
}

/**
 * Beside a title a word alone is read as part of it; only brackets or a dash, which stay when a marker goes, set it apart.
 * Before a title the two never change places: a word stands in brackets there, a marker does not.
 */
function maySwap(slot: WrittenSlot, model: Expression, other: Expression | null): boolean {
  if (kindOf(slot.shape) === 'cell') return true;
  if (slot.shape.startsWith('before')) return false;
  return model.marker === null || (other !== null && other.marker !== null);
}

function kindOf(shape: string): string {
  return shape.startsWith('cell') ? 'cell' : shape;
}

function partsOf(expression: Expression | null): string {
  if (expression === null) return '';
  const { marker, word, percent } = expression;
  return [marker && 'marker', word && 'word', percent && 'percent'].filter(Boolean).join(' ');
}

function withPercent(expression: Expression | null, { percent }: Wanted): string[] {
  if (expression === null || hasMarkup(expression)) return [];
  if (expression.percent === null) return [expression.text];
  return percent === null ? [] : [expression.text.replace(/\d+(?:\.\d+)?/, String(percent))];
}

function byParts(model: Expression, wanted: Wanted, vocabulary: Vocabulary): string | null {
  const { marker, word, percent } = model;
  if (marker === null && word === null && wanted.percent === null) return null;
  const number = percentText(model, wanted, vocabulary);
  const parts = [
    marker && { span: marker.span, text: markerFor(wanted.status, marker.found, vocabulary) },
    word && { span: word.span, text: wordFor(wanted.status, word.found, vocabulary) },
    percent && { span: percent.span, text: number },
  ].filter((part) => part !== null);
  const text = parts
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (result, part) =>
        result.slice(0, part.span.start - model.span.start) +
        part.text +
        result.slice(part.span.end - model.span.start),
      model.text,
    );
  return text.trimEnd();
}

/** Where no number is known the word says it, unless one stands there already. */
function percentText(
  { word, percent }: Expression,
  wanted: Wanted,
  vocabulary: Vocabulary,
): string {
  if (wanted.percent !== null)
    return (percent?.found.text ?? '%').replace(/^\d*/, String(wanted.percent));
  return word === null ? (usedWord(wanted.status, vocabulary) ?? defaultWord(wanted.status)) : '';
}

function markerFor(status: SettableStatus, model: FoundMarker, vocabulary: Vocabulary): string {
  const used = mostUsed(
    vocabulary.written.flatMap(({ expression }) =>
      expression?.marker?.found.status === status && sameScript(expression.marker.found, model)
        ? [expression.marker.found.text]
        : [],
    ),
  );
  return used ?? defaultMarker(status, styleOf(model, vocabulary.text));
}

function styleOf({ style }: FoundMarker, text: string): MarkerStyle {
  return styleIn(text, style);
}

function sameScript(a: FoundMarker, b: FoundMarker): boolean {
  return (a.style === 'shortcode') === (b.style === 'shortcode');
}

function wordFor(status: SettableStatus, model: FoundWord, vocabulary: Vocabulary): string {
  return usedWord(status, vocabulary) ?? inTheCaseOf(model.text, defaultWord(status));
}

function usedWord(status: SettableStatus, { written }: Vocabulary): string | null {
  return mostUsed(
    written.flatMap(({ expression }) =>
      expression?.word?.found.status === status ? [expression.word.found.text] : [],
    ),
  );
}

/** The earliest among the most frequent. */
function mostUsed(texts: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}
