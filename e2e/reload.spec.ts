import { chooseMethods, epochs, expect, openStudio, policies, runs, simulate, test } from './studio.ts';

test('a reload in the middle: what was done is kept, the run is offered again, the queue goes on', async ({ page }) => {
  await openStudio(page);
  await simulate(page, 200);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await chooseMethods(page, 'UAF-Hard', 'UAF-Soft');
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await expect.poll(async () => (await epochs(page)).length, { timeout: 60_000 }).toBeGreaterThan(1);
  const before = (await epochs(page)).filter(({ epoch }) => epoch === 1)[0];
  const gates = async () => (await policies(page)).find(({ runId, epoch }) => runId === before.runId && epoch === 1)?.bytes;
  const gatesBefore = await gates();
  expect(gatesBefore).toBeDefined();

  await page.reload();
  await expect
    .poll(async () => (await runs(page)).map(({ status }) => status), { timeout: 60_000 })
    .toEqual(['interrupted', 'running']);
  const table = page.getByRole('region', { name: 'Runs', exact: true });
  await expect(table).toContainText('its tab was closed');
  expect((await epochs(page)).filter(({ runId, epoch }) => runId === before.runId && epoch === 1)[0].trainLoss).toBe(
    before.trainLoss,
  );

  // Stopped by hand, then the interrupted run once more: the same numbers as the first time.
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.poll(async () => (await runs(page))[1].status).toBe('stopped');
  await table
    .getByRole('row', { name: /UAF-Hard/ })
    .getByRole('button', { name: 'Start again' })
    .click();
  await expect.poll(async () => (await runs(page))[0].status, { timeout: 90_000 }).toBe('finished');
  const after = (await epochs(page)).filter(({ runId, epoch }) => runId === before.runId && epoch === 1)[0];
  expect(after.trainLoss).toBe(before.trainLoss);
  expect(await gates()).toEqual(gatesBefore);

  await page.reload();
  await expect(table.getByRole('row', { name: /UAF-Hard/ })).toContainText('finished');
});

test('the page is isolated on its own server, so that threads and exact clocks are there', async ({ page }) => {
  await page.goto('./');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
