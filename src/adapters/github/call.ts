import { RequestError } from '@octokit/request-error';

import type { Refusal, Result } from '../../domain/result.ts';
import { ok, refused } from '../../domain/result.ts';
import { CodeHostFault, statusOf } from './fault.ts';

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
    const status = statusOf(error);
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
    const refusal =
      error instanceof RequestError && error.response !== undefined
        ? refusalFor(error.status, error.message)
        : null;
    if (refusal !== null) return refused(refusal);
    throw asFault(operation, error);
  }
}

const asFault = (operation: string, error: unknown): CodeHostFault =>
  error instanceof CodeHostFault ? error : new CodeHostFault(operation, error);
