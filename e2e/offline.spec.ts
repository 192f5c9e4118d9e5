import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { build } from 'vite';
import { PAGES } from './pages.ts';
import { type StaticHost, startHost } from './staticHost.ts';
import { chooseMethods, expect, openStudio, runs, setParameters, simulate, stopRun, test } from './studio.ts';

const ISOLATION = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

let host: StaticHost;
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
  baseURL: async ({}, use) => {
    host = await startHost('dist', ISOLATION);
    await use(host.url);
    host.stop();
  },
});

const visitUntilKept = async (page: Page) => {
  await openStudio(page);
  await expect(page.getByText('Works offline from now on.')).toBeVisible({ timeout: 60_000 });
};

/** Runs methods on 60 users, with one epoch of pre-training. */
async function train(page: Page, methods: readonly string[], epochs: number): Promise<void> {
  await simulate(page, 60);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, ...methods);
  await setParameters(page, 'Pre-training', { Epochs: '1' });
  await setParameters(page, 'Fine-tuning', { Epochs: String(epochs) });
  await page.getByRole('button', { name: /^Start (the run|2 runs)$/ }).click();
}

const statuses = async (page: Page) => (await runs(page)).map(({ status }) => status);

test('after the first visit the host may vanish: all pages, threads and training are there', async ({ page }) => {
  await visitUntilKept(page);
  host.stop();
  await page.reload();
  await openStudio(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // The line of the first visit is said once.
  await expect(page.getByText('Works offline from now on.')).toHaveCount(0);
  await train(page, ['Finetune-All', 'UAF-Hard'], 2);
  await expect.poll(() => statuses(page), { timeout: 90_000 }).toEqual(['finished', 'finished']);
  const threads = Number(await page.evaluate(() => navigator.hardwareConcurrency)) > 1 ? '2 threads' : '1 thread';
  expect((await runs(page))[1].backend).toMatchObject({ name: 'wasm', adapter: expect.stringContaining(threads) });
  for (const { path, heading, region } of PAGES) {
    await page.goto(`./#${path}`);
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
    await expect(page.getByRole('region', { name: region }).last()).toBeVisible();
  }
  // Formulas, and what they are set in.
  await expect(page.locator('.katex').first()).toBeVisible();
  expect(await page.evaluate(async () => (await document.fonts.load('16px KaTeX_Main')).length)).toBe(1);
});

test('a newer build asks, waits for the end of training, and comes when it is told to', async ({ page, context }) => {
  const newer = mkdtempSync(join(tmpdir(), 'studio-newer-'));
  const marked = { name: 'newer', transformIndexHtml: (html: string) => html.replace('<title>', '<meta name="newer"><title>') };
  const building = build({ plugins: [marked], logLevel: 'error', build: { outDir: newer, emptyOutDir: true } });
  await visitUntilKept(page);
  await building;
  host.serve(newer);
  const isNewer = (shown: Page) => shown.locator('meta[name=newer]').count();
  const prompt = (shown: Page) => shown.getByRole('status').filter({ hasText: 'new version' });
  const other = await context.newPage();
  await openStudio(other);
  await expect(prompt(other)).toContainText('A new version is ready', { timeout: 60_000 });
  await expect(prompt(page)).toContainText('A new version is ready');
  expect([await isNewer(page), await isNewer(other)]).toEqual([0, 0]);

  // While one tab trains, no tab is offered anything. (A tab behind another draws seldom, and answers clicks slowly.)
  await page.bringToFront();
  await train(page, ['UAF-Hard'], 900);
  for (const shown of [page, other]) {
    await expect(prompt(shown)).toContainText('offered here when training ends');
    await expect(prompt(shown).getByRole('button')).toHaveCount(0);
  }
  await stopRun(page);
  await expect.poll(() => statuses(page)).toEqual(['stopped']);
  await prompt(page).getByRole('button', { name: 'Reload' }).click();
  await expect(page.locator('meta[name=newer]')).toHaveCount(1);
  await expect(prompt(page)).toHaveCount(0);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  // The other tab was not reloaded: it is told, and follows when it is told to.
  await expect(prompt(other)).toContainText('Another tab has taken the new version');
  expect(await isNewer(other)).toBe(0);
  await prompt(other).getByRole('button', { name: 'Reload' }).click();
  await expect(other.locator('meta[name=newer]')).toHaveCount(1);
});
