import { generateKeyPairSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createGitHub } from '../../../src/adapters/github/github.ts';
import type { GitHub } from '../../../src/adapters/github/github.ts';
import type { GitHubOptions, RequestObservation } from '../../../src/adapters/github/options.ts';
import type { RepositoryRef } from '../../../src/ports/code-host.ts';

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** `cut`: the connection ends without an answer; `silence`: none comes. A body that is a string is sent as it stands. */
export type Answer =
  | 'cut'
  | 'silence'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };

export interface ScriptedHost {
  readonly github: GitHub;
  readonly ref: RepositoryRef;
  /** All but requests for tokens. */
  readonly sent: Sent[];
  readonly tokenRequests: Sent[];
  readonly observed: RequestObservation[];
  close(): Promise<void>;
}

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

let installations = 100;

/** A host that misbehaves as told, over real HTTP: the simulator cannot, or not so finely. Tokens it grants unless told. */
export async function startScriptedHost(
  answer: (sent: Sent, count: number) => Answer,
  options: Partial<GitHubOptions> = {},
  refuseToken: (asked: Sent) => number | null = () => null,
): Promise<ScriptedHost> {
  const sent: Sent[] = [];
  const tokenRequests: Sent[] = [];
  const observed: RequestObservation[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = await receive(request);
    if (received.path.endsWith('/access_tokens')) {
      tokenRequests.push(received);
      const token = `ghs_secret${tokenRequests.length}`;
      const refused = refuseToken(received);
      if (refused === null)
        reply(response, { status: 201, body: { token, expires_at: '2099-01-01T00:00:00Z' } });
      else reply(response, { status: refused, body: { message: 'No token' } });
      return;
    }
    sent.push(received);
    const given = answer(received, sent.length);
    if (given === 'cut') request.socket.destroy();
    else if (given !== 'silence') reply(response, given);
  };
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // auth-app joins simultaneous requests for a token by installation, over all hosts in the process.
  installations += 1;
  return {
    github: createGitHub({
      appId: 1,
      privateKey,
      baseUrl: `http://127.0.0.1:${port}`,
      pace: false,
      retryDelay: 1,
      onRequest: (observation) => observed.push(observation),
      ...options,
    }),
    ref: {
      id: 5,
      owner: 'acme',
      name: 'widgets',
      full_name: 'acme/widgets',
      installation: installations,
    },
    sent,
    tokenRequests,
    observed,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function receive(request: IncomingMessage): Promise<Sent> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const { method = '', url: path = '', headers } = request;
  return { method, path, headers, body: text === '' ? null : (JSON.parse(text) as unknown) };
}

function reply(response: ServerResponse, answer: Exclude<Answer, string>): void {
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
  const { body } = answer;
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}
