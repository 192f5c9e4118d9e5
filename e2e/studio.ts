import { test as base, expect, type Page } from '@playwright/test';
import { METHOD_DESCRIPTIONS } from '../src/configuration/methods.ts';
import type { EpochRow, OutcomeRow, PoliciesRow, RunRow } from '../src/storage/database.ts';

/**
 * The studio in a fresh browser profile. A test fails if the console shows an error or a warning, or if anything is asked
 * of another origin.
 */
export const test = base.extend<{ complaints: string[] }>({
  complaints: [
    async ({ context, baseURL }, use) => {
      const complaints: string[] = [];
      context.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(`console ${message.type()}: ${message.text()}`);
      });
      context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
      context.on('request', (request) => {
        const { origin, protocol } = new URL(request.url());
        if (protocol.startsWith('http') && origin !== new URL(baseURL ?? '').origin)
          complaints.push(`request to ${request.url()}`);
      });
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** All rows of one of the studio's tables, as they are on disk. */
export const rows = <Row>(page: Page, table: string): Promise<Row[]> =>
  page.evaluate(
    (name) =>
      new Promise<Row[]>((resolve, reject) => {
        const opening = indexedDB.open('uaf-studio');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const database = opening.result;
          const reading = database.transaction(name).objectStore(name).getAll();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            database.close();
            resolve(reading.result);
          };
        };
      }),
    table,
  );

/** Writes rows into one of the studio's tables, as if they had been computed. The page knows of them after a reload. */
export const put = (page: Page, table: string, written: readonly unknown[]): Promise<void> =>
  page.evaluate(
    ([name, entries]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('uaf-studio');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const writing = opening.result.transaction(name, 'readwrite');
          for (const entry of entries) writing.objectStore(name).put(entry);
          writing.onerror = () => reject(writing.error);
          writing.oncomplete = () => {
            opening.result.close();
            resolve();
          };
        };
      }),
    [table, written] as const,
  );

export const runs = (page: Page) => rows<RunRow>(page, 'runs');
export const policies = (page: Page) => rows<PoliciesRow>(page, 'policies');
export const epochs = (page: Page) => rows<EpochRow>(page, 'epochs');

/** Stops the run that is trained; the page asks where something is lost by it. */
export async function stopRun(page: Page): Promise<void> {
  const stop = page.getByRole('button', { name: 'Stop', exact: true, includeHidden: true });
  const sure = page.getByRole('button', { name: 'Stop it' });
  await stop.click();
  await expect(async () => {
    // While the question fades away its button is still there, and then it is not.
    if (await sure.isVisible()) await sure.click({ timeout: 1_000 });
    expect(await stop.count()).toBe(0);
  }).toPass({ timeout: 20_000 });
}

/** All that is stored of runs, in their order, without where it is stored. */
export async function stored(page: Page) {
  const without = ({ runId: _runId, ...row }: EpochRow | OutcomeRow) => row;
  return {
    results: (await runs(page)).map(({ configuration, status, pretraining, result }) => {
      return { configuration, status, pretraining, result };
    }),
    epochs: (await epochs(page)).map(without),
    outcomes: (await rows<OutcomeRow>(page, 'outcomes')).map(without),
    policies: (await policies(page)).map(({ epoch, bytes }) => ({ epoch, bytes })),
  };
}

/** What a click saves: its path. */
export async function saved(page: Page, button: string): Promise<string> {
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: button, exact: true }).click();
  return (await downloading).path();
}

/** Opens the studio and waits until the demo dataset and a backend are there. */
export async function openStudio(page: Page, path = './'): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('heading', { name: /Demo: hidden kinds/ })).toBeVisible();
  await expect(page.getByRole('button', { name: 'WASM' })).toBeVisible();
}

/** Makes a small simulated dataset, which is then the one in use. */
export async function simulate(page: Page, users: number): Promise<void> {
  await page.getByRole('button', { name: 'Simulate a dataset' }).click();
  await page.getByLabel('Users', { exact: true }).fill(String(users));
  await page.getByLabel('Users', { exact: true }).blur();
  await page.getByRole('button', { name: 'Make the dataset' }).click();
  await expect(page.getByRole('region', { name: /Dataset/ })).toHaveCount(2);
}

/** Checks these methods on the Train page, and no others. */
export async function chooseMethods(page: Page, ...methods: string[]): Promise<void> {
  const boxes = page.getByRole('region', { name: 'New runs' }).getByRole('checkbox');
  await expect(boxes).toHaveCount(METHOD_DESCRIPTIONS.length);
  for (const box of await boxes.all()) await box.uncheck();
  for (const method of methods) await page.getByRole('checkbox', { name: method, exact: true }).check();
}

/** A text as a part of a regular expression. */
export const literally = (text: string) => text.replace(/[()[\].]/g, '\\$&');

/** Sets parameters on the Train page by their labels. */
export async function setParameters(page: Page, group: string, values: Readonly<Record<string, string>>): Promise<void> {
  await page.getByRole('button', { name: group, exact: true }).click();
  for (const [label, value] of Object.entries(values)) {
    const field = page.getByRole('region', { name: new RegExp(`^${literally(group)}`) }).getByLabel(label, { exact: false });
    await field.fill(value);
    await field.blur();
  }
  await page.getByRole('button', { name: new RegExp(`^${literally(group)}`) }).click();
}
