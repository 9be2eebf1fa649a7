import type { Account } from '../../ports/code-host.ts';
import type { PersonCheck } from '../../ports/person-check.ts';

/** So long an answer about somebody serves for reading; an act asks anew. */
const KNOWN_MS = 10_000;
const MOST_KNOWN = 1_000;

/** Answers that are asked for often, kept for seconds, in memory, and no more of them than a few. */
export class Brief<Value> {
  readonly #kept = new Map<string, { readonly until: number; readonly value: Promise<Value> }>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string, ask: () => Promise<Value>, fresh = false): Promise<Value> {
    const known = this.#kept.get(key);
    if (!fresh && known !== undefined && known.until > this.#now()) return known.value;
    const value = ask();
    this.#kept.delete(key);
    this.#kept.set(key, { until: this.#now() + KNOWN_MS, value });
    value.catch(() => this.#kept.delete(key));
    this.#forgetOld();
    return value;
  }

  #forgetOld(): void {
    for (const [key, { until }] of this.#kept) {
      if (until > this.#now() && this.#kept.size <= MOST_KNOWN) return;
      this.#kept.delete(key);
    }
  }
}

export type Identify = (
  token: string,
  options?: { readonly fresh?: boolean },
) => Promise<Account | null>;

/** Whose token it is, if a person's: Apps, bots and organizations are nobody here. Remembered by the token's hash, for seconds. */
export function createIdentify(
  people: PersonCheck,
  { sha256, now }: { readonly sha256: (text: string) => string; readonly now: () => string },
): Identify {
  const known = new Brief<Account | null>(() => Date.parse(now()));
  return async (token, { fresh = false } = {}) => {
    const account = await known.get(sha256(token), () => people.whoIs(token), fresh);
    return account?.type === 'User' ? account : null;
  };
}
