import { fieldOf } from './world.ts';
import type { Machine, World } from './world.ts';
import type { Person } from '../../../src/simulator/simulator.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Headers;
  /** `end` of an act, `code` of a problem. */
  readonly word: unknown;
}

/** A request to a machine's API, with the token of one of the people, or any text. */
export async function ask(
  machine: Pick<Machine, 'url'>,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiAnswer> {
  const response = await fetch(`${machine.url}/api/v1${path}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  const word = fieldOf(answer, 'end') ?? fieldOf(fieldOf(answer, 'error'), 'code');
  return { status: response.status, body: answer, headers: response.headers, word };
}

export const tokenOf = ({ simulator }: World, person: Person): string =>
  simulator.people[person].token;

/** A body that comes in pieces and says nowhere how long it is. */
export function unmeasured(bytes: number): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(1024).fill(0x20);
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      controller.enqueue(piece.subarray(0, Math.min(left, piece.length)));
      left -= piece.length;
      if (left <= 0) controller.close();
    },
  });
}
