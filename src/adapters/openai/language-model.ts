import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
} from 'openai';
import type { LanguageModel, ModelReply, ModelRequest } from '../../ports/language-model.ts';
import type { EmbeddingReply, EmbeddingRequest } from '../../ports/text-embedding.ts';
import { embeddingCallOf, MOST_TEXTS, readEmbeddings } from './embedding.ts';
import { readCompletion, toParameters, type Prices } from './completion.ts';
import { callOf, type ModelCall, type Transport } from './tape.ts';

export interface OpenAiOptions {
  /** Null for services that want none. */
  readonly apiKey: string | null;
  /** Null for OpenAI's own. */
  readonly baseUrl: string | null;
  readonly model: string;
  /** For vectors; absent or null: the service is asked for none. */
  readonly embedding?: string | null | undefined;
  readonly timeoutMs?: number | undefined;
  readonly prices?: Prices | undefined;
  readonly transport?: Transport | undefined;
}

const defaultTimeoutMs = 120_000;
const openAiUrl = 'https://api.openai.com/v1';
/** Names the call to the transport within this process; taken off before anything is sent. */
const callHeader = 'x-assent-call';

/** Chat completions of any service that speaks them. Retrying is the caller's: an outage is a state of the item, not a loop here. */
export function createOpenAiModel(options: OpenAiOptions): LanguageModel {
  const baseURL = options.baseUrl ?? openAiUrl;
  const client = new OpenAI({
    apiKey: options.apiKey ?? 'none',
    baseURL,
    organization: null,
    project: null,
    maxRetries: 0,
    logLevel: 'off',
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    ...(options.transport ? { fetch: fetchThrough(options.transport) } : {}),
  });
  let structured = true;

  const ask = async (request: ModelRequest): Promise<ModelReply> => {
    const completion: unknown = await client.chat.completions.create(
      toParameters(request, {
        model: request.model ?? options.model,
        structured,
        official: baseURL === openAiUrl,
      }),
      {
        ...(request.signal ? { signal: request.signal } : {}),
        ...(options.transport
          ? { headers: { [callHeader]: JSON.stringify(callOf(request)) } }
          : {}),
      },
    );
    return readCompletion(completion, request, options.prices);
  };

  const embed = async (request: EmbeddingRequest, model: string): Promise<EmbeddingReply> => {
    try {
      const answer: unknown = await client.embeddings.create(
        // Numbers as text: not every service knows the shorter form.
        { model, input: [...request.texts], encoding_format: 'float' },
        {
          ...(request.signal ? { signal: request.signal } : {}),
          ...(options.transport
            ? { headers: { [callHeader]: JSON.stringify(embeddingCallOf(request, model)) } }
            : {}),
        },
      );
      return readEmbeddings(answer, request, options.prices);
    } catch (error) {
      const reply = replyTo(error, model);
      if (reply.kind === 'answer') throw error;
      return { kind: 'unavailable', reason: reply.reason };
    }
  };
  const { embedding } = options;

  return {
    ...(embedding === undefined || embedding === null
      ? {}
      : {
          embedding: {
            model: embedding,
            most: MOST_TEXTS,
            embed: (request) => embed(request, embedding),
          },
        }),
    async complete(request) {
      try {
        return await ask(request);
      } catch (error) {
        // Some services know no response_format: the schema stands in the prompt as well, so ask once without.
        if (structured && request.schema && rejectsFormat(error)) {
          structured = false;
          return await ask(request).catch((again: unknown) =>
            replyTo(again, request.model ?? options.model),
          );
        }
        return replyTo(error, request.model ?? options.model);
      }
    },
  };
}

function fetchThrough(transport: Transport): typeof fetch {
  return (url, init) => {
    const headers = new Headers(init?.headers);
    const call = JSON.parse(headers.get(callHeader) ?? '{}') as ModelCall;
    headers.delete(callHeader);
    const body = typeof init?.body === 'string' ? init.body : '';
    return transport(call, body, () => fetch(url, { ...init, headers }));
  };
}

const rejectsFormat = (error: unknown): boolean =>
  error instanceof APIError &&
  (error.status === 400 || error.status === 422) &&
  /response_format|json_schema/i.test(error.message);

const passing = new Set([408, 409, 425, 429]);

function replyTo(error: unknown, model: string): ModelReply {
  if (error instanceof APIUserAbortError) throw error;
  if (error instanceof APIConnectionTimeoutError)
    return unavailable('The model service did not answer in time.', null);
  if (error instanceof APIConnectionError)
    return unavailable(`The model service cannot be reached: ${causeOf(error)}`, null);
  if (error instanceof APIError && typeof error.status === 'number') {
    const said = error.message.slice(0, 500);
    return passing.has(error.status) || error.status >= 500
      ? unavailable(`The model service answered ${said}`, retryAfter(error.headers))
      : {
          kind: 'refused',
          reason: `The model service answered ${said}. ${remedy(error.status, model)}`,
        };
  }
  if (error instanceof SyntaxError || error instanceof TypeError)
    return unavailable(
      `The model service answered what is no chat completion (${error.message}). Check OPENAI_BASE_URL.`,
      null,
    );
  throw error;
}

const unavailable = (reason: string, retry_after_seconds: number | null): ModelReply => ({
  kind: 'unavailable',
  reason,
  retry_after_seconds,
});

function causeOf(error: Error): string {
  let deepest: Error = error;
  while (deepest.cause instanceof Error) deepest = deepest.cause;
  return deepest.message;
}

function remedy(status: number, model: string): string {
  if (status === 401) return 'Check OPENAI_API_KEY.';
  if (status === 403) return `Check that the key may use the model "${model}".`;
  if (status === 404)
    return `Check OPENAI_BASE_URL, and that it serves the model "${model}" (ASSENT_MODEL).`;
  return `Check that the model "${model}" takes such requests (tools, length), or choose another with ASSENT_MODEL.`;
}

const longestWait = 3_600;

/** Seconds from now; a date is read as well, since proxies send it. */
function retryAfter(headers: Headers | undefined): number | null {
  const value = headers?.get('retry-after') ?? null;
  if (value === null) return null;
  const seconds = /^\d+(\.\d+)?$/.test(value)
    ? Number(value)
    : (Date.parse(value) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, Math.ceil(seconds)), longestWait) : null;
}
