import type { Page } from '@playwright/test';
import { LAUNCH } from './chromium.ts';
import { expect, openStudio, put, rows, runs, test } from './studio.ts';

/** Starts a run that takes longer than any test. */
async function startLong(page: Page): Promise<void> {
  await page.goto('./#/train?on=1&preset=quick&method=uaf-hard&seed=1&fineTuning.epochs=500');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
}

const statuses = async (page: Page) => (await runs(page)).map(({ status }) => status);
const alert = (page: Page, title: string) => page.getByRole('alert').filter({ hasText: title });

test('a worker that dies is named, and restarted; its run is interrupted and goes on', async ({ page }) => {
  await openStudio(page);
  await startLong(page);
  const worker = page.workers().find((each) => each.url().includes('training'));
  await worker?.evaluate(() => {
    setTimeout(() => self.close());
  });
  await expect(alert(page, 'The worker that trains has stopped')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Runs', exact: true })).toContainText('its worker has stopped');
  await page.getByRole('button', { name: 'Restart the worker' }).click();
  await expect(alert(page, 'A run was interrupted')).toBeVisible();
  expect(await statuses(page)).toEqual(['interrupted']);
  await page.getByRole('button', { name: 'Resume it' }).click();
  await expect.poll(() => statuses(page)).toEqual(['running']);
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible();
});

test('a GPU that goes away leaves a run that failed, and WASM as a way on', async ({ playwright, baseURL }) => {
  const browser = await playwright.chromium.launch(LAUNCH);
  const page = await browser.newPage({ baseURL });
  await openStudio(page);
  await page.getByRole('button', { name: 'WASM' }).click();
  await page.getByRole('menuitem', { name: /^WebGPU/ }).click();
  await expect(page.getByRole('button', { name: /^WebGPU/ })).toBeVisible();
  await startLong(page);
  await expect.poll(() => statuses(page)).toEqual(['running']);
  await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
  await expect(alert(page, 'The GPU went away')).toBeVisible();
  await expect.poll(() => statuses(page)).toEqual(['failed']);
  await page.getByRole('button', { name: 'Go on with WASM' }).click();
  await expect
    .poll(async () => (await runs(page)).map(({ status, backend }) => [status, backend?.name]))
    .toEqual([['running', 'wasm']]);
  await expect(alert(page, 'The GPU went away')).toHaveCount(0);
  await browser.close();
});

test('damaged records stand aside and can be deleted; what a newer version stored is not touched', async ({ page }) => {
  await openStudio(page);
  await put(page, 'runs', [{ id: 77, datasetId: 1, status: 'finished', result: {} }]);
  await page.reload();
  await expect(alert(page, 'One record is damaged')).toContainText('Run 77: “datasetName” is missing.');
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Compare', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await expect(alert(page, 'One record is damaged')).toHaveCount(0);
  expect(await rows(page, 'runs')).toEqual([]);

  await page.evaluate(
    () =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('uaf-studio', 1_000);
        opening.onupgradeneeded = () => opening.result.createObjectStore('of a later version');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          opening.result.close();
          resolve();
        };
      }),
  );
  await expect(alert(page, 'A newer version of the studio is open in another tab')).toBeVisible();
  await page.getByRole('button', { name: 'Reload' }).click();
  await expect(alert(page, 'This studio is older than what is stored here')).toBeVisible();
  expect((await page.evaluate(() => indexedDB.databases())).map(({ version }) => version)).toEqual([1_000]);
});

test('a second tab watches, holds and takes over; a hidden one trains on', async ({ page, context }) => {
  await openStudio(page);
  await startLong(page);
  // As browsers do with hidden tabs: no frames any more.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    window.requestAnimationFrame = () => 0;
    document.dispatchEvent(new Event('visibilitychange'));
  });
  const second = await context.newPage();
  await second.goto('./#/train');
  await expect(second.getByRole('status').filter({ hasText: 'Another tab trains' })).toBeVisible();
  const locks = await second.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name));
  expect(locks).toContain('uaf-studio training');
  const epochs = async () => (await rows(second, 'epochs')).length;
  const before = await epochs();
  await expect.poll(epochs).toBeGreaterThan(before);
  await second.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => statuses(second)).toEqual(['paused']);
  await second.getByRole('button', { name: 'Resume' }).click();
  await expect.poll(() => statuses(second)).toEqual(['running']);

  await page.close();
  await expect(alert(second, 'A run was interrupted')).toBeVisible();
  await expect(second.getByText('Another tab trains')).toHaveCount(0);
  await second.getByRole('button', { name: 'Resume it' }).click();
  await expect.poll(() => statuses(second)).toEqual(['running']);
});
