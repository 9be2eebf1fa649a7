import { readdirSync, readFileSync, statSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { openYard, removeTree } from '../../support/sandbox.ts';

const MiB = 2 ** 20;
const users = { first: 62_100, count: 4 };
const opened = await openYard({
  users,
  limits: {
    processes: 64,
    memory: 256 * MiB,
    workspace: 64 * MiB,
    file: 48 * MiB,
    tmp: 32 * MiB,
    home: 16 * MiB,
  },
});

describe.skipIf('missing' in opened)(
  `nothing floods the host ${'missing' in opened ? `(${opened.missing})` : ''}`,
  () => {
    if ('missing' in opened) return;
    const { run, workspace, sandbox } = opened;
    const counted = sandbox.capability().reason.includes('cgroup');
    afterAll(() => opened.end());

    it.concurrent('with one file', async () => {
      const place = workspace();
      const result = await run('head -c 1000000000 /dev/zero > big', { workspace: place });
      expect(result.ok).toBe(false);
      expect(statSync(`${place}/big`).size).toBe(48 * MiB);
    });

    it.concurrent('with many files', async () => {
      const fill =
        'i=0; while :; do i=$((i+1)); head -c 40000000 /dev/zero > "f$i" || exit; sleep 0.02; done';
      expect(await run(fill)).toMatchObject({ ok: false, stopped: 'disk' });
    });

    it.concurrent('with files that have no name any more', async () => {
      const fill =
        'perl -e \'for (1..500) { open($h[$_], ">", "f"); unlink "f"; print {$h[$_]} "x" x 20000000; select(undef, undef, undef, 0.02) } sleep 60\'';
      expect(await run(fill)).toMatchObject({ ok: false, stopped: 'disk' });
    });

    it.concurrent('with files too small to count', async () => {
      const fill =
        "perl -e 'for (1..10000000) { open(my $h, q(>), qq(f$_)); close $h } print qq(done)'";
      expect(await run(fill)).toMatchObject({ ok: false, stopped: 'disk' });
    });

    it.concurrent('with files beside the workspace', async () => {
      const { output } = await run(
        'for f in /tmp "$HOME" /dev/shm; do head -c 1000000000 /dev/zero > "$f/big" 2>/dev/null; stat -c "%s" "$f/big"; rm "$f/big"; done',
      );
      const sizes = output.split('\n').map(Number);
      expect(sizes).toHaveLength(3);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * MiB);
    });

    it.concurrent('with what it prints', async () => {
      const result = await run('yes', { output_cap: 10_000 });
      expect(result).toMatchObject({ ok: false, stopped: 'output', truncated: true });
      expect(result.output.length).toBeLessThan(11_000);
    });

    it.concurrent('with memory of one process', async () => {
      const result = await run(`perl -e '$x .= "x" x 10000000 while 1'; echo survived`);
      expect(result.stopped === 'memory' || !result.output.includes('Killed')).toBe(true);
      expect(result.output).toMatch(/Out of memory|^$|survived/);
    });

    it.runIf(counted)('with memory of many', async () => {
      const each = `perl -e '$x = "x" x 60000000; sleep 60' &`;
      expect(await run(`${each.repeat(8)} wait`)).toMatchObject({ ok: false, stopped: 'memory' });
    });

    it.concurrent('with time, also where it is asked politely', async () => {
      const result = await run(`trap '' TERM INT HUP; (trap '' TERM; sleep 60) & sleep 60`, {
        timeout_ms: 300,
      });
      expect(result).toMatchObject({ ok: false, stopped: 'timeout', exit_code: null });
    });

    it.concurrent('with steps nobody wants any more', async () => {
      const stopping = new AbortController();
      const running = run('sleep 60', { signal: stopping.signal });
      stopping.abort();
      expect(await running).toMatchObject({ ok: false, stopped: 'aborted' });
    });

    it('with processes', async () => {
      const result = await run(
        `perl -e '$SIG{ALRM} = sub { exit }; alarm 60; while (1) { fork; $n++ }'`,
        { timeout_ms: 1_000 },
      );
      expect(result).toMatchObject({ ok: false, stopped: 'timeout' });
      expect(processesOf(users)).toStrictEqual([]);
    });

    it('and what it leaves behind goes: thousands of files in folders closed to everybody', async () => {
      const place = workspace();
      const { ok } = await run(
        `perl -e 'for $d (1..20) { mkdir "d$d"; for (1..100) { open(my $h, ">", "d$d/f$_"); } symlink("/etc", "d$d/link"); chmod 0, "d$d" } chmod 0, "."'`,
        { workspace: place },
      );
      expect(ok).toBe(true);
      removeTree(place);
      expect(readdirSync(opened.folder)).not.toContain(place.split('/').at(-1));
    });
  },
);

/** Command lines of processes that run as one of the slots' users; none, where we are not root. */
function processesOf({ first, count }: typeof users): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const uid = statSync(`/proc/${name}`).uid;
        if (uid < first || uid >= first + count) return [];
        // One whose end nobody took note of yet has no command line.
        return [readFileSync(`/proc/${name}/cmdline`, 'utf8')].filter(Boolean);
      } catch {
        return [];
      }
    });
}
