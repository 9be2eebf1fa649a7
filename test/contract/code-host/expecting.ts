import type { Result } from '../../../src/domain/result.ts';

/** The value of what must have been done. */
export function done<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(`refused: ${result.refusal.code}: ${result.refusal.message}`);
}

/** The code of what must have been refused, with words that help. */
export function refusalOf(result: Result<unknown>): string {
  if (result.ok) return 'it was done';
  const { code, message } = result.refusal;
  return message.length < 10 ? `${code} without a message` : code;
}

/** A number no item has. */
export const ABSENT = 999_999;
