import { closeSync, mkdtempSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { launch } from '../../../src/adapters/sandbox/process.ts';
import { StdioMaker, type Stdio } from '../../../src/adapters/sandbox/stdio.ts';

const folder = mkdtempSync(join(tmpdir(), 'assent-stdio-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As a program does that says a word on each output and ends. */
function say({ ends }: Stdio, word: string): void {
  for (const end of ends.slice(1)) writeSync(Number(end), `${word} `);
  for (const end of ends) if (typeof end === 'number') closeSync(end);
}

const heard = ({ stdout, stderr }: Stdio) => Promise.all([text(stdout), text(stderr)]);

describe.skipIf(process.platform !== 'linux')('the pipes of one program after another', () => {
  it('say what each said, and lie nowhere', async () => {
    const maker = new StdioMaker(folder, null);
    for (const word of ['one', 'two', 'three']) {
      const stdio = await maker.open(word);
      expect(readdirSync(folder)).toEqual([]);
      say(stdio, word);
      expect(await heard(stdio)).toEqual([`${word} `, `${word} `]);
    }
    maker.close();
  });

  it('are made anew where something was left in them', async () => {
    const maker = new StdioMaker(folder, null);
    const left = await maker.open('');
    say(left, 'unread');
    left.stdout.destroy();
    await text(left.stderr);
    const next = await maker.open('');
    say(next, 'mine');
    expect(await heard(next)).toEqual(['mine ', 'mine ']);
    maker.close();
  });

  it('belong to nothing where the run ended while they were made', async () => {
    const stopping = new AbortController();
    const running = launch({
      argv: ['/bin/sleep', '60'],
      cwd: '/',
      env: {},
      input: '',
      stdio: new StdioMaker(folder, null),
      timeout_ms: 50_000,
      output_cap: 100,
      signal: stopping.signal,
    });
    stopping.abort();
    expect(await running).toMatchObject({ exit_code: null, stopped: 'aborted' });
  });
});
