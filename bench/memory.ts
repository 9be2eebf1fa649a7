/**
 * Resident memory of the service alone, in a process of its own with the embedded database; the simulated GitHub is
 * another. `node bench/memory.ts [WEBHOOKS]`: prints one JSON document. Linux only, since it reads /proc. With
 * `NODE_OPTIONS=--max-old-space-size=96` one sees what it needs, and not what V8 takes where there is plenty.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const main = fileURLToPath(new URL('../src/entrypoints/cli/main.ts', import.meta.url));

const SimulatorFacts = z.looseObject({
  url: z.string(),
  rest: z.string(),
  repository: z.looseObject({ full_name: z.string() }),
  tokens: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()),
});
const Numbered = z.looseObject({ number: z.number() });

const webhooks = Number(process.argv[2] ?? 500);
const folder = await mkdtemp(join(tmpdir(), 'assent-bench-'));
const started: ChildProcess[] = [];
try {
  console.log(JSON.stringify(await measure(), null, 2));
} finally {
  // The service first: its last words go to the simulator.
  for (const child of started.toReversed()) await ended(child);
  await rm(folder, { recursive: true, force: true });
}

async function measure() {
  const port = await freePort();
  const webhook = `http://127.0.0.1:${port}/api/github/webhooks`;
  const simulator = await run(['simulator', '--json', '--webhook', webhook], {});
  const facts = SimulatorFacts.parse(JSON.parse(simulator.document));
  const began = performance.now();
  const service = await run(['start', '--json'], {
    ...facts.env,
    PORT: String(port),
    ASSENT_DATA: join(folder, 'data'),
    LOG_LEVEL: 'error',
    // The simulator remembers every delivery, and would be what does not fit.
    NODE_OPTIONS: process.env['NODE_OPTIONS'] ?? '',
  });
  const startSeconds = (performance.now() - began) / 1000;
  const atStart = await memoryOf(service.pid);
  await atRest(service.pid);
  const idle = await memoryOf(service.pid);
  const sent = performance.now();
  await comment(facts, webhooks);
  await atRest(service.pid);
  const after = await memoryOf(service.pid);
  const heap = await heapOf(port);
  return {
    start_seconds: round(startSeconds),
    resident_mb: { at_start: atStart.resident, idle: idle.resident, after: after.resident },
    peak_mb: { at_start: atStart.peak, idle: idle.peak, after: after.peak },
    heap_mb_after: heap,
    webhooks,
    webhooks_seconds: round((performance.now() - sent) / 1000),
  };
}

/** Each is a real webhook of a person's comment, delivered, stored, and decided on. */
async function comment(
  { rest, repository, tokens }: z.infer<typeof SimulatorFacts>,
  count: number,
) {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(`${rest}/repos/${repository.full_name}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens['reader']}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  const { number } = Numbered.parse(await post('/issues', { title: 'Bench', body: 'Bench.' }));
  for (let index = 1; index < count; index += 1) {
    await post(`/issues/${number}/comments`, { body: `Remark ${index}.` });
  }
}

/** Starts a command of ours and gives the one document it prints when it is ready. */
async function run(args: readonly string[], environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env['PATH'], HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  const { pid, stdout } = child;
  if (pid === undefined) throw new Error(`${args[0]} did not start`);
  for await (const chunk of stdout) return { pid, document: String(chunk) };
  throw new Error(`${args[0]} ended before it was ready`);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

/** Until it has used no processor to speak of for two seconds. */
async function atRest(pid: number): Promise<void> {
  for (let quiet = 0, last = await ticksOf(pid); quiet < 2;) {
    await pause(1000);
    const now = await ticksOf(pid);
    quiet = now - last <= 10 ? quiet + 1 : 0;
    last = now;
  }
}

/** Processor time, user and system, in hundredths of a second. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // After the name in parentheses, which may hold spaces, `utime` and `stime` are the 12th and 13th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

async function memoryOf(pid: number): Promise<{ resident: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const megabytes = (key: string) =>
    Math.round(Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1000);
  return { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') };
}

/** Of the resident memory after: what JavaScript uses, and what it uses outside of its heap (the database's among it). */
async function heapOf(port: number): Promise<{ used: number; external: number }> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`^${name} ([\\d.e+]+)`, 'm').exec(text)?.[1]) / 1e6);
  return {
    used: megabytes('nodejs_heap_size_used_bytes'),
    external: megabytes('nodejs_external_memory_bytes'),
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
