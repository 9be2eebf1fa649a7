import type { Refusal, Result } from '../../domain/result.ts';
import { ok, refused } from '../../domain/result.ts';
import { CodeHostFault, isRateLimit, statusOf } from './fault.ts';

/** Asks GitHub; whatever goes wrong is a fault that says what was being done. */
export async function ask<T>(operation: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw asFault(operation, error);
  }
}

/** As `ask`; the statuses named mean that there is nothing to see. */
export async function askOrNull<T>(
  operation: string,
  absent: readonly number[],
  request: () => Promise<T>,
): Promise<T | null> {
  try {
    return await request();
  } catch (error) {
    const status = answered(error);
    if (status !== null && absent.includes(status)) return null;
    throw asFault(operation, error);
  }
}

/** Does something; an error that `refusalFor` can name is a refusal, any other a fault. */
export async function act<T>(
  operation: string,
  request: () => Promise<T>,
  refusalFor: (status: number, message: string) => Refusal | null,
): Promise<Result<T>> {
  try {
    return ok(await request());
  } catch (error) {
    const status = answered(error);
    const refusal =
      status !== null && error instanceof Error ? refusalFor(status, error.message) : null;
    if (refusal !== null) return refused(refusal);
    throw asFault(operation, error);
  }
}

/**
 * The status of an answer that means something. A rate limit means nothing, and neither does what befell the request for a
 * token, which comes here as a fault already: a 404 there is no absent issue.
 */
const answered = (error: unknown): number | null => (isRateLimit(error) ? null : statusOf(error));

const asFault = (operation: string, error: unknown): CodeHostFault =>
  error instanceof CodeHostFault ? error : new CodeHostFault(operation, error);
