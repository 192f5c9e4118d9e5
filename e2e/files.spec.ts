import { readFileSync } from 'node:fs';
import { readSafetensors } from '../src/results/safetensors.ts';
import type { DatasetRow, ModelRow } from '../src/storage/database.ts';
import { chooseMethods, expect, openStudio, rows, runs, saved, setParameters, simulate, stored, test } from './studio.ts';

const USERS = 60;

test('runs and a model leave as files, come back without their dataset, and join it when it is there again', async ({ page }) => {
  await openStudio(page);
  await simulate(page, USERS);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, 'Finetune-All', 'UAF-Hard');
  await setParameters(page, 'Pre-training', { Epochs: '1' });
  await setParameters(page, 'Fine-tuning', { Epochs: '2' });
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  const statuses = async () => (await runs(page)).map(({ status }) => status);
  await expect.poll(statuses, { timeout: 120_000 }).toEqual(['finished', 'finished']);
  const before = await stored(page);
  const model = (await rows<ModelRow>(page, 'models')).find(({ runId }) => runId === 2);

  await page.getByRole('link', { name: 'Compare' }).click();
  const files = page.getByRole('region', { name: 'Save and import results' });
  const runsFile = await saved(page, 'Runs (JSON)');
  await files.getByLabel('Of one run').selectOption('2');
  const modelFile = await saved(page, 'Model (safetensors)');
  const { tensors, metadata } = readSafetensors(readFileSync(modelFile));
  expect(metadata.method).toBe('uaf-hard');
  expect(Object.keys(tensors)).toEqual(Object.keys(model?.parameters ?? {}));
  const listed = readFileSync(await saved(page, 'Top-k lists (CSV)'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(listed[0]).toBe('user,rank,item,item_name,score');
  expect(listed).toHaveLength(1 + 10 * USERS);
  await files.getByText('these', { exact: true }).click();
  await files.getByLabel('Ids of users').fill('user-7, nobody');
  await files.getByRole('button', { name: 'User vectors (CSV)' }).click();
  await expect(files.getByRole('alert')).toContainText('no user “nobody”');
  await files.getByLabel('Ids of users').fill('user-7');
  const vectors = readFileSync(await saved(page, 'User vectors (CSV)'), 'utf8')
    .trimEnd()
    .split('\n');
  expect(vectors.map((line) => line.split(',')[0])).toEqual(['user', 'user-7']);

  // Without their dataset there is nothing left of them; the files bring all of it back but the data.
  await page.getByRole('link', { name: 'Data' }).click();
  const cards = page.getByRole('region', { name: /^Dataset / });
  await cards.nth(1).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(cards).toHaveCount(1);
  expect(await runs(page)).toEqual([]);
  await page.getByRole('button', { name: 'Import files' }).click();
  await page.getByLabel('Files to import').setInputFiles([
    { name: 'm.safetensors', mimeType: '', buffer: readFileSync(modelFile) },
    { name: 'runs.json', mimeType: '', buffer: readFileSync(runsFile) },
  ]);
  await expect(page.getByRole('status').filter({ hasText: '2 runs were taken in' })).toContainText('The model of run');
  expect(await stored(page)).toEqual(before);
  await expect(cards.nth(1)).toContainText('came from elsewhere');
  await expect(cards.nth(1).getByRole('button', { name: 'Train on it' })).toHaveCount(0);
  await expect(page.getByLabel('Dataset for new runs').getByRole('option')).toHaveCount(1);
  await page.getByRole('link', { name: 'Compare runs' }).click();
  await expect(page.getByRole('table').getByText('UAF-Hard', { exact: true }).first()).toBeVisible();
  // What is not there is not offered, and one reason told.
  const [modelFileButton, listsButton] = ['Model (safetensors)', 'Top-k lists (CSV)'].map((name) =>
    files.getByRole('button', { name }),
  );
  await files.getByLabel('Of one run').selectOption({ index: 0 });
  await expect(modelFileButton).toBeDisabled();
  await expect(files).toContainText('files of runs hold none');
  await files.getByLabel('Of one run').selectOption({ index: 1 });
  await expect(modelFileButton).toBeEnabled();
  await expect(listsButton).toBeDisabled();
  await expect(files).toContainText('The data of this run is not here');
  await files.locator('input[type=file]').setInputFiles(runsFile);
  await expect(files.getByRole('status')).toContainText('2 runs are here already');
  await page.goto('./#/user');
  await expect(page.getByRole('alert')).toContainText('came from elsewhere');

  // The same data again: the runs are its own, and can be looked into.
  await page.goto('./#/data');
  await simulate(page, USERS);
  const datasets = await rows<DatasetRow>(page, 'datasets');
  expect(datasets.map(({ hasContents }) => hasContents)).toEqual([true, true]);
  expect((await runs(page)).map(({ datasetId }) => datasetId)).toEqual([datasets[1].id, datasets[1].id]);
  await page.goto('./#/user');
  await expect(page.getByRole('region', { name: 'Gates' }).getByRole('switch')).toHaveCount(2);
});
