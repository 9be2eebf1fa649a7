import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { openJobEngine } from '../../../src/adapters/jobs/engine.ts';
import { JobStoreFault } from '../../../src/adapters/jobs/fault.ts';
import type { Job } from '../../../src/ports/job-queue.ts';
import { embeddedFolder } from '../../support/embedded-folder.ts';

const acceptor = fileURLToPath(new URL('acceptor.ts', import.meta.url));
const folders: string[] = [];
/** A folder with an empty database, removed at the end. */
const folderOf = async (): Promise<string> => {
  const folder = await embeddedFolder();
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const open = (folder: string, notices: string[] = []) =>
  openJobEngine({ folder, notice: (message) => void notices.push(message) });

interface Killed {
  readonly acknowledged: readonly string[];
  readonly begun: boolean;
}

/** Runs the acceptor until it has acknowledged so many, then kills it as a power cut would. */
async function acceptAndKill(folder: string, atLeast: number): Promise<Killed> {
  const child = spawn(process.execPath, [acceptor, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    if (linesOf(written).length > atLeast) child.kill('SIGKILL');
  });
  await ended(child);
  const lines = linesOf(written);
  return {
    acknowledged: lines.filter((line) => line.startsWith('delivery-')),
    begun: lines.includes('job begun'),
  };
}

/** Whole lines only: the last may have been cut off by the kill. */
const linesOf = (text: string): readonly string[] => text.split('\n').slice(0, -1);

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => resolve());
  });

describe('the embedded store', () => {
  it('loses nothing it acknowledged when it is killed, and runs what was running again', async () => {
    const folder = await folderOf();
    const { acknowledged, begun } = await acceptAndKill(folder, 300);

    const engine = await open(folder);
    const stored = new Set(
      (await engine.inbox.take('acme/widgets')).map(({ id }) => id.split(' ')[1]),
    );
    const again: Job[] = [];
    await engine.jobs.work('repository', 1, async (job) => void again.push(job));
    await engine.jobs.idle();
    await engine.close();

    expect(acknowledged.length).toBeGreaterThanOrEqual(300);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(begun).toBe(true);
    expect(again).toMatchObject([{ key: 'acme/widgets', data: { from: 'before' }, attempt: 2 }]);
  });

  it('keeps what it had over an orderly restart', async () => {
    const folder = await folderOf();
    const first = await open(folder);
    await first.jobs.enqueue({ queue: 'agent', key: 'run-1', data: { item: 'issue-1' } });
    await first.close();

    const second = await open(folder);
    const counts = await second.jobs.counts('agent');
    await second.close();

    expect(counts).toEqual({ queued: 1, active: 0, dead: 0 });
  });

  it('lets one process into a folder, and tells the other which folder and what to do', async () => {
    const folder = await folderOf();
    const first = await open(folder);

    const second = open(folder);

    await expect(second).rejects.toThrow(JobStoreFault);
    await expect(second).rejects.toThrow(folder);
    await expect(second).rejects.toThrow('DATABASE_URL');
    await first.close();
    const third = await open(folder);
    await third.close();
  });

  it('puts a torn database aside and starts anew, saying so', async () => {
    const folder = await folderOf();
    const first = await open(folder);
    await first.close();
    const control = join(folder, 'pg', 'global', 'pg_control');
    writeFileSync(control, Buffer.alloc(statSync(control).size, 7));
    const notices: string[] = [];

    const engine = await open(folder, notices);
    const counts = await engine.inbox.counts();
    await engine.close();

    expect(counts.received).toBe(0);
    expect(notices.filter((notice) => notice.includes('started anew'))).toHaveLength(1);
    expect(readdirSync(folder).filter((name) => name.startsWith('pg.torn-'))).toHaveLength(1);
  });

  it('is not mistaken by a database that was half made when its maker died', async () => {
    const folder = await folderOf();
    const first = await open(folder);
    await first.close();
    rmSync(join(folder, 'pg'), { recursive: true });
    writeFileSync(join(folder, 'pg.new'), 'a start that was killed');

    const engine = await open(folder);
    await engine.close();

    expect(existsSync(join(folder, 'pg.new'))).toBe(false);
  });

  it('keeps its folder to its own user', async () => {
    const folder = join(await folderOf(), 'store');

    const engine = await open(folder);
    await engine.close();

    expect(statSync(folder).mode & 0o077).toBe(0);
  });

  it('lets timers and HTTP breathe through a burst', async () => {
    const engine = await open(await folderOf());
    let turns = 0;
    let pulse = setImmediate(function next() {
      turns += 1;
      pulse = setImmediate(next);
    });

    const wakes = 60;
    for (let wake = 0; wake < wakes; wake += 1) {
      await engine.jobs.enqueue({ queue: 'repository', key: `acme/${wake}`, data: {} });
    }
    clearImmediate(pulse);
    await engine.close();

    expect(turns).toBeGreaterThanOrEqual(wakes);
  });
});
