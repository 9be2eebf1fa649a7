import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openContainer } from '../../../src/adapters/sandbox/container/container.ts';
import type { Sandbox, StepRequest } from '../../../src/ports/sandbox.ts';

/** An engine itself, where there is one and an image for it: `scripts/container-image.sh` makes one of what is on the machine. */
const image = process.env['ASSENT_TEST_IMAGE'];
const why = image === undefined ? ' (ASSENT_TEST_IMAGE names no image)' : '';

describe.skipIf(image === undefined)(`a container that an engine makes${why}`, () => {
  let folder = '';
  let sandbox: Sandbox;
  let server: Server;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'assent-engine-'));
    chmodSync(folder, 0o755);
    sandbox = await openContainer({ image: image ?? '', folder });
    server = createServer((peer) =>
      peer.on('data', (asked) => peer.end(`answer to ${String(asked)}`)),
    );
    await new Promise<void>((done) => server.listen(join(folder, 'model.sock'), done));
    chmodSync(join(folder, 'model.sock'), 0o666);
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  let count = 0;
  const workspace = (): string => {
    const path = join(folder, `workspace-${(count += 1)}`);
    mkdirSync(path);
    return path;
  };
  const run = (command: string, change: Partial<StepRequest> = {}) =>
    sandbox.run({
      name: 'attempt',
      command,
      workspace: workspace(),
      timeout_ms: 60_000,
      output_cap: 10_000,
      ...change,
    });

  it('holds, by all that is tried at a start', () => {
    expect(sandbox.capability()).toMatchObject({
      kind: 'container',
      reason: expect.stringContaining('no network'),
    });
  });

  it.each([
    ['find a way to a network', 'tail -n +3 /proc/net/dev | grep -qv "^ *lo:" && echo out'],
    ['make a user namespace', 'unshare --user true && echo out'],
    ['make a network of its own', 'unshare --net true && echo out'],
    ['write to its own programs', 'touch /usr/bin/planted && echo out'],
    ['become root', 'test "$(id -u)" = 0 && echo out'],
    [
      'see a process of the machine',
      `test "$(ls /proc | grep -cE '^[0-9]{3,}$')" != 0 && echo out`,
    ],
  ])('lets no step %s', async (_, command) => {
    const result = await run(`( ${command} ) 2>/dev/null | grep -x out; true`);
    expect(result).toMatchObject({ kind: 'finished', ok: true, output: '' });
  });

  it('has a step write its workspace, its home and its outputs by name', async () => {
    const place = workspace();
    const command =
      'echo made | tee made "$HOME/made" /tmp/made >/dev/stdout; echo err >/dev/stderr';
    expect(await run(command, { workspace: place })).toMatchObject({ output: 'made\nerr' });
    expect(readdirSync(place)).toEqual(['made']);
  });

  it('gives a program its input and its one way out', async () => {
    const ask = `node -e 'require("net").connect(process.env.MODEL).on("data",d=>console.log(String(d))).write("question")'`;
    const socket = { host: join(folder, 'model.sock'), inside: '/run/model.sock' };
    const ended = await sandbox.execute({
      name: 'attempt',
      argv: ['/bin/sh', '-c', `cat; ${ask}; echo log >&2; exit 3`],
      workspace: null,
      input: 'brief ',
      environment: { MODEL: socket.inside },
      socket,
      programs: [],
      timeout_ms: 60_000,
      output_cap: 10_000,
    });
    expect(ended).toMatchObject({
      exit_code: 3,
      stdout: 'brief answer to question\n',
      stderr: 'log\n',
    });
  });

  it('is gone with a step that takes too long, or floods', async () => {
    expect(await run('sleep 600', { timeout_ms: 3_000 })).toMatchObject({ stopped: 'timeout' });
    expect(await run('yes', { output_cap: 100 })).toMatchObject({ stopped: 'output' });
    const [engine = ''] = sandbox.capability().reason.split(' ');
    const left = execFileSync(engine, ['ps', '-aq', '--filter=name=assent-'], { encoding: 'utf8' });
    expect(left).toBe('');
  });
});
