import { startHost } from './staticHost.ts';
import { chooseMethods, expect, openStudio, runs, test } from './studio.ts';

test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
  baseURL: async ({}, use) => {
    const host = await startHost('dist');
    await use(host.url);
    host.stop();
  },
});

test('the built folder works from a sub-path of a static host without any headers', async ({ page }) => {
  await openStudio(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  await page.getByRole('button', { name: 'Train on it' }).click();
  await expect(page).toHaveURL(/\/some\/where\/#\/train$/);
  await chooseMethods(page, 'MostPop');
  await page.getByRole('button', { name: 'Start the run' }).click();
  await expect.poll(async () => (await runs(page)).map(({ status }) => status)).toEqual(['finished']);
  await page.reload();
  await expect(page.getByRole('region', { name: 'Runs', exact: true })).toContainText('HR@5');
});
