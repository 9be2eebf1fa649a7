import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startSimulator, type Person, type Simulator } from '../../src/simulator/simulator.ts';
import { startPostgres, type Postgres } from './postgres.ts';

const ownPolicies = fileURLToPath(new URL('../../policies', import.meta.url));
const cli = fileURLToPath(new URL('../../src/entrypoints/cli/main.ts', import.meta.url));

/** `assent start`, a process of its own. */
export interface Machine {
  readonly url: string;
  /** Nothing of it runs until it is thawed: whatever happens meanwhile, another did. */
  freeze(): void;
  thaw(): void;
}

/** A model that takes every question and answers none: whoever asked is at work until told to stop. */
interface SilentModel {
  readonly url: string;
  /** When each question came, and when whoever asked hung up; by `performance.now()`. */
  readonly asked: { readonly at: number; ended: number | null }[];
  close(): void;
}

/** Two machines that know of each other by one database and one ledger alone. */
export interface TwoMachines {
  readonly simulator: Simulator;
  readonly model: SilentModel;
  /** Starts one more; what is delivered from now on is delivered to it. */
  machine(): Promise<Machine>;
  /** Until no machine is looking at a repository. */
  quiet(): Promise<void>;
  /** Says `verb` to this machine's own address, as that person. */
  say(machine: Machine, person: Person, verb: 'halt' | 'resume'): Promise<unknown>;
  halted(): Promise<boolean>;
  history(): Promise<string>;
  close(): Promise<void>;
}

export async function startTwoMachines(): Promise<TwoMachines> {
  const folder = mkdtempSync(join(tmpdir(), 'assent-machines-'));
  const [database, simulator, model] = await Promise.all([
    startPostgres(),
    startSimulator(),
    startSilentModel(),
  ]);
  const sql = new pg.Client(database.url);
  await sql.connect();
  const from = join(folder, 'widgets');
  cpSync(ownPolicies, join(from, 'policies'), { recursive: true });
  await simulator.createRepository({ owner: 'acme', name: 'widgets', from });
  const key = join(folder, 'key.pem');
  writeFileSync(key, simulator.app.privateKey, { mode: 0o400 });
  const children: ChildProcess[] = [];

  return {
    simulator,
    model,
    async machine() {
      const started = startMachine(folder, { key, simulator, model, database }, children.length);
      children.push(started.child);
      const url = await started.url;
      simulator.setWebhook(`${url}/api/github/webhooks`);
      return {
        url,
        freeze: () => void started.child.kill('SIGSTOP'),
        thaw: () => void started.child.kill('SIGCONT'),
      };
    },
    quiet: () =>
      until('no repository to be looked at', async () => {
        await simulator.idle();
        const { rows } = await sql.query<{ waiting: number }>(
          `select count(*)::int as waiting from pgboss.job
            where name = 'repository' and state in ('created', 'retry', 'active') and start_after <= now()`,
        );
        return rows[0]?.waiting === 0;
      }),
    async say(machine, person, verb) {
      const { token } = simulator.people[person];
      const answer = await fetch(`${machine.url}/api/v1/repositories/acme/widgets/${verb}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: JSON.stringify({ reason: 'to see it stop' }),
      });
      return answer.json();
    },
    async halted() {
      const queue: unknown = JSON.parse((await onLedger(simulator, 'queue.json')) || '{}');
      return JSON.stringify(queue).includes('"halted":{');
    },
    history: () => onLedger(simulator, 'history/000001.jsonl'),
    async close() {
      for (const child of children) child.kill('SIGKILL');
      model.close();
      await Promise.all([sql.end(), simulator.close()]);
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function startMachine(
  folder: string,
  its: {
    readonly key: string;
    readonly simulator: Simulator;
    readonly model: SilentModel;
    readonly database: Postgres;
  },
  number: number,
): { readonly child: ChildProcess; readonly url: Promise<string> } {
  const child = spawn(process.execPath, [cli, 'start', '--json'], {
    env: {
      PATH: process.env['PATH'] ?? '',
      APP_ID: String(its.simulator.app.id),
      PRIVATE_KEY_PATH: its.key,
      WEBHOOK_SECRET: its.simulator.app.webhookSecret,
      GHE_HOST: its.simulator.url,
      PORT: '0',
      ASSENT_DATA: join(folder, `data-${number}`),
      DATABASE_URL: its.database.url,
      OPENAI_API_KEY: 'no-key',
      OPENAI_BASE_URL: its.model.url,
      ASSENT_MODEL: 'silent',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const url = new Promise<string>((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stderr.on('data', (chunk: Buffer) => void (err += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /"url":"([^"]+)"/u.exec(out)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`it ended with ${String(code)}: ${err}`)));
  });
  return { child, url };
}

async function startSilentModel(): Promise<SilentModel> {
  const asked: SilentModel['asked'] = [];
  const server = createServer((request, response) => {
    const one: SilentModel['asked'][number] = { at: performance.now(), ended: null };
    asked.push(one);
    request.resume();
    response.on('close', () => {
      one.ended = performance.now();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function onLedger(simulator: Simulator, file: string): Promise<string> {
  const path = `/repos/acme/widgets/contents/.ai_metadata/${file}?ref=assent%2Fledger`;
  const { status, body } = await simulator.as('owner')('GET', path);
  if (status !== 200 || typeof body !== 'object' || body === null) return '';
  return Buffer.from(String(Reflect.get(body, 'content')), 'base64').toString('utf8');
}

/** Whatever must be reached must be reached in this time; only a broken run takes it. */
const PATIENCE_MS = 90_000;

export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await pause(20);
  }
}
