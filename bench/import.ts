import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { LAUNCH } from '../e2e/chromium.ts';
import type { Cancelled } from './importPage/page.ts';
import { WorkerMemory } from './memory.ts';

const USAGE = `npm run bench:import -- [options]

Imports files of the paper's ColdRec-1's size in Chromium, through the studio's own page, with storage on disk: seconds of each stage,
memory, tasks of the main thread, cancelling, opening the dataset again, steps of training on it.

  --users 20000       fewer people, and as many fewer targets
  --formats pair,long one of them, or both
  --folder FOLDER     where the files are kept between runs; default: a folder of the system's temporary files
  --quick             without cancelling, for which the files are read again five times
  --json              as JSON`;

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '1649095' },
    formats: { type: 'string', default: 'pair,long' },
    folder: { type: 'string', default: join(tmpdir(), 'uaf-studio-bench-import') },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const FILES = { pair: ['pretraining.csv', 'finetuning.csv'], long: ['source.csv', 'target.csv'] };
type Format = keyof typeof FILES;
const STEPS = 6;
const MOST_SECONDS = 1800;

/** Moments of an import at which it is cancelled. */
const CANCELLED_AT = [
  ['reading', 0.1],
  ['reading', 0.9],
  ['preparing', 0.3],
  ['preparing', 0.9],
  ['storing', 0],
] as const;

interface Measured {
  readonly format: Format;
  readonly megabytes: number;
  /** Seconds between the first and the last message of each stage, and of all from the click to the dataset's card. */
  readonly stages: Record<string, number>;
  readonly seconds: number;
  /** Messages of progress that told the time left. */
  readonly told: number;
  readonly importMemory: number;
  readonly importArrays: number;
  /** And what the worker had told last. */
  readonly longestTask: { readonly milliseconds: number; readonly during: string };
  readonly cancelled: (Cancelled & { readonly at: string })[];
  /** After the dataset was deleted. */
  readonly left: { readonly rows: number; readonly files: number };
  readonly reopening: number;
  /** Of the sequences of 256 users, drawn at random. */
  readonly batchMilliseconds: number;
  readonly stepMilliseconds: number;
  readonly trainingMemory: number;
}

if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const formats = values.formats.split(',').map((name): Format => {
    if (name === 'pair' || name === 'long') return name;
    throw new Error(`--formats: “${name}” is neither pair nor long.`);
  });
  const folder = join(values.folder, values.users);
  for (const format of formats) write(folder, format);
  const site = mkdtempSync(join(tmpdir(), 'uaf-studio-site-'));
  let server: PreviewServer | null = null;
  try {
    const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
    const harness = fileURLToPath(new URL('importPage/vite.config.ts', import.meta.url));
    await build({ configFile, logLevel: 'error', build: { outDir: site, emptyOutDir: true } });
    await build({ configFile: harness, logLevel: 'error', build: { outDir: join(site, 'bench'), emptyOutDir: true } });
    server = await preview({ configFile, logLevel: 'error', build: { outDir: site }, preview: { port: 0 } });
    const [url] = server.resolvedUrls?.local ?? [];
    const load = loadavg()[0];
    const measured: Measured[] = [];
    for (const format of formats) measured.push(await measure(url, folder, format));
    const [{ model }] = cpus();
    const machine = `${cpus().length} × ${model}; load ${load.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`;
    if (values.json) console.log(JSON.stringify({ machine, measured }, null, 2));
    else print(machine, measured);
  } finally {
    await server?.close();
    rmSync(site, { recursive: true, force: true });
  }
}

