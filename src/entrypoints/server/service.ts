import type { Hono } from 'hono';
import type { IgnoredStimulus, Stimulus } from '../../application/intake/stimulus.ts';
import type { Desk } from '../../application/desk/desk.ts';
import type { DashboardSource } from '../../application/views/views.ts';
import type { Inbox } from '../../ports/inbox.ts';
import type { JobQueue } from '../../ports/job-queue.ts';
import type { Metrics } from '../../ports/telemetry.ts';
import { createApp } from './app.ts';
import { listen, type Listening } from './listen.ts';
import { createSignatureCheck } from './signature.ts';
import type { ReceiverLog } from './webhook.ts';

type Heard = Exclude<Stimulus, IgnoredStimulus>;

export interface ServiceOptions {
  readonly app: {
    readonly id: number;
    /** PEM. */
    readonly private_key: string;
    readonly webhook_secret: string;
  };
  readonly listen: { readonly host: string; readonly port: number };
  /** The work behind the webhooks: begun once the address listens, told of each delivery that is stored. */
  readonly service: { start(): Promise<void>; hear(stimulus: Heard): Promise<void> };
  readonly store: { readonly inbox: Inbox; readonly jobs: JobQueue; ping(): Promise<void> };
  readonly dashboard: DashboardSource;
  readonly desk?: Desk | undefined;
  readonly metrics: Metrics;
  readonly log: ReceiverLog;
  readonly version: string;
  readonly now: () => Date;
  /** Pages in front of the dashboard's. */
  readonly extra?: Hono | undefined;
}

/** GitHub can deliver again for three days; what is older and settled is known to nobody else. */
const keepDeliveriesMs = 4 * 86_400_000;
const forgetEveryMs = 3_600_000;

/**
 * Listens first and works second: a webhook that comes while the repositories are being looked at is stored, and one that finds
 * nobody listening is only in GitHub's log. The caller closes what it composed, after this.
 */
export async function startService(options: ServiceOptions): Promise<Listening> {
  const { store, service, metrics, log } = options;
  const app = createApp({
    receiver: {
      verify: await createSignatureCheck({
        appId: options.app.id,
        privateKey: options.app.private_key,
        secret: options.app.webhook_secret,
      }),
      inbox: store.inbox,
      wake: (stimulus) => wake(options, stimulus),
      metrics,
      log,
      now: options.now,
    },
    metrics,
    levels: async () => ({
      repositories: await repositoryLevels(options.dashboard),
      deliveries: await store.inbox.counts(),
      queues: {
        repository: await store.jobs.counts('repository'),
        agent: await store.jobs.counts('agent'),
      },
    }),
    checks: { database: () => store.ping() },
    dashboard: options.dashboard,
    desk: options.desk,
    version: options.version,
    extra: options.extra,
  });
  const listening = await listen(app, options.listen);
  const housekeeping = setInterval(() => void forget(options), forgetEveryMs);
  housekeeping.unref();
  try {
    await service.start();
    await settleInstallations(store.inbox);
  } catch (error) {
    clearInterval(housekeeping);
    await listening.close();
    throw error;
  }
  return {
    ...listening,
    close: async () => {
      clearInterval(housekeeping);
      await listening.close();
    },
  };
}

async function wake({ service, store }: ServiceOptions, stimulus: Heard): Promise<void> {
  await service.hear(stimulus);
  // Nobody takes what belongs to no repository; looking at the installations anew was all there was to do.
  if (stimulus.repository === null) {
    await store.inbox.settle(stimulus.delivery, 'handled', 'the installations were looked at anew');
  }
}

/** A start looks at all installations, so whatever said that they changed has been answered. */
async function settleInstallations(inbox: Inbox): Promise<void> {
  for (const { id } of await inbox.take(null)) {
    await inbox.settle(id, 'handled', 'the installations were looked at anew, at a start');
  }
}

async function forget({ store, log, now }: ServiceOptions): Promise<void> {
  try {
    await store.inbox.forget(new Date(now().getTime() - keepDeliveriesMs).toISOString());
  } catch (error) {
    log.warn({ err: error }, 'old deliveries could not be forgotten; the next hour tries again');
  }
}

async function repositoryLevels(dashboard: DashboardSource) {
  const { repositories } = await dashboard.overview();
  const stopped = repositories.filter(({ faults }) => faults.length > 0).length;
  return { known: repositories.length, stopped };
}
