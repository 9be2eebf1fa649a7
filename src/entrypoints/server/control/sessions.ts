import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Secret } from '../../../config.ts';

/** Long enough to stop something and to look at it; whoever stays signs in again. */
const LIFE_MS = 15 * 60_000;
const MOST = 500;

export interface Session {
  /** Asked about at GitHub anew for each act, so that a token taken back ends it. In this process's memory and nowhere else. */
  readonly token: Secret;
  /** In every form of this session, and in no other site's. */
  readonly csrf: string;
  /** What the last act came to, to be shown once. */
  message: string | null;
  readonly until: number;
}

/** People who signed in on the page, while this process runs. */
export class Sessions {
  readonly #open = new Map<string, Session>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  open(token: string): { readonly id: string; readonly seconds: number } {
    for (const [id, { until }] of this.#open) {
      if (until <= this.#now() || this.#open.size >= MOST) this.#open.delete(id);
    }
    const id = unguessable();
    const until = this.#now() + LIFE_MS;
    this.#open.set(id, { token: new Secret(token), csrf: unguessable(), message: null, until });
    return { id, seconds: LIFE_MS / 1000 };
  }

  find(id: string | undefined): Session | null {
    const found = id === undefined ? undefined : this.#open.get(id);
    return found !== undefined && found.until > this.#now() ? found : null;
  }

  close(id: string | undefined): void {
    if (id !== undefined) this.#open.delete(id);
  }
}

const unguessable = (): string => randomBytes(32).toString('base64url');

export function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
