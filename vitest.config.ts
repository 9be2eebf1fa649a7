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

/** Only a broken test takes it, on however slow a machine. */
const patience = 180_000;

export default defineConfig({
  test: {
    projects: [
      // Pure functions share nothing, so they need no process of their own; modules are then read once.
      project('unit', 5_000, { isolate: false, pool: 'threads' }),
      project('contract', patience),
      // Mostly waits for git: more at a time than there are cores. Small, since to start a process costs by what has to be
      // copied for it: young objects alone took 130 MB.
      project('integration', patience, {
        maxWorkers: 4,
        execArgv: ['--max-semi-space-size=8'],
        sequence: { groupOrder: 1 },
      }),
      project('architecture', patience),
      // Mostly waits for processes it started, so two at a time on two cores; after the others, which would wait for it.
      project('e2e', patience, { maxWorkers: 2, sequence: { groupOrder: 2 } }),
    ],
  },
});
