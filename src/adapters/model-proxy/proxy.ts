import { randomBytes, timingSafeEqual } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelAccess, ModelAccessHost, ModelSpending } from '../../ports/language-model.ts';
import { endpoints, passedHeaders, type Endpoint } from './endpoints.ts';
import { cleanRequest, type CleanRequest } from './request-body.ts';
import { countedIn, modelIn, StreamReader, type Counted, type SeenEvent } from './usage.ts';

export interface ModelService {
  /** With its version where it has one: `https://api.openai.com/v1`, `https://api.anthropic.com`. */
  readonly baseUrl: string;
  /** Null for services that want none. */
  readonly apiKey: string | null;
}

export interface ModelProxyOptions {
  readonly openai: ModelService | null;
  readonly anthropic: ModelService | null;
  /** Where an agent names none of its own; null: then there is no way. */
  readonly model: string | null;
}

const mostAsked = 16 * 1024 * 1024;
const mostAnswered = 32 * 1024 * 1024;
const mostHeld = 4 * 1024 * 1024;
const mostAtOnce = 8;
const patienceMs = 600_000;

/** A socket for each run. The program sees neither the key nor the service, and the service only what a program needs. */
export const createModelProxy = (options: ModelProxyOptions): ModelAccessHost => ({
  async open({ model: named, tokens, signal }) {
    const model = named ?? options.model;
    if (model === null || (options.openai === null && options.anthropic === null)) return null;
    // Others may enter the folder and not list it: the sandbox's users are not ours.
    const folder = await mkdtemp(join(tmpdir(), 'assent-model-'));
    await chmod(folder, 0o711);
    const socket = join(folder, randomBytes(8).toString('hex'));
    const proxy = new ModelProxy({ ...options, model }, tokens, signal);
    await proxy.listen(socket);
    await chmod(socket, 0o666);
    return {
      socket,
      key: proxy.key,
      model,
      spent: () => proxy.spent,
      async close() {
        await proxy.close();
        await rm(folder, { recursive: true, force: true });
      },
    } satisfies ModelAccess;
  },
});

type Settings = ModelProxyOptions & { readonly model: string };

/** `isGateway`: of others, which may want either kind of key. */
type Service = ModelService & { readonly isGateway?: boolean };

class ModelProxy {
  readonly key = `assent-${randomBytes(24).toString('hex')}`;
  spent: ModelSpending = {
    requests: 0,
    input_tokens: 0,
    output_tokens: 0,
    estimated: false,
    model: null,
  };
  readonly #options: Settings;
  readonly #tokens: number;
  readonly #signal: AbortSignal | undefined;
  readonly #server: Server;
  readonly #stop = new AbortController();
  /** Of requests under way: what they may still cost. */
  #reserved = 0;
  #underWay = 0;

