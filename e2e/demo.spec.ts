import { metricOf } from '../src/engine/evaluation/metrics.ts';
import { epochs, expect, openStudio, runs, test } from './studio.ts';

test('the demo tells its story with one click, on WASM', async ({ page }) => {
  await openStudio(page);
  await page.getByRole('button', { name: 'Run the demo' }).click();

  // It starts, shows where it stands, and its pre-training loss is drawn.
  await expect(page.getByRole('status').filter({ hasText: 'pre-training' })).toBeVisible();
  await expect(page.getByRole('figure', { name: 'Pre-training loss' }).locator('path.recharts-line-curve')).toBeVisible();

  // Paused, nothing moves; resumed, it goes on.
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  await expect.poll(async () => (await runs(page)).filter(({ status }) => status === 'paused').length).toBe(1);
  const standing = page.getByRole('status').filter({ hasText: 'step' });
  const before = await standing.textContent();
  await page.waitForTimeout(1500);
  expect(await standing.textContent()).toBe(before);
  await page.getByRole('button', { name: 'Resume' }).click();

  // All four methods finish.
  await expect
    .poll(async () => (await runs(page)).map(({ configuration, status }) => `${configuration.method} ${status}`), {
      timeout: 220_000,
      intervals: [2000],
    })
    .toEqual(['most-popular finished', 'finetune-all finished', 'uaf-hard finished', 'uaf-soft finished']);
  const hitRate = new Map(
    (await runs(page)).map(({ configuration, result }) => [
      configuration.method,
      (result && metricOf(result.test, 'HR@5', 'sampled')?.value) ?? 0,
    ]),
  );
  const of = (method: string) => hitRate.get(method) ?? 0;
  // The planted story: only a per-user policy serves both kinds.
  expect(of('most-popular')).toBeLessThan(of('finetune-all'));
  expect(of('uaf-hard')).toBeGreaterThan(of('finetune-all') + 0.08);
  expect(of('uaf-soft')).toBeGreaterThan(of('finetune-all') + 0.08);
  expect(await epochs(page)).toHaveLength(3 * 14);

  // The story ends with the numbers, the picture they are of, and ways on.
  const story = page.getByRole('alert').filter({ hasText: 'What happened' });
  await expect(story).toContainText(of('uaf-hard').toFixed(3));
  await expect(story.getByRole('link')).toHaveText([
    'See who got what',
    'Does it matter?',
    'Look at one user',
    'Now with your own data',
  ]);
  await expect(page.getByRole('button', { name: 'Run the demo again' })).toBeEnabled();
  const policies = page.getByRole('region', { name: 'Policies' });
  const hard = (await runs(page)).find(({ configuration }) => configuration.method === 'uaf-hard');
  await expect(policies.getByRole('heading')).toHaveText(`Policies of UAF-Hard, epoch ${hard?.result?.bestEpoch} (the best)`);

  // The planted truth: two bands, and an AUC.
  await policies.getByRole('button', { name: 'Show the planted truth' }).click();
  await expect(policies.getByText(/^steady \([\d,]+\)$/)).toBeVisible();
  await expect(policies.getByText(/^nostalgic \([\d,]+\)$/)).toBeVisible();
  const sentence = await policies.getByRole('status').filter({ hasText: 'AUC' }).textContent();
  expect(Number(/AUC (\d\.\d\d)/.exec(sentence ?? '')?.[1])).toBeGreaterThanOrEqual(0.9);

  // Compare and Policies show the same runs.
  await page.getByRole('link', { name: 'Compare' }).click();
  await expect(page.getByRole('row', { name: /^Choose run \d+ \d+ UAF-Hard/ })).toContainText(of('uaf-hard').toFixed(3));
  // Three trained methods; MostPop and chance are level lines.
  await expect(page.getByRole('figure', { name: /Validation HR@5/ }).locator('path.recharts-line-curve')).toHaveCount(3 + 2);
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await page.getByRole('link', { name: 'Does it matter?' }).click();
  // Below everything else, once that is drawn.
  await expect(page.getByRole('img', { name: /users by blocks/ })).toBeAttached();
  await expect(page.getByRole('region', { name: 'Does the policy matter?' })).toBeInViewport();
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(200);
  await page.getByRole('link', { name: 'Policies', exact: true }).click();
  const shares = page.getByRole('table', { name: 'Share of users on the fine-tuned block', exact: true });
  await expect(shares.getByRole('row', { name: /UAF-Hard/ })).toBeVisible();
  // A row of Fig. 3 leads to its users.
  await shares.getByRole('button', { name: 'UAF-Hard' }).click();
  await expect(page).toHaveURL(/#\/policies\?.*run=3/);
  await expect(page.getByRole('heading', { name: /^Does the policy matter\? UAF-Hard, epoch \d+ \(the best\)$/ })).toBeVisible();
  await page.getByRole('button', { name: 'Show the planted truth' }).click();
  await expect(page.getByText(/AUC \d\.\d\d/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Choose steady/ })).toBeVisible();
  await expect(page.getByRole('img', { name: /users by blocks/ })).toBeVisible();

  // After a reload everything is still there.
  await page.reload();
  await expect(shares.getByRole('row', { name: /UAF-Soft/ })).toBeVisible();
  await expect(page.getByLabel('Rows by')).toHaveValue('own kind');
});
