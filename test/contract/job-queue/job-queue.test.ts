import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Job, JobHandler } from '../../../src/ports/job-queue.ts';
import { homes, retry, type Store } from './harness.ts';

describe.each(homes)('a job queue, $name', ({ open }) => {
  let store: Store;
  /** Each test works keys of its own, by a handler of its own: a queue takes one worker. */
  const handlers = new Map<string, JobHandler>();
  let tests = 0;
  const freshKey = (handler: JobHandler): string => {
    const key = `acme/${crypto.randomUUID()}-${(tests += 1)}`;
    handlers.set(key, handler);
    return key;
  };

  beforeAll(async () => {
    store = await open();
    for (const queue of ['repository', 'agent'] as const) {
      await store.jobs.work(queue, 3, async (job) => handlers.get(job.key)?.(job));
    }
  });
  afterAll(() => store.close());

  it('gives the handler the key, the data and the attempt', async () => {
    const seen: Job[] = [];
    const key = freshKey(async (job) => void seen.push(job));

    const enqueued = await store.jobs.enqueue({ queue: 'agent', key, data: { round: 3 } });
    await store.jobs.idle();

    expect(enqueued).toBe(true);
    expect(seen).toMatchObject([{ key, data: { round: 3 }, attempt: 1 }]);
  });

  it('runs one job of a key at a time', async () => {
    let running = 0;
    let most = 0;
    const key = freshKey(async () => {
      running += 1;
      most = Math.max(most, running);
      await pause(60);
      running -= 1;
    });

    for (let wake = 0; wake < 4; wake += 1) {
      await store.jobs.enqueue({ queue: 'repository', key, data: {} });
      await pause(20);
    }
    await store.jobs.idle();

    expect(most).toBe(1);
  });

  it('lets one queued wake-up serve for all that come before it begins', async () => {
    let runs = 0;
    const { held, release } = gate();
    const key = freshKey(async () => {
      runs += 1;
      await held;
    });
    await store.jobs.enqueue({ queue: 'repository', key, data: {} });
    await until(() => runs === 1);

    const answers: boolean[] = [];
    for (let wake = 0; wake < 3; wake += 1) {
      answers.push(await store.jobs.enqueue({ queue: 'repository', key, data: {} }));
    }
    release();
    await store.jobs.idle();

    expect(answers).toEqual([true, false, false]);
    expect(runs).toBe(2);
  });

  it('never loses a wake-up that comes while a job of its key runs', async () => {
    const inboxOfKey = ['first'];
    const read: string[][] = [];
    const { held, release } = gate();
    const key = freshKey(async () => {
      read.push(inboxOfKey.splice(0));
      await held;
    });
    await store.jobs.enqueue({ queue: 'repository', key, data: {} });
    await until(() => read.length === 1);

    inboxOfKey.push('second');
    await store.jobs.enqueue({ queue: 'repository', key, data: {} });
    release();
    await store.jobs.idle();

    expect(read).toEqual([['first'], ['second']]);
  });

  it('begins the waiting job of a key as soon as the running one ends', async () => {
    let begun = 0;
    const { held, release } = gate();
    const key = freshKey(async () => {
      begun += 1;
      await held;
    });
    await store.jobs.enqueue({ queue: 'repository', key, data: {} });
    await until(() => begun === 1);
    await store.jobs.enqueue({ queue: 'repository', key, data: {} });
    release();

    // Long before the lease of the one that ended would have run out.
    expect(await until(() => begun === 2)).toBe(true);
    await store.jobs.idle();
  });

  it('holds no other key back behind a busy one', async () => {
    const { held, release } = gate();
    let otherRan = false;
    let busyRuns = 0;
    const busy = freshKey(async () => {
      busyRuns += 1;
      await held;
    });
    const other = freshKey(async () => {
      otherRan = true;
    });

    await store.jobs.enqueue({ queue: 'repository', key: busy, data: {} });
    await until(() => busyRuns === 1);
    await store.jobs.enqueue({ queue: 'repository', key: busy, data: {} });
    await store.jobs.enqueue({ queue: 'repository', key: other, data: {} });
    const inTime = await until(() => otherRan);
    release();
    await store.jobs.idle();

    expect(inTime).toBe(true);
    expect(busyRuns).toBe(2);
  });

  it('keeps the two queues apart, also for the same key', async () => {
    const seen = new Set<unknown>();
    const key = freshKey(async (job) => void seen.add(job.data['from']));

    await store.jobs.enqueue({ queue: 'repository', key, data: { from: 'repository' } });
    await store.jobs.enqueue({ queue: 'agent', key, data: { from: 'agent' } });
    await store.jobs.idle();

    expect(seen).toEqual(new Set(['agent', 'repository']));
  });

  it('tries again after a failure, then keeps a dead letter with the reason until a human retries it', async () => {
    let broken = true;
    const attempts: number[] = [];
    const key = freshKey(async (job) => {
      attempts.push(job.attempt);
      if (broken) throw new Error('the forge is on fire');
    });

    await store.jobs.enqueue({ queue: 'agent', key, data: { run: 7 } });
    await store.jobs.idle();
    const [letter] = (await store.jobs.deadLetters()).filter((one) => one.key === key);

    expect(attempts).toEqual([1, 2]);
    expect(retry.attempts).toBe(2);
    expect(letter).toMatchObject({
      queue: 'agent',
      key,
      data: { run: 7 },
      reason: 'the forge is on fire',
    });

    broken = false;
    const retried = await store.jobs.retry(letter?.id ?? '');
    await store.jobs.idle();

    expect(retried).toBe(true);
    expect(attempts).toEqual([1, 2, 1]);
    expect((await store.jobs.deadLetters()).filter((one) => one.key === key)).toEqual([]);
  });

  it('drops a dead letter once, and says so for one it does not know', async () => {
    const key = freshKey(async () => {
      throw new Error('never works');
    });
    await store.jobs.enqueue({ queue: 'agent', key, data: {} });
    await store.jobs.idle();
    const [letter] = (await store.jobs.deadLetters()).filter((one) => one.key === key);
    const before = await store.jobs.counts('agent');

    const dropped = await store.jobs.drop(letter?.id ?? '');
    const again = await store.jobs.drop(letter?.id ?? '');

    expect([dropped, again]).toEqual([true, false]);
    expect((await store.jobs.counts('agent')).dead).toBe(before.dead - 1);
    expect(await store.jobs.retry('no such letter')).toBe(false);
  });

  it('begins a delayed job no earlier than asked', async () => {
    let ran = 0;
    const key = freshKey(async () => {
      ran = performance.now();
    });
    const asked = performance.now();
    await store.jobs.enqueue({ queue: 'agent', key, data: {}, delay_seconds: 0.8 });

    // A wait of less than a second is one.
    expect(await until(() => ran > 0)).toBe(true);
    expect(ran - asked).toBeGreaterThan(750);
  });

  it('lets an early wake-up through when only a later one is queued', async () => {
    let runs = 0;
    const key = freshKey(async () => {
      runs += 1;
    });
    await store.jobs.enqueue({ queue: 'repository', key, data: {}, delay_seconds: 600 });

    const early = await store.jobs.enqueue({ queue: 'repository', key, data: {} });
    await store.jobs.idle({ ignore_delays_over: 60 });

    expect(early).toBe(true);
    expect(runs).toBe(1);
  });
});

/** What holds a handler until the test lets it go on, however slow the machine is. */
function gate() {
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  return { held, release };
}

async function until(condition: () => boolean, atMostMs = 30_000): Promise<boolean> {
  const start = performance.now();
  while (!condition()) {
    if (performance.now() - start > atMostMs) return false;
    await pause(5);
  }
  return true;
}
