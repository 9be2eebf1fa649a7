import { Hono, type Context } from 'hono';
import type { DashboardSource } from '../../../application/views/views.ts';
import { itemPage, missingPage } from './item-page.ts';
import { reportPage } from './report-page.ts';
import { overviewPage } from './overview-page.ts';
import { style } from './style.ts';

/** Nothing but our own style sheet: no script, no image, no frame, no form, whatever a title may hold. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The dashboard: reading only. Acts are done on GitHub, where GitHub says who acts; the switch has a page of its own. */
export function dashboardRoutes(source: DashboardSource): Hono {
  const routes = new Hono();

  const headers = {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };

  const overview = async (context: Context) =>
    context.html(await overviewPage(await source.overview()), 200, headers);
  routes.get('/', overview);
  // Where another page stands at the root, as the demo's does.
  routes.get('/dashboard', overview);

  routes.get('/items/:owner/:name/:id', async (context) => {
    const { owner, name, id } = context.req.param();
    const page = await source.item(`${owner}/${name}`, id);
    return page === null
      ? context.html(await missingPage(), 404, headers)
      : context.html(await itemPage(page), 200, headers);
  });

  routes.get('/report/:owner/:name', async (context) => {
    const { owner, name } = context.req.param();
    const page = await source.report(`${owner}/${name}`);
    return page === null
      ? context.html(await missingPage(), 404, headers)
      : context.html(await reportPage(page), 200, headers);
  });

  routes.get('/dashboard.css', (context) =>
    context.body(style, 200, {
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'max-age=300',
      'x-content-type-options': 'nosniff',
    }),
  );
  return routes;
}
