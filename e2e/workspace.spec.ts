import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { CheckpointRow } from '../src/storage/database.ts';
import { chooseMethods, expect, openStudio, put, rows, runs, setParameters, simulate, stored, test } from './studio.ts';

/** What Compare shows of finished runs. */
async function compared(page: Page): Promise<string[]> {
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  const table = page.getByRole('table', { name: 'Runs', exact: true });
  await expect(table.getByText('UAF-Hard', { exact: true })).toBeVisible();
  const cells = table.getByRole('row').filter({ hasText: '±' });
  // Its own number is another one there, and stands first.
  return (await cells.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').replace(/^\s*\d+ /, ''));
}

test('everything leaves as one file, and is the same in another browser', async ({ page, browser, complaints }) => {
  // Where files can be written piece by piece a dialog of the system would ask for one.
  const withoutPicker = () => Reflect.deleteProperty(window, 'showSaveFilePicker');
  await page.addInitScript(withoutPicker);
  await openStudio(page);
  await simulate(page, 60);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, 'MostPop', 'UAF-Hard');
  await setParameters(page, 'Pre-training', { Epochs: '1' });
  await setParameters(page, 'Fine-tuning', { Epochs: '2' });
  await expect(page.getByText(/Takes at most .* on disk/)).toBeVisible();
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect
    .poll(async () => (await runs(page)).map(({ status }) => status), { timeout: 60_000 })
    .toEqual(['finished', 'finished']);
  const shown = await compared(page);
  expect(shown).toHaveLength(2);

  await page.getByRole('link', { name: 'Data', exact: true }).click();
  const storage = page.getByRole('region', { name: 'Storage' });
  // It was asked for at the first run, whatever the browser answered.
  await expect(storage.getByRole('status').first()).toContainText(/did not promise to|keeps this until/);
  await storage.getByRole('button', { name: /Everything as one file/ }).click();
  const downloading = page.waitForEvent('download');
  await storage.getByRole('button', { name: 'Export everything' }).click();
  const file = await (await downloading).path();

  const context = await browser.newContext({ baseURL: test.info().project.use.baseURL });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
  const other = await context.newPage();
  await openStudio(other);
  await other.getByRole('button', { name: 'Import files' }).click();
  await other.getByLabel('Files to import').setInputFiles({ name: 'w', mimeType: '', buffer: readFileSync(file) });
  const there = other.getByRole('region', { name: 'Storage' });
  await expect(there.getByRole('status').filter({ hasText: 'The workspace was imported' })).toContainText(
    'New here: 1 dataset, 2 runs and 1 pre-trained model.',
  );
  expect(await stored(other)).toEqual(await stored(page));
  expect(await compared(other)).toEqual(shown);
  await context.close();

  // What is cleaned up is measured, foretold and gone.
  await put(page, 'checkpoints', [
    { runId: 1, file: 'none', bytes: 1, checksum: 1, savedAt: 1, stage: 'fine-tuning', epoch: 1, step: 1 },
  ]);
  await storage.getByRole('button', { name: 'Clean up' }).click();
  await storage.getByRole('checkbox', { name: /^Checkpoints of runs/ }).check();
  await storage.getByRole('checkbox', { name: /^Policies of all epochs/ }).check();
  await storage.getByRole('button', { name: /^Free [\d.]+ / }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clean up' }).click();
  await expect(storage.getByRole('status').filter({ hasText: 'were freed' })).toBeVisible();
  expect(await rows<CheckpointRow>(page, 'checkpoints')).toEqual([]);
  expect(await rows(page, 'policies')).toHaveLength(1);

  // What takes how much leads to where it goes.
  await storage.getByRole('button', { name: 'What takes how much' }).click();
  const table = storage.getByRole('table', { name: 'What datasets take' });
  const card = page.getByRole('region', { name: /^Dataset .*number 2/ });
  await table.getByRole('row').filter({ hasText: '(2 runs)' }).getByRole('button').click();
  await expect(card).toBeFocused();
  await storage.getByText('by run', { exact: true }).click();
  await storage.getByRole('button', { name: 'Delete run 1', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(storage.getByRole('button', { name: 'Delete run 1', exact: true })).toHaveCount(0);
  expect((await runs(page)).map(({ id }) => id)).toEqual([2]);
});
