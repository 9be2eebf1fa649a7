import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf } from './actor.ts';
import type { Actor } from './actor.ts';
import { GitHubRefusal, notFound } from './errors.ts';
import type { ExchangeObserver, RequestFault, SimulatorHandler } from './face.ts';
import { serveGit } from './smart-http.ts';
import { answerGraphQL } from './graphql/answer.ts';
import { rateLimit } from './limits.ts';
import { Body, isRecord } from './rest/body.ts';
import type { Reply } from './rest/request.ts';
import { routes } from './rest/routes.ts';
import { Router } from './router.ts';
import type { Route } from './rest/request.ts';
import { countRequest, readBody } from './traffic.ts';
import type { World } from './world.ts';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly url: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export class GitHubServer {
  readonly http: Server;
  readonly handlers: SimulatorHandler[] = [];
  readonly #world: World;
  readonly #observer: ExchangeObserver | undefined;
  readonly #router = new Router(routes);
  #serving = 0;
  #busySince = 0;

  constructor(world: World, observer: ExchangeObserver | undefined) {
    this.#world = world;
    this.#observer = observer;
    this.http = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const served = this.#busy();
    try {
      for (const handler of this.handlers) {
        if (await handler(request, response)) return;
      }
      await this.#answer(request, response);
    } catch (cause) {
      // Who hung up in the middle of a request wants no answer.
      if (request.destroyed && !request.complete) return;
      // A fault of the simulator itself: it must be loud, and the client must not wait for ever.
      process.emitWarning(cause instanceof Error ? cause : String(cause));
      if (!response.headersSent) this.#sendError(response, 500, 'Server Error');
      else response.destroy();
    } finally {
      served();
    }
  }

  /** Time in which several requests are served at once counts once, or the sum would exceed the clock. */
  #busy(): () => void {
    if (this.#serving === 0) this.#busySince = performance.now();
    this.#serving += 1;
    return () => {
      this.#serving -= 1;
      if (this.#serving > 0) return;
      this.#world.counters.secondsServing += (performance.now() - this.#busySince) / 1000;
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = `http://localhost${request.url ?? '/'}`;
    if (!URL.canParse(target)) {
      this.#sendError(response, 400, 'Bad Request');
      return;
    }
    const url = new URL(target);
    const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, '') || '/';
    const method = request.method ?? 'GET';
    if (await serveGit(this.#world, request, response, url)) return;
    const exchange = {
      method,
      path,
      query: url.searchParams,
      url: `${path}${url.search}`,
      request,
      response,
    };
    if (/^\/(?:api\/)?graphql$/.test(url.pathname)) {
      await this.#graphql(exchange);
      return;
    }
    await this.#rest(exchange);
  }

  async #rest(exchange: Exchange): Promise<void> {
    const { method, path, request, response } = exchange;
    // A HEAD is a GET whose body Node leaves out.
    const found = this.#router.match(method === 'HEAD' ? 'GET' : method, path);
    let actor: Actor = { kind: 'anonymous' };
    let requestBody: unknown;
    let reply: Reply;
    try {
      requestBody = await readJson(request);
      actor = this.#world.credentials.identify(request.headers.authorization);
      this.#count(
        actor,
        found === null
          ? `${method} unknown`
          : `${method} ${found.route.template.replaceAll('+}', '}')}`,
      );
      const fault = await this.#disturb(method, path, actor);
      if (fault !== null) {
        this.#sendFault(response, fault);
        return;
      }
      if (found === null) throw notFound();
      reply = await found.route.handle({
        world: this.#world,
        actor,
        token: tokenIn(request.headers.authorization),
        method,
        path,
        params: found.params,
        query: exchange.query,
        body: bodyOf(found.route, requestBody),
        accept: request.headers.accept ?? '',
      });
    } catch (cause) {
      if (!(cause instanceof GitHubRefusal)) throw cause;
      reply = refusal(cause);
    }
    this.#send(exchange, reply, actor, requestBody);
  }

  #send(exchange: Exchange, reply: Reply, actor: Actor, requestBody: unknown): void {
    const { method, url, request, response } = exchange;
    const limit = rateLimit(this.#world, actor);
    const headers: Record<string, string> = {
      'content-type': 'application/json; charset=utf-8',
      ...reply.headers,
      'x-github-media-type': 'github.v3; format=json',
      'x-github-api-version-selected': '2022-11-28',
      ...requestId(),
      'x-ratelimit-limit': String(limit.limit),
      'x-ratelimit-remaining': String(limit.remaining),
      'x-ratelimit-used': String(limit.used),
      'x-ratelimit-reset': String(limit.reset),
      'x-ratelimit-resource': 'core',
    };
    const contentType = headers['content-type'] ?? '';
    const observe = (status: number) =>
      this.#observer?.exchange({
        method,
        path: url,
        requestBody,
        status,
        responseBody: Buffer.isBuffer(reply.body) ? reply.body.toString() : reply.body,
        contentType,
      });
    if (reply.body === undefined) {
      delete headers['content-type'];
      response.writeHead(reply.status, headers).end();
      observe(reply.status);
      return;
    }
    const text = Buffer.isBuffer(reply.body) ? reply.body : Buffer.from(JSON.stringify(reply.body));
    if (method === 'GET' && reply.status === 200) {
      const etag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
      headers['etag'] = etag;
      headers['cache-control'] = 'private, max-age=60, s-maxage=60';
      headers['vary'] = 'Accept, Authorization, Cookie, X-GitHub-OTP';
      if (request.headers['if-none-match'] === etag) {
        response.writeHead(304, headers).end();
        return;
      }
    }
    observe(reply.status);
    response.writeHead(reply.status, { ...headers, 'content-length': text.length }).end(text);
  }

  async #graphql(exchange: Exchange): Promise<void> {
    const { method, request, response } = exchange;
    let actor: Actor = { kind: 'anonymous' };
    try {
      if (method !== 'POST') throw notFound();
      const body = await readJson(request);
      actor = this.#world.credentials.identify(request.headers.authorization);
      this.#count(actor, 'POST /graphql');
      const fault = await this.#disturb(method, '/graphql', actor);
      if (fault !== null) {
        this.#sendFault(response, fault);
        return;
      }
      if (actor.kind === 'anonymous') {
        throw new GitHubRefusal(401, 'This endpoint requires you to be authenticated.');
      }
      if (actor.kind === 'app') throw new GitHubRefusal(401, 'Bad credentials');
      const document = isRecord(body) && typeof body['query'] === 'string' ? body['query'] : null;
      if (document === null)
        throw new GitHubRefusal(400, 'A query attribute must be specified and must be a string.');
      const variables = isRecord(body) && isRecord(body['variables']) ? body['variables'] : {};
      const name =
        isRecord(body) && typeof body['operationName'] === 'string' ? body['operationName'] : null;
      const answer = await answerGraphQL(this.#world, actor, document, variables, name);
      this.#observer?.graphql({ document, variables, response: answer });
      this.#sendJson(response, 200, answer);
    } catch (cause) {
      if (!(cause instanceof GitHubRefusal)) throw cause;
      this.#sendError(response, cause.status, cause.message);
    }
  }

  #count(actor: Actor, route: string): void {
    countRequest(this.#world, nameOf(actor), route);
  }

  async #disturb(method: string, path: string, actor: Actor): Promise<RequestFault | null> {
    const { faults } = this.#world;
    if (faults.latency > 0) await sleep(faults.latency);
    return faults.take(method, path, nameOf(actor));
  }

  #sendFault(response: ServerResponse, fault: RequestFault): void {
    const limited = fault.status === 403 || fault.status === 429;
    const headers: Record<string, string> =
      limited || fault.retryAfter !== undefined
        ? { 'retry-after': String(fault.retryAfter ?? 60) }
        : {};
    const body = limited
      ? {
          message:
            'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
          documentation_url:
            'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
        }
      : { message: 'Server Error' };
    this.#sendJson(response, fault.status, body, headers);
  }

  #sendError(response: ServerResponse, status: number, message: string): void {
    this.#sendJson(response, status, {
      message,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    });
  }

  #sendJson(
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Record<string, string> = {},
  ): void {
    response
      .writeHead(status, {
        'content-type': 'application/json; charset=utf-8',
        ...requestId(),
        ...headers,
      })
      .end(JSON.stringify(body));
  }
}

const requestId = () => ({ 'x-github-request-id': randomBytes(12).toString('hex').toUpperCase() });

const tokenIn = (authorization: string | undefined): string | null =>
  /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? null;

function refusal(cause: GitHubRefusal): Reply {
  return {
    status: cause.status,
    body: {
      message: cause.message,
      ...(cause.errors === undefined ? {} : { errors: cause.errors }),
      documentation_url: 'https://docs.github.com/rest',
      status: String(cause.status),
    },
  };
}

/** An object; only labels may be given as a bare list. */
function bodyOf({ template }: Route, sent: unknown): Body {
  if (Array.isArray(sent) && template.endsWith('/labels')) return new Body({ labels: sent });
  if (sent !== undefined && !isRecord(sent))
    throw new GitHubRefusal(400, 'Body should be a JSON object');
  return new Body(sent);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request);
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new GitHubRefusal(400, 'Problems parsing JSON');
  }
}
