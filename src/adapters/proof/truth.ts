import { and, no, not, or, yes, type Term } from './term.ts';
import type { Truth } from './value.ts';

/** The connectives of CEL: an operand that decides, decides also beside one that fails. */
export const both = (parts: readonly Truth[]): Truth => ({
  holds: and(parts.map(({ holds }) => holds)),
  error: and([
    or(parts.map(({ error }) => error)),
    ...parts.map(({ holds, error }) => or([holds, error])),
  ]),
});

export const either = (parts: readonly Truth[]): Truth => ({
  holds: or(parts.map(({ holds }) => holds)),
  error: and([or(parts.map(({ error }) => error)), ...parts.map(({ holds }) => not(holds))]),
});

export const negated = ({ holds, error }: Truth): Truth => ({
  holds: and([not(holds), not(error)]),
  error,
});

export const constant = (value: boolean): Truth => ({ holds: value ? yes : no, error: no });

/** A truth of some members of a list: the others count neither way. */
export const among = (present: Term, { holds, error }: Truth): Truth => ({
  holds: and([present, holds]),
  error: and([present, error]),
});

/** A truth that fails where something before it does. */
export const after = (failed: Term, { holds, error }: Truth): Truth => ({
  holds: and([not(failed), holds]),
  error: or([failed, error]),
});