  constructor(options: Settings, tokens: number, signal: AbortSignal | undefined) {
    this.#options = options;
    this.#tokens = tokens;
    this.#signal = signal;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else complain(response, 502, 'upstream', messageOf(error));
      });
    });
  }

  listen(socket: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(socket, resolve);
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (!this.#knows(request)) {
      return complain(response, 401, 'key', 'send the key of this run, OPENAI_API_KEY');
    }
    if (request.method === 'GET' && path === '/v1/models') {
      return reply(response, 200, { object: 'list', data: [modelCard(this.#options.model)] });
    }
    const endpoint = request.method === 'POST' ? endpoints.get(path) : undefined;
    if (endpoint === undefined) {
      const known = [...endpoints.keys()].join(', ');
      return complain(response, 404, 'path', `${request.method ?? ''} ${path}: only POST ${known}`);
    }
    const service = this.#serviceFor(endpoint);
    if (service === null) {
      return complain(response, 404, 'service', `no service for ${path} is configured`);
    }
    if (this.#underWay >= mostAtOnce) {
      response.setHeader('retry-after', '1');
      return complain(response, 429, 'busy', `at most ${mostAtOnce} requests at once`);
    }
    this.#underWay += 1;
    try {
      await this.#pass(endpoint, service, request, response);
    } finally {
      this.#underWay -= 1;
    }
  }

  #knows({ headers }: IncomingMessage): boolean {
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    const given = Buffer.from(String(headers['x-api-key'] ?? bearer ?? ''));
    const key = Buffer.from(this.key);
    return given.length === key.length && timingSafeEqual(given, key);
  }

  /** Gateways of others often speak both tongues at one address; OpenAI's own does not. */
  #serviceFor({ service }: Endpoint): Service | null {
    const { openai, anthropic } = this.#options;
    if (service === 'openai') return openai;
    if (anthropic !== null || openai === null) return anthropic;
    if (new URL(openai.baseUrl).hostname === 'api.openai.com') return null;
    return { ...openai, baseUrl: openai.baseUrl.replace(/\/v1\/?$/, ''), isGateway: true };
  }

  async #pass(
    endpoint: Endpoint,
    service: Service,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const text = await bodyOf(request);
    if (text === null) {
      return complain(response, 413, 'size', `at most ${mostAsked} bytes are taken, as they are`);
    }
    const estimate = Math.ceil(text.length / 4);
    const left = this.#tokens - this.#used() - this.#reserved - estimate;
    if (left <= 0) {
      // Not 429, which programs wait out: nothing comes back within this run.
      return complain(
        response,
        403,
        'budget',
        `this run may use ${this.#tokens} tokens, and has used ${this.#used()}`,
      );
    }
    const clean = cleanRequest(endpoint, text, {
      model: this.#options.model,
      output_tokens: left,
    });
    if (!clean.ok) return complain(response, 400, clean.refusal.code, clean.refusal.message);
    const reserved = estimate + clean.value.output_tokens;
    this.#reserved += reserved;
    try {
      await this.#forward(endpoint, service, clean.value, request, response);
    } finally {
      this.#reserved -= reserved;
    }
  }

  #used(): number {
    return this.spent.input_tokens + this.spent.output_tokens;
  }

  async #forward(
    endpoint: Endpoint,
    service: Service,
    clean: CleanRequest,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const answer = await fetch(`${service.baseUrl.replace(/\/$/, '')}${endpoint.path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: headersFor(endpoint, service, request),
      body: clean.body,
      signal: AbortSignal.any([
        gone.signal,
        this.#stop.signal,
        AbortSignal.timeout(patienceMs),
        ...(this.#signal === undefined ? [] : [this.#signal]),
      ]),
    });
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      return complain(response, 502, 'redirect', 'the service answered with a redirect');
    }
    const type = answer.headers.get('content-type') ?? 'application/json';
    const hide = (text: string): string =>
      service.apiKey === null ? text : text.replaceAll(service.apiKey, '[key]');
    const wait = answer.headers.get('retry-after');
    response.writeHead(answer.status, {
      'content-type': type,
      ...(wait === null ? {} : { 'retry-after': wait }),
    });
    const stream = new StreamReader(endpoint.streamed, !clean.wants_usage);
    const streams = answer.ok && type.startsWith('text/event-stream');
    let whole = '';
    let bytes = 0;
    try {
      for await (const part of textOf(answer)) {
        bytes += part.length;
        if (bytes > mostAnswered || stream.held > mostHeld)
          throw new TypeError('the answer is too long');
        if (streams) await show(response, stream.take(part), hide);
        else whole += part;
      }
      if (streams) await show(response, stream.end(), hide);
      response.end(streams ? '' : hide(whole));
    } finally {
      if (answer.ok) this.#count(clean, bytes, streams ? stream : readWhole(whole));
    }
  }

  /** What was broken off was paid for all the same. */
  #count(
    clean: CleanRequest,
    bytes: number,
    { counted, model }: { readonly counted: Counted | null; readonly model: string | null },
  ): void {
    const { spent } = this;
    // A token is rarely shorter than two characters: an estimate that errs against us, so that a budget holds.
    const atMost = {
      input_tokens: Math.ceil(clean.body.length / 2),
      output_tokens: Math.min(clean.output_tokens, Math.ceil(bytes / 2)),
    };
    const { input_tokens, output_tokens } = counted ?? atMost;
    this.spent = {
      requests: spent.requests + 1,
      input_tokens: spent.input_tokens + input_tokens,
      output_tokens: spent.output_tokens + output_tokens,
      estimated: spent.estimated || counted === null,
      model: model ?? spent.model ?? this.#options.model,
    };
  }
}

function readWhole(text: string): { counted: Counted | null; model: string | null } {
  try {
    const answer: unknown = JSON.parse(text);
    return { counted: countedIn(answer), model: modelIn(answer) };
  } catch {
    return { counted: null, model: null };
  }
}

function headersFor(
  { service }: Endpoint,
  { apiKey, isGateway = false }: Service,
  request: IncomingMessage,
): Record<string, string> {
  const passed = passedHeaders.flatMap((name) => {
    const value = request.headers[name];
    return service === 'anthropic' && typeof value === 'string' ? [[name, value] as const] : [];
  });
  return {
    'content-type': 'application/json',
    ...Object.fromEntries(passed),
    ...(apiKey === null
      ? {}
      : service === 'anthropic'
        ? { 'x-api-key': apiKey, ...(isGateway ? { authorization: `Bearer ${apiKey}` } : {}) }
        : { authorization: `Bearer ${apiKey}` }),
  };
}

/** Null: too long, or packed, so that nobody could tell how long it is. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostAsked) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* textOf(answer: Response): AsyncGenerator<string> {
  if (answer.body === null) return;
  const decoder = new TextDecoder();
  for await (const chunk of answer.body) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Waits where the program reads slowly: what it has not read is not held here. */
async function show(
  response: ServerResponse,
  events: readonly SeenEvent[],
  hide: (text: string) => string,
): Promise<void> {
  const text = events.flatMap((event) => (event.shown ? [event.text] : [])).join('');
  if (text === '' || response.write(hide(text))) return;
  await new Promise<void>((resolve) => {
    response.once('drain', resolve);
    response.once('close', resolve);
  });
}

const modelCard = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'assent' });

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** In the form that both services' clients read. */
const complain = (response: ServerResponse, status: number, code: string, message: string): void =>
  reply(response, status, { type: 'error', error: { type: code, code, message } });

function messageOf(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  return deepest instanceof Error ? deepest.message : String(deepest);
}
