/**
 * The Data page with thousands of runs, in a real Chromium with its own tracing: how long the main thread is busy at a time while
 * one opens it, looks at what takes how much, exports, cleans up and imports everything into another profile, and how long that takes.
 * Two runs of the demo are trained; the others are copies of their rows with other seeds.
 *
 * `npm run trace:storage [-- --runs 2000 --dist folder]` (of a build that is there already); exits 0 only if no task computes longer than 50 ms. Times are those of the clock; “computed”
 * is what the thread itself had a core for, which tells them apart from whatever else the machine does.
 */
import { parseArgs } from 'node:util';
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { LAUNCH } from '../e2e/chromium.ts';
import { cell, LONGEST_TASK, tooLong, traced } from './tracing.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '2000' }, dist: { type: 'string' } } });
const wanted = Number(values.runs);

/** Trains MostPop and UAF-Hard on the demo, for few epochs. */
async function train(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Train', exact: true }).click();
  const boxes = page.getByRole('region', { name: 'New runs' }).getByRole('checkbox');
  await boxes.first().waitFor();
  for (const box of await boxes.all()) await box.uncheck();
  for (const name of ['MostPop', 'UAF-Hard']) await page.getByRole('checkbox', { name, exact: true }).check();
  for (const [group, epochs] of [
    ['Pre-training', '1'],
    ['Fine-tuning', '3'],
  ]) {
    await page.getByRole('button', { name: group, exact: true }).click();
    const field = page.getByRole('region', { name: new RegExp(`^${group}`) }).getByLabel('Epochs', { exact: false });
    await field.fill(epochs);
    await field.blur();
  }
  await page.getByRole('button', { name: 'Start 2 runs' }).click();
  await page
    .getByText(/^Finished runs/)
    .or(page.getByRole('button', { name: 'Start 2 runs' }))
    .first()
    .waitFor();
}

/** Copies the rows of the finished runs, with other seeds, until there are so many. Null while they are not finished. */
const copyRuns = (page: Page, count: number): Promise<boolean> =>
  page.evaluate(async (wanted) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    type Row = Record<string, unknown> & { id: number; configuration: object; status: string };
    const database = await done(indexedDB.open('uaf-studio'));
    const parts = ['epochs', 'policies', 'outcomes', 'models'];
    const all = (table: string) => done(database.transaction(table).objectStore(table).getAll());
    const runs: Row[] = await all('runs');
    const isReady = runs.length >= 2 && runs.every(({ status }) => status === 'finished');
    if (isReady) {
      const rows = await Promise.all(parts.map(all));
      for (let from = runs.length; from < wanted; from += 100) {
        const writing = database.transaction(['runs', ...parts], 'readwrite');
        for (let i = from; i < Math.min(wanted, from + 100); i++) {
          const of = runs[i % runs.length];
          const [id, seed] = [i + 1, 1000 + i];
          writing.objectStore('runs').put({ ...of, id, position: i, configuration: { ...of.configuration, seed } });
          parts.forEach((table, p) => {
            for (const row of rows[p]) if (row.runId === of.id) writing.objectStore(table).put({ ...row, runId: id });
          });
        }
        await new Promise((resolve, reject) => {
          writing.oncomplete = resolve;
          writing.onerror = () => reject(writing.error);
        });
      }
    }
    database.close();
    return isReady;
  }, count);

async function newPage(context: BrowserContext, url: string): Promise<Page> {
  // A dialog of the system would ask for a file; and tsx names functions by a helper that pages do not have.
  await context.addInitScript("globalThis.__name = (named) => named; Reflect.deleteProperty(window, 'showSaveFilePicker');");
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('heading', { name: /Demo: hidden kinds/ }).waitFor({ timeout: 60_000 });
  return page;
}

/** Of hundreds of thousands. */
const largest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);

