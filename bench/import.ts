import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { build, type PreviewServer, preview } from 'vite';
import { LAUNCH } from '../e2e/chromium.ts';
import type { Cancelled, Moment } from './importPage/page.ts';
import { MainThread } from './mainThread.ts';
import { WorkerMemory } from './memory.ts';
import type { Busy } from './traceEvents.ts';

const USAGE = `npm run bench:import -- [options]

Imports files of the paper's ColdRec-1's size in Chromium, through the studio's own page, with storage on disk: seconds of each stage,
what filters would leave, memory, tasks of the main thread, cancelling, opening the dataset again, steps of training on it.

  --users 20000       fewer people, and as many fewer targets
  --formats pair,long one of them, or both
  --folder FOLDER     where the files are kept between runs; default: a folder of the system's temporary files
  --quick             without filters, and without cancelling, for which the files are read again seven times
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
const CANCELLED_AT: readonly (readonly [Moment, number])[] = [
  ['reading', 0.1],
  ['reading', 0.9],
  ['counting', 0],
  ['core', 0],
  ['preparing', 0.3],
  ['preparing', 0.9],
  ['storing', 0],
];

/** Filters as they are set on the page, one at a time. */
const FILTERS: readonly {
  readonly name: string;
  readonly label: RegExp;
  readonly value: string;
  readonly isOfTimes?: boolean;
}[] = [
  { name: 'no item twice in a row', label: /Repeated events/, value: 'consecutive' },
  { name: 'each item of a user once', label: /Repeated events/, value: 'first' },
  { name: '5-core', label: /k-core$/, value: '5' },
  { name: '20-core', label: /k-core$/, value: '20' },
  { name: 'shortest source sequence 20', label: /Shortest source sequence/, value: '20' },
  { name: 'longest source sequence 20', label: /Longest source sequence/, value: '20' },
  { name: 'fewest targets a user 5', label: /Fewest targets a user/, value: '5' },
  { name: 'fewest interactions of a target item 20', label: /Fewest interactions of a target item/, value: '20' },
  { name: 'from 2017-09-01', label: /From day/, value: '2017-09-01', isOfTimes: true },
];

/** What a part of an import took, and how busy the import worker and the page's main thread were. */
interface Part {
  readonly name: string;
  readonly seconds: number;
  readonly memory: number;
  readonly arrays: number;
  /** Milliseconds of the longest task of the main thread by the clock; and the most that any of its tasks computed itself. */
  readonly longest: number;
  readonly computed: number;
  /** What the task that computed most consisted of. */
  readonly task: string;
}

interface Measured {
  readonly format: Format;
  readonly megabytes: number;
  /** Until the files are recognised; from the click on “Read the files” until figures are there; each filter; from “Import” to the card. */
  readonly parts: {
    readonly recognising: Part;
    readonly reading: Part;
    readonly filters: readonly Part[];
    readonly importing: Part;
  };
  /** Seconds between the first and the last message of each stage. */
  readonly stages: Record<string, number>;
  /** Seconds from the last message of reading until the figures are there. */
  readonly counting: number;
  /** Messages of progress that told the time left. */
  readonly told: number;
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
  // The service worker would answer with the studio where the benchmark's own page is asked for.
  const context = await chromium.launchPersistentContext(profile, { ...LAUNCH, headless: true, serviceWorkers: 'block' });
  context.setDefaultTimeout(MOST_SECONDS * 1000);
  const paths = FILES[format].map((name) => join(folder, name));
  try {
    const imported = await importOn(await openStudio(context, url), paths, format === 'long');
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
      console.error(`dropped while ${stage}: ${result.milliseconds.toFixed(0)} ms`);
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
  /** How often the effect of filters was told. */
  counted: number;
}

declare global {
  interface Window {
    watched: Watched;
  }
}

/** In the page: notes messages of progress as they come from the worker, and when filters are counted. */
function watch(): void {
  const watched: Watched = { progress: [], counted: 0 };
  window.watched = watched;
  new MutationObserver((changes) => {
    for (const { target, oldValue } of changes)
      if (oldValue === 'true' && target instanceof Element && target.getAttribute('aria-busy') === 'false') watched.counted++;
  }).observe(document, { subtree: true, attributeFilter: ['aria-busy'], attributeOldValue: true });
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
async function importOn(page: Page, paths: readonly string[], isTimed: boolean) {
  await page.getByRole('button', { name: 'Import files' }).click();
  const memory = await WorkerMemory.of(page, 'import');
  const thread = await MainThread.of(page);
  const part = async (name: string, act: () => Promise<unknown>): Promise<Part> => {
    memory.lap();
    const started = performance.now();
    await act();
    const seconds = (performance.now() - started) / 1000;
    const { peak, arrays } = memory.lap();
    const most = mostOf(await thread.lap());
    const megabytes = `${(peak / 1e6).toFixed(0)} MB (${(arrays / 1e6).toFixed(0)} of arrays)`;
    console.error(`${name}: ${seconds.toFixed(1)} s, ${megabytes}, a task computed ${most.computed.toFixed(0)} ms at most`);
    return { name, seconds, memory: peak, arrays, ...most };
  };
  const readButton = page.getByRole('button', { name: 'Read the files' });
  const importButton = page.getByRole('button', { name: 'Import', exact: true });
  const filters = page.getByRole('region', { name: 'Filters and their effect' });
  const counted = filters.getByText('What these filters leave.');
  const recognising = await part('recognising', async () => {
    await page.getByLabel('Files to import').setInputFiles([...paths]);
    // Small files are read by themselves.
    await readButton.or(importButton).first().waitFor();
  });
  const reading = await part('reading', async () => {
    if (await readButton.isVisible()) await readButton.click();
    await counted.waitFor();
  });
  const shown = await page.evaluate(() => performance.now());
  const tried: Part[] = [];
  for (const { name, label, value, isOfTimes } of values.quick ? [] : FILTERS) {
    if (isOfTimes && !isTimed) continue;
    const field = filters.getByLabel(label);
    const before = await page.evaluate(() => window.watched.counted);
    const isCounted = (times: number) => page.waitForFunction((least) => window.watched.counted >= least, before + times);
    const set = async () => {
      if (label.source.startsWith('Repeated')) await field.selectOption(value);
      else await field.fill(value);
      await isCounted(1);
    };
    tried.push(await part(name, set));
    await filters.getByRole('button', { name: 'Filter nothing' }).click();
    await isCounted(2);
  }
  const importingPart = await part('importing', async () => {
    await importButton.click();
    const refusal = page.getByRole('region', { name: 'Import', exact: true }).getByRole('alert');
    await page
      .getByRole('region', { name: /^Dataset .* → / })
      .or(refusal)
      .first()
      .waitFor();
    if (await refusal.isVisible()) throw new Error(`The import was refused: ${await refusal.textContent()}`);
  });
  await memory.end();
  await thread.end();
  const { progress } = await page.evaluate(() => window.watched);
  const timesOf = (stage: string) => progress.filter((message) => message.stage === stage).map(({ at }) => at);
  const stages = Object.fromEntries(
    ['reading', 'preparing', 'storing'].map((stage) => {
      const times = timesOf(stage);
      return [stage, times.length === 0 ? 0 : (times[times.length - 1] - times[0]) / 1000];
    }),
  );
  const counting = (shown - Math.max(...timesOf('reading'))) / 1000;
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
  return { id, stages, counting, told, parts: { recognising, reading, filters: tried, importing: importingPart } };
}

function mostOf({ tasks, computed, heaviest }: Busy): Pick<Part, 'longest' | 'computed' | 'task'> {
  return { longest: Math.max(0, ...tasks), computed: Math.max(0, ...computed), task: heaviest };
}

function print(machine: string, measured: readonly Measured[]): void {
  const rows: [string, (of: Measured) => string][] = [
    ['files, MB', ({ megabytes }) => megabytes.toFixed(0)],
    ['until the files are recognised, s', ({ parts }) => parts.recognising.seconds.toFixed(1)],
    ['from “Read the files” until figures are there, s', ({ parts }) => parts.reading.seconds.toFixed(1)],
    ['· of it counting', ({ counting }) => counting.toFixed(1)],
    ['from “Import” until the card is there, s', ({ parts }) => parts.importing.seconds.toFixed(1)],
    ['· preparing', ({ stages }) => stages.preparing.toFixed(1)],
    ['· storing', ({ stages }) => stages.storing.toFixed(1)],
    ['both together, s', ({ parts }) => (parts.reading.seconds + parts.importing.seconds).toFixed(1)],
    ['messages with the time left', ({ told }) => String(told)],
    ...partRows('reading', ({ parts }) => parts.reading),
    ...partRows('importing', ({ parts }) => parts.importing),
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
  for (const { format, parts } of measured) {
    console.log(`\n${format}: effect of filters\n`);
    console.log('| filter | s | worker, MB | of it arrays, MB | longest task, ms | the most that any task computed, ms |');
    console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
    for (const { name, seconds, memory, arrays, longest, computed } of parts.filters) {
      const columns = [seconds.toFixed(1), inMegabytes(memory), inMegabytes(arrays), longest.toFixed(0), computed.toFixed(0)];
      console.log(`| ${name} | ${columns.join(' | ')} |`);
    }
    console.log('\nThe heaviest tasks of the main thread:\n');
    for (const { name, computed, task } of [parts.recognising, parts.reading, ...parts.filters, parts.importing])
      console.log(`${name}: ${computed.toFixed(0)} ms: ${task}`);
  }
  if (!values.quick) console.log('\nAfter a cancelled import one row and one file are left: those of the import before.');
}

function inMegabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function partRows(name: string, of: (measured: Measured) => Part): [string, (of: Measured) => string][] {
  const memory = (measured: Measured) => `${inMegabytes(of(measured).memory)} (${inMegabytes(of(measured).arrays)})`;
  const task = (measured: Measured) => `${of(measured).longest.toFixed(0)} (${of(measured).computed.toFixed(0)})`;
  return [
    [`import worker’s memory at most while ${name}, MB (of it typed arrays)`, memory],
    [`longest task of the main thread while ${name}, ms (the most that any task computed)`, task],
  ];
}
