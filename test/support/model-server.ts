import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly messages: readonly { readonly role: string; readonly content: unknown }[];
    readonly response_format?: unknown;
    readonly tools?: unknown;
  };
}

/** What the server does with one request; `hang` never answers, `drop` cuts the connection. */
export type ServerAnswer =
  | { readonly status: number; readonly body: unknown; readonly headers?: Record<string, string> }
  | 'hang'
  | 'drop';

export interface ModelServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Answers for the requests to come, in order; the last one stays. */
  say(...answers: readonly ServerAnswer[]): void;
  close(): Promise<void>;
}

export async function startModelServer(): Promise<ModelServer> {
  const asked: Asked[] = [];
  let queue: ServerAnswer[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      asked.push({
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked['body'],
      });
      const answer = queue.length > 1 ? queue.shift() : queue[0];
      if (answer === 'hang' || answer === undefined) return;
      if (answer === 'drop') {
        request.socket.destroy();
        return;
      }
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      response.writeHead(answer.status, {
        'content-type': typeof answer.body === 'string' ? 'text/html' : 'application/json',
        ...answer.headers,
      });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    say(...answers) {
      asked.length = 0;
      queue = [...answers];
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };

const completion = (message: object, extra: object = { usage }) => ({
  status: 200,
  body: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'test-model',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }],
    ...extra,
  },
});

export const saying = (content: unknown, extra?: object) =>
  completion({ content: typeof content === 'string' ? content : JSON.stringify(content) }, extra);

/** Calls of tools; the arguments as an object, or as the text a model might garble. */
export const calling = (...calls: readonly (readonly [name: string, input: object | string])[]) =>
  completion({
    content: null,
    tool_calls: calls.map(([name, input], index) => ({
      id: `call_${index}`,
      type: 'function',
      function: { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) },
    })),
  });

export const failing = (
  status: number,
  message = 'no',
  headers: Record<string, string> = {},
): ServerAnswer => ({ status, body: { error: { message, type: 'x', code: null } }, headers });
