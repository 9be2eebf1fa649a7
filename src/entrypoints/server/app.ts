import { Hono } from 'hono';
import type { Desk } from '../../application/desk/desk.ts';
import type { DashboardSource } from '../../application/views/views.ts';
import type { MetricLevels, Metrics } from '../../ports/telemetry.ts';
import { apiRoutes } from './api/routes.ts';
import { controlRoutes } from './control/routes.ts';
import { dashboardRoutes } from './dashboard/routes.ts';
import { createSignIn } from './sign-in.ts';
import { receiveWebhook, type WebhookReceiver } from './webhook.ts';

export interface AppParts {
  readonly receiver: WebhookReceiver;
  readonly metrics: Metrics;
  readonly levels: () => Promise<MetricLevels>;
  /** What must hold before work may be sent here, by name; each throws where it does not. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  readonly dashboard: DashboardSource;
  /** For people who sign in: the API. Without it there is none. */
  readonly desk?: Desk | undefined;
  readonly version: string;
  /** Pages of whoever runs the service, in front of its own: the demo's. */
  readonly extra?: Hono | undefined;
}

/** The service's surface: webhooks, the operators' three addresses, and the dashboard. */
export function createApp(parts: AppParts): Hono {
  const app = new Hono();

  app.post('/api/github/webhooks', (context) => receiveWebhook(parts.receiver, context.req.raw));

  // Alive: the process answers. Whatever it depends on is /ready's business, or a restart would be the remedy for everything.
  app.get('/health', (context) => context.json({ status: 'ok', version: parts.version }));

  app.get('/ready', async (context) => {
    const checks = await runChecks(parts.checks);
    const ready = Object.values(checks).every((check) => check === 'ok');
    const repositories = await repositoriesIn(parts);
    const told = { status: ready ? 'ready' : 'not ready', checks, ...repositories };
    return context.json(told, ready ? 200 : 503);
  });

  app.get('/metrics', async (context) => {
    const { content_type, text } = await parts.metrics.expose(await parts.levels());
    return context.body(text, 200, { 'content-type': content_type });
  });

  const { desk, version } = parts;
  if (desk !== undefined) {
    const signIn = createSignIn(desk, parts.receiver.log, parts.receiver.now);
    app.route('/api/v1', apiRoutes({ desk, signIn, version }));
    app.route('/control', controlRoutes({ desk, signIn, now: parts.receiver.now }));
  }
  if (parts.extra !== undefined) app.route('/', parts.extra);
  app.route('/', dashboardRoutes(parts.dashboard));

  app.notFound((context) => context.json({ error: 'there is nothing at this address' }, 404));
  app.onError((error, context) => {
    parts.receiver.log.error({ err: error, path: context.req.path }, 'a request failed');
    return context.json({ error: 'it failed here; the log says why' }, 500);
  });
  return app;
}

/**
 * How many stand still, by number alone: whoever asks may not read them. One that stands still is no reason to send the others'
 * work elsewhere, and where the count is not to be had the checks say why.
 */
async function repositoriesIn({ levels }: AppParts): Promise<Pick<MetricLevels, 'repositories'>> {
  try {
    const { repositories } = await levels();
    return repositories === undefined ? {} : { repositories };
  } catch {
    return {};
  }
}

async function runChecks(checks: AppParts['checks']): Promise<Readonly<Record<string, string>>> {
  const results = Object.entries(checks).map(async ([name, check]): Promise<[string, string]> => {
    try {
      await check();
      return [name, 'ok'];
    } catch (error) {
      return [name, error instanceof Error ? error.message : String(error)];
    }
  });
  return Object.fromEntries(await Promise.all(results));
}
