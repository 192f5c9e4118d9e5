import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { METHOD_DESCRIPTIONS } from '../src/configuration/methods.ts';
import type { RunStatus } from '../src/storage/database.ts';
import { epochs, expect, openStudio, rows, runs, saved, setParameters, simulate, stored, test } from './studio.ts';

test('an experiment is planned from a template, held over a reload, finished, saved, deleted and brought back', async ({
  page,
}) => {
  const number = async (status: RunStatus) => (await runs(page)).filter((run) => run.status === status).length;
  await openStudio(page);
  await simulate(page, 60);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await page.getByRole('link', { name: /Plan an experiment/ }).click();
  await page.getByRole('link', { name: 'Table 2: all methods' }).click();

  // Tiny: what it comes to is told before it is queued.
  await setParameters(page, 'Pre-training', { Epochs: '1' });
  await setParameters(page, 'Fine-tuning', { Epochs: '1' });
  await page.getByLabel('Seeds').fill('1, 2');
  const summary = page.getByRole('region', { name: 'What it will run' });
  await expect(summary).toContainText('30 runs');
  await expect(summary).toContainText('2 models are pre-trained, for 24 runs');
  await summary.getByRole('button', { name: 'Queue the experiment' }).click();

  // Paused in the middle, the run that is being trained goes back, too: a reload changes nothing of it.
  await expect.poll(() => number('finished')).toBeGreaterThan(2);
  await page.getByRole('main').getByRole('button', { name: 'Pause', exact: true }).click();
  const standing = page.getByRole('status').filter({ hasText: 'finished' });
  await expect(standing).toContainText('paused');
  const held = await number('held');
  expect(held).toBeGreaterThan(0);
  expect(held + (await number('finished'))).toBe(30);
  await page.reload();
  await expect(standing).toContainText('paused');
  expect(await number('held')).toBe(held);

  // Going on, a reload in the middle of a run: it starts again by itself.
  await page.getByRole('main').getByRole('button', { name: 'Resume', exact: true }).click();
  const before = await number('finished');
  await expect.poll(() => number('finished')).toBeGreaterThan(before);
  await page.reload();
  await expect(standing).toHaveText('all 30 finished', { timeout: 60_000 });
  await expect(page.getByRole('table', { name: /Runs on/ }).getByRole('row')).toHaveCount(1 + 15);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Runs', exact: true }).getByRole('row')).toHaveCount(1);

  // Finished, it answers its question; another one like it is planned on the same dataset.
  await page.getByRole('link', { name: 'Table 2: all methods' }).click();
  await expect(page.getByRole('columnheader', { name: 'mean ± sd' })).toBeVisible();
  await expect(page.getByRole('cell', { name: /± .* \(the best\)$/ }).first()).toBeVisible();
  await page.getByRole('button', { name: 'Plan another one like it' }).click();
  await expect(page.getByRole('heading', { name: 'Another experiment like yours' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('checkbox', { name: /^Demo/ }).last()).toBeChecked();
  await expect(page.getByLabel('Seeds')).toHaveValue('1, 2');
  await expect(summary).toContainText('30 runs');

  // What is changed stands in the address, also a seed 0.
  const address = page.url();
  await page.getByLabel('Seeds').fill('0, 1, 2');
  await expect(summary).toContainText('45 runs');
  await expect(page).not.toHaveURL(address);
  await expect(page.getByLabel('Seeds')).toBeFocused();
  await page.reload();
  await expect(page.getByLabel('Seeds')).toHaveValue('0, 1, 2');
  await expect(summary.getByRole('button', { name: 'Queue the experiment' })).toBeEnabled();

  // All of it as a report and as a file; deleted, it comes back from the file as it was.
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await page.getByRole('link', { name: 'Table 2: all methods' }).click();
  await page.getByRole('link', { name: 'Compare', exact: true }).last().click();
  const report = readFileSync(await saved(page, 'HTML report'), 'utf8');
  expect(report).toContain('UAF against the usual ways of transfer (Table 2)');
  for (const { label } of METHOD_DESCRIPTIONS) expect(report).toContain(label);
  const file = await saved(page, 'Runs (JSON)');
  const asItWas = await stored(page);
  // What would tell more is planned with the settings that are there.
  const newest = Math.max(...(await runs(page)).map(({ id }) => id));
  await page.goto(`./#/experiment?new=temperature&like=${newest}`);
  await expect(summary).toContainText('preset quick with pre-training epochs 1, epochs 1');
  await page.goBack();
  await page.goBack();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { name: 'Begin with a question' })).toBeVisible();
  expect(await runs(page)).toEqual([]);
  await page.getByRole('link', { name: 'Compare', exact: true }).click();
  await page.locator('input[type=file]').setInputFiles(file);
  await expect(page.getByRole('status').filter({ hasText: 'taken in' })).toContainText('30 runs');
  expect(await stored(page)).toEqual(asItWas);
});

test('an experiment that one tab trains is held and deleted in another one', async ({ page }) => {
  await openStudio(page);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await page.getByRole('link', { name: /Plan an experiment/ }).click();
  await page.getByRole('link', { name: 'Table 2: all methods' }).click();
  await page.getByRole('button', { name: 'Queue the experiment' }).click();
  const other = await page.context().newPage();
  const training = (tab: Page) => tab.getByRole('progressbar', { name: 'Share of this stage that is done' });
  const statuses = async () => (await runs(page)).map(({ status }) => status);
  await expect.poll(async () => (await epochs(page)).length).toBeGreaterThan(0);
  await expect(training(page)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Table 2: all methods' })).toBeVisible();
  await other.goto(page.url());
  // The other Pause is the run's own, which both tabs show.
  await other.getByRole('main').getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(training(page)).toBeHidden();
  expect(await statuses()).toContain('held');
  expect(await statuses()).not.toContain('running');

  // Taken out of the queue, all that was not trained can be queued again. Whichever tab does it trains it.
  await page.getByRole('button', { name: /^Remove the \d+ that wait/ }).click();
  await other.getByRole('button', { name: /^Run the missing \d+$/ }).click();
  await expect(training(other)).toBeVisible();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(training(other)).toBeHidden();
  for (const table of ['runs', 'epochs', 'policies', 'outcomes', 'models', 'experiments']) {
    expect(await rows(page, table)).toEqual([]);
  }
});
