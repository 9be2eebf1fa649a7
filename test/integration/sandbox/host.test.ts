import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProgramRequest } from '../../../src/ports/sandbox.ts';
import { createHostDemoSandbox } from '../../../src/adapters/sandbox/host.ts';

const sandbox = createHostDemoSandbox();
let workspace: string;
beforeAll(async () => {
  workspace = await realpath(await mkdtemp(join(tmpdir(), 'assent-step-test-')));
});
afterAll(() => rm(workspace, { recursive: true }));

const run = (command: string, change: { timeout_ms?: number; output_cap?: number } = {}) =>
  sandbox.run({
    name: 'test',
    command,
    workspace,
    timeout_ms: 5_000,
    output_cap: 1_000,
    ...change,
  });

describe('a step on the host', () => {
  it('says that it is the demo alone that runs steps so', () => {
    expect(sandbox.capability()).toMatchObject({
      kind: 'host-demo',
      reason: expect.stringContaining('only'),
    });
  });

  it('runs in the workspace, with the Node that runs Assent', async () => {
    const result = await run('pwd; node -p process.version');
    expect(result).toMatchObject({ ok: true, exit_code: 0, output: `.\n${process.version}` });
  });

  it('sees nothing of our environment', async () => {
    process.env['ASSENT_TEST_SECRET'] = 'secret';
    const result = await run('env');
    delete process.env['ASSENT_TEST_SECRET'];
    expect(result.kind === 'finished' ? result.output : '').not.toMatch(
      /secret|VITEST|NODE_OPTIONS/,
    );
  });

  it('that fails is told by its code and its output, errors included', async () => {
    expect(await run('echo out; echo err >&2; exit 3')).toMatchObject({
      ok: false,
      exit_code: 3,
      output: expect.stringMatching(/out[\s\S]*err/),
    });
  });

  it('opens its outputs by name', async () => {
    expect(await run('echo 1 >/dev/stderr; echo 2 | tee /dev/stdout >&2')).toMatchObject({
      ok: true,
      output: '1\n2\n2',
    });
  });

  it('that runs too long is stopped, with all it started', async () => {
    const result = await run('sleep 60 & sleep 60', { timeout_ms: 200 });
    expect(result).toMatchObject({ ok: false, stopped: 'timeout' });
    expect(result.kind === 'finished' ? result.ms : Infinity).toBeLessThan(60_000);
  });

  it('that leaves something running ends with its own end', async () => {
    const result = await run('sleep 60 & echo done');
    expect(result).toMatchObject({ ok: true, output: 'done' });
  });

  it('that floods is stopped', async () => {
    expect(await run('yes')).toMatchObject({ ok: false, stopped: 'output', truncated: true });
  });
});

describe('a program on the host', () => {
  const execute = (script: string, change: Partial<ProgramRequest> = {}) =>
    sandbox.execute({
      name: 'test',
      argv: ['/bin/sh', '-c', script],
      workspace,
      input: '',
      environment: {},
      socket: null,
      programs: [],
      timeout_ms: 5_000,
      output_cap: 1_000,
      ...change,
    });

  it('reads what it is told, and answers on either output', async () => {
    const told = { input: 'brief', environment: { ROLE: 'coder' } };
    expect(await execute('cat; echo "$ROLE"; echo log >&2; exit 3', told)).toMatchObject({
      kind: 'finished',
      exit_code: 3,
      stdout: 'briefcoder\n',
      stderr: 'log\n',
      truncated: false,
      stopped: null,
    });
  });

  it('that reads nothing of a long brief is no fault', async () => {
    expect(await execute('exec true', { input: 'x'.repeat(1_000_000) })).toMatchObject({
      exit_code: 0,
    });
  });

  it('finds its socket where the host has it', async () => {
    const socket = { host: '/host/model.sock', inside: '/run/model.sock' };
    const asked = { socket, environment: { URL: 'unix:/run/model.sock' } };
    expect(await execute('echo "$URL"', asked)).toMatchObject({
      stdout: 'unix:/host/model.sock\n',
    });
  });

  it('is stopped when its run is', async () => {
    const stopping = new AbortController();
    const running = execute('sleep 60', { signal: stopping.signal });
    stopping.abort();
    expect(await running).toMatchObject({ exit_code: null, stopped: 'aborted' });
    expect(await execute('echo begun', { signal: stopping.signal })).toMatchObject({
      stdout: '',
      stopped: 'aborted',
    });
  });

  it('says that its output was cut', async () => {
    expect(await execute('printf "%01500d" 7')).toMatchObject({
      stdout: '0'.repeat(1_000),
      truncated: true,
      stopped: null,
    });
  });
});
