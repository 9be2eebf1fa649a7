import type OpenAI from 'openai';
import { z } from 'zod';
import type {
  ModelMessage,
  ModelReply,
  ModelRequest,
  ModelUsage,
} from '../../ports/language-model.ts';

type Parameters = OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming;

export interface Prices {
  readonly usd_per_million_input: number;
  readonly usd_per_million_output: number;
}

export function toParameters(
  request: ModelRequest,
  service: { readonly model: string; readonly structured: boolean; readonly official: boolean },
): Parameters {
  const { tools = [], schema } = request;
  return {
    model: service.model,
    messages: request.messages.map(toMessage),
    // OpenAI's newer models refuse the old name, many compatible services know no other.
    ...(service.official
      ? { max_completion_tokens: request.max_output_tokens }
      : { max_tokens: request.max_output_tokens }),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map((tool) => ({
            type: 'function' as const,
            function: {
              name: tool.name,
              description: tool.description,
              parameters: tool.parameters,
            },
          })),
        }),
    ...(schema && service.structured
      ? {
          response_format: {
            type: 'json_schema' as const,
            json_schema: { name: schema.name, schema: schema.schema },
          },
        }
      : {}),
  };
}

function toMessage(message: ModelMessage): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  if (message.role === 'tool') return { ...message };
  if (message.role !== 'assistant') return { role: message.role, content: message.content };
  if (message.tool_calls.length === 0) return { role: 'assistant', content: message.content };
  return {
    role: 'assistant',
    content: message.content === '' ? null : message.content,
    tool_calls: message.tool_calls.map((call) => ({
      id: call.id,
      type: 'function',
      function: { name: call.name, arguments: call.arguments },
    })),
  };
}

/** Services differ in what they leave out; only what is read here is asked for, the rest may be anything. */
const completionSchema = z.object({
  model: z.string().catch('unknown'),
  choices: z
    .array(
      z.object({
        message: z.object({
          content: z.string().nullish(),
          refusal: z.string().nullish(),
          tool_calls: z
            .array(
              z.object({
                id: z.string(),
                function: z.object({ name: z.string(), arguments: z.string() }),
              }),
            )
            .nullish(),
        }),
      }),
    )
    .min(1),
  usage: z
    .object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() })
    .nullish()
    .catch(null),
});

export function readCompletion(
  completion: unknown,
  request: ModelRequest,
  prices: Prices | undefined,
): ModelReply {
  const parsed = completionSchema.safeParse(completion);
  const message = parsed.data?.choices[0]?.message;
  if (!parsed.success || !message)
    return {
      kind: 'unavailable',
      reason:
        'The model service answered without a choice, or with what is no chat completion. Check OPENAI_BASE_URL if it stays so.',
      retry_after_seconds: null,
    };
  const tool_calls = (message.tool_calls ?? []).map((call) => ({
    id: call.id,
    name: call.function.name,
    arguments: call.function.arguments,
  }));
  const content = message.content ?? message.refusal ?? '';
  const usage = parsed.data.usage;
  return {
    kind: 'answer',
    content,
    tool_calls,
    model: parsed.data.model,
    usage: usage
      ? priced(usage.prompt_tokens, usage.completion_tokens, false, prices)
      : priced(
          tokensAtMost(JSON.stringify([request.messages, request.tools ?? []])),
          tokensAtMost(content + JSON.stringify(tool_calls)),
          true,
          prices,
        ),
  };
}

/** A token is rarely shorter than two characters: an estimate that errs against us, so that a budget holds. */
const tokensAtMost = (text: string): number => Math.ceil(text.length / 2);

const priced = (
  input_tokens: number,
  output_tokens: number,
  estimated: boolean,
  prices: Prices | undefined,
): ModelUsage => ({
  input_tokens,
  output_tokens,
  estimated,
  usd: prices
    ? (input_tokens * prices.usd_per_million_input +
        output_tokens * prices.usd_per_million_output) /
      1_000_000
    : null,
});
