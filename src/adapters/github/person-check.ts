import type { Account } from '../../ports/code-host.ts';
import type { PersonCheck } from '../../ports/person-check.ts';
import { CodeHostFault } from './fault.ts';
import { baseUrlOf, type GitHubOptions } from './options.ts';

const TIMEOUT_MS = 10_000;

/** A header's value: anything else would be quoted in the error of whoever refuses it. */
const sendable = /^[\x21-\x7e]{8,1000}$/;

/**
 * `GET /user` with the person's own token. Not by Octokit: its hooks log, repeat and remember by token, and this one is a
 * stranger's to keep.
 */
export function createPersonCheck(options: Pick<GitHubOptions, 'baseUrl'>): PersonCheck {
  const url = `${baseUrlOf(options)}/user`;
  return {
    async whoIs(token) {
      if (!sendable.test(token)) return null;
      const response = await ask(url, token);
      if (response.status === 200) return accountIn(await response.json());
      await response.body?.cancel();
      const limited = response.headers.get('x-ratelimit-remaining') === '0';
      if ([401, 403, 404].includes(response.status) && !limited) return null;
      throw fault(`it answered ${response.status}`);
    },
  };
}

async function ask(url: string, token: string): Promise<Response> {
  try {
    return await fetch(url, {
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/vnd.github+json',
        'user-agent': 'assent',
      },
      // Elsewhere the token has no business.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    // Its cause may hold the request, and that the token.
    throw fault(error instanceof Error ? error.name : 'no answer');
  }
}

const fault = (reason: string) => new CodeHostFault('whose a token is', new Error(reason));

function accountIn(body: unknown): Account | null {
  if (typeof body !== 'object' || body === null) return null;
  const { id, login, type } = body as Readonly<Record<string, unknown>>;
  return typeof id === 'number' && typeof login === 'string' && typeof type === 'string'
    ? { id, login, type }
    : null;
}
