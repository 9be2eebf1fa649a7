import { RequestError } from '@octokit/request-error';

/** GitHub could not be asked, or gave an answer that means nothing here. Refusals with a meaning are values instead. */
export class CodeHostFault extends Error {
  /** What was being done, e.g. `comments of acme/widgets#3`. */
  readonly operation: string;
  /** null: no answer came. */
  readonly status: number | null;
  /** What GitHub asked us to wait; null when it did not say. */
  readonly retry_after_seconds: number | null;

  constructor(operation: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`GitHub: ${operation} failed: ${reason}`, { cause });
    this.name = 'CodeHostFault';
    this.operation = operation;
    this.status = statusOf(cause);
    this.retry_after_seconds = retryAfterOf(cause);
  }
}

/** Octokit reports a failed connection as 500 without a response; that is no answer of GitHub's. */
export function statusOf(error: unknown): number | null {
  return error instanceof RequestError && error.response !== undefined ? error.status : null;
}

/**
 * GitHub answers 403 both for "you may not" and for "not now". Only the first is an answer: taken for it, a rate limit
 * would make a maintainer a stranger, and end an approval.
 */
export function isRateLimit(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 429) return true;
  if (status !== 403) return false;
  return (
    retryAfterOf(error) !== null || (error instanceof Error && /rate limit/i.test(error.message))
  );
}

function retryAfterOf(error: unknown): number | null {
  if (!(error instanceof RequestError) || error.response === undefined) return null;
  const { headers } = error.response;
  const asked = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(asked)) return asked;
  if (headers['x-ratelimit-remaining'] !== '0') return null;
  const reset = Number(headers['x-ratelimit-reset']);
  const now = Date.parse(headers.date ?? '');
  return Number.isFinite(reset) && Number.isFinite(now) ? Math.max(0, reset - now / 1000) : null;
}
