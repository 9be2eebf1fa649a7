import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { GitHubRefusal } from './errors.ts';
import type { World } from './world.ts';

const bodyLimit = 128 * 1024 * 1024;

export function countRequest(world: World, who: string, route: string): void {
  const { counters } = world;
  counters.requests += 1;
  counters.byRoute[route] = (counters.byRoute[route] ?? 0) + 1;
  counters.byActor[who] = (counters.byActor[who] ?? 0) + 1;
  const own = (counters.byActorAndRoute[who] ??= {});
  own[route] = (own[route] ?? 0) + 1;
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    size += bytes.length;
    if (size > bodyLimit) throw new GitHubRefusal(413, 'Payload too large');
    chunks.push(bytes);
  }
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? unzipped(body) : body;
}

/** A small body may hide a large one: what would exceed the limit is refused like what exceeds it. */
function unzipped(body: Buffer): Buffer {
  try {
    return gunzipSync(body, { maxOutputLength: bodyLimit });
  } catch (cause) {
    throw cause instanceof RangeError
      ? new GitHubRefusal(413, 'Payload too large')
      : new GitHubRefusal(400, 'Problems decoding the gzip body');
  }
}
