import type { Delivery } from '../face.ts';
import { notFound, unprocessable } from '../errors.ts';
import { isRecord } from './body.ts';
import { requireApp } from './apps.ts';
import { numberParam, ok, pageOf } from './request.ts';
import type { RestRequest, Route } from './request.ts';

const item = (one: Delivery) => ({
  id: one.id,
  guid: one.guid,
  delivered_at: one.deliveredAt,
  redelivery: one.redelivery,
  duration: one.duration,
  status: one.status,
  status_code: one.statusCode,
  event: one.event,
  action: one.action,
  installation_id: one.installationId,
  repository_id: one.repositoryId,
  throttled_at: null,
});

/** Newest first, by cursor, as GitHub has it. */
const list: Route = {
  method: 'GET',
  template: '/app/hook/deliveries',
  handle(request) {
    requireHookOwner(request);
    const { world, query } = request;
    const { size } = pageOf(request);
    const cursor = /^v1_(\d+)$/.exec(query.get('cursor') ?? '')?.[1];
    const wanted = query.get('status');
    const found = world.webhooks.deliveries
      .filter(
        (one) =>
          (cursor === undefined || one.id < Number(cursor)) &&
          (wanted === null || (one.status === 'OK') === (wanted === 'success')),
      )
      .toReversed();
    const shown = found.slice(0, size);
    const last = shown.at(-1);
    const next = new URLSearchParams(query);
    if (last !== undefined) next.set('cursor', `v1_${last.id}`);
    const more = found.length > size;
    const link = `<${world.url}/api/v3/app/hook/deliveries?${next.toString()}>; rel="next"`;
    return { status: 200, body: shown.map(item), headers: more ? { link } : {} };
  },
};

function requireHookOwner(request: RestRequest): void {
  if (requireApp(request).id !== request.world.webhooks.hook.appId) throw notFound();
}

function deliveryOf(request: RestRequest): Delivery {
  requireHookOwner(request);
  const found = request.world.webhooks.find(numberParam(request, 'delivery_id'));
  if (found === undefined) throw notFound();
  return found;
}

const get: Route = {
  method: 'GET',
  template: '/app/hook/deliveries/{delivery_id}',
  handle(request) {
    const found = deliveryOf(request);
    const payload: unknown = JSON.parse(found.request.body);
    return ok({
      ...item(found),
      url: found.url,
      request: { headers: found.request.headers, payload: isRecord(payload) ? payload : null },
      response: { headers: found.response.headers, payload: found.response.body },
    });
  },
};

const again: Route = {
  method: 'POST',
  template: '/app/hook/deliveries/{delivery_id}/attempts',
  handle(request) {
    const found = deliveryOf(request);
    // Answered before it is sent, as on GitHub; `idle` waits for it.
    void request.world.webhooks.redeliver(found.id);
    return { status: 202, body: {} };
  },
};

const shownConfig = (request: RestRequest) => {
  const { url } = request.world.webhooks.hook;
  const config = { content_type: 'json', insecure_ssl: '0', secret: '********' };
  return url === null ? config : { ...config, url };
};

const config: Route = {
  method: 'GET',
  template: '/app/hook/config',
  handle(request) {
    requireHookOwner(request);
    return ok(shownConfig(request));
  },
};

const patchConfig: Route = {
  method: 'PATCH',
  template: '/app/hook/config',
  handle(request) {
    requireHookOwner(request);
    const url = request.body.optionalText('url');
    if (url !== undefined && !URL.canParse(url)) throw unprocessable('Validation Failed');
    if (url !== undefined) request.world.webhooks.hook.url = url;
    return ok(shownConfig(request));
  },
};

export const deliveryRoutes: readonly Route[] = [list, get, again, config, patchConfig];
