import type { MiddlewareHandler } from 'hono';

/**
 * The control routes hand out tokens and the page acts in people's names, so no website open in the same browser may reach
 * them: the name asked for must be the loopback (a foreign name that resolves to it is DNS rebinding), and a browser's
 * request must come from these very pages.
 */
export function onlyFromHere(): MiddlewareHandler {
  return async (context, next) => {
    const { hostname, host } = new URL(context.req.url);
    if (!isLoopback(hostname))
      return context.json(refusal('the simulator answers to 127.0.0.1 and localhost only'), 403);
    if (
      isForeign(context.req.header('origin'), host) ||
      !isOwnSite(context.req.header('sec-fetch-site'), context.req.method)
    ) {
      return context.json(refusal('requests from other origins are refused'), 403);
    }
    await next();
    context.header('X-Frame-Options', 'DENY');
    context.header('X-Content-Type-Options', 'nosniff');
    // With `no-referrer` browsers send the origin of our own forms as `null`, and the check above would refuse them.
    context.header('Referrer-Policy', 'same-origin');
    context.header('Cache-Control', 'no-store');
    return undefined;
  };
}

function refusal(why: string): { message: string } {
  return { message: `Forbidden: ${why}.` };
}

function isLoopback(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
}

/** Programs send no origin; browsers send it with every post. */
function isForeign(origin: string | undefined, host: string): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

/** A link from another site may open a page; it may not post. */
function isOwnSite(site: string | undefined, method: string): boolean {
  const reads = method === 'GET' || method === 'HEAD';
  return site === undefined || site === 'same-origin' || site === 'none' || reads;
}
