import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'cli/**/*.test.ts'],
    setupFiles: ['src/data/testTransfer.ts'],
    testTimeout: 60_000,
  },
});
