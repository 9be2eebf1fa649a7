import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createMetrics } from '../../../src/adapters/telemetry/metrics.ts';
import type { DashboardSource } from '../../../src/application/views/views.ts';
import type { Stimulus } from '../../../src/application/intake/stimulus.ts';
import { createApp } from '../../../src/entrypoints/server/app.ts';
import { listen } from '../../../src/entrypoints/server/listen.ts';
import { createSignatureCheck } from '../../../src/entrypoints/server/signature.ts';
import type { Inbox } from '../../../src/ports/inbox.ts';

export const secret = 'c0ffee5ca1ab1e0ddba11f00dfacade';

export interface TestServer {
  readonly url: string;
  /** What the server woke somebody for, in order. */
  readonly woken: Stimulus[];
  close(): Promise<void>;
}

export interface TestServerOptions {
  readonly inbox: Inbox;
  readonly dashboard?: DashboardSource;
  readonly ready?: () => Promise<void>;
  readonly repositories?: { readonly known: number; readonly stopped: number };
  readonly wake?: () => Promise<void>;
}

const nothing = { queued: 0, active: 0, dead: 0 };

const empty: DashboardSource = {
  report: async () => null,
  overview: async () => ({
    at: '2026-11-21T10:00:00.000Z',
    repositories: [],
    deliveries: { received: 0, duplicates: 0, waiting: 0, recent: [] },
  }),
  item: async () => null,
};

/** The real app, over real HTTP, on a port that is free. */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const woken: Stimulus[] = [];
  const metrics = createMetrics();
  const app = createApp({
    receiver: {
      verify: await createSignatureCheck({ appId: 1, privateKey, secret }),
      inbox: options.inbox,
      wake: async (stimulus) => {
        woken.push(stimulus);
        await options.wake?.();
      },
      metrics,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      now: () => new Date(),
    },
    metrics,
    levels: async () => ({
      ...(options.repositories === undefined ? {} : { repositories: options.repositories }),
      deliveries: await options.inbox.counts(),
      queues: { repository: nothing, agent: nothing },
    }),
    checks: { database: options.ready ?? (async () => {}) },
    dashboard: options.dashboard ?? empty,
    version: '0.0.0-test',
  });
  const { url, close } = await listen(app, { host: '127.0.0.1', port: 0 });
  return { url, woken, close };
}

export const signature = (body: string, key = secret): string =>
  `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;

export interface Sending {
  readonly event?: string;
  readonly delivery?: string;
  readonly body: string;
  /** Headers over those of an honest webhook; null takes one away. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Sends a webhook as GitHub would, and gives what came back. */
export async function send(
  server: TestServer,
  { event = 'issues', delivery = crypto.randomUUID(), body, headers = {} }: Sending,
): Promise<{ readonly http: number; readonly status: unknown; readonly reason: string }> {
  const all = {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/test',
    'x-github-event': event,
    'x-github-delivery': delivery,
    'x-hub-signature-256': signature(body),
    ...headers,
  };
  const given = Object.entries(all).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, value]],
  );
  const response = await fetch(`${server.url}/api/github/webhooks`, {
    method: 'POST',
    headers: given,
    body,
  });
  const answer: unknown = await response.json();
  const { status, reason } = Object(answer) as {
    readonly status: unknown;
    readonly reason: unknown;
  };
  return { http: response.status, status, reason: String(reason) };
}
