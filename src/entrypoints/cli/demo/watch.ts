import { setTimeout as pause } from 'node:timers/promises';
import type { People } from './people.ts';

/** What `queue.json` on the ledger's branch says of an item; null where it is not open. */
export interface WatchedItem {
  readonly id: string;
  readonly stage: string;
  readonly authority: string;
  readonly note: string | null;
  readonly pull_request: {
    readonly number: number;
    readonly head: string;
    readonly branch: string;
  } | null;
  readonly approvals: readonly {
    readonly login: string;
    readonly gate: string;
    readonly digest: string;
  }[];
  readonly gate: { readonly ignored: readonly { readonly reason: string }[] } | null;
}

interface Queue {
  readonly items: Readonly<Record<string, WatchedItem>>;
  readonly cycle: { readonly number: number; readonly merges: readonly unknown[] };
}

/** What the demo waited for did not come. */
class WaitedInVainError extends Error {
  constructor(what: string, last: unknown) {
    super(
      `waited in vain: ${what}; last seen: ${JSON.stringify(last)?.slice(0, 600) ?? 'nothing'}`,
    );
    this.name = 'WaitedInVainError';
  }
}

const POLL_MS = 60;

/** Reads the repository's own memory, as anybody can; nothing is asked of the service. */
export class Watch {
  readonly #people: People;
  readonly #branch: string;
  readonly #patience: number;

  constructor(people: People, branch: string, patienceMs = 60_000) {
    this.#people = people;
    this.#branch = branch;
    this.#patience = patienceMs;
  }

  async queue(): Promise<Queue | null> {
    const text = await this.#people.read(this.#branch, '.ai_metadata/queue.json');
    if (text === null) return null;
    // The ledger's own file; its schema is held by the ledger's tests.
    return JSON.parse(text) as Queue;
  }

  async item(id: string): Promise<WatchedItem | null> {
    return (await this.queue())?.items[id] ?? null;
  }

  /** Waits until the open item is as wished. */
  async until(
    id: string,
    what: string,
    wished: (item: WatchedItem) => boolean,
  ): Promise<WatchedItem> {
    const found = await this.#poll(`${id}: ${what}`, async () => {
      const item = await this.item(id);
      return { found: item !== null && wished(item) ? item : null, seen: item };
    });
    return found;
  }

  /** Waits until the item has been open and is not any more. */
  async untilEnded(id: string): Promise<void> {
    await this.#poll(`${id} to end`, async () => {
      const queue = await this.queue();
      const item = queue?.items[id];
      return { found: queue !== null && item === undefined ? true : null, seen: item };
    });
  }

  waitsForHuman(id: string, stage: string): Promise<WatchedItem> {
    return this.until(
      id,
      `${stage} to wait for a human`,
      (item) => item.stage === stage && item.authority === 'waiting_for_human',
    );
  }

  async #poll<T>(
    what: string,
    look: () => Promise<{ readonly found: T | null; readonly seen: unknown }>,
  ): Promise<T> {
    const deadline = performance.now() + this.#patience;
    for (;;) {
      const { found, seen } = await look();
      if (found !== null) return found;
      if (performance.now() > deadline) throw new WaitedInVainError(what, seen);
      await pause(POLL_MS);
    }
  }
}
