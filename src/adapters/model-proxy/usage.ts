import type { Endpoint } from './endpoints.ts';

export interface Counted {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

type Json = Readonly<Record<string, unknown>>;

const object = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};

const whole = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.ceil(value) : null;

/** By either service's names; what was read from or written to a cache was input as well. Null: not said. */
export function countedIn(answer: unknown): Counted | null {
  const usage = object(object(answer)['usage']);
  const input = whole(usage['prompt_tokens']) ?? whole(usage['input_tokens']);
  const output = whole(usage['completion_tokens']) ?? whole(usage['output_tokens']);
  if (input === null && output === null) return null;
  const cached =
    (whole(usage['cache_creation_input_tokens']) ?? 0) +
    (whole(usage['cache_read_input_tokens']) ?? 0);
  return { input_tokens: (input ?? 0) + cached, output_tokens: output ?? 0 };
}

export const modelIn = (answer: unknown): string | null => {
  const { model } = object(answer);
  return typeof model === 'string' ? model.slice(0, 200) : null;
};

/** One event of a stream as it came, and whether the program is to see it. */
export interface SeenEvent {
  readonly text: string;
  readonly shown: boolean;
}

/** Reads a stream of events while it passes, for what it says of its cost. */
export class StreamReader {
  counted: Counted | null = null;
  model: string | null = null;
  #rest = '';
  readonly #kind: Endpoint['streamed'];
  readonly #hidesUsage: boolean;

  constructor(kind: Endpoint['streamed'], hidesUsage: boolean) {
    this.#kind = kind;
    this.#hidesUsage = hidesUsage;
  }

  /** The events that are whole by now. */
  take(text: string): readonly SeenEvent[] {
    this.#rest += text;
    const parts = this.#rest.split(/(?<=\r?\n\r?\n)/);
    const last = parts.at(-1) ?? '';
    this.#rest = /\n\r?\n$/.test(last) ? '' : (parts.pop() ?? '');
    return parts.map((part) => this.#see(part));
  }

  /** What came after the last whole event. */
  end(): readonly SeenEvent[] {
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? [] : [this.#see(rest)];
  }

  /** How much is held back: an event that never ends must not fill the memory. */
  get held(): number {
    return this.#rest.length;
  }

  #see(text: string): SeenEvent {
    const data = text
      .split(/\r?\n/)
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trim())
      .join('\n');
    const event = parsed(data);
    if (event === null) return { text, shown: true };
    // Anthropic tells the input at the start and the output in sums; OpenAI tells all at the end.
    const inside = this.#kind === 'chat' ? event : object(event['message'] ?? event['response']);
    const said = countedIn(event) ?? countedIn(inside);
    if (said !== null) this.counted = most(this.counted, said);
    this.model ??= modelIn(event) ?? modelIn(inside);
    const { choices } = event;
    const onlyUsage = Array.isArray(choices) && choices.length === 0 && countedIn(event) !== null;
    return { text, shown: !(this.#hidesUsage && onlyUsage) };
  }
}

const most = (before: Counted | null, said: Counted): Counted => ({
  input_tokens: Math.max(before?.input_tokens ?? 0, said.input_tokens),
  output_tokens: Math.max(before?.output_tokens ?? 0, said.output_tokens),
});

function parsed(data: string): Json | null {
  if (!data.startsWith('{')) return null;
  try {
    return object(JSON.parse(data));
  } catch {
    return null;
  }
}
