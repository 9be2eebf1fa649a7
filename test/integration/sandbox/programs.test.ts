import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBubblewrap } from '../../../src/adapters/sandbox/bubblewrap/bubblewrap.ts';
import { openYard } from '../../support/sandbox.ts';

const opened = await openYard({ users: { first: 62_200, count: 4 } });
const hasNpm = !('missing' in opened) && (await opened.run('command -v npm')).ok;

describe.skipIf('missing' in opened)(
  `what runs in a sandbox ${'missing' in opened ? `(${opened.missing})` : ''}`,
  () => {
    if ('missing' in opened) return;
    const { run, execute, workspace, folder } = opened;
    afterAll(() => opened.end());

    describe('as a program from outside', () => {
      it('reads what it is told, and answers on either output by a code of its own', async () => {
        const told = { input: 'brief', environment: { ROLE: 'coder', HOME: '/tmp' } };
        const script = 'cat; echo "$ROLE $HOME"; pwd; ls -A; echo log >&2; exit 3';
        expect(await execute(['/bin/sh', '-c', script], told)).toMatchObject({
          kind: 'finished',
          exit_code: 3,
          stdout: 'briefcoder /tmp\n/workspace\n',
          stderr: 'log\n',
          truncated: false,
          stopped: null,
        });
      });

      it.each([
        ['cat /dev/stdin', 'brief'],
        [`node -p 'fs.readFileSync("/dev/stdin", "utf8")'`, 'brief\n'],
        [`node -p 'fs.readFileSync(0, "utf8")'`, 'brief\n'],
        ['cat >/dev/null; cat /dev/fd/0', 'brief'],
      ])('reads what it is told by name: %s', async (script, stdout) => {
        const ended = await execute(['/bin/sh', '-c', script], { input: 'brief' });
        expect(ended).toMatchObject({ exit_code: 0, stdout, stderr: '' });
      });

      // Where we are no other user than the program, both are its own.
      describe.skipIf(process.getuid?.() !== 0)('as a user of its own', () => {
        it('cannot change what it is told, nor read what it said', async () => {
          const script = 'echo forged >/dev/stdin; timeout 1 cat /dev/stdout; cat /dev/stdin';
          const ended = await execute(['/bin/sh', '-c', script], { input: 'brief' });
          expect(ended).toMatchObject({ stdout: 'brief' });
        });
      });

      it('answers on either output by name', async () => {
        const script = 'echo out >/dev/stdout; echo err >/dev/stderr; echo both | tee /dev/fd/2';
        expect(await execute(['/bin/sh', '-c', script])).toMatchObject({
          exit_code: 0,
          stdout: 'out\nboth\n',
          stderr: 'err\nboth\n',
        });
      });

      it('leaves what it wrote in its workspace', async () => {
        const place = workspace();
        await execute(['/bin/sh', '-c', 'echo made > made.txt'], { workspace: place });
        expect(readdirSync(place)).toEqual(['made.txt']);
      });

      it('that is not there is told by its code', async () => {
        expect(await execute(['/usr/bin/no-such-program'])).toMatchObject({ exit_code: 127 });
      });

      describe('with its one way out', () => {
        const socket = { host: join(folder, 'proxy.sock'), inside: '/run/assent/model.sock' };
        const server = createServer((peer) => {
          peer.on('data', (asked) => peer.end(`answer to ${String(asked)}`));
        });
        beforeAll(() => new Promise<void>((done) => server.listen(socket.host, done)));
        afterAll(() => server.close());
        const ask = `node -e 'require("net").connect(process.env.MODEL).on("data",d=>console.log(String(d))).write("question")'`;

        it('speaks to the host by it', async () => {
          const environment = { MODEL: socket.inside };
          expect(await execute(['/bin/sh', '-c', ask], { socket, environment })).toMatchObject({
            stdout: 'answer to question\n',
            exit_code: 0,
          });
        });

        it('several at a time', async () => {
          const environment = { MODEL: socket.inside };
          const all = await Promise.all(
            [1, 2, 3].map(() => execute(['/bin/sh', '-c', ask], { socket, environment })),
          );
          expect(all.map((one) => one.kind === 'finished' && one.exit_code)).toEqual([0, 0, 0]);
        });
      });

      it('brings its own folder along, to read', async () => {
        const tools = mkdtempSync(join(tmpdir(), 'assent-tools-'));
        chmodSync(tools, 0o755);
        writeFileSync(join(tools, 'agent'), '#!/bin/sh\necho "agent $1"; touch "$0.touched"\n', {
          mode: 0o755,
        });
        const asked = [join(tools, 'agent'), 'runs'];
        expect(await execute(asked, { programs: [tools] })).toMatchObject({
          stdout: 'agent runs\n',
          exit_code: 1,
        });
        expect(readdirSync(tools)).toEqual(['agent']);
        rmSync(tools, { recursive: true });
      });

      it.each([
        '/',
        '/tmp',
        '/proc/self',
        'relative',
        '/home/../root',
        '/workspace/bin',
        '/etc/ssl',
        '/usr',
        folder,
      ])('may not bring %s', async (programs) => {
        expect(await execute(['/bin/true'], { programs: [programs] })).toMatchObject({
          kind: 'unavailable',
        });
      });
    });

    it.skipIf(!hasNpm)('npm runs nothing of a package of its own accord', async () => {
      const place = workspace();
      const scripts = { preinstall: 'touch ran', postinstall: 'touch ran', prepare: 'touch ran' };
      writeFileSync(join(place, 'package.json'), JSON.stringify({ name: 'x', scripts }));
      const npm = 'npm install --offline --no-audit --no-fund';
      expect(await run(npm, { workspace: place })).toMatchObject({ ok: true });
      expect(readdirSync(place)).not.toContain('ran');
      expect(
        await run(`npm_config_ignore_scripts=false ${npm}`, { workspace: place }),
      ).toMatchObject({ ok: true });
      expect(readdirSync(place)).toContain('ran');
    });

    describe('a step that opens its outputs by name', () => {
      it('is told in the order it wrote, whichever name it wrote to', async () => {
        const script =
          'echo 1; echo 2 >/dev/stderr; echo 3 >/dev/stdout; echo 4 >&2; echo 5 | tee /dev/stderr >/dev/null; sh -c "echo 6 >/proc/self/fd/1"';
        expect(await run(script)).toMatchObject({ ok: true, output: '1\n2\n3\n4\n5\n6' });
      });

      it('is stopped where it floods so', async () => {
        const flood = await run('exec yes >/dev/stderr', { output_cap: 1_000 });
        expect(flood).toMatchObject({ stopped: 'output', truncated: true });
      });

      it('is stopped in time while it holds them open', async () => {
        const held = 'exec 7>/dev/stdout; echo begun >&7; exec sleep 60';
        expect(await run(held, { timeout_ms: 300 })).toMatchObject({ stopped: 'timeout' });
      });

      it('leaves nothing of what it said to the next, whatever it did to them', async () => {
        await run(
          'chmod 0 /proc/self/fd/1 2>/dev/null; setsid sh -c "while :; do echo late; done" &',
        );
        expect(await run('echo mine')).toMatchObject({ ok: true, output: 'mine' });
      });

      it('has no input to wait for, and no file of ours in its stead', async () => {
        expect(await run('cat; readlink /proc/self/fd/0')).toMatchObject({ output: '/dev/null' });
      });
    });

    describe('two runs of a step', () => {
      it('say the same, byte for byte', async () => {
        const command = [
          'date',
          'date -Iseconds',
          'mktemp',
          'mktemp -d',
          'echo "pid $$"',
          'pwd; id; hostname; env | sort',
          'ps -o pid,args | grep -v ps',
          'ls -la . /opt/node/bin | sed "s/ [A-Z][a-z][a-z] .*:.. / /"',
          `node -e 'const s=require("http").createServer().listen(0,()=>{console.log("listening on http://localhost:"+s.address().port);s.close()})'`,
          `node -e 'process.emitWarning("careful")'`,
          `node --test 2>&1`,
          'time -p sleep 0.01',
          'echo out; echo err >&2; echo out again',
        ].join('\n');
        const outputs: string[] = [];
        for (const _ of [1, 2]) {
          const place = workspace();
          writeFileSync(
            join(place, 'a.test.js'),
            'const {test}=require("node:test");test("adds",()=>new Promise(d=>setTimeout(d,Math.random()*20)))',
          );
          outputs.push((await run(command, { workspace: place })).output);
        }
        expect(outputs[1]).toBe(outputs[0]);
        expect(outputs[0]).toContain('out\nerr\nout again');
        expect(outputs[0]).toContain('✔ adds (0ms)');
      });
    });

    it('a link to a workspace is as good as the workspace', async () => {
      const place = workspace();
      symlinkSync(place, join(folder, 'linked'));
      await run('echo here > made', { workspace: join(folder, 'linked') });
      expect(readdirSync(place)).toEqual(['made']);
    });
  },
);

describe('where there can be no sandbox, the reason says what to do', () => {
  it.each([
    [
      'without bubblewrap',
      '/nowhere',
      /bwrap and prlimit and setpriv cannot be found on PATH: apt-get install bubblewrap util-linux/,
    ],
  ] as const)('%s', async (_, path, expected) => {
    const sandbox = await openBubblewrap({ folder: '/tmp', path });
    expect(sandbox.capability()).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringMatching(expected),
    });
    const step = { name: 'x', command: 'true', workspace: '/tmp', timeout_ms: 1, output_cap: 1 };
    expect(await sandbox.run(step)).toMatchObject({ kind: 'unavailable' });
  });
});
