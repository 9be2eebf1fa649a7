import { serve } from '@hono/node-server';
import type { Hono } from 'hono';

export interface Listening {
  /** Where it can be reached from this machine, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, and waits for those in progress. */
  readonly close: () => Promise<void>;
}

class ListenFault extends Error {
  override readonly name = 'ListenFault';

  constructor(host: string, port: number, cause: Error) {
    super(`cannot listen on ${host}:${port} (${cause.message}): free it, or set HOST and PORT`, {
      cause,
    });
  }
}

/** Serves an app. Rejects where the port is taken, naming it. */
export async function listen(
  app: Hono,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  const started = Promise.withResolvers<number>();
  const server = serve({ fetch: app.fetch, hostname: host, port }, (address) =>
    started.resolve(address.port),
  );
  server.on('error', (cause) => {
    started.reject(new ListenFault(host, port, cause));
  });
  const bound = await started.promise;
  return {
    url: `http://${shown(host)}:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        // Kept-alive connections without a request would hold the server open for as long as they like.
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
}

const shown = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};
