/**
 * What a sandbox costs a step: the same commands as bare processes, on the host, and in bubblewrap; the median of each, and the
 * least, which other work on the machine disturbs less.
 * `npx node bench/sandbox.ts [ROUNDS]`: 50 by default.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBubblewrap } from '../src/adapters/sandbox/bubblewrap/bubblewrap.ts';
import { createHostDemoSandbox } from '../src/adapters/sandbox/host.ts';

const rounds = Number(process.argv[2] ?? 50);
const folder = mkdtempSync(join(tmpdir(), 'assent-bench-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

const began = performance.now();
const sandbox = await openBubblewrap({ folder });
console.log(`${sandbox.capability().kind}: ${sandbox.capability().reason}`);
console.log(`opened and tried out in ${Math.round(performance.now() - began)} ms`);

const host = createHostDemoSandbox();
const commands = { 'nothing (`true`)': 'true', 'Node (`node -e 0`)': 'node -e 0' } as const;

for (const files of [1, 10_000]) {
  const workspace = join(folder, `files-${files}`);
  mkdirSync(workspace);
  for (let index = 0; index < files; index += 1) {
    const part = join(workspace, `d${index % 100}`);
    mkdirSync(part, { recursive: true });
    writeFileSync(join(part, `f${index}`), 'text');
  }
  const step = { name: 'bench', workspace, timeout_ms: 60_000, output_cap: 10_000 };
  for (const [name, command] of Object.entries(commands)) {
    const times = {
      bare: await measure(() => bare(command, workspace)),
      host: await measure(() => host.run({ ...step, command })),
      sandbox: await measure(() => sandbox.run({ ...step, command })),
    };
    const said = Object.entries(times).map(([where, ms]) => `${where} ${ms}`);
    console.log(`${files} files, ${name}: ${said.join(', ')}`);
  }
}

async function measure(work: () => Promise<unknown>): Promise<string> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const [least = 0, middle = 0] = [sorted[0], sorted[Math.floor(rounds / 2)]];
  return `${middle.toFixed(1)} ms (least ${least.toFixed(1)})`;
}

function bare(command: string, cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn('/bin/sh', ['-c', command], { cwd, stdio: 'ignore' })
      .once('error', reject)
      .once('close', () => resolve());
  });
}
