import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { chooseMethods, expect, openStudio, runs, test } from './studio.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const SUB_PATH = '/some/where/';

let server: Server;
test.use({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
  baseURL: async ({}, use) => {
    server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://host').pathname;
      const file = join('dist', normalize(path.slice(SUB_PATH.length) || 'index.html'));
      if (!path.startsWith(SUB_PATH) || !existsSync(file)) return response.writeHead(404).end();
      response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream' });
      return createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}${SUB_PATH}`);
    server.close();
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
