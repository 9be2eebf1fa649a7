import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { ModelRequest } from '../../ports/language-model.ts';

/**
 * A tape holds what a model was asked and what it answered, a JSON line each, below the `openai` package: replaying runs that
 * package's own parsing. Entries are found by key, so that a tape survives small changes of prompts; the digest tells of them.
 */
const entrySchema = z.strictObject({
  /** `agent/subject/round/turn`. Several entries of one key are served in order, the last one for good. */
  key: z.string().regex(/^[a-z]+\/[^/\s]+\/\d+\/\d+$/),
  /** Null where nobody recorded the request; then it is not compared. */
  request_digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable(),
  request: z.unknown().optional(),
  /** HTTP status; 0 for a connection that failed. */
  status: z.union([z.literal(0), z.int().min(200).max(599)]),
  /** How often it is served before the next entry of the key; only for outages. */
  times: z.int().positive().optional(),
  retry_after_seconds: z.number().nonnegative().optional(),
  /** Serves later rounds that have no entry of their own: an answer that holds for whatever the item has become. */
  later_rounds: z.literal(true).optional(),
  /**
   * Name → pattern: `{{name}}` in the response becomes the pattern's first group in the messages asked, 0 where it is not
   * found. For numbers that differ from run to run, such as those of pull requests.
   */
  bind: z.record(z.string().regex(/^[\w-]+$/), z.string()).optional(),
  response: z.unknown(),
});

export type TapeEntry = z.infer<typeof entrySchema>;

export class TapeFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`The model tape cannot be read:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'TapeFault';
    this.faults = faults;
  }
}

/** Names the call for a transport below the `openai` package. */
export interface ModelCall {
  readonly key: string;
  readonly digest: string;
  readonly nonce: string;
}

/** Stands between the `openai` package and the network: passes on, records, or answers by itself. */
export type Transport = (
  call: ModelCall,
  body: string,
  send: () => Promise<Response>,
) => Promise<Response>;

export const callOf = (request: ModelRequest): ModelCall => ({
  key: [request.agent, request.subject, request.round, request.turn].join('/'),
  digest: createHash('sha256')
    .update(
      mask(
        JSON.stringify([request.messages, (request.tools ?? []).map((tool) => tool.name)]),
        request.nonce,
      ),
    )
    .digest('hex'),
  nonce: request.nonce,
});

/** The nonce differs from run to run and means nothing. */
const mask = (text: string, nonce: string): string =>
  nonce === '' ? text : text.replaceAll(nonce, 'NONCE');

/** Throws `TapeFault` naming every line that is no entry. */
export function readTape(file: string): readonly TapeEntry[] {
  const faults: string[] = [];
  const entries = readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      const parsed = parseEntry(line);
      if (typeof parsed !== 'string') return [parsed];
      faults.push(`${file}:${index + 1} ${parsed}`);
      return [];
    });
  if (faults.length > 0) throw new TapeFault(faults);
  return entries;
}

function parseEntry(line: string): TapeEntry | string {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = entrySchema.safeParse(json);
  return parsed.success
    ? parsed.data
    : parsed.error.issues
        .map((issue) => `${issue.path.join('.') || 'the entry'}: ${issue.message}`)
        .join('; ');
}

/** Passes each call on and appends it to the file. */
export function recordTo(file: string): Transport {
  return async (call, body, send) => {
    const response = await send();
    const text = await response.text();
    const entry: TapeEntry = {
      key: call.key,
      request_digest: call.digest,
      request: jsonOr(mask(body, call.nonce)),
      status: response.status,
      response: jsonOr(text),
    };
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
    return new Response(text, { status: response.status, headers: response.headers });
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export interface ReplayOptions {
  /** Refuse an answer to another question than was recorded, instead of only telling. */
  readonly strict?: boolean | undefined;
  readonly onMismatch?: ((key: string) => void) | undefined;
}

/** Answers every call from the tape; nothing is sent. */
export function replay(entries: readonly TapeEntry[], options: ReplayOptions = {}): Transport {
  const byKey = new Map<string, TapeEntry[]>();
  for (const entry of entries) byKey.set(entry.key, [...(byKey.get(entry.key) ?? []), entry]);
  const served = new Map<TapeEntry, number>();
  const next = (key: string): TapeEntry | undefined => {
    const queue = byKey.get(key) ?? earlierRound(byKey, key);
    const entry =
      queue.find((candidate) => (served.get(candidate) ?? 0) < (candidate.times ?? 1)) ??
      queue.at(-1);
    if (entry) served.set(entry, (served.get(entry) ?? 0) + 1);
    return entry;
  };
  return async (call, body) => {
    const entry = next(call.key);
    if (!entry) return errorResponse(503, `The tape holds no answer for ${call.key}.`);
    if (entry.request_digest !== null && entry.request_digest !== call.digest) {
      options.onMismatch?.(call.key);
      if (options.strict === true)
        return errorResponse(
          400,
          `The tape's answer for ${call.key} was given to another question: record it again.`,
        );
    }
    if (entry.status === 0) throw new TypeError('fetch failed: the tape plays a lost connection');
    return Response.json(bound(entry, body), {
      status: entry.status,
      headers:
        entry.retry_after_seconds === undefined
          ? {}
          : { 'retry-after': String(entry.retry_after_seconds) },
    });
  };
}

function earlierRound(
  byKey: ReadonlyMap<string, readonly TapeEntry[]>,
  key: string,
): readonly TapeEntry[] {
  const [agent, subject, round, turn] = key.split('/');
  for (let earlier = Number(round) - 1; earlier >= 0; earlier -= 1) {
    const entries = byKey.get(`${agent}/${subject}/${earlier}/${turn}`);
    if (entries) return entries.filter((entry) => entry.later_rounds === true);
  }
  return [];
}

function bound(entry: TapeEntry, body: string): unknown {
  if (entry.bind === undefined) return entry.response;
  const asked = (JSON.parse(body) as { messages: readonly { content: unknown }[] }).messages
    .map((message) => (typeof message.content === 'string' ? message.content : ''))
    .join('\n');
  let response = JSON.stringify(entry.response);
  for (const [name, pattern] of Object.entries(entry.bind))
    response = response.replaceAll(`{{${name}}}`, new RegExp(pattern).exec(asked)?.[1] ?? '0');
  return JSON.parse(response) as unknown;
}

const errorResponse = (status: number, message: string): Response =>
  Response.json({ error: { message, type: 'tape', code: null, param: null } }, { status });
