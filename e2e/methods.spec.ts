import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { PARAMETER_GROUPS, type ParameterControl } from '../src/configuration/parameters.ts';
import { PRESETS, RELEASED_DIFFERENCES } from '../src/configuration/presets.ts';
import { flatten, type Value } from '../src/configuration/schema.ts';
import { chooseMethods, expect, literally, openStudio, runs, setParameters, simulate, test } from './studio.ts';

const trainPage = (page: Page) => page.getByRole('link', { name: 'Train', exact: true }).click();
const finished = (page: Page, count: number) =>
  expect
    .poll(async () => (await runs(page)).filter(({ status }) => status === 'finished').length, { timeout: 120_000 })
    .toBe(count);

/** Another value than the preset's, by hand on its control. */
async function change(page: Page, group: string, control: ParameterControl, value: Value): Promise<void> {
  const panel = page.getByRole('region', { name: new RegExp(`^${literally(group)}`) });
  const field = panel.getByLabel(control.label, { exact: true });
  if (control.kind === 'choice') await field.selectOption(String(value));
  else if (control.kind === 'switch') await panel.getByRole('switch', { name: control.label }).click();
  else {
    await field.fill(Array.isArray(value) ? value.join(', ') : String(value));
    // A changed field has another label: what has the focus is left.
    await page.keyboard.press('Tab');
  }
}

test('every parameter of the page reaches the run', async ({ page }) => {
  await openStudio(page);
  await simulate(page, 60);
  await trainPage(page);
  await chooseMethods(page, 'MostPop');
  const preset: Record<string, Value> = flatten({ ...PRESETS.quick, dilations: [1, 1] });
  const wanted: Record<string, Value> = {};
  for (const { title, controls } of PARAMETER_GROUPS) {
    await page.getByRole('button', { name: title, exact: true }).click();
    for (const control of controls) {
      const { key, choices = [] } = control;
      const before = preset[key];
      // Sigmoid gates and exploration contradict each other; the switches below have the former.
      if (key === 'gateLogits') continue;
      wanted[key] =
        control.kind === 'choice'
          ? (choices.find((choice) => choice !== before) ?? '')
          : control.kind === 'switch'
            ? before !== true
            : control.kind === 'list'
              ? [2, 3]
              : (control.max ?? 2) <= 1
                ? 0.75
                : Number(before) + 1;
      await change(page, title, control, wanted[key]);
    }
  }
  await page.getByRole('button', { name: 'Start the run' }).click();
  await finished(page, 1);
  expect(flatten((await runs(page))[0].configuration)).toMatchObject(wanted);
});

test('each difference between paper and released code is a switch of its own', async ({ page }) => {
  await openStudio(page);
  await simulate(page, 60);
  await trainPage(page);
  await chooseMethods(page, 'MostPop');
  await page.getByText('preset paper').click();
  await page.getByRole('button', { name: 'Paper or released code' }).click();
  const panel = page.getByRole('region', { name: /^Paper or released code/ });
  for (const { key, words } of RELEASED_DIFFERENCES) {
    await expect(panel.getByText(words)).toBeVisible();
    await panel.getByRole('switch', { name: new RegExp(`^${literally(key)}:`) }).click();
  }
  await expect(page.getByRole('list', { name: 'Worth knowing' })).toContainText('best epoch is chosen on the test instances');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.getByText('preset released-code').click();
  await page.getByRole('button', { name: 'Start the run' }).click();
  await finished(page, 2);
  const [bySwitches, byPreset] = (await runs(page)).map(({ configuration }) => configuration);
  expect(bySwitches).toEqual(byPreset);
  expect(bySwitches).toEqual({ ...PRESETS['released-code'], method: 'most-popular' });
});

test('a profile task: labels imported, classes predicted, compared and confused', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'studio-profile-'));
  const source = Array.from({ length: 480 }, (_, i) => `u${i % 60},m${(i * 7 + (i % 60)) % 20},${1_357_430_400 + i}`).join('\n');
  writeFileSync(join(folder, 'clicks.csv'), `user_id,item_id,timestamp\n${source}\n`);
  writeFileSync(
    join(folder, 'ages.csv'),
    `user,age\n${Array.from({ length: 60 }, (_, u) => `u${u},${u % 3 ? 'young' : 'old'}`).join('\n')}\n`,
  );
  await openStudio(page);
  await page.getByRole('button', { name: 'Import files' }).click();
  await page.getByLabel('Files to import').setInputFiles([join(folder, 'ages.csv'), join(folder, 'clicks.csv')]);
  const labels = page.getByRole('region', { name: 'File of the target domain' });
  await expect(labels).toContainText('ages.csv');
  await expect(labels.getByLabel('Label column of the target file')).toHaveValue('1');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Dataset clicks → ages' })).toContainText(
    'one of 2 classes for each of 60 users',
  );

  await trainPage(page);
  await chooseMethods(page, 'Finetune-CLS', 'PeterRec', 'UAF-RL');
  await page.getByLabel('Finetune-Last-N, other N').fill('2');
  await page.getByLabel('Seeds', { exact: true }).fill('1, 2');
  await setParameters(page, 'Pre-training', { Epochs: '1' });
  await setParameters(page, 'Fine-tuning', { Epochs: '3' });
  await setParameters(page, 'Reinforcement (UAF-RL)', { 'Warm-up epochs': '1' });
  await page.getByRole('button', { name: 'Start 8 runs' }).click();
  await finished(page, 8);
  await expect(page.getByRole('figure', { name: 'Validation accuracy' })).toBeVisible();

  await page.getByRole('link', { name: 'Compare' }).click();
  const table = page.getByRole('region', { name: 'Significance' });
  await expect(table.getByRole('row', { name: /^PeterRec/ })).toContainText('N = 9');
  await page.getByText('mean over seeds').click();
  await expect(page.getByRole('row', { name: /UAF-RL/ }).first()).toContainText('1, 2');
  const confusion = page.getByRole('region', { name: 'Confusion matrix' }).getByRole('table');
  await expect(confusion.getByRole('columnheader')).toHaveText(['is ↓, taken for →', 'young', 'old']);
  const cells = (await confusion.getByRole('cell').allTextContents()).map(Number);
  expect(cells.reduce((sum, count) => sum + count, 0)).toBe(9);
});

test('a search: trials in the queue, the best by validation marked, its test result alone shown', async ({ page }) => {
  await openStudio(page);
  await simulate(page, 80);
  await trainPage(page);
  await chooseMethods(page, 'Finetune-Zero');
  await setParameters(page, 'Fine-tuning', { Epochs: '2' });
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByLabel('Keys and values').fill('fineTuning.learningRate=0.1..0.2');
  await expect(page.getByRole('alert').filter({ hasText: 'Use a random search' })).toBeVisible();
  await page.getByLabel('Keys and values').fill('fineTuning.learningRate=0.000001,0.01,0.03');
  await page.getByRole('button', { name: 'Start 3 runs' }).click();
  await finished(page, 3);
  await page.getByRole('link', { name: 'Compare' }).click();
  const trials = page.getByRole('row', { name: /Finetune-Zero/ });
  await expect(trials.filter({ hasText: '(best of search' })).toHaveCount(1);
  await expect(trials.filter({ hasText: '(trial, search' })).toHaveCount(2);
  await expect(trials.filter({ hasText: 'validation 0' })).toHaveCount(2);
});