/** Writes the files, unless the same ones are there. */
function write(folder: string, format: Format): void {
  const arguments_ = ['cli/simulate.ts', '--users', values.users, '--format', format, '--out', folder];
  const note = join(folder, `${format}.txt`);
  const wanted = arguments_.join(' ');
  if (existsSync(note) && readFileSync(note, 'utf8') === wanted && FILES[format].every((name) => existsSync(join(folder, name))))
    return;
  mkdirSync(folder, { recursive: true });
  execFileSync(process.execPath, ['--import', 'tsx', ...arguments_], { stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(note, wanted);
}

async function measure(url: string, folder: string, format: Format): Promise<Measured> {
  // A fresh profile on disk: what a private window keeps is in memory.
  const profile = mkdtempSync(join(tmpdir(), 'uaf-studio-profile-'));
  const context = await chromium.launchPersistentContext(profile, { ...LAUNCH, headless: true });
  context.setDefaultTimeout(MOST_SECONDS * 1000);
  const paths = FILES[format].map((name) => join(folder, name));
  try {
    const imported = await importOn(await openStudio(context, url), paths);
    const harness = await openHarness(context, url);
    const memory = await WorkerMemory.of(harness, 'training');
    const reopening = await harness.evaluate((id) => window.harness.open(id), imported.id);
    const batchMilliseconds = await harness.evaluate(() => window.harness.batches(100));
    const times = await harness.evaluate((steps) => window.harness.train(steps), STEPS);
    const trainingMemory = (await memory.end()).peak;
    await harness.close();
    const cancelled: Measured['cancelled'] = [];
    for (const [stage, share] of values.quick ? [] : CANCELLED_AT) {
      const page = await openHarness(context, url);
      await page.getByLabel('Files').setInputFiles(paths);
      const result = await page.evaluate(([at, of]) => window.harness.cancelAt(at, of), [stage, share] as const);
      cancelled.push({ at: `${stage} at ${100 * share} %`, ...result });
      await page.close();
    }
    const page = await openHarness(context, url);
    const left = await page.evaluate((id) => window.harness.remove(id), imported.id);
    const [, ...steady] = times;
    return {
      ...imported,
      format,
      megabytes: paths.reduce((sum, path) => sum + statSync(path).size, 0) / 1e6,
      reopening,
      batchMilliseconds,
      stepMilliseconds: steady.reduce((sum, time) => sum + time, 0) / steady.length,
      trainingMemory,
      cancelled,
      left,
    };
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

async function openStudio(context: BrowserContext, url: string): Promise<Page> {
  const [page] = context.pages();
  await page.addInitScript(watch);
  await page.goto(`${url}#/data`);
  return page;
}

async function openHarness(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${url}bench/index.html`);
  await page.waitForFunction(() => 'harness' in window);
  return page;
}

interface Watched {
  readonly progress: {
    readonly stage: string;
    readonly share: number;
    readonly secondsLeft: number | null;
    readonly at: number;
  }[];
  readonly tasks: { readonly milliseconds: number; readonly at: number }[];
}

declare global {
  interface Window {
    watched: Watched;
  }
}

/** In the page: notes messages of progress as they come from the worker, and long tasks. */
function watch(): void {
  const watched: Watched = { progress: [], tasks: [] };
  window.watched = watched;
  new PerformanceObserver((list) => {
    for (const { duration, startTime } of list.getEntries()) watched.tasks.push({ milliseconds: duration, at: startTime });
  }).observe({ type: 'longtask' });
  const add = MessagePort.prototype.addEventListener;
  MessagePort.prototype.addEventListener = function (this: MessagePort, type: string, ...rest: [never]) {
    if (type === 'message') {
      add.call(this, 'message', ((event: MessageEvent) => {
        const value = event.data?.argumentList?.[0]?.value;
        if (typeof value?.stage === 'string' && typeof value.share === 'number')
          watched.progress.push({ ...value, at: performance.now() });
      }) as EventListener);
    }
    return add.call(this, type, ...rest);
  };
}

/** Imports files as a user does; what was measured meanwhile. */
async function importOn(page: Page, paths: readonly string[]) {
  await page.getByRole('button', { name: 'Import files' }).click();
  const memory = await WorkerMemory.of(page, 'import');
  await page.getByLabel('Files to import').setInputFiles([...paths]);
  const reading = page.getByRole('button', { name: 'Read the files' });
  const button = page.getByRole('button', { name: 'Import', exact: true });
  // Small files are read by themselves.
  await reading.or(button).waitFor();
  await page.evaluate(() => {
    window.watched.tasks.length = 0;
  });
  const started = performance.now();
  if (await reading.isVisible()) await reading.click();
  await button.click();
  await page.getByRole('region', { name: /^Dataset .* → / }).waitFor();
  const seconds = (performance.now() - started) / 1000;
  const { peak, arrays } = await memory.end();
  const { progress, tasks } = await page.evaluate(() => window.watched);
  const stages: Record<string, number> = {};
  for (const stage of ['reading', 'preparing', 'storing']) {
    const times = progress.filter((message) => message.stage === stage).map(({ at }) => at);
    stages[stage] = times.length === 0 ? 0 : (times[times.length - 1] - times[0]) / 1000;
  }
  const id = await page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open('uaf-studio');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const reading = opening.result.transaction('datasets').objectStore('datasets').getAllKeys();
          reading.onerror = () => reject(reading.error);
          reading.onsuccess = () => {
            opening.result.close();
            resolve(Math.max(...reading.result.map(Number)));
          };
        };
      }),
  );
  const told = progress.filter(({ secondsLeft }) => secondsLeft !== null).length;
  const longest = tasks.reduce((most, task) => (task.milliseconds > most.milliseconds ? task : most), { milliseconds: 0, at: 0 });
  const during = progress.findLast(({ at }) => at <= longest.at);
  const longestTask = {
    milliseconds: longest.milliseconds,
    during: during === undefined ? 'begin' : `${during.stage} ${during.share.toFixed(2)}`,
  };
  return { id, seconds, stages, told, importMemory: peak, importArrays: arrays, longestTask };
}

function print(machine: string, measured: readonly Measured[]): void {
  const rows: [string, (of: Measured) => string][] = [
    ['files, MB', ({ megabytes }) => megabytes.toFixed(0)],
    ['import, from the click to the dataset’s card, s', ({ seconds }) => seconds.toFixed(1)],
    ['· reading, s', ({ stages }) => stages.reading.toFixed(1)],
    ['· preparing, s', ({ stages }) => stages.preparing.toFixed(1)],
    ['· storing, s', ({ stages }) => stages.storing.toFixed(1)],
    ['messages with the time left', ({ told }) => String(told)],
    ['import worker’s memory at most, MB', ({ importMemory }) => (importMemory / 1e6).toFixed(0)],
    ['· of it in typed arrays, MB', ({ importArrays }) => (importArrays / 1e6).toFixed(0)],
    [
      'longest task of the main thread, ms',
      ({ longestTask: { milliseconds, during } }) => (milliseconds === 0 ? 'below 50' : `${milliseconds.toFixed(0)} (${during})`),
    ],
    ['opening again, s', ({ reopening }) => reopening.toFixed(2)],
    ['sequences of 256 users at random, ms', ({ batchMilliseconds }) => batchMilliseconds.toFixed(1)],
    [`a step of pre-training (quick, WASM, 1 thread), ms`, ({ stepMilliseconds }) => stepMilliseconds.toFixed(0)],
    ['training worker’s memory at most, MB', ({ trainingMemory }) => (trainingMemory / 1e6).toFixed(0)],
    ['left of it when it is deleted', ({ left }) => `${left.rows} rows, ${left.files} files`],
    ...(values.quick ? [] : CANCELLED_AT).map(([stage, share], i): [string, (of: Measured) => string] => [
      `cancelled while ${stage}, at ${100 * share} %`,
      ({ cancelled: { [i]: one } }) => `${one.milliseconds.toFixed(0)} ms, ${one.answer}; ${one.rows} row, ${one.files} file`,
    ]),
  ];
  console.log(`\n${values.users} users. ${machine}\n`);
  console.log(`| | ${measured.map(({ format }) => (format === 'pair' ? 'the release’s pair' : 'long format')).join(' | ')} |`);
  console.log(`| --- |${' ---: |'.repeat(measured.length)}`);
  for (const [name, of] of rows) console.log(`| ${name} | ${measured.map(of).join(' | ')} |`);
  if (!values.quick) console.log('\nAfter a cancelled import one row and one file are left: those of the import before.');
}
