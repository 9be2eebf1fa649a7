/** An expected "no": a value, never thrown. `code` is stable and for programs, `message` says what, where, and what to do. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export type Result<T, R = Refusal> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: R };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });

export const refused = <R>(refusal: R): Result<never, R> => ({ ok: false, refusal });

export const refuse = (code: string, message: string): Result<never> => refused({ code, message });
