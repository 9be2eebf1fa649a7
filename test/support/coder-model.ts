import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the model says, turn by turn: its n-th answer in a conversation follows n results of tools. */
export interface Script {
  readonly calls: readonly {
    readonly name: string;
    readonly input: Readonly<Record<string, unknown>>;
  }[];
  readonly last: string;
}

export interface CoderModel {
  readonly baseUrl: string;
  readonly asked: {
    readonly path: string;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
  }[];
  say(script: Script): void;
  close(): void;
}

type Turn = { readonly text: string } | { readonly name: string; readonly input: string };

const usage = { input: 30, output: 3 };

/** A model service in the three tongues that coding agents speak, streamed; a conversation without tools is about a title. */
export async function startCoderModel(): Promise<CoderModel> {
  const asked: CoderModel['asked'] = [];
  let script: Script = { calls: [], last: 'Nothing to do.' };
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const path = (request.url ?? '').split('?')[0] ?? '';
      asked.push({ path, headers: request.headers, body });
      const tongue = tongues[path];
      if (tongue === undefined) {
        response.writeHead(404).end('{}');
        return;
      }
      const told: Told = JSON.parse(body);
      const done = body.split(tongue.result).length - 1;
      const call = script.calls[done];
      const turn: Turn =
        (told.tools ?? []).length === 0
          ? { text: 'A title' }
          : call === undefined
            ? { text: script.last }
            : { name: call.name, input: JSON.stringify(call.input) };
      tongue.answer(response, turn, told, done);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    say: (said) => (script = said),
    close: () => server.close(),
  };
}

interface Told {
  readonly model?: string;
  readonly stream?: boolean;
  readonly tools?: readonly unknown[];
}

interface Tongue {
  /** What a tool's result is marked by in a request. */
  readonly result: string;
  answer(response: ServerResponse, turn: Turn, told: Told, count: number): void;
}

const tongues: Readonly<Record<string, Tongue>> = {
  '/v1/chat/completions': {
    result: '"role":"tool"',
    answer(response, turn, { model, stream }, count) {
      const call =
        'name' in turn
          ? [
              {
                index: 0,
                id: `call_${count}`,
                type: 'function',
                function: { name: turn.name, arguments: turn.input },
              },
            ]
          : undefined;
      const said = {
        role: 'assistant',
        content: 'text' in turn ? turn.text : null,
        ...(call === undefined ? {} : { tool_calls: call }),
      };
      const finish_reason = call === undefined ? 'stop' : 'tool_calls';
      const counted = {
        prompt_tokens: usage.input,
        completion_tokens: usage.output,
        total_tokens: usage.input + usage.output,
      };
      const head = { id: `chat_${count}`, created: 0, model };
      if (stream !== true) {
        const choices = [{ index: 0, message: said, finish_reason }];
        return whole(response, { ...head, object: 'chat.completion', choices, usage: counted });
      }
      const chunk = { ...head, object: 'chat.completion.chunk' };
      streamed(response, [
        { ...chunk, choices: [{ index: 0, delta: said, finish_reason: null }] },
        { ...chunk, choices: [{ index: 0, delta: {}, finish_reason }] },
        { ...chunk, choices: [], usage: counted },
        '[DONE]',
      ]);
    },
  },
  '/v1/responses': {
    result: '"type":"function_call_output"',
    answer(response, turn, { model }, count) {
      const item =
        'name' in turn
          ? {
              type: 'function_call',
              id: `fc_${count}`,
              call_id: `call_${count}`,
              name: turn.name,
              arguments: turn.input,
            }
          : {
              type: 'message',
              id: `msg_${count}`,
              role: 'assistant',
              content: [{ type: 'output_text', text: turn.text, annotations: [] }],
            };
      const about = { id: `resp_${count}`, object: 'response', model };
      const counted = {
        input_tokens: usage.input,
        input_tokens_details: { cached_tokens: 0 },
        output_tokens: usage.output,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: usage.input + usage.output,
      };
      streamed(response, [
        { type: 'response.created', response: { ...about, status: 'in_progress', output: [] } },
        { type: 'response.output_item.added', output_index: 0, item },
        { type: 'response.output_item.done', output_index: 0, item },
        {
          type: 'response.completed',
          response: { ...about, status: 'completed', output: [item], usage: counted },
        },
      ]);
    },
  },
  '/v1/messages': {
    result: '"type":"tool_result"',
    answer(response, turn, { model, stream }, count) {
      const called = 'name' in turn;
      const id = `msg_${count}`;
      const stop_reason = called ? 'tool_use' : 'end_turn';
      const block = called
        ? { type: 'tool_use', id: `toolu_${count}`, name: turn.name, input: {} }
        : { type: 'text', text: '' };
      const counted = { input_tokens: usage.input, output_tokens: usage.output };
      const message = { id, type: 'message', role: 'assistant', model, stop_sequence: null };
      if (stream !== true) {
        const content = [
          called
            ? { ...block, input: JSON.parse(turn.input) as unknown }
            : { ...block, text: turn.text },
        ];
        return whole(response, { ...message, content, stop_reason, usage: counted });
      }
      const delta = called
        ? { type: 'input_json_delta', partial_json: turn.input }
        : { type: 'text_delta', text: turn.text };
      streamed(response, [
        {
          type: 'message_start',
          message: { ...message, content: [], stop_reason: null, usage: counted },
        },
        { type: 'content_block_start', index: 0, content_block: block },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage: counted },
        { type: 'message_stop' },
      ]);
    },
  },
};

function whole(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function streamed(
  response: ServerResponse,
  events: readonly (Readonly<Record<string, unknown>> | string)[],
): void {
  response.setHeader('content-type', 'text/event-stream');
  for (const event of events) {
    const data = typeof event === 'string' ? event : JSON.stringify(event);
    const name =
      typeof event === 'string' || typeof event['type'] !== 'string'
        ? ''
        : `event: ${event['type']}\n`;
    response.write(`${name}data: ${data}\n\n`);
  }
  response.end();
}
