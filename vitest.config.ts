import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'cli/**/*.test.ts'],
    // By itself vitest leaves one core alone, which of two is half: tests would take twice as long.
    maxWorkers: availableParallelism(),
    setupFiles: ['src/data/testTransfer.ts'],
    testTimeout: 60_000,
  },
});
