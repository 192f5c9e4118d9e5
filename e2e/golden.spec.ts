import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { GoldenCase } from '../src/engine/golden/cases.ts';
import { openEngine } from './engine.ts';

const folder = process.env.GOLDEN_DIR ?? 'golden';
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file): GoldenCase => JSON.parse(readFileSync(join(folder, file), 'utf8')));

// One page for all: compiling shaders is what takes the time.
test.describe.configure({ mode: 'serial' });

let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await openEngine(browser);
});
test.afterAll(() => page.close());

for (const golden of cases) {
  test(`golden case ${golden.name} on WebGPU`, async () => {
    const comparisons = await page.evaluate((given) => window.engine.compare(given), golden);
    expect(comparisons.length).toBeGreaterThan(0);
    expect(comparisons.filter(({ error }) => !(error <= 1))).toEqual([]);
  });
}
