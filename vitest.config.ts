import { defineConfig } from 'vitest/config';

const project = (name: string, testTimeout: number) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: testTimeout },
});

export default defineConfig({
  test: {
    projects: [
      project('unit', 5_000),
      project('contract', 60_000),
      project('integration', 60_000),
      project('architecture', 60_000),
      project('e2e', 180_000),
    ],
  },
});
