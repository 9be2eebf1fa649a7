/** What a program may ask the model service for; whatever is not here is not passed on. */
export interface Endpoint {
  readonly service: 'openai' | 'anthropic';
  /** Behind the service's base address. */
  readonly path: string;
  /** Keys of a request that are passed on. Others may have the service reach out, keep, or bill more. */
  readonly keys: ReadonlySet<string>;
  /** Types of tools that the program carries out itself; one that the service carries out would be a way out of the sandbox. */
  readonly tool: (type: string) => boolean;
  /** Where the request says how long its answer may be, the preferred name last. */
  readonly longest: readonly string[];
  readonly streamed: 'chat' | 'responses' | 'messages';
}

const keys = (names: string): ReadonlySet<string> => new Set(names.split(' '));

const sampling = 'temperature top_p top_k stream tools tool_choice';

const among =
  (...types: readonly string[]) =>
  (type: string): boolean =>
    types.includes(type);

export const endpoints: ReadonlyMap<string, Endpoint> = new Map<string, Endpoint>([
  [
    '/v1/chat/completions',
    {
      service: 'openai',
      path: '/chat/completions',
      keys: keys(
        `messages ${sampling} stream_options parallel_tool_calls functions function_call response_format stop seed logit_bias ` +
          'presence_penalty frequency_penalty max_tokens max_completion_tokens reasoning_effort verbosity',
      ),
      tool: among('function', 'custom'),
      longest: ['max_completion_tokens', 'max_tokens'],
      streamed: 'chat',
    },
  ],
  [
    '/v1/responses',
    {
      service: 'openai',
      path: '/responses',
      keys: keys(
        `input instructions ${sampling} parallel_tool_calls reasoning include text max_output_tokens truncation prompt_cache_key`,
      ),
      tool: among('function', 'custom', 'local_shell', 'shell', 'apply_patch'),
      longest: ['max_output_tokens'],
      streamed: 'responses',
    },
  ],
  [
    '/v1/messages',
    {
      service: 'anthropic',
      path: '/v1/messages',
      keys: keys(`messages system ${sampling} max_tokens stop_sequences thinking output_config`),
      tool: (type) => type === 'custom' || /^(?:bash|text_editor|memory)_\d+$/.test(type),
      longest: ['max_tokens'],
      streamed: 'messages',
    },
  ],
]);

/** Headers of a program's request that are passed on. */
export const passedHeaders = ['anthropic-version', 'anthropic-beta'] as const;
