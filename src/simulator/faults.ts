import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultSwitches, RequestFault } from './face.ts';

export class Faults implements FaultSwitches {
  duplicateDeliveries = 0;
  dropDeliveries = 0;
  reorderDeliveries = 0;
  latency = 0;
  #deliveryDelay = 0;
  #takenBack = new AbortController();
  #requests: RequestFault[] = [];

  get requests(): readonly RequestFault[] {
    return this.#requests;
  }

  failRequests(fault: RequestFault): void {
    if (fault.count > 0) this.#requests.push({ ...fault });
  }

  get deliveryDelay(): number {
    return this.#deliveryDelay;
  }

  /** Set to 0 it also lets go of what is held back: so a story delivers when it has done its part, however long that took. */
  set deliveryDelay(milliseconds: number) {
    this.#deliveryDelay = milliseconds;
    if (milliseconds > 0) return;
    this.#takenBack.abort();
    this.#takenBack = new AbortController();
  }

  async holdBack(): Promise<void> {
    if (this.#deliveryDelay === 0) return;
    const { signal } = this.#takenBack;
    await sleep(this.#deliveryDelay, undefined, { signal }).catch((cause: unknown) => {
      if (!signal.aborted) throw cause;
    });
  }

  reset(): void {
    this.duplicateDeliveries = 0;
    this.dropDeliveries = 0;
    this.reorderDeliveries = 0;
    this.deliveryDelay = 0;
    this.latency = 0;
    this.#requests = [];
  }

  /** The fault this request gets, used up by it. */
  take(method: string, path: string, actor: string): RequestFault | null {
    const fault = this.#requests.find(
      (one) =>
        (one.path === undefined || path.includes(one.path)) &&
        (one.method === undefined || one.method.toUpperCase() === method) &&
        (one.actor === undefined || one.actor === actor),
    );
    if (fault === undefined) return null;
    fault.count -= 1;
    if (fault.count <= 0) this.#requests = this.#requests.filter((one) => one !== fault);
    return fault;
  }
}
