import { Hono } from 'hono';
import { onlyFromHere } from '../../../../simulator/guard.ts';
import { style as dashboardStyle } from '../../../server/dashboard/style.ts';
import type { People } from '../people.ts';
import { doAct } from './acts.ts';
import { demoPage, livePart, type Note } from './render.ts';
import { refreshScript } from './refresh.ts';
import { style } from './style.ts';
import type { DemoView } from './view.ts';

export interface DemoPageParts {
  readonly view: () => Promise<DemoView>;
  readonly people: People;
}

/** Our own sheet, our own script, forms to ourselves; nothing inline, whatever a title may hold. */
const policy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page at `/`, what its script asks for, and the acts. In people's names, so for this machine's browser alone. */
export function demoPageRoutes({ view, people }: DemoPageParts): Hono {
  const routes = new Hono();
  const here = onlyFromHere();
  const notes: Note[] = [];
  /** Under a number, not in the address: nobody makes the page say what they like by a link. */
  const keep = (note: Note): number => notes.push(note) - 1;

  routes.get('/', here, async (context) => {
    context.header('Content-Security-Policy', policy);
    const note = notes[Number(context.req.query('note') ?? -1)] ?? null;
    return context.html(await demoPage(await view(), note));
  });

  routes.get('/demo/live', here, async (context) => context.html(await livePart(await view())));

  // Post, redirect, get: a reload never acts twice.
  routes.post('/demo/act', here, async (context) => {
    const form = await context.req.formData();
    const fields = Object.fromEntries(
      [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    );
    const note = await doAct(people, await view(), fields);
    return context.redirect(`/?note=${keep(note)}`, 303);
  });

  routes.get('/demo/page.css', here, (context) =>
    context.body(dashboardStyle + style, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  routes.get('/demo/page.js', here, (context) =>
    context.body(refreshScript, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  );
  return routes;
}
