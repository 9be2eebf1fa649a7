import { UsageError, type Remote } from './remote.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Nobody answered, or with something else than an answer: nothing can be told. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

const TIMEOUT_MS = 30_000;

/** The service's API. */
export function askService(
  { service, token }: Remote,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer> {
  if (service === null) {
    throw new UsageError('where is Assent? --service ADDRESS, or set ASSENT_URL');
  }
  return send(`${service}/api/v1${path}`, method, token.reveal(), body, 'Assent');
}

/** GitHub's, as the human. */
export const askGitHub = (
  { github, token }: Remote,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer> => send(`${github}${path}`, method, token.reveal(), body, 'GitHub');

async function send(
  url: string,
  method: string,
  token: string,
  body: unknown,
  whom: string,
): Promise<Answer> {
  const { origin } = new URL(url);
  try {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'user-agent': 'assent',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof SyntaxError ? 'what answers is no API' : reasonOf(cause);
    throw new UnreachableError(`${whom} could not be asked at ${origin}: ${why}`);
  }
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : 'no answer');

/** The message of an API's refusal, Assent's or GitHub's. */
export function messageOf({ status, body }: Answer): string {
  const error = field(body, 'error');
  const message = field(error, 'message') ?? field(body, 'message');
  return typeof message === 'string' ? message : `it answered ${status}`;
}

export const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
