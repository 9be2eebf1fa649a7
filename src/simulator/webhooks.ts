import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signatureOf } from './auth.ts';
import type { Delivery, ExchangeObserver } from './face.ts';
import type { Faults } from './faults.ts';

/** GitHub gives up on an answer after ten seconds. */
const answerWithinMs = 10_000;
/** GitHub forgets by time, the simulator by number: a load test must not fill the memory with its own payloads. */
const keptDeliveries = 5_000;
/** How long a reordered batch waits for its last member. */
const gatherMs = 250;

export interface Hook {
  readonly id: number;
  readonly appId: number;
  readonly secret: string;
  url: string | null;
}

interface Outgoing {
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly body: string;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
}

export type Payload = Record<string, unknown>;

/** Delivers what happened, in order within a repository, never twice by itself, and remembers each attempt. */
export class Webhooks {
  readonly hook: Hook;
  readonly deliveries: Delivery[] = [];
  readonly #faults: Faults;
  readonly #now: () => Date;
  readonly #observer: ExchangeObserver | undefined;
  readonly #lanes = new Map<number, Promise<void>>();
  readonly #stopped = new AbortController();
  #gathered: Outgoing[] = [];
  #nextId = 20_001;

  constructor(hook: Hook, faults: Faults, now: () => Date, observer: ExchangeObserver | undefined) {
    this.hook = hook;
    this.#faults = faults;
    this.#now = now;
    this.#observer = observer;
  }

  /** Nobody would see the payload: building it can be saved. */
  get unheard(): boolean {
    return this.hook.url === null && this.#observer === undefined;
  }

