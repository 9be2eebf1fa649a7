import type { DemoStage } from './stage.ts';

/** How long to wait for work that is only delayed (a retry, a look at a closed window) when it is over. */
const IDLE_IGNORES_DELAYS_OVER_S = 2;

/** All deliveries in, all jobs done, and what waited for a next commit recorded. */
export async function comeToRest({
  simulator,
  assent,
}: Pick<DemoStage, 'simulator' | 'assent'>): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await simulator.idle();
    await assent.deps.queue.idle({ ignore_delays_over: IDLE_IGNORES_DELAYS_OVER_S });
  }
  await assent.service.settle();
}
