interface Entry {
  readonly etag: string;
  readonly body: string;
  readonly headers: readonly (readonly [string, string])[];
}

/**
 * What GitHub answered last time, by address. GitHub says with 304 that it still holds, and such an answer is free of
 * the rate limit; nothing is ever taken from here without asking. Bounded by characters held, oldest out first.
 */
export class EtagCache {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();
  #size = 0;

  constructor(limit = 8_000_000) {
    this.#limit = limit;
  }

  etag(key: string): string | null {
    return this.#entries.get(key)?.etag ?? null;
  }

  /** The answer that a 304 confirms, under the headers that came with the 304. */
  confirmed(key: string, fresh: Headers): Response | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const headers = new Headers(entry.headers.map(([name, value]) => [name, value]));
    for (const [name, value] of fresh)
      if (name === 'date' || name.startsWith('x-ratelimit-')) headers.set(name, value);
    return new Response(entry.body, { status: 200, headers });
  }

  /** Gives the response on, its body readable as before. */
  async keep(key: string, response: Response): Promise<Response> {
    const etag = response.headers.get('etag');
    if (etag === null || response.status !== 200) return response;
    const body = await response.text();
    const headers = [...response.headers].filter(([name]) => !OF_THE_WIRE.has(name));
    this.#put(key, { etag, body, headers });
    return new Response(body, { status: 200, headers: headers.map(([n, v]) => [n, v]) });
  }

  #put(key: string, entry: Entry): void {
    this.#drop(key);
    if (entry.body.length > this.#limit / 8) return;
    this.#entries.set(key, entry);
    this.#size += entry.body.length;
    for (const oldest of this.#entries.keys()) {
      if (this.#size <= this.#limit) return;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#size -= this.#entries.get(key)?.body.length ?? 0;
    this.#entries.delete(key);
  }
}

/** They describe the bytes on the wire; `fetch` has unpacked them. */
const OF_THE_WIRE = new Set(['content-encoding', 'content-length', 'transfer-encoding']);
