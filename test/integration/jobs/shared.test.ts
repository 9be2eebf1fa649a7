import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJobEngine } from '../../../src/adapters/jobs/engine.ts';
import { hasPostgres, startPostgres, type Postgres } from '../../support/postgres.ts';

const acceptor = fileURLToPath(new URL('acceptor.ts', import.meta.url));

/** Two engines stand for two machines. */
describe.runIf(hasPostgres)('the shared store, from two machines', () => {
  let database: Postgres;
  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.close());
  const open = () => openJobEngine({ url: database.url, folder: tmpdir(), notice: () => {} });

  it('runs one job of a key at a time on both together, and loses none', async () => {
    const machines = await Promise.all([open(), open()]);
    const keys = Array.from({ length: 4 }, () => crypto.randomUUID());
    const running = new Map<string, number>();
    const runs = new Map<string, number>();
    let most = 0;
    for (const { jobs } of machines) {
      await jobs.work('repository', 4, async ({ key }) => {
        const now = (running.get(key) ?? 0) + 1;
        running.set(key, now);
        most = Math.max(most, now);
        await pause(20);
        running.set(key, now - 1);
        runs.set(key, (runs.get(key) ?? 0) + 1);
      });
    }

    let enqueued = 0;
    for (let round = 0; round < 10; round += 1) {
      for (const [index, key] of keys.entries()) {
        const machine = machines[(round + index) % 2];
        if (await machine?.jobs.enqueue({ queue: 'repository', key, data: {} })) enqueued += 1;
      }
    }
    await machines[0].jobs.idle();
    await Promise.all(machines.map((machine) => machine.close()));

    expect(most).toBe(1);
    expect([...runs.values()].reduce((sum, count) => sum + count, 0)).toBe(enqueued);
  });

  it('gives the job of a machine that died to another, once its lease ran out', async () => {
    const key = `acme/${crypto.randomUUID()}`;
    const dying = spawn(process.execPath, [acceptor, tmpdir(), database.url, key]);
    await new Promise<void>((resolve) => {
      dying.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString().includes('job begun')) resolve();
      });
    });
    dying.kill('SIGKILL');

    const other = await open();
    const attempt = await new Promise<number>((resolve) => {
      void other.jobs.work('repository', 2, async (job) => {
        if (job.key === key) resolve(job.attempt);
      });
    });
    await other.jobs.idle();
    await other.close();

    expect(attempt).toBe(2);
  });

  it('keeps a delivery once, whichever machine it comes to', async () => {
    const machines = await Promise.all([open(), open()]);
    const id = crypto.randomUUID();
    const delivery = {
      id,
      event: 'issues',
      action: 'opened',
      repository: `acme/${id}`,
      installation: 1,
      received_at: new Date().toISOString(),
      body_hash: id,
      payload: {},
    };

    const answers = await Promise.all(machines.map(({ inbox }) => inbox.accept(delivery)));
    await Promise.all(machines.map((machine) => machine.close()));

    expect(answers.toSorted((one, other) => one.localeCompare(other))).toEqual([
      'accepted',
      'duplicate',
    ]);
  });
});
