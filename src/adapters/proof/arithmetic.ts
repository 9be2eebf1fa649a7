import { includes } from './automaton.ts';
import { holding, type Placement } from './language.ts';
import { and, no, not, or, same, yes, type Term } from './term.ts';
import { Unmodelled } from './unmodelled.ts';
import type { Text, Truth, Value } from './value.ts';
import type { SymbolicRequest } from './variables.ts';

/** A value where a truth is needed. */
export function isTrue(value: Value): Truth {
  if (value.kind !== 'bool') throw new Unmodelled(`a ${value.kind} where a truth is needed`);
  const error = or([value.error, value.null]);
  return { holds: and([not(error), value.term]), error };
}

/** CEL's equality, which fails on nothing: other types are unequal, and null equals null. */
export function equality(one: Value, other: Value, request: SymbolicRequest): Term {
  const alike = equalIfThere(one, other, request);
  return or([and([one.null, other.null]), and([not(one.null), not(other.null), alike])]);
}

function equalIfThere(one: Value, other: Value, request: SymbolicRequest): Term {
  if (one.kind === 'null' || other.kind === 'null') return no;
  if (isNumber(one) && isNumber(other)) return `(= ${asReal(one, other)} ${asReal(other, one)})`;
  if (one.kind === 'bool' && other.kind === 'bool') return same(one.term, other.term);
  if (one.kind === 'string' && other.kind === 'string') return equalTexts(one, other, request);
  if (isScalar(one) || isScalar(other)) return no;
  throw new Unmodelled(`an equality of a ${one.kind} and a ${other.kind}`);
}

type Numeric = Extract<Value, { kind: 'int' | 'real' }>;

function equalTexts(one: Text, other: Text, request: SymbolicRequest): Term {
  if ('literal' in other.at) return placed('is', one, other.at.literal, request);
  if ('literal' in one.at) return placed('is', other, one.at.literal, request);
  if (one.fold !== 'none' || other.fold !== 'none')
    throw new Unmodelled('an equality of texts whose case was changed');
  return request.sameText(one.at.path, other.at.path);
}

/** Whether a text is, or holds, one that is known. */
export function placed(
  placement: Placement,
  { at, fold }: Text,
  value: string,
  request: SymbolicRequest,
): Term {
  const language = holding(placement, value, fold);
  if ('literal' in at) return includes(language, at.literal) ? yes : no;
  return request.text(at.path, language);
}

const isNumber = (value: Value): value is Numeric => value.kind === 'int' || value.kind === 'real';
const isScalar = (value: Value) =>
  isNumber(value) || value.kind === 'bool' || value.kind === 'string';

/** A number as the other one's kind takes it. */
const asReal = (value: Numeric, beside: Numeric): Term =>
  value.kind === 'int' && beside.kind === 'real' ? `(to_real ${value.term})` : value.term;

export function order(name: '_<_' | '_<=_' | '_>_' | '_>=_', one: Value, other: Value): Term {
  // Texts are ordered by UTF-16 units there, and by code points in the solver.
  if (!isNumber(one) || !isNumber(other)) throw new Unmodelled(`an order of ${one.kind}s`);
  return `(${name.replaceAll('_', '')} ${asReal(one, other)} ${asReal(other, one)})`;
}

const largest = '9223372036854775807';
const smallest = '(- 9223372036854775808)';

/** Sums and differences of whole numbers, which fail beyond 64 bits. */
export function plus(name: '_+_' | '_-_', one: Value, other: Value): Value {
  const failed = or([one.error, one.null, other.error, other.null]);
  if (one.kind === 'int' && other.kind === 'int') {
    const term = `(${name === '_+_' ? '+' : '-'} ${one.term} ${other.term})`;
    const beyond = or([`(> ${term} ${largest})`, `(< ${term} ${smallest})`]);
    return { kind: 'int', term, error: or([failed, beyond]), null: no };
  }
  throw new Unmodelled(`a sum of a ${one.kind} and a ${other.kind}`);
}
