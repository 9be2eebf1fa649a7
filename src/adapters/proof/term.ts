/** SMT-LIB 2 terms as text. The connectives simplify, so that what is decided without a solver never reaches it. */
export type Term = string;

export const yes: Term = 'true';
export const no: Term = 'false';

export function and(terms: readonly Term[]): Term {
  const parts = [...new Set(terms)].filter((term) => term !== yes);
  if (parts.includes(no)) return no;
  return parts.length < 2 ? (parts[0] ?? yes) : `(and ${parts.join(' ')})`;
}

export function or(terms: readonly Term[]): Term {
  const parts = [...new Set(terms)].filter((term) => term !== no);
  if (parts.includes(yes)) return yes;
  return parts.length < 2 ? (parts[0] ?? no) : `(or ${parts.join(' ')})`;
}

export function not(term: Term): Term {
  if (term === yes) return no;
  return term === no ? yes : `(not ${term})`;
}

export const implies = (from: Term, to: Term): Term => or([not(from), to]);

export const equal = (one: Term, other: Term): Term =>
  one === other ? yes : `(= ${one} ${other})`;

export const same = (one: Term, other: Term): Term =>
  one === yes ? other : one === no ? not(other) : equal(one, other);

export const choose = (condition: Term, then: Term, otherwise: Term): Term =>
  condition === yes
    ? then
    : condition === no
      ? otherwise
      : `(ite ${condition} ${then} ${otherwise})`;

/** A whole number; SMT-LIB has no negative literals. */
export const integer = (value: bigint | number): Term =>
  value < 0 ? `(- ${String(value).slice(1)})` : String(value);

export function real(value: number): Term {
  const digits = Math.abs(value).toFixed(20).replace(/0+$/, '').replace(/\.$/, '.0');
  return value < 0 ? `(- ${digits})` : digits;
}

export const sum = (terms: readonly Term[]): Term =>
  terms.length < 2 ? (terms[0] ?? '0') : `(+ ${terms.join(' ')})`;

/** A name as a symbol; the two characters that cannot stand in one are refused. */
export function symbol(name: string): Term {
  if (/[|\\]/.test(name)) throw new RangeError(`${name} is no symbol`);
  return `|${name}|`;
}
