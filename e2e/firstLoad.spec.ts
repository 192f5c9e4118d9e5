import { firstLoad } from '../scripts/firstLoad.mjs';
import { expect, openStudio, test } from './studio.ts';

test('the first load is what its limit is kept on, and the backend is told without what trains', async ({ page, context }) => {
  const asked = new Set<string>();
  context.on('request', (request) => {
    const { origin, pathname } = new URL(request.url());
    // The service worker keeps everything, once the page is there.
    if (request.serviceWorker() === null && origin.startsWith('http')) asked.add(pathname.slice(1) || 'index.html');
  });
  await openStudio(page);
  await expect(page.getByText('Works offline from now on.')).toBeVisible({ timeout: 60_000 });
  expect([...asked].sort()).toEqual(firstLoad('dist').sort());

  // What trains comes with the next page.
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  await expect.poll(() => [...asked].some((path) => path.includes('training.worker'))).toBe(true);
  await page.getByRole('button', { name: 'WASM' }).hover();
  await expect(page.getByRole('tooltip')).toContainText(/thread/);
});
