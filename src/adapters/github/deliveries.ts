import type { Result } from '../../domain/result.ts';
import { refuse } from '../../domain/result.ts';
import type { LoggedDelivery } from '../../ports/code-host.ts';
import { act, ask } from './call.ts';
import type { Client } from './client.ts';

/** Newest first, back to `since`. GitHub keeps three days. */
export async function deliveries(app: Client, since: string): Promise<readonly LoggedDelivery[]> {
  const from = Date.parse(since);
  return ask(`deliveries since ${since}`, async () => {
    const found: LoggedDelivery[] = [];
    const pages = app.paginate.iterator(app.apps.listWebhookDeliveries, { per_page: 100 });
    for await (const { data } of pages) {
      const recent = data.filter((delivery) => Date.parse(delivery.delivered_at) >= from);
      found.push(...recent.map(toDelivery));
      if (recent.length < data.length) break;
    }
    return found;
  });
}

type GitHubDelivery = Omit<LoggedDelivery, 'id'> & {
  /** Octokit makes a `bigint` of a number too large, whatever its types say. */
  readonly id: number | bigint;
};

const toDelivery = (delivery: GitHubDelivery): LoggedDelivery => ({
  id: String(delivery.id),
  guid: delivery.guid,
  event: delivery.event,
  action: delivery.action,
  delivered_at: delivery.delivered_at,
  redelivery: delivery.redelivery,
  status_code: delivery.status_code,
  repository_id: delivery.repository_id,
});

/** GitHub sends it again soon, with the same `X-GitHub-Delivery`. */
export async function redeliver(app: Client, id: string): Promise<Result<null>> {
  if (!/^\d+$/.test(id)) return refuse('delivery.unknown', `${id} is not the id of a delivery.`);
  return act(
    `redelivery of ${id}`,
    async () => {
      // By its path: the typed method wants a number.
      await app.request(`POST /app/hook/deliveries/${id}/attempts`);
      return null;
    },
    (status, message) => {
      if (status === 404)
        return { code: 'delivery.unknown', message: `GitHub has no delivery ${id} any more.` };
      if (status === 400 || status === 422)
        return {
          code: 'delivery.refused',
          message: `GitHub will not send ${id} again: ${message}`,
        };
      return null;
    },
  );
}
