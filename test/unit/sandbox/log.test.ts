import { describe, expect, it } from 'vitest';
import { normaliseLog } from '../../../src/adapters/sandbox/log.ts';

const shown = (raw: string, paths: Readonly<Record<string, string>> = {}) =>
  normaliseLog(raw, { paths, cap: 10_000 }).text;

describe('two runs of a step read the same', () => {
  it.each([
    ['durations of the test runner', 'ok (1.2345ms)\nduration_ms 42.42', 'ok (0ms)\nduration_ms 0'],
    ['durations beside a test', ' ✓ adds 12ms\n', ' ✓ adds 0ms'],
    ['durations of a build', '✨ Done in 3.41s.', '✨ Done in 0s.'],
    ['durations of npm', 'added 12 packages in 431ms', 'added 12 packages in 0ms'],
    ['durations in a summary', '   Duration  514ms (x)', '   Duration  0s (x)'],
    ['what a shell took', 'real\t0.12s\nuser\t0.04s', 'real\t0s\nuser\t0s'],
    ['what bash took', 'real\t0m1.012s\nsys\t0m0.001s', 'real\t0s\nsys\t0s'],
    ['what POSIX says it took', 'real 0.01\nuser 1.20', 'real 0\nuser 0'],
    ['colours', '\u001B[32mok\u001B[0m', 'ok'],
    ['times', 'at 2026-11-21T09:00:00.123Z', 'at <time>'],
    ['times with a space', '2026-11-21 09:00:00,123 INFO', '<time> INFO'],
    ['times of day', '[09:00:00] start', '[<time>] start'],
    [
      'the process',
      '(node:4711) Warning; pid 4712; pid=4713',
      '(node:<pid>) Warning; pid <pid>; pid=<pid>',
    ],
    [
      'ports that were given away',
      'http://127.0.0.1:45123/ port 40001',
      'http://127.0.0.1:<port>/ port: <port>',
    ],
    [
      'names of temporary files',
      'in /tmp/build-X7fQ2a/out.js:3 /tmp/tmp.a1B2c3D4e5',
      'in /tmp/<temp>/out.js:3 /tmp/<temp>',
    ],
    ['addresses', 'at 0x7ffd12345678', 'at <address>'],
    ['random ids', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', '<uuid>'],
    ['line ends', 'a\r\nb\r\n', 'a\nb'],
  ] as const)('%s', (_, raw, text) => {
    expect(shown(raw)).toBe(text);
  });

  it('the workspace, and not what begins like it', () => {
    expect(shown('/w/1/src/a.js:3 /w/1 /w/12/b /w/1-old', { '/w/1': '.' })).toBe(
      './src/a.js:3 . /w/12/b /w/1-old',
    );
  });
});

describe('what says something stays', () => {
  it.each([
    'Test timed out in 5000ms.',
    'timeout of 2000ms exceeded',
    'expected 3 s, got 4 s',
    'listening on http://localhost:3000',
    'port 8080 is in use',
    'line 45123: unexpected token',
    'version 1.2.3 of 2026',
    'color: 0xff00ff',
    '/tmp/report.txt is missing',
  ])('%s', (text) => {
    expect(shown(text)).toBe(text);
  });
});

it('a long log keeps its beginning and its end', () => {
  const { text, truncated } = normaliseLog(`begin${'x'.repeat(100)}end`, { paths: {}, cap: 20 });
  expect(truncated).toBe(true);
  expect(text).toMatch(/^beginx+\n\[cut: 88 characters\]\nx+end$/);
});
