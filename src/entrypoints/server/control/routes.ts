import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { Desk } from '../../../application/desk/desk.ts';
import { switchVerbs } from '../../../application/intake/switch.ts';
import type { Account } from '../../../ports/code-host.ts';
import { agentName } from '../api/schemas.ts';
import type { SignIn, SignedIn } from '../sign-in.ts';
import { controlPage, noRepositoryPage, signInPage } from './page.ts';
import { isSame, Sessions, type Session } from './sessions.ts';

export interface ControlParts {
  readonly desk: Desk;
  readonly signIn: SignIn;
  readonly now: () => Date;
}

const COOKIE = 'assent_session';
const FORM_BYTES = 16_384;

const headers = {
  'content-security-policy': [
    "default-src 'none'",
    "style-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cache-control': 'no-store',
};

const actForm = z.object({
  csrf: z.string(),
  verb: z.enum(switchVerbs),
  agent: agentName.optional(),
  reason: z.string().max(500).default(''),
});

/** The switch, for a person with a browser: signed in by GitHub's word, one act a form, nothing without a session's own word. */
export function controlRoutes({ desk, signIn, now }: ControlParts): Hono {
  const sessions = new Sessions(() => now().getTime());
  const routes = new Hono();
  const show = async (
    context: Context,
    body: Parameters<Context['html']>[0],
    status: 200 | 400 | 401 | 403 | 404 = 200,
  ) => context.html(await body, status, headers);

  routes.use('*', async (context, next) => {
    if (context.req.method !== 'POST' || isOurs(context)) return next();
    return show(
      context,
      signInPage('/dashboard', 'That came from another site, so nothing was done.'),
      403,
    );
  });

  // Counted as it is read: a body that does not say how long it is would otherwise be held whole, whoever sends it.
  routes.use('*', bodyLimit({ maxSize: FORM_BYTES, onError: tooLong }));

  routes.post('/sign-in', async (context) => {
    const form = await formOf(context);
    const token = form['token']?.trim() ?? '';
    const path = pathOf(form['path']);
    const signed = await signIn(context, token, { fresh: true });
    if (signed.kind !== 'person') return show(context, signInPage(path, whyNot(signed)), 401);
    const { id, seconds } = sessions.open(token);
    setCookie(context, COOKIE, id, {
      httpOnly: true,
      sameSite: 'Strict',
      secure: isSecure(context),
      path: '/control',
      maxAge: seconds,
    });
    return context.redirect(path, 303);
  });

  routes.post('/sign-out', async (context) => {
    const session = sessions.find(getCookie(context, COOKIE));
    const { csrf = '' } = await formOf(context);
    if (session !== null && isSame(csrf, session.csrf)) {
      sessions.close(getCookie(context, COOKIE));
      deleteCookie(context, COOKIE, { path: '/control' });
    }
    return context.redirect('/dashboard', 303);
  });

  /** The person behind the session, by GitHub's word; else the page that asks. */
  const whoActs = async (
    context: Context,
    options: { readonly fresh?: boolean },
  ): Promise<{ readonly session: Session; readonly person: Account } | Response> => {
    const id = getCookie(context, COOKIE);
    const session = sessions.find(id);
    const path = context.req.path;
    if (session === null) return show(context, signInPage(path, null), 401);
    const signed = await signIn(context, session.token.reveal(), options);
    if (signed.kind === 'person') return { session, person: signed.person };
    if (signed.kind === 'nobody') sessions.close(id);
    return show(context, signInPage(path, whyNot(signed)), 401);
  };

  routes.get('/:owner/:name', async (context) => {
    const who = await whoActs(context, {});
    if (who instanceof Response) return who;
    const { session, person } = who;
    const view = await desk.repository(person, nameOf(context));
    if (view === null) return show(context, noRepositoryPage(), 404);
    const { csrf, message } = session;
    session.message = null;
    return show(context, controlPage(view, { login: person.login, csrf, message }));
  });

  routes.post('/:owner/:name', async (context) => {
    const who = await whoActs(context, { fresh: true });
    if (who instanceof Response) return who;
    const { session, person } = who;
    const form = actForm.safeParse(await formOf(context));
    if (!form.success || !isSame(form.data.csrf, session.csrf)) {
      return show(
        context,
        signInPage(context.req.path, 'That form was not of this session, so nothing was done.'),
        403,
      );
    }
    const { verb, agent, reason } = form.data;
    const ofAgent = verb === 'enable' || verb === 'disable';
    const rest = [
      ...(ofAgent && agent !== undefined ? [agent] : []),
      reason.replaceAll(/\s+/g, ' ').trim(),
    ]
      .filter((part) => part !== '')
      .join(' ');
    const ended = await desk.act(person, nameOf(context), { verb, rest });
    if (ended === null) return show(context, noRepositoryPage(), 404);
    session.message = ended.text;
    return context.redirect(context.req.path, 303);
  });
  return routes;
}

/** The rest of it is never read, so nothing can follow it on the same connection. */
const tooLong = (context: Context) =>
  context.text('That is no form of ours.', 413, { ...headers, connection: 'close' });

const nameOf = (context: Context): string =>
  `${context.req.param('owner') ?? ''}/${context.req.param('name') ?? ''}`;

/** A form of ours comes from this origin. Browsers say which; what says none is no browser's form. */
function isOurs(context: Context): boolean {
  const origin = context.req.header('origin');
  const host = context.req.header('host');
  return origin !== undefined && host !== undefined && URL.parse(origin)?.host === host;
}

/** Behind whatever ends TLS, the request itself is plain; whoever forges the header only hides the cookie from themselves. */
const isSecure = (context: Context): boolean =>
  context.req.url.startsWith('https:') || context.req.header('x-forwarded-proto') === 'https';

async function formOf(context: Context): Promise<Readonly<Record<string, string>>> {
  // What is no form has no fields, and every form here needs some.
  const form = await context.req.parseBody().catch(() => ({}));
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

/** Back to one of our own pages, whatever the form says. */
const pathOf = (path: string | undefined): string =>
  path !== undefined && /^\/control\/[\w-]+\/(?!\.{1,2}$)[\w.-]+$/u.test(path)
    ? path
    : '/dashboard';

function whyNot(signed: Exclude<SignedIn, { readonly kind: 'person' }>): string {
  switch (signed.kind) {
    case 'nobody':
      return 'GitHub knows no person by this token.';
    case 'later':
      return `Too many tokens that were nobody’s: wait ${signed.seconds} seconds.`;
    case 'unavailable':
      return 'GitHub could not be asked who you are: try again.';
  }
}
