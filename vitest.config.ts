import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number, more: object = {}) => ({
  test: {
    name,
    include: [`test/${name}/**/*.test.ts`],
    testTimeout,
    hookTimeout: testTimeout,
    ...more,
  },
});

export default defineConfig({
  test: {
    projects: [
      // Pure functions share nothing, so they need no process of their own; modules are then read once.
      project('unit', 5_000, { isolate: false, pool: 'threads' }),
      project('contract', 60_000),
      // Mostly waits for git: more at a time than there are cores. Small, since to start a process costs by what has to be
      // copied for it: young objects alone took 130 MB.
      project('integration', 60_000, {
        maxWorkers: 4,
        execArgv: ['--max-semi-space-size=8'],
        sequence: { groupOrder: 1 },
      }),
      project('architecture', 60_000),
      // Mostly waits for processes it started, so two at a time on two cores; after the others, which would wait for it.
      project('e2e', 180_000, { maxWorkers: 2, sequence: { groupOrder: 2 } }),
    ],
  },
});
