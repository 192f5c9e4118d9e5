import type { CheckpointRow, EpochRow, OutcomeRow, PoliciesRow } from '../src/storage/database.ts';
import { chooseMethods, epochs, expect, openStudio, policies, rows, runs, simulate, test } from './studio.ts';

test('a reload in the middle: the run is offered to go on, the queue goes on, and it ends as if nothing had happened', async ({
  page,
}) => {
  await openStudio(page);
  await simulate(page, 300);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, 'UAF-Hard', 'UAF-Soft');
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  const checkpoints = async () => (await rows<CheckpointRow>(page, 'checkpoints')).map(({ runId, stage }) => `${runId} ${stage}`);
  await expect.poll(async () => (await epochs(page)).length, { timeout: 60_000, intervals: [50] }).toBeGreaterThan(0);
  // A short run on a slow disk may have none by itself; a page that is left asks for one, and may be back before it goes.
  await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
  await expect.poll(checkpoints, { timeout: 60_000, intervals: [50] }).toEqual(['1 fine-tuning']);

  await page.reload();
  await expect
    .poll(async () => (await runs(page)).map(({ status }) => status), { timeout: 60_000, intervals: [50] })
    .toEqual(['interrupted', 'running']);
  await expect.poll(async () => (await runs(page))[1].status, { timeout: 90_000 }).toBe('finished');
  const row = page.getByRole('region', { name: 'Runs', exact: true }).getByRole('row', { name: /UAF-Hard/ });
  await expect(row).toContainText(/its tab was closed, reloaded or lost; saved: .*epoch \d+/);
  await expect(row.getByRole('button', { name: 'Start anew' })).toBeVisible();
  await row.getByRole('button', { name: /^Resume from (the end of )?epoch \d+$/ }).click();
  await expect.poll(async () => (await runs(page))[0].status, { timeout: 90_000 }).toBe('finished');
  await page.getByRole('button', { name: 'Log' }).click();
  await expect(page.getByText(/Resumes from .*epoch \d+/)).toBeVisible();

  // The same once more, undisturbed.
  await chooseMethods(page, 'UAF-Hard');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await expect.poll(async () => (await runs(page))[2]?.status, { timeout: 90_000 }).toBe('finished');
  const of = async (id: number) => {
    const without = ({ runId: _runId, ...rest }: EpochRow | OutcomeRow | PoliciesRow) => rest;
    const mine = ({ runId }: { readonly runId: number }) => runId === id;
    const run = (await runs(page)).find((one) => one.id === id);
    return {
      pretraining: run?.pretraining,
      result: { ...run?.result, seconds: null },
      epochs: (await epochs(page)).filter(mine).map(without),
      policies: (await policies(page)).filter(mine).map(without),
      outcomes: (await rows<OutcomeRow>(page, 'outcomes')).filter(mine).map(without),
    };
  };
  const [resumed, undisturbed] = [await of(1), await of(3)];
  expect(undisturbed.epochs.length).toBeGreaterThan(2);
  expect(resumed).toEqual(undisturbed);
  expect(await checkpoints()).toEqual([]);
});

test('the page is isolated on its own server, so that threads and exact clocks are there', async ({ page }) => {
  await page.goto('./');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