async function measured(browser: Browser, page: Page, name: string, act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  let seconds = 0;
  const { tasks, computed, worst } = await traced(browser, page, async () => {
    await act();
    seconds = (performance.now() - started) / 1000;
    await page.waitForTimeout(1500);
  });
  const columns = [
    cell(seconds, 7, 1),
    cell(tasks.length, 8),
    cell(largest(tasks), 9, 1),
    cell(tooLong(tasks), 9),
    cell(largest(computed), 20, 1),
    cell(tooLong(computed), 9),
  ];
  console.log(`${name.padEnd(16)}${columns.join('')}`);
  if (tooLong(computed) > 0) console.log(`  the longest: ${worst}`);
  return largest(computed);
}

async function main(): Promise<void> {
  if (values.dist === undefined) await build({ logLevel: 'error' });
  const server = await preview({ logLevel: 'error', preview: { port: 0 }, build: { outDir: values.dist } });
  const browser = await chromium.launch(LAUNCH);
  const longest: number[] = [];
  try {
    const [url] = server.resolvedUrls?.local ?? [];
    const page = await newPage(await browser.newContext({ viewport: { width: 1440, height: 900 } }), url);
    await train(page);
    while (!(await copyRuns(page, wanted))) await page.waitForTimeout(1000);
    console.log(`${wanted.toLocaleString('en')} runs, Chromium ${browser.version()}; times in ms`);
    console.log('action          seconds   tasks  longest  over 50  (computed: longest  over 50)');
    const storage = page.getByRole('region', { name: 'Storage' });
    const act = async (name: string, work: () => Promise<unknown>, on = page) =>
      longest.push(await measured(browser, on, name, work));
    await page.goto('about:blank');
    await act('opening', async () => {
      await page.goto(url);
      await storage.waitFor();
      await page.waitForTimeout(2000);
    });
    await act('measuring', async () => {
      await storage.getByRole('button', { name: 'What takes how much' }).click();
      await storage.getByRole('table', { name: 'What datasets take' }).waitFor({ timeout: 120_000 });
    });
    await act('by run', async () => {
      await storage.getByText('by run', { exact: true }).click();
      await storage.getByRole('table', { name: /^What runs take/ }).waitFor();
    });
    await storage.getByRole('button', { name: /Everything as one file/ }).click();
    let file = '';
    await act('exporting', async () => {
      const downloading = page.waitForEvent('download', { timeout: 300_000 });
      await storage.getByRole('button', { name: 'Export everything' }).click();
      file = await (await downloading).path();
    });
    await act('cleaning up', async () => {
      await storage.getByRole('button', { name: 'Clean up' }).click();
      await storage.getByRole('checkbox', { name: /^Policies of all epochs/ }).check({ timeout: 60_000 });
      await storage.getByRole('checkbox', { name: /^Models of finished/ }).check();
      await storage.getByRole('button', { name: /^Free [\d.]+ / }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Clean up' }).click();
      await storage.getByRole('status').filter({ hasText: 'were freed' }).waitFor({ timeout: 300_000 });
    });
    const other = await newPage(await browser.newContext({ viewport: { width: 1440, height: 900 } }), url);
    const there = other.getByRole('region', { name: 'Storage' });
    await there.getByRole('button', { name: 'What takes how much' }).click();
    await there.getByRole('button', { name: /Everything as one file/ }).click();
    await there.getByRole('table', { name: 'What datasets take' }).waitFor();
    await act(
      'importing',
      async () => {
        const choosing = other.waitForEvent('filechooser');
        await there.getByRole('button', { name: 'Import a workspace' }).click();
        await (await choosing).setFiles(file);
        const came = there.getByRole('status').filter({ hasText: 'The workspace came in' });
        await came.waitFor({ timeout: 500_000 });
        console.log(`  ${await came.textContent()}`);
      },
      other,
    );
  } finally {
    await browser.close();
    await server.close();
  }
  process.exitCode = longest.some((task) => task > LONGEST_TASK) ? 1 : 0;
}

await main();
