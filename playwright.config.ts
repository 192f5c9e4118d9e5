import { defineConfig } from '@playwright/test';
import { GOLDEN_URL, STUDIO_URL } from './e2e/addresses.ts';
import { LAUNCH } from './e2e/chromium.ts';

const port = (url: string) => new URL(url).port;

const vite = 'npx --no-install vite';

export default defineConfig({
  testDir: 'e2e',
  // The slowest test trains the whole demo; two cores share it with the others.
  timeout: 240_000,
  expect: { timeout: 20_000 },
  workers: 2,
  fullyParallel: true,
  reporter: 'list',
  outputDir: 'test-results/e2e',
  use: {
    baseURL: STUDIO_URL,
    viewport: { width: 1440, height: 900 },
    launchOptions: LAUNCH,
  },
  webServer: [
    {
      command: `${vite} build --logLevel error && ${vite} preview --strictPort --port ${port(STUDIO_URL)}`,
      url: STUDIO_URL,
      timeout: 120_000,
    },
    {
      command: `${vite} build --config e2e/golden/vite.config.ts --logLevel error && ${vite} preview --config e2e/golden/vite.config.ts --strictPort --port ${port(GOLDEN_URL)}`,
      url: `${GOLDEN_URL}/index.html`,
      timeout: 120_000,
    },
  ],
});
