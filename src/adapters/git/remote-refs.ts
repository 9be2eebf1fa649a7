import type { RemoteCredentials } from './remote.ts';

/** Full names with the object each points to. */
export type Refs = ReadonlyMap<string, string>;

const PATIENCE_MS = 20_000;

/** What a mirror holds of a remote. */
export const isMirrored = (ref: string): boolean =>
  /^refs\/heads\/.|^refs\/pull\/[^/]+\/head$/.test(ref);

/**
 * Branches and heads of pull requests as the remote has them now: `ls-refs` of git's protocol 2 (gitprotocol-v2, gitprotocol-http),
 * one request on a connection that is open anyway, where git starts two processes and a connection to say that nothing moved.
 * Null wherever that is not plainly answered: git is asked then, and says in its own words what is wrong.
 */
export async function askRefs({ url, token }: RemoteCredentials): Promise<Refs | null> {
  if (!/^https?:/.test(url)) return null;
  const basic = Buffer.from(`x-access-token:${token ?? ''}`).toString('base64');
  try {
    const response = await fetch(`${url}/git-upload-pack`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-git-upload-pack-request',
        accept: 'application/x-git-upload-pack-result',
        'git-protocol': 'version=2',
        ...(token === null ? {} : { authorization: `Basic ${basic}` }),
      },
      body: question,
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer = Buffer.from(await response.arrayBuffer());
    return response.status === 200 ? refsIn(answer) : null;
  } catch {
    return null;
  }
}

const packet = (line: string): string =>
  `${(Buffer.byteLength(line) + 4).toString(16).padStart(4, '0')}${line}`;

const question = [
  packet('command=ls-refs\n'),
  '0001',
  packet('ref-prefix refs/heads/\n'),
  packet('ref-prefix refs/pull/\n'),
  '0000',
].join('');

/** Null for anything but lines of names up to the packet that ends them. */
function refsIn(answer: Buffer): Refs | null {
  const refs = new Map<string, string>();
  for (let at = 0; ;) {
    const length = Number.parseInt(answer.toString('latin1', at, at + 4), 16);
    if (length === 0) return refs;
    if (!(length > 4 && at + length <= answer.length)) return null;
    const line = answer.toString('utf8', at + 4, at + length);
    const [, sha = '', ref = ''] = /^([0-9a-f]{40,64}) (refs\/[^ \n]+)\n?$/.exec(line) ?? [];
    if (ref === '') return null;
    if (isMirrored(ref)) refs.set(ref, sha);
    at += length;
  }
}