  /** `payload` may take its time; the place in the repository's order is taken now. */
  emit(
    event: string,
    to: { installationId: number | null; repositoryId: number | null },
    payload: Promise<Payload> | Payload,
  ): void {
    // A payload that cannot be built is a bug of the simulator: it must surface, but in the lane that awaits it.
    const settled = Promise.resolve(payload).then(
      (value) => ({ value }),
      (cause: unknown) => ({ cause }),
    );
    void this.#inLane(to.repositoryId ?? 0, async () => {
      const built = await settled;
      if ('cause' in built) {
        this.#logUnbuilt(event, built.cause);
        return;
      }
      const { action } = built.value;
      const verb = typeof action === 'string' ? action : null;
      this.#observer?.webhook({ event, action: verb, payload: built.value });
      if (this.hook.url === null) return;
      await this.#send({
        guid: randomUUID(),
        event,
        action: verb,
        body: JSON.stringify(built.value),
        installationId: to.installationId,
        repositoryId: to.repositoryId,
        redelivery: false,
      });
    });
  }

  find(id: number): Delivery | undefined {
    return this.deliveries.find((one) => one.id === id);
  }

  async redeliver(id: number): Promise<void> {
    const found = this.find(id);
    if (found === undefined) throw new RangeError(`No delivery has the id ${id}.`);
    const { guid, event, action, installationId, repositoryId } = found;
    const body = found.request.body;
    const outgoing = { guid, event, action, body, installationId, repositoryId, redelivery: true };
    await this.#inLane(repositoryId ?? 0, () => this.#attempt(outgoing));
  }

  async idle(): Promise<void> {
    for (;;) {
      const lanes = [...this.#lanes.values()];
      await Promise.all(lanes);
      if ([...this.#lanes.values()].every((lane) => lanes.includes(lane))) return;
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  #inLane(lane: number, work: () => Promise<void>): Promise<void> {
    const turn = (this.#lanes.get(lane) ?? Promise.resolve()).then(() =>
      this.#stopped.signal.aborted ? undefined : work(),
    );
    this.#lanes.set(lane, turn);
    return turn;
  }

  async #send(outgoing: Outgoing): Promise<void> {
    const faults = this.#faults;
    if (faults.dropDeliveries > 0) {
      faults.dropDeliveries -= 1;
      this.#log(outgoing, 0, { statusCode: 0, status: 'dropped by a fault switch' });
      return;
    }
    if (faults.reorderDeliveries > 0 || this.#gathered.length > 0) {
      await this.#gather(outgoing);
      return;
    }
    await this.#attempt(outgoing);
    if (faults.duplicateDeliveries > 0) {
      faults.duplicateDeliveries -= 1;
      await this.#attempt(outgoing);
    }
  }

  /** Last first once the batch is full, or after a moment if no more comes. */
  async #gather(outgoing: Outgoing): Promise<void> {
    this.#gathered.push(outgoing);
    this.#faults.reorderDeliveries -= 1;
    const flush = async () => {
      const batch = this.#gathered.toReversed();
      this.#gathered = [];
      for (const one of batch) await this.#attempt(one);
    };
    if (this.#faults.reorderDeliveries <= 0) {
      await flush();
      return;
    }
    const size = this.#gathered.length;
    const waited = sleep(gatherMs, undefined, { signal: this.#stopped.signal }).catch(
      () => undefined,
    );
    // Not awaited in the lane: the rest of the batch has to come through it.
    this.#inLane(-1, async () => {
      await waited;
      if (this.#gathered.length === size && size > 0) {
        this.#faults.reorderDeliveries = 0;
        await flush();
      }
    }).catch(() => undefined);
  }

  async #attempt(outgoing: Outgoing): Promise<void> {
    const { url } = this.hook;
    if (url === null) return;
    await this.#faults.holdBack();
    const headers = this.#headers(outgoing);
    const started = performance.now();
    const seconds = () => (performance.now() - started) / 1000;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: outgoing.body,
        redirect: 'manual',
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(answerWithinMs)]),
      });
      const body = (await response.text()).slice(0, 10_000);
      const status = response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`;
      const answer = { headers: Object.fromEntries(response.headers), body };
      this.#log(outgoing, seconds(), { statusCode: response.status, status, answer, headers });
    } catch (cause) {
      const status =
        cause instanceof Error && cause.name === 'TimeoutError'
          ? 'timed out'
          : 'failed to connect to host';
      this.#log(outgoing, seconds(), { statusCode: 0, status, headers });
    }
  }

  #headers(outgoing: Outgoing): Record<string, string> {
    return {
      Accept: '*/*',
      'Content-Type': 'application/json',
      'User-Agent': 'GitHub-Hookshot/51a1e2f',
      'X-GitHub-Delivery': outgoing.guid,
      'X-GitHub-Event': outgoing.event,
      'X-GitHub-Hook-ID': String(this.hook.id),
      'X-GitHub-Hook-Installation-Target-ID': String(this.hook.appId),
      'X-GitHub-Hook-Installation-Target-Type': 'integration',
      'X-Hub-Signature-256': signatureOf(this.hook.secret, outgoing.body),
    };
  }

  #log(
    outgoing: Outgoing,
    duration: number,
    result: {
      statusCode: number;
      status: string;
      headers?: Record<string, string>;
      answer?: { headers: Record<string, string>; body: string };
    },
  ): void {
    this.deliveries.push({
      id: this.#nextId++,
      guid: outgoing.guid,
      event: outgoing.event,
      action: outgoing.action,
      deliveredAt: this.#now().toISOString(),
      redelivery: outgoing.redelivery,
      duration: Math.round(duration * 100) / 100,
      status: result.status,
      statusCode: result.statusCode,
      installationId: outgoing.installationId,
      repositoryId: outgoing.repositoryId,
      url: this.hook.url ?? '',
      request: { headers: result.headers ?? this.#headers(outgoing), body: outgoing.body },
      response: result.answer ?? { headers: {}, body: '' },
    });
    if (this.deliveries.length > keptDeliveries) this.deliveries.shift();
  }

  #logUnbuilt(event: string, cause: unknown): void {
    if (this.#stopped.signal.aborted) return;
    process.emitWarning(`The simulator could not build its ${event} payload: ${String(cause)}`, {
      detail: cause instanceof Error ? (cause.stack ?? '') : '',
    });
  }
}
