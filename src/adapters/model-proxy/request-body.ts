import { ok, refuse, type Result } from '../../domain/result.ts';
import type { Endpoint } from './endpoints.ts';

type Json = Readonly<Record<string, unknown>>;

export interface CleanRequest {
  /** As it is sent on. */
  readonly body: string;
  /** The most tokens its answer may have. */
  readonly output_tokens: number;
  readonly streams: boolean;
  /** Whether the program itself asked for the last event of a stream, which says the usage. */
  readonly wants_usage: boolean;
}

/** One answer's length where the program does not say. */
const usualOutput = 16_000;

/** A request as it may go on: known keys, the configured model, the program's own tools, nothing the service would fetch. */
export function cleanRequest(
  endpoint: Endpoint,
  text: string,
  { model, output_tokens: most }: { readonly model: string; readonly output_tokens: number },
): Result<CleanRequest> {
  const asked = parse(text);
  if (asked === null) return refuse('request.malformed', 'the body is no JSON object');
  const remote = [asked['messages'], asked['input'], asked['system']].some(reachesOut);
  if (remote) {
    return refuse(
      'request.remote',
      'images and files are sent whole (data:…): nothing is fetched from elsewhere',
    );
  }
  const kept = Object.fromEntries(Object.entries(asked).filter(([key]) => endpoint.keys.has(key)));
  const streams = kept['stream'] === true;
  const limit = lengthOf(endpoint, kept);
  const output_tokens = Math.max(1, Math.min(limit.tokens, most));
  const options = kept['stream_options'];
  const wants_usage = isObject(options) && options['include_usage'] === true;
  const body = {
    ...kept,
    ...toolsOf(endpoint, kept),
    model,
    [limit.key]: output_tokens,
    ...(endpoint.streamed === 'responses' ? { store: false } : {}),
    ...(endpoint.streamed === 'chat' && streams ? { stream_options: { include_usage: true } } : {}),
  };
  return ok({ body: JSON.stringify(body), output_tokens, streams, wants_usage });
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function lengthOf({ longest }: Endpoint, body: Json): { key: string; tokens: number } {
  const key = longest.find((name) => typeof body[name] === 'number') ?? longest.at(-1) ?? '';
  const asked = body[key];
  return { key, tokens: typeof asked === 'number' && asked > 0 ? Math.floor(asked) : usualOutput };
}

/** A tool without a type is one of the program's own. */
function toolsOf(endpoint: Endpoint, { tools }: Json): Json {
  if (!Array.isArray(tools)) return {};
  const own = tools.filter(
    (tool: unknown) =>
      isObject(tool) &&
      (tool['type'] === undefined ||
        (typeof tool['type'] === 'string' && endpoint.tool(tool['type']))),
  );
  return own.length === 0 ? { tools: undefined, tool_choice: undefined } : { tools: own };
}

const media = /image|document|file|audio|video|container/;
const places = ['url', 'image_url', 'file_url', 'file_id', 'source', 'file'];

/** Whether the service would have to fetch something to read this: what it fetches, it tells whoever serves it. */
function reachesOut(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(reachesOut);
  if (!isObject(value)) return false;
  const { type } = value;
  if (typeof type === 'string' && media.test(type)) return places.some((key) => remote(value[key]));
  return Object.values(value).some(reachesOut);
}

const remote = (place: unknown): boolean =>
  isObject(place)
    ? places.some((key) => remote(place[key]))
    : typeof place === 'string' && !place.startsWith('data:') && place !== '';
