import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricLevels, Metrics } from '../../ports/telemetry.ts';

/** Prometheus metrics in a registry of their own, so that two services in one process do not share counters. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const webhooks = new Counter({
    name: 'assent_webhooks_total',
    help: 'Requests to the webhook address, by event and how they ended',
    labelNames: ['event', 'end'],
    registers,
  });
  const answered = new Histogram({
    name: 'assent_webhook_answer_seconds',
    help: 'Time to the answer of a webhook; GitHub gives up after 10 s',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const requests = new Counter({
    name: 'assent_github_requests_total',
    help: 'Requests to GitHub, by method and status; content is what counts against 80 a minute',
    labelNames: ['method', 'status', 'content'],
    registers,
  });
  const deliveries = new Gauge({
    name: 'assent_deliveries',
    help: 'Deliveries kept in the inbox, by outcome; waiting is not yet handled',
    labelNames: ['outcome'],
    registers,
  });
  const jobs = new Gauge({
    name: 'assent_jobs',
    help: 'Jobs by queue and state; dead waits for a human',
    labelNames: ['queue', 'state'],
    registers,
  });

  const repositories = new Gauge({
    name: 'assent_repositories',
    help: 'Repositories by state; in a stopped one everything waits for a human to mend its rules or its ledger',
    labelNames: ['state'],
    registers,
  });

  function setLevels(levels: MetricLevels): void {
    deliveries.set({ outcome: 'waiting' }, levels.deliveries.waiting);
    for (const [outcome, count] of Object.entries(levels.deliveries.outcomes)) {
      deliveries.set({ outcome }, count);
    }
    const { known, stopped } = levels.repositories ?? { known: 0, stopped: 0 };
    repositories.set({ state: 'working' }, known - stopped);
    repositories.set({ state: 'stopped' }, stopped);
    for (const [queue, counts] of Object.entries(levels.queues)) {
      jobs.set({ queue, state: 'queued' }, counts.queued);
      jobs.set({ queue, state: 'active' }, counts.active);
      jobs.set({ queue, state: 'dead' }, counts.dead);
    }
  }

  return {
    webhook: (event, end, seconds) => {
      webhooks.inc({ event, end });
      answered.observe(seconds);
    },
    githubRequest: (method, status, contentCreated) =>
      requests.inc({ method, status: String(status ?? 'none'), content: String(contentCreated) }),
    expose: async (levels) => {
      setLevels(levels);
      return { content_type: registry.contentType, text: await registry.metrics() };
    },
  };
}
