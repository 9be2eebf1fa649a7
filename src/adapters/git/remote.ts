import { GitFault } from './git.ts';

export interface RemoteCredentials {
  /** Without user or password in it. */
  readonly url: string;
  /** Null for a remote that asks for none. */
  readonly token: string | null;
}

/** Gives the way to the remote; `fresh` asks for a new token because the last one was refused. */
export type Remote = (fresh: boolean) => Promise<RemoteCredentials>;

export interface Contact {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Does what takes the remote, once more with a fresh token where the first one was refused: a token may be revoked before its
 * hour is over, and until it ends nothing would go on. Being refused at the door, nothing was done, so a push too is safe to repeat.
 */
export async function reach<T>(remote: Remote, work: (contact: Contact) => Promise<T>): Promise<T> {
  try {
    return await work(contactBy(await remote(false)));
  } catch (error) {
    if (!isRefusedAtTheDoor(error)) throw error;
    return work(contactBy(await remote(true)));
  }
}

/** Git asks for a name where the one it sent was not taken, and finds nobody to answer. */
const isRefusedAtTheDoor = (error: unknown): boolean =>
  error instanceof GitFault &&
  /could not read Username|Authentication failed|returned error: 40[13]/.test(error.message);

/** The credential goes by environment: a URL or an argument would show in the process list and in git's messages. */
function contactBy({ url, token }: RemoteCredentials): Contact {
  const local = url.startsWith('/');
  const parsed = local ? null : new URL(url);
  if (parsed && (parsed.username !== '' || parsed.password !== ''))
    throw new TypeError('The address of a remote must not hold credentials.');
  const allowed = parsed === null ? 'file' : parsed.protocol.replace(':', '');
  if (!['file', 'http', 'https'].includes(allowed))
    throw new TypeError(`A remote is reached by https, not by ${allowed}.`);
  const env: Record<string, string> = { GIT_ALLOW_PROTOCOL: allowed };
  if (token !== null && parsed !== null) {
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    env['GIT_CONFIG_COUNT'] = '1';
    env['GIT_CONFIG_KEY_0'] = `http.${parsed.origin}/.extraHeader`;
    env['GIT_CONFIG_VALUE_0'] = `Authorization: Basic ${basic}`;
  }
  return { url, env };
}
