import { createReadStream, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import Papa from 'papaparse';
import type { Configuration } from '../src/configuration/schema.ts';
import { ConfigurationError, complete } from '../src/configuration/schema.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { ImportError } from '../src/data/errors.ts';
import { readDataset } from '../src/data/import/dataset.ts';
import { recognise } from '../src/data/import/recognise.ts';
import type { SourceFile } from '../src/data/import/text.ts';
import { SIMULATOR_DEFAULTS, simulate } from '../src/data/simulator.ts';
import { BackendUnavailableError, UnsuitableDatasetError } from '../src/engine/errors.ts';
import { checkSupported } from '../src/engine/methods/registry.ts';
import { openNodeBackend } from '../src/engine/node.ts';
import { type FineTuned, type Task, taskOf } from '../src/engine/training/fineTuning.ts';
import type { Pretrained } from '../src/engine/training/pretraining.ts';
import {
  datasetReport,
  environmentOf,
  failedRun,
  finishedRun,
  REPORT_VERSION,
  type Report,
  type RunReport,
} from '../src/engine/training/report.ts';
import { run } from '../src/engine/training/run.ts';
import { type Options, parseOptions, USAGE, UsageError } from './options.ts';
import { progressOf } from './progress.ts';
import { tableOf } from './table.ts';

/** Runs an experiment and writes its report. Returns the exit code: 0 only if every run finished. */
async function main(words: readonly string[]): Promise<number> {
  const options = parseOptions(words);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  // Whatever is wrong with any run is told before the first one starts.
  for (const seed of options.seeds)
    for (const method of options.methods) checkSupported(options.configuration(null, method, seed));
  const dataset = await openDataset(options, options.configuration(null, options.methods[0], options.seeds[0]));
  const scenario = dataset.origin.kind === 'simulated' ? dataset.origin.scenario : null;
  // The dataset's own filters are what was done to it, whatever was asked for.
  const configurationOf = (method: string, seed: number) =>
    complete(options.configuration(scenario, method, seed), { dataset: dataset.settings });
  const task = taskOf(dataset, configurationOf(options.methods[0], options.seeds[0]));
  const backend = await openNodeBackend(options.backend);
  console.log(figuresOf(dataset, task));
  console.log(`Backend: ${backend.name} (${backend.adapter})`);
  await mkdir(options.out, { recursive: true });

  const models = new Map<string, Pretrained>();
  const store = {
    get: async (key: string) => models.get(key),
    put: async (key: string, pretrained: Pretrained) => {
      models.set(key, pretrained);
    },
  };
  const runs: RunReport[] = [];
  for (const seed of options.seeds) {
    for (const method of options.methods) {
      const id = `${method}-${seed}`;
      const configuration = configurationOf(method, seed);
      try {
        const result = await run(dataset, configuration, store, progressOf(id));
        await writeInstances(options.out, id, dataset, task, result.fineTuned);
        runs.push(finishedRun(id, configuration, result));
      } catch (error) {
        const failed = failedRun(id, configuration, error);
        console.error(`${id} failed. ${failed.error}`);
        runs.push(failed);
      }
      const platform = `Node ${process.version}, ${process.platform} ${process.arch}`;
      const report: Report = {
        version: REPORT_VERSION,
        environment: environmentOf(backend, platform),
        dataset: datasetReport(dataset, task),
        runs,
      };
      await writeFile(join(options.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    }
  }
  console.log(tableOf(runs, task.candidates));
  console.log(`Written to ${options.out}`);
  return runs.every(({ status }) => status === 'finished') ? 0 : 1;
}

const open = (path: string): SourceFile => {
  try {
    return {
      name: basename(path),
      size: statSync(path).size,
      stream: () => Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>,
    };
  } catch (error) {
    throw new UsageError(`${path} cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
};

async function openDataset(
  { files, correct, separator, skipBadRows }: Options,
  { dataset: settings }: Configuration,
): Promise<Dataset> {
  if (files === null) return simulate(SIMULATOR_DEFAULTS);
  const [source, target] = await Promise.all(
    [files.source, files.target].map(async (path, i) => {
      const file = open(path);
      if (files.kind === 'lines')
        return { file, format: { format: i === 0 ? ('pretraining-lines' as const) : ('fine-tuning-lines' as const) } };
      const { format, columns } = await recognise(file, { format: 'long', separator });
      return { file, format: correct(format, columns) };
    }),
  );
  return readDataset(`${source.file.name} → ${target.file.name}`, source, target, settings, { skipBadRows });
}

function figuresOf({ name, figures }: Dataset, { split, candidates }: Task): string {
  const n = (value: number) => value.toLocaleString('en');
  return [
    `Dataset: ${name}`,
    `  source: ${n(figures.sourceUsers)} users, ${n(figures.sourceItems)} items, ${n(figures.sourceInteractions)} interactions`,
    `  target: ${n(figures.targetUsers)} users, ${n(figures.targetItems)} items, ${n(figures.instances)} instances (${n(split.train.length)} train, ${n(split.validation.length)} validation, ${n(split.test.length)} test)`,
    `  ranked among ${candidates} candidates, and among all ${n(figures.targetItems)} target items`,
  ].join('\n');
}

async function writeInstances(
  out: string,
  id: string,
  dataset: Dataset,
  { test }: Task,
  { ranks, policies }: FineTuned,
): Promise<void> {
  const rows = Array.from(test.user, (user, i) => [
    dataset.users[user],
    dataset.targetItems[test.item[i]],
    ranks.sampled[i],
    ranks.all[i],
  ]);
  await writeCsv(join(out, `instances-${id}.csv`), ['user', 'item', 'rank_sampled', 'rank_all'], rows);
  if (policies === null) return;
  const { users, blocks, gate } = policies;
  const header = ['user', ...Array.from({ length: blocks }, (_, l) => `block_${l + 1}`)];
  const lines = Array.from(users, (user, i) => [dataset.users[user], ...gate.subarray(i * blocks, (i + 1) * blocks)]);
  await writeCsv(join(out, `policies-${id}.csv`), header, lines);
}

const writeCsv = (path: string, fields: string[], data: (string | number)[][]): Promise<void> =>
  writeFile(path, `${Papa.unparse({ fields, data }, { newline: '\n' })}\n`);

/** Errors that are the user's to mend: told in their own words, without a stack. */
const EXPECTED = [UsageError, ConfigurationError, ImportError, BackendUnavailableError, UnsuitableDatasetError];

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = EXPECTED.some((kind) => error instanceof kind);
    console.error(expected && error instanceof Error ? `${error.message}\n(--help lists the options)` : error);
    process.exitCode = 2;
  },
);
