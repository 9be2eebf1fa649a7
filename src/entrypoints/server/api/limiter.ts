const WINDOW_MS = 60_000;
const MOST_KNOWN = 5_000;

/** So many failures a minute from one address; then nothing is asked of GitHub for it until the minute is over. */
export class FailureLimiter {
  readonly #failures = new Map<string, { readonly since: number; count: number }>();
  readonly #most: number;
  readonly #now: () => number;

  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /** Seconds to wait; 0: go on. */
  wait(address: string): number {
    const known = this.#current(address);
    if (known === null || known.count < this.#most) return 0;
    return Math.max(1, Math.ceil((known.since + WINDOW_MS - this.#now()) / 1000));
  }

  failed(address: string): void {
    const known = this.#current(address);
    if (known !== null) known.count += 1;
    else {
      this.#failures.set(address, { since: this.#now(), count: 1 });
      const oldest = this.#failures.keys().next().value;
      if (this.#failures.size > MOST_KNOWN && oldest !== undefined) this.#failures.delete(oldest);
    }
  }

  #current(address: string): { readonly since: number; count: number } | null {
    const known = this.#failures.get(address);
    if (known !== undefined && known.since + WINDOW_MS > this.#now()) return known;
    this.#failures.delete(address);
    return null;
  }
}
