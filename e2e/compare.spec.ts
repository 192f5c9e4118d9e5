import type { Page } from '@playwright/test';
import { metrics, runRow } from '../src/app/compare/testing.ts';
import type { EpochRow } from '../src/storage/database.ts';
import { expect, openStudio, put, test } from './studio.ts';

/** More than are ever drawn at once. */
const MANY = 600;
const METHODS = ['finetune-all', 'uaf-hard', 'uaf-soft'];

/** Runs of three methods with two seeds each, at many temperatures; the first twelve are of an experiment, the last failed. */
async function withRuns(page: Page): Promise<void> {
  await openStudio(page);
  const rows = Array.from({ length: MANY }, (_, i) => {
    const method = METHODS[i % 3];
    const changes = { method, seed: 1 + (Math.floor(i / 3) % 2), temperature: 1 + Math.floor(i / 6) };
    const run = runRow({ id: i + 1, changes, test: 0.2 + 0.1 * (i % 3), status: i === MANY - 1 ? 'failed' : 'finished' });
    return { ...run, experimentId: i < 12 ? 1 : null };
  });
  const epochs = [1, 2, 3].map(
    (epoch): EpochRow => ({
      runId: 1,
      epoch,
      trainLoss: 1 / epoch,
      validation: metrics(epoch === 2 ? 0.4 : 0.2),
      policy: null,
    }),
  );
  const experiment = {
    version: 1,
    name: 'Warm or cold',
    question: null,
    preset: 'quick',
    changes: {},
    methods: METHODS,
    seeds: [1, 2],
  };
  await put(page, 'experiments', [{ id: 1, createdAt: 0, experiment: { ...experiment, grid: [], variants: [] } }]);
  await put(page, 'runs', rows);
  await put(page, 'epochs', epochs);
}

test('hundreds of runs: found, sorted, narrowed to what differs, grouped and chosen, all by the address', async ({ page }) => {
  await withRuns(page);
  await page.goto('./#/compare');
  await page.reload();
  // Exactly: charts have tables behind them that speak of runs, too, with columns of the same names.
  const table = page.getByRole('table', { name: 'Runs', exact: true });
  await expect(table).toHaveAttribute('aria-rowcount', String(MANY + 1));
  // Only rows in sight are there.
  expect(await table.getByRole('row').count()).toBeLessThan(40);
  await page.getByLabel('Find').fill('failed');
  await expect(table).toHaveAttribute('aria-rowcount', '2');
  await page.getByLabel('Find').fill('');

  // A link to an experiment shows and chooses its runs.
  await page.goto('./#/compare?experiment=1&differs=1');
  await expect(page.getByRole('status').filter({ hasText: '12 of 600 runs chosen, 12 shown' })).toBeVisible();
  await expect(page.getByText('The shown runs differ in: method, seed, temperature τ.')).toBeVisible();
  const headers = table.getByRole('columnheader').filter({ has: page.getByRole('button') });
  await expect(headers).toHaveText([/run/, 'method', 'HR@5', 'seed', 'temperature τ']);
  await table.getByRole('button', { name: 'temperature τ' }).click();
  await table.getByRole('button', { name: /^temperature τ/ }).click();
  await expect(table.getByRole('columnheader', { name: /temperature/ })).toHaveAttribute('aria-sort', 'ascending');
  await expect(table.getByRole('row').nth(1).getByRole('cell').nth(4)).toHaveText('1');
  await page.getByText('mean over seeds').click();
  await expect(table).toHaveAttribute('aria-rowcount', '7');
  await expect(table.getByRole('row', { name: /UAF-Soft \(temperature τ 2\)/ })).toContainText('0.400 ± 0.000');

  // What is chosen stands in the address.
  await page.getByRole('button', { name: 'Choose none' }).click();
  await page.getByText('each run').click();
  await page.getByRole('checkbox', { name: 'Choose run 1', exact: true }).check();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(page).toHaveURL(/runs=\d+%2C\d+|runs=\d+-\d+/);
  await page.reload();
  await expect(page.getByRole('status').filter({ hasText: '2 of 600 runs chosen' })).toBeVisible();
  await expect(page.getByRole('checkbox', { name: 'Choose run 1', exact: true })).toBeChecked();
  await expect(page.getByRole('region', { name: 'Curves' })).toContainText(
    'peaked at epoch 2 (0.40 ± 0.10), fell by 0.20 until the end',
  );

  // And what is chosen is deleted, asked about once.
  await page.getByRole('button', { name: 'Delete chosen' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete 2 runs?' });
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status').filter({ hasText: '0 of 598 runs chosen' })).toBeVisible();
});
