/**
 * The Policies page with 50,000 simulated users, in a real Chromium with its own tracing: how long the main thread is busy at a
 * time while one scrolls, brushes, chooses policies and scrubs. The run is not trained: rows as a run of eight blocks leaves them are written into
 * the browser's database, with many different policies, which is harder for the page than what training ends with.
 *
 * `npm run trace [-- --users 50000]`; exits 0 only if no task takes longer than 50 ms. Times are those of the clock; “computed” is
 * what the thread itself had a core for, which tells them apart from whatever else the machine does.
 */
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { build, preview } from 'vite';
import { LAUNCH } from '../e2e/chromium.ts';
import { storedRuns } from './storedRuns.ts';
import { type Busy, busyOf, CATEGORIES, type TraceEvent } from './traceEvents.ts';

/** Milliseconds: what is longer keeps a click waiting so that one notices. */
const LONGEST_TASK = 50;
const FRAMES = 'frames';

const { values } = parseArgs({ options: { users: { type: 'string', default: '50000' } } });
const users = Number(values.users);

/** Makes the dataset by the simulator of the Data page, and the runs by writing their rows. */
async function prepare(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('button', { name: 'Simulate a dataset' }).click();
  await page.getByLabel('Users', { exact: true }).fill(String(users));
  await page.getByLabel('Users', { exact: true }).blur();
  await page.getByRole('button', { name: 'Make the dataset' }).click();
  await page
    .getByRole('region', { name: /Dataset/ })
    .nth(1)
    .waitFor({ timeout: 120_000 });
  await page.evaluate(
    (tables) =>
      new Promise<void>((resolve, reject) => {
        const bytes = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
        const numbers = (text: string) => new Int32Array(bytes(text).buffer);
        const opening = indexedDB.open('uaf-studio');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const writing = opening.result.transaction(['runs', 'policies', 'outcomes'], 'readwrite');
          for (const row of tables.runs) writing.objectStore('runs').put(row);
          for (const row of tables.policies) writing.objectStore('policies').put({ ...row, bytes: bytes(row.bytes) });
          for (const { runId, ranks, instances, targets } of tables.outcomes) {
            const outcomes = { all: numbers(ranks), sampled: numbers(ranks) };
            const row = { runId, outcomes, instances: numbers(instances), targets: numbers(targets), policies: null };
            writing.objectStore('outcomes').put(row);
          }
          writing.onerror = () => reject(writing.error);
          writing.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    storedRuns(users, 2),
  );
}

/** Traces what happens on the page while something is done. */
async function traced(browser: Browser, page: Page, act: () => Promise<void>): Promise<Busy & { frames: readonly number[] }> {
  await page.evaluate((name) => {
    const frames: number[] = [];
    Object.assign(window, { [name]: frames });
    const frame = (time: number) => {
      frames.push(time);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }, FRAMES);
  await browser.startTracing(page, { categories: ['-*', ...CATEGORIES] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: readonly TraceEvent[] };
  const busy = busyOf(traceEvents);
  const times = await page.evaluate((name) => Reflect.get(window, name) as number[], FRAMES);
  return { ...busy, frames: times.slice(1).map((time, i) => time - times[i]) };
}

const tooLong = (tasks: readonly number[]): number => tasks.filter((task) => task > LONGEST_TASK).length;
const cell = (value: number, width: number, digits = 0): string => value.toFixed(digits).padStart(width);

async function main(): Promise<void> {
  await build({ logLevel: 'error' });
  const server = await preview({ logLevel: 'error', preview: { port: 0 } });
  const browser = await chromium.launch(LAUNCH);
  let longest = 0;
  try {
    const [url] = server.resolvedUrls?.local ?? [];
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // tsx names functions by a helper that pages do not have.
    await page.addInitScript('globalThis.__name = (named) => named;');
    await prepare(page, url);
    const picture = page.getByRole('img', { name: /users by blocks/ });
    const open = async (search: string) => {
      await page.goto(`${url}#/policies?run=1&${search}`);
      await page.reload();
      await picture.waitFor({ timeout: 60_000 });
      await picture.scrollIntoViewIfNeeded();
      await page.waitForTimeout(3000);
      const box = await picture.boundingBox();
      if (box === null) throw new Error('The picture of the policies is not there.');
      return { x: box.x + box.width / 2, y: box.y, height: box.height };
    };
    const acts: readonly {
      name: string;
      search: string;
      act: (at: { x: number; y: number; height: number }) => Promise<void>;
    }[] = [
      {
        name: 'scrolling',
        search: 'height=12',
        act: async ({ x, y }) => {
          await page.mouse.move(x, y + 100);
          for (let i = 0; i < 120; i++) {
            await page.mouse.wheel(0, i < 90 ? 240 : 20_000);
            await page.waitForTimeout(16);
          }
        },
      },
      {
        name: 'brushing',
        search: '',
        act: async ({ x, y, height }) => {
          await page.mouse.move(x, y + 10);
          await page.mouse.down();
          await page.mouse.move(x, y + height - 10, { steps: 120 });
          await page.mouse.move(x, y + height / 2, { steps: 60 });
          await page.mouse.up();
        },
      },
      {
        name: 'policies',
        search: '',
        act: async () => {
          for (const i of [0, 1, 2, 0]) {
            await page
              .getByRole('button', { name: /^Choose the users with policy/ })
              .nth(i)
              .click();
            await page.getByText(/users chosen\./).waitFor();
            await page.getByRole('button', { name: 'Clear' }).click();
            await page.waitForTimeout(500);
          }
        },
      },
      {
        name: 'scrubbing',
        search: '',
        act: async () => {
          await page.getByRole('slider', { name: /Epoch/ }).focus();
          for (const key of ['Home', ...Array<string>(13).fill('ArrowRight'), ...Array<string>(13).fill('ArrowLeft')]) {
            await page.keyboard.press(key);
            await page.waitForTimeout(60);
          }
        },
      },
      {
        name: 'replaying',
        search: '',
        act: async () => {
          await page.getByRole('button', { name: 'Play' }).click();
          await page.waitForTimeout(4500);
        },
      },
    ];
    console.log(`${users.toLocaleString('en')} users, Chromium ${browser.version()}; times in ms`);
    console.log('action      tasks  longest  over 50  (computed: longest  over 50)  frames  median frame  95 %');
    for (const { name, search, act } of acts) {
      const at = await open(search);
      const { tasks, computed, worst, frames } = await traced(browser, page, async () => {
        await act(at);
        await page.waitForTimeout(400);
      });
      longest = Math.max(longest, ...tasks);
      const sorted = frames.toSorted((a, b) => a - b);
      const frameAt = (quantile: number) => sorted[Math.floor(quantile * (sorted.length - 1))] ?? Number.NaN;
      const columns = [
        cell(tasks.length, 7),
        cell(Math.max(...tasks), 9, 1),
        cell(tooLong(tasks), 9),
        cell(Math.max(...computed), 20, 1),
        cell(tooLong(computed), 9),
        cell(frames.length, 9),
        cell(frameAt(0.5), 14, 1),
        cell(frameAt(0.95), 6, 1),
      ];
      console.log(`${name.padEnd(10)}${columns.join('')}`);
      if (tooLong(tasks) > 0) console.log(`  the longest: ${worst}`);
    }
  } finally {
    await browser.close();
    await server.close();
  }
  process.exitCode = longest > LONGEST_TASK ? 1 : 0;
}

await main();
