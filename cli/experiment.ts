import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { type Configuration, ConfigurationError, complete } from '../src/configuration/schema.ts';
import { contentsHash } from '../src/data/contentsHash.ts';
import type { Dataset } from '../src/data/dataset.ts';
import { ImportError } from '../src/data/errors.ts';
import { BackendUnavailableError, UnsuitableDatasetError } from '../src/engine/errors.ts';
import { methodOf } from '../src/engine/methods/registry.ts';
import { openNodeBackend } from '../src/engine/node.ts';
import { type FineTuned, type Task, taskOf } from '../src/engine/training/fineTuning.ts';
import {
  datasetReport,
  environmentOf,
  failedRun,
  finishedRun,
  pairedTests,
  REPORT_VERSION,
  type Report,
  type RunReport,
  type TestedRun,
} from '../src/engine/training/report.ts';
import { run } from '../src/engine/training/run.ts';
import { openDataset } from './files.ts';
import { modelStore } from './models.ts';
import { parseOptions, USAGE, UsageError } from './options.ts';
import { progressOf } from './progress.ts';
import { SearchFailedError, searchBest } from './search.ts';
import { tableOf } from './table.ts';

/** Runs an experiment and writes its report. Returns the exit code: 0 only if every run finished. */
async function main(words: readonly string[]): Promise<number> {
  const options = parseOptions(words);
  if (options === 'help') {
    console.log(USAGE);
    return 0;
  }
  const unknownDataset = { scenario: null, sourceItems: 0 };
  // Whatever is wrong with any run is told before the first one starts.
  for (const method of options.methods) methodOf(options.configuration(unknownDataset, method, options.seeds[0]).method);
  const { dataset, notes } = await openDataset(
    options,
    options.configuration(unknownDataset, options.methods[0], options.seeds[0]),
  );
  const traits = {
    scenario: dataset.origin.kind === 'simulated' ? dataset.origin.scenario : null,
    sourceItems: dataset.figures.sourceItems,
  };
  const configurationOf = (method: string, seed: number) => options.configuration(traits, method, seed);
  refuseUnappliedFilters(dataset, configurationOf(options.methods[0], options.seeds[0]));
  const task = taskOf(dataset, configurationOf(options.methods[0], options.seeds[0]));
  const hash = await contentsHash(dataset);
  const backend = await openNodeBackend(options.backend, options.threads);
  console.log(figuresOf(dataset, task));
  for (const note of notes) console.log(`  ${note}`);
  console.log(`Backend: ${backend.name} (${backend.adapter})`);
  await mkdir(options.out, { recursive: true });

  const store = modelStore();
  const train = (id: string, configuration: Configuration) =>
    run(dataset, configuration, store, progressOf(id, configuration.fineTuning.selectOn));

  /** What each method runs with: as asked for, or the best of its search. */
  const chosen = new Map<string, Configuration | SearchFailedError>();
  const place = { file: join(options.out, 'search.json'), dataset, backend: backend.name };
  for (const method of options.methods) {
    const base = configurationOf(method, options.seeds[0]);
    const searched = options.search !== null && method !== 'most-popular';
    chosen.set(method, searched && options.search ? await searchBest(options.search, place, base, train) : base);
  }
  const warning = warningOf(configurationOf(options.methods[0], options.seeds[0]));
  if (warning !== null) console.log(warning);

  const runs: RunReport[] = [];
  const tested: TestedRun[] = [];
  for (const seed of options.seeds) {
    for (const method of options.methods) {
      const id = `${method}-${seed}`;
      const found = chosen.get(method);
      const lost = found instanceof SearchFailedError;
      const configuration = found === undefined || lost ? configurationOf(method, seed) : complete(found, { seed });
      try {
        if (lost) throw found;
        const result = await train(id, configuration);
        const { test } = result.task;
        await writeInstances(options.out, id, dataset, test, result.fineTuned);
        runs.push(finishedRun(id, configuration, result));
        const { outcomes, test: metrics } = result.fineTuned;
        tested.push({ method, seed, test: metrics, outcomes, instances: test.instances, targets: test.item });
      } catch (error) {
        const failed = failedRun(id, configuration, error);
        console.error(`${id} failed. ${failed.error}`);
        runs.push(failed);
      }
      const platform = `Node ${process.version}, ${process.platform} ${process.arch}`;
      const report: Report = {
        version: REPORT_VERSION,
        environment: environmentOf(backend, platform),
        dataset: datasetReport(dataset, hash, task),
        runs,
        tests: pairedTests(tested),
      };
      await writeFile(join(options.out, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
    }
  }
  console.log(tableOf(runs, pairedTests(tested), datasetReport(dataset, hash, task)));
  if (warning !== null) console.log(warning);
  console.log(`Written to ${options.out}`);
  return runs.every(({ status }) => status === 'finished') ? 0 : 1;
}

/** Filters are applied while files are read; what was asked for and not done must not look as if it had been. */
function refuseUnappliedFilters({ settings, origin, task }: Dataset, { dataset: asked }: Configuration): void {
  const key = (['minimumTargetItemCount', 'maximumTargetsPerUser'] as const).find((name) => settings[name] !== asked[name]);
  if (key === undefined) return;
  const what = origin.kind === 'simulated' ? 'the demo dataset' : task === 'profile' ? 'labels' : 'this dataset';
  throw new ConfigurationError(
    `“dataset.${key}” ${asked[key]} has no effect on ${what} (${settings[key]} there): it filters target items while files of interactions are read.`,
  );
}

const warningOf = (configuration: Configuration): string | null =>
  configuration.fineTuning.selectOn === 'test'
    ? 'Warning: the best epoch is chosen on the test instances (fineTuning.selectOn), so the results are too good.'
    : null;

function figuresOf({ name, figures, task }: Dataset, { split, candidates }: Task): string {
  const n = (value: number) => value.toLocaleString('en');
  return [
    `Dataset: ${name}`,
    `  source: ${n(figures.sourceUsers)} users, ${n(figures.sourceItems)} items, ${n(figures.sourceInteractions)} interactions`,
    `  target: ${n(figures.targetUsers)} users, ${n(figures.targetItems)} items, ${n(figures.instances)} instances (${n(split.train.length)} train, ${n(split.validation.length)} validation, ${n(split.test.length)} test)`,
    task === 'profile'
      ? `  a profile task of ${n(figures.targetItems)} classes`
      : `  ranked among ${candidates} candidates, and among all ${n(figures.targetItems)} target items`,
  ].join('\n');
}

async function writeInstances(
  out: string,
  id: string,
  dataset: Dataset,
  test: Task['test'],
  { outcomes, policies }: FineTuned,
): Promise<void> {
  const rows = Array.from(test.user, (user, i) => {
    const target = dataset.targetItems[test.item[i]];
    return 'predicted' in outcomes
      ? [dataset.users[user], target, dataset.targetItems[outcomes.predicted[i]]]
      : [dataset.users[user], target, outcomes.sampled[i], outcomes.all[i]];
  });
  const fields = 'predicted' in outcomes ? ['user', 'label', 'predicted'] : ['user', 'item', 'rank_sampled', 'rank_all'];
  await writeCsv(join(out, `instances-${id}.csv`), fields, rows);
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
