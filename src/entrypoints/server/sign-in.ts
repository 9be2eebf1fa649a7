import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { Desk } from '../../application/desk/desk.ts';
import type { Account } from '../../ports/code-host.ts';
import { FailureLimiter } from './api/limiter.ts';

/** Guesses; a person who mistypes needs fewer. */
const FAILURES_A_MINUTE = 10;

export type SignedIn =
  | { readonly kind: 'person'; readonly person: Account }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'later'; readonly seconds: number }
  | { readonly kind: 'unavailable' };

export interface SignIn {
  (context: Context, token: string, options?: { readonly fresh?: boolean }): Promise<SignedIn>;
}

/** Whose token it is; failures are counted by the address they come from. Its text goes to GitHub and nowhere else. */
export function createSignIn(
  { identify }: Pick<Desk, 'identify'>,
  log: { warn(fields: Readonly<Record<string, unknown>>, message: string): void },
  now: () => Date,
): SignIn {
  const limiter = new FailureLimiter(FAILURES_A_MINUTE, () => now().getTime());
  return async (context, token, options = {}) => {
    const address = addressOf(context);
    const seconds = limiter.wait(address);
    if (seconds > 0) return { kind: 'later', seconds };
    try {
      const person = await identify(token, options);
      if (person !== null) return { kind: 'person', person };
      limiter.failed(address);
      return { kind: 'nobody' };
    } catch (error) {
      log.warn({ err: error }, 'GitHub could not be asked whose a token is');
      return { kind: 'unavailable' };
    }
  };
}

function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? '';
  } catch {
    // Not served by a socket, as in tests without one.
    return '';
  }
}
