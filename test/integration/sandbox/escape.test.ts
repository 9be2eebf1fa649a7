import { spawn } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { architectures } from '../../../src/adapters/sandbox/bubblewrap/syscalls.ts';
import { openYard } from '../../support/sandbox.ts';

/** SECURITY.md: each of these is an attempt to get out, run for real. None may. */
const secret = 'the-hosts-own-secret';
process.env['ASSENT_TEST_SECRET'] = secret;
const opened = await openYard({ limits: { processes: 128 } });
const root = process.getuid?.() === 0;

describe.skipIf('missing' in opened)(
  `nothing gets out of a sandbox ${'missing' in opened ? `(${opened.missing})` : ''}`,
  () => {
    if ('missing' in opened) return;
    const { run, workspace, folder } = opened;
    const hidden = join(folder, 'hidden.txt');
    const server = createServer((_, response) => response.end(secret));
    const socket = createSocket((connection) => connection.end(secret));
    const abstract = createSocket((connection) => connection.end(secret));
    let port = 0;
    beforeAll(async () => {
      writeFileSync(hidden, secret);
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      await new Promise<void>((done) => socket.listen(join(folder, 'host.sock'), done));
      await new Promise<void>((done) => abstract.listen(`\0assent-test-${process.pid}`, done));
      port = (server.address() as AddressInfo).port;
    });
    afterAll(() => {
      server.close();
      socket.close();
      abstract.close();
      delete process.env['ASSENT_TEST_SECRET'];
      opened.end();
    });

    describe('no file of the host is read', () => {
      it.concurrent.each([
        ['the shadow file', () => 'cat /etc/shadow /etc/gshadow /etc/sudoers'],
        ['by its path', () => `cat ${hidden} /root/* /home/*/* /var/lib/*/*`],
        ['through process 1', () => `cat /proc/1/root${hidden} /proc/1/cwd/../hidden.txt`],
        ['through open files', () => 'for f in /proc/*/fd/[3-9]*; do cat "$f"; ls "$f/.."; done'],
        ['from the environment', () => 'env; set; cat /proc/*/environ | tr "\\0" "\\n"'],
        ['from command lines', () => 'cat /proc/*/cmdline | tr "\\0" " "'],
        [
          'from the disk itself',
          () =>
            `mknod disk b 254 0 && head -c 512 disk; cat /dev/vda /dev/sda /dev/mem /proc/kcore | head -c 512`,
        ],
        ['of the folder above the workspace', () => 'cat ../hidden.txt ../../hidden.txt; ls ..'],
      ])('%s', async (_, attempt) => {
        const { output } = await run(attempt());
        expect(output).not.toContain(secret);
        expect(output).not.toMatch(/root:[*!$x]/);
      });

      it.concurrent('through a link in the workspace', async () => {
        const place = workspace();
        symlinkSync(hidden, join(place, 'link'));
        symlinkSync('/', join(place, 'all'));
        const { output } = await run(`cat link all${hidden}; cat all/etc/shadow`, {
          workspace: place,
        });
        expect(output).not.toContain(secret);
      });
    });

    describe('nothing of the host is written', () => {
      it.concurrent.each([
        ['programs', '/usr/bin/planted'],
        ['configuration', '/etc/passwd'],
        ['our Node', '/opt/node/bin/node'],
        ['the root', '/planted'],
        ['devices', '/dev/planted'],
        ['what the kernel runs on a crash', '/proc/sys/kernel/core_pattern'],
        ['the kernel’s panic button', '/proc/sysrq-trigger'],
        ['who is killed first', '/proc/1/oom_score_adj/none'],
        ['control groups', '/sys/fs/cgroup/cgroup.procs'],
        ['the mapping of users', '/proc/1/uid_map'],
      ])('%s', async (_, path) => {
        const { output, ok } = await run(`echo planted > ${path} && echo done`);
        expect(output).not.toContain('done');
        expect(ok).toBe(false);
      });

      it.concurrent('through a link in the workspace', async () => {
        const place = workspace();
        symlinkSync(hidden, join(place, 'link'));
        await run(`echo changed > link; echo changed > ${hidden}`, { workspace: place });
        expect(readFileSync(hidden, 'utf8')).toBe(secret);
      });

      it.concurrent('by a program that becomes root', async () => {
        const place = workspace();
        const { output } = await run(
          'cp /bin/sh ./sh && chmod 6755 ./sh && ./sh -pc id; su -c id; sudo id',
          {
            workspace: place,
          },
        );
        expect(output).not.toMatch(/uid=0|euid=0/);
        // What it left is nobody's here, and least of all root's.
        if (root) expect(statSync(join(place, 'sh')).uid).toBeGreaterThanOrEqual(62_000);
      });
    });

    describe('no mount is changed', () => {
      it.concurrent.each([
        ['a new one', 'mount -t tmpfs none /workspace'],
        ['the programs’, to be written', 'mount -o remount,rw,bind /usr'],
        ['one taken away', 'umount -l /proc'],
        ['one in namespaces of its own', 'unshare --user --mount --map-root-user true'],
        ['in those of process 1', 'nsenter --target 1 --mount --user true'],
        ['another root', 'chroot /workspace /bin/sh -c true'],
      ])('%s', async (_, attempt) => {
        expect(await run(`cp -r /usr/bin/true . ; ${attempt} && echo changed`)).toMatchObject({
          ok: false,
          output: expect.not.stringContaining('changed'),
        });
      });
    });

    describe('no other process is reached', () => {
      it.concurrent('the one that started it', async () => {
        const { output } = await run(
          `kill -9 ${process.pid} ${process.ppid} && echo killed; kill -0 ${process.pid} && echo seen; ls -d /proc/${process.pid} && echo listed`,
        );
        expect(output).not.toMatch(/killed|seen|listed/);
      });

      it.concurrent('all of them at once', async () => {
        // Reaching us would end this test run; it may only end itself.
        await run('kill -9 -1; sleep 5');
        expect(process.exitCode).toBeUndefined();
      });

      it.concurrent('by a daemon that stays behind', async () => {
        const mark = `300.0${process.pid}`;
        const { ok } = await run(
          `setsid -f sleep ${mark}; (setsid nohup sleep ${mark} >/dev/null 2>&1 &); exit 0`,
        );
        expect(ok).toBe(true);
        expect(processesWith(mark)).toStrictEqual([]);
      });

      it('by staying when we are gone', async () => {
        const mark = `301.0${process.pid}`;
        const child = spawn(process.execPath, [orphan, folder, mark], { stdio: 'inherit' });
        await expect.poll(() => processesWith(mark).length, { timeout: 20_000 }).toBeGreaterThan(0);
        child.kill('SIGKILL');
        await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toStrictEqual([]);
      });
    });

    describe('no network is reached', () => {
      it.concurrent.each([
        [
          'a server on the host',
          (): string =>
            `node -e 'fetch("http://127.0.0.1:${port}").then(r=>r.text()).then(console.log,e=>console.log(e.cause.code))'`,
          /ECONNREFUSED/,
        ],
        [
          'a socket of the host by its path',
          (): string =>
            `node -e 'require("net").connect("${folder}/host.sock").on("data",d=>console.log(String(d))).on("error",e=>console.log(e.code))'`,
          /ENOENT|EACCES/,
        ],
        [
          'a socket of the host by its name',
          (): string =>
            `node -e 'require("net").connect("\\0assent-test-${process.pid}").on("data",d=>console.log(String(d))).on("error",e=>console.log(e.code))'`,
          /ECONNREFUSED/,
        ],
        [
          'the world',
          (): string =>
            `node -e 'require("net").connect(443,"1.1.1.1").on("connect",()=>console.log("connected")).on("error",e=>console.log(e.code))'`,
          /ENETUNREACH/,
        ],
        [
          'the cloud’s keys',
          (): string =>
            `node -e 'require("net").connect(80,"169.254.169.254").on("connect",()=>console.log("connected")).on("error",e=>console.log(e.code))'`,
          /ENETUNREACH/,
        ],
        [
          'names',
          (): string => `node -e 'require("dns").lookup("github.com",e=>console.log(e.code))'`,
          /EAI_AGAIN|ENOTFOUND/,
        ],
      ] as const)('%s', async (_, attempt, expected) => {
        const { output } = await run(attempt());
        expect(output).toMatch(expected);
        expect(output).not.toContain(secret);
      });

      it.concurrent('but its own: a test may have a server', async () => {
        const { output } = await run(
          `node -e 'const s=require("http").createServer((q,r)=>r.end("own")).listen(0,()=>fetch("http://127.0.0.1:"+s.address().port).then(r=>r.text()).then(t=>{console.log(t);s.close()}))'`,
        );
        expect(output).toBe('own');
      });
    });

    describe('the kernel is not asked', () => {
      const numbers = architectures[process.arch]?.number;
      if (numbers === undefined) throw new Error('no numbers for this machine');
      const [EPERM, ENOSYS] = [1, 38];
      // Arguments with which an unfiltered kernel answers otherwise, where there are such.
      const calls = [
        ['ptrace', '0, 0, 0, 0', EPERM],
        ['process_vm_readv', '1, 0, 0, 0, 0, 0', EPERM],
        ['bpf', '0, 0, 0', EPERM],
        ['io_uring_setup', '1, 0', ENOSYS],
        ['io_uring_enter', '-1, 0, 0, 0, 0, 0', ENOSYS],
        ['keyctl', '0, -3, 1', EPERM],
        ['add_key', '$user, $key, $value, 1, -3', EPERM],
        ['request_key', '$user, $key, 0, -3', EPERM],
        ['userfaultfd', '-1', EPERM],
        ['perf_event_open', '0, 0, -1, -1, 0', EPERM],
        ['memfd_secret', '-1', EPERM],
        ['unshare', '0x10000000', EPERM],
        ['clone', '0x10000011, 0, 0, 0, 0', EPERM],
        ['clone3', '0, 0', ENOSYS],
        ['setns', '-1, 0', EPERM],
        ['mount', '0, 0, 0, 0, 0', EPERM],
        ['open_tree', '-1, 0, -1', EPERM],
        ['fsopen', '0, -1', EPERM],
        ['open_by_handle_at', '-1, 0, 0', EPERM],
        ['name_to_handle_at', '-1, 0, 0, 0, -1', EPERM],
        ['init_module', '0, 0, 0', EPERM],
        ['finit_module', '-1, 0, 0', EPERM],
        ['delete_module', '0, 0', EPERM],
        ['kexec_load', '0, 0, 0, 0', EPERM],
        ['clock_settime', '0, 0', EPERM],
        ['personality', '0x40000', EPERM],
        ['ioctl', '0, 0x5412, $key', EPERM],
        ['socket', '38, 5, 0', EPERM],
        ['kcmp', '0, 0, 0, 0, 0', EPERM],
      ] as const;
      let answers: ReadonlyMap<string, number>;
      beforeAll(async () => {
        const asked = calls.map(
          ([name, values]) =>
            `$! = 0; $r = syscall(${numbers[name]}, ${values}); exit if $r == 0 && "${name}" eq "clone"; print "${name} ", ($r < 0 ? $!+0 : 0), "\\n";`,
        );
        const place = workspace();
        writeFileSync(
          join(place, 'calls.pl'),
          `$| = 1; ($user, $key, $value) = ("user", "key", "value");\n${asked.join('\n')}\n`,
        );
        const { output } = await run('perl calls.pl', { workspace: place });
        const lines = output.split('\n').map((line) => line.split(' '));
        answers = new Map(lines.map(([name = '', errno]) => [name, Number(errno)]));
      });
      it.each(calls)('by %s(%s)', (name, _, errno) => {
        expect(answers.get(name)).toBe(errno);
      });

      it.runIf(process.arch === 'x64')('by another face of it', async () => {
        const bad = 31;
        expect(await run(`perl -e 'syscall(0x40000000 + 39); print "answered"'`)).toMatchObject({
          ok: false,
          exit_code: 128 + bad,
          output: expect.not.stringContaining('answered'),
        });
      });

      it.runIf(process.arch === 'x64')('by calls of 32 bits', async () => {
        const place = workspace();
        // mov eax, 20 (getpid); int 0x80; xor edi, edi; mov eax, 60 (exit); syscall
        writeFileSync(join(place, 'old'), tinyProgram('b814000000cd8031ffb83c0000000f05'), {
          mode: 0o755,
        });
        expect((await run('./old; echo "code $?"', { workspace: place })).output).toMatch(
          /code 159/,
        );
      });
    });

    it.concurrent('a program that wants no tricks finds what it needs', async () => {
      const { output } = await run(
        'git init -q . && git -c user.name=a -c user.email=a@b.c commit -q --allow-empty -m x && git log --format=%s; npm --version >/dev/null && echo npm; perl -e "print qq(perl\\n)"; node -p "os.userInfo().username"; echo to-a-file >/dev/null; mktemp -d >/dev/null && echo tmp',
      );
      expect(output).toBe('x\nnpm\nperl\nstep\ntmp');
    });

    it.runIf(root)('two steps at a time are two users, and neither is anybody', async () => {
      const places = [workspace(), workspace()];
      await Promise.all(places.map((place) => run('touch mine; sleep 0.3', { workspace: place })));
      const owners = places.map((place) => statSync(join(place, 'mine')).uid);
      expect(new Set(owners).size).toBe(2);
      expect(Math.min(...owners)).toBeGreaterThanOrEqual(62_000);
    });

    it.concurrent('what it made belongs to the host again: read, changed and removed', async () => {
      const place = workspace();
      await run('mkdir -p a/b && echo text > a/b/c && chmod 000 a/b/c a/b a', { workspace: place });
      mkdirSync(join(place, 'ours'));
      // The next step may change what we wrote in between, too.
      writeFileSync(join(place, 'ours', 'file'), 'ours');
      const { ok } = await run('echo more >> ours/file && chmod 700 a', { workspace: place });
      expect(ok).toBe(true);
      expect(readFileSync(join(place, 'ours', 'file'), 'utf8')).toBe('oursmore\n');
    });
  },
);

const orphan = fileURLToPath(new URL('orphan.ts', import.meta.url));

/** Processes of the whole machine whose command line has the mark. */
function processesWith(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return line.startsWith('sleep') && line.includes(mark) ? [`${name} ${line}`] : [];
      } catch {
        return [];
      }
    });
}

/** An ELF file for x86-64 that is these instructions and nothing else. */
function tinyProgram(instructions: string): Buffer {
  const code = Buffer.from(instructions, 'hex');
  const [base, headers] = [0x400000, 64 + 56];
  const file = Buffer.alloc(headers + code.length);
  file.write('7f454c4602010100', 0, 'hex');
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(0x3e, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(base + headers), 24);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64);
  file.writeUInt32LE(5, 68);
  file.writeBigUInt64LE(BigInt(base), 80);
  file.writeBigUInt64LE(BigInt(base), 88);
  file.writeBigUInt64LE(BigInt(file.length), 96);
  file.writeBigUInt64LE(BigInt(file.length), 104);
  file.writeBigUInt64LE(4096n, 112);
  code.copy(file, headers);
  return file;
}
