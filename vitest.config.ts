import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// For the tests and for each command they start: what was compiled once is not compiled again.
process.env['NODE_COMPILE_CACHE'] ??= resolve('node_modules/.cache/compiled');

const project = (name: string, testTimeout: number, more: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    ...more,
  },
});

/** Only a broken test takes it, on however slow a machine. */
const patience = 180_000;

export default defineConfig({
  test: {
    projects: [
      // Pure functions share nothing, so they need no process of their own; modules are then read once.
      project('unit', 5_000, { isolate: false, pool: 'threads' }),
      project('contract', patience, { isolate: false }),
      // Mostly waits for git: more at a time than there are cores. Small, since to start a process costs by what has to be
      // copied for it: young objects alone took 130 MB. A worker takes one file after the other: a process of its own for
      // each cost more than many of them.
      project('integration', patience, {
        isolate: false,
        maxWorkers: 4,
        execArgv: ['--max-semi-space-size=8'],
        sequence: { groupOrder: 1 },
      }),
      project('architecture', patience),
      // In the same row: what waits for a browser, or for people who think, leaves room for the others.
      project('e2e', patience, { maxWorkers: 4, sequence: { groupOrder: 1 } }),
    ],
  },
});
