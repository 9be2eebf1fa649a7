import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Sandbox, StepRequest, StepResult } from '../../ports/sandbox.ts';
import { normaliseLog } from './log.ts';

/** A step that floods is stopped once it wrote this many times its cap. */
const floodFactor = 4;

/**
 * Runs steps on the host itself: NO isolation but an empty environment, a home of its own, and a process group that dies at the
 * time-out. Made by the demo alone, for the demo's own repository, whose steps and whose changes are part of this program; any
 * other repository gets `createUnavailableSandbox` until bubblewrap stands.
 */
export function createHostDemoSandbox(): Sandbox {
  return {
    capability: () => ({
      kind: 'host-demo',
      reason: "Steps run on this machine, for the demo's own repository only.",
    }),
    async run(step) {
      const home = await mkdtemp(join(tmpdir(), 'assent-step-'));
      try {
        return await runOnHost(step, home);
      } finally {
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}

async function runOnHost(step: StepRequest, home: string): Promise<StepResult> {
  const started = performance.now();
  const child = spawn('/bin/sh', ['-c', step.command], {
    cwd: step.workspace,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      // The Node that runs this program first: the machine's own may be older than the project needs.
      PATH: [dirname(process.execPath), '/usr/local/bin', '/usr/bin', '/bin'].join(delimiter),
      HOME: home,
      TMPDIR: home,
      LANG: 'C.UTF-8',
      CI: '1',
      NO_COLOR: '1',
      npm_config_ignore_scripts: 'true',
    },
  });
  let stopped: 'timeout' | 'output' | null = null;
  const stop = (why: 'timeout' | 'output') => {
    stopped ??= why;
    killGroup(child.pid);
  };
  const timer = setTimeout(() => stop('timeout'), step.timeout_ms);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: Buffer) => {
    const room = Math.max(0, step.output_cap * floodFactor - bytes);
    chunks.push(chunk.subarray(0, room));
    bytes += chunk.length;
    if (chunk.length > room) stop('output');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exit_code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    // What the step left running in the background would hold the pipes open and outlive it.
    child.once('exit', () => killGroup(child.pid));
    child.once('close', resolve);
  }).finally(() => clearTimeout(timer));
  const log = normaliseLog(Buffer.concat(chunks).toString('utf8'), {
    paths: { [step.workspace]: '.', [home]: '~' },
    cap: step.output_cap,
  });
  return {
    kind: 'finished',
    ok: exit_code === 0 && stopped === null,
    exit_code,
    ms: Math.round(performance.now() - started),
    output: log.text,
    truncated: log.truncated,
    stopped,
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is gone, which is what was wanted.
  }
}
