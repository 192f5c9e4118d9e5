import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Configuration, complete } from '../src/configuration/schema.ts';
import { contentsHash } from '../src/data/contentsHash.ts';
import type { Dataset } from '../src/data/dataset.ts';
import type { BackendInfo } from '../src/engine/backend.ts';
import { openNodeBackend } from '../src/engine/node.ts';
import { type Task, taskOf } from '../src/engine/training/fineTuning.ts';
import { environmentOf } from '../src/engine/training/report.ts';
import { run } from '../src/engine/training/run.ts';
import type { PlannedRun } from '../src/experiments/experiment.ts';
import { isOfDataset } from './errors.ts';
import { checkFiles, openDataset } from './files.ts';
import { isThere } from './finished.ts';
import { plannedResults } from './merge.ts';
import { writeMerged } from './merged.ts';
import { sharedModels } from './models.ts';
import type { RunOptions } from './options.ts';
import { runFileOf } from './outputs.ts';
import { writePlan } from './planFile.ts';
import { type PlannedData, planned, refuseUnappliedFilters, runsOn, shareOf, traitsOf } from './plannedData.ts';
import { progressOf } from './progress.ts';
import { Recorder } from './recorder.ts';
import { SearchFailedError, searchBest } from './search.ts';

/** A run as it is carried out: as planned, or as its search found it; without a configuration that works there is only the reason. */
interface Job extends PlannedRun {
  readonly lost: SearchFailedError | null;
}

/**
 * Carries out a share of an experiment: what is not finished yet. Each run is written as it ends, so that nothing but the run at work is
 * lost whenever the process ends. Who carries out all of it merges it, too.
 *
 * @returns the exit code: 0 only if every run finished
 */
export async function carryOut(options: RunOptions): Promise<number> {
  const { experiment, data, shard, out } = options;
  const places = await planned(experiment, data);
  const shares = shareOf(places, shard);
  places.forEach(({ choice }, i) => {
    if (shares[i].size > 0) checkFiles(choice);
  });
  const warning = warningOf(places.flatMap(({ runs }) => runs));
  if (shard.count > 1) {
    const own = shares.reduce((sum, { size }) => sum + size, 0);
    const all = places.reduce((sum, { runs }) => sum + runs.length, 0);
    console.log(`Share ${shard.index} of ${shard.count}: ${own} of ${all} runs.`);
  }
  let backend: BackendInfo | null = null;
  const openBackend = async () => {
    backend ??= await openNodeBackend(options.backend, options.threads);
    return backend;
  };
  let isComplete = true;
  for (const [i, place] of places.entries()) {
    if (shares[i].size === 0) continue;
    try {
      const prepared = await prepare(options, place, shares[i], openBackend);
      await writePlan(out, experiment, places, prepared);
      if (warning !== null) console.log(warning);
      isComplete = (await carryOutOn(options, prepared)) && isComplete;
    } catch (error) {
      if (places.length === 1 || !isOfDataset(error)) throw error;
      console.error(`${place.choice.name} is left out. ${error.message}`);
      isComplete = false;
    }
  }
  if (shard.count > 1) {
    console.log(
      `The runs of this share are in ${out}. When all shares are through, npm run experiment -- --merge ${out} makes the report.`,
    );
    return isComplete ? 0 : 1;
  }
  const code = await writeMerged(out, await plannedResults(out, experiment, places));
  if (warning !== null) console.log(warning);
  console.log(`Written to ${out}`);
  return code;
}

interface Prepared {
  readonly dataset: Dataset;
  readonly task: Task;
  readonly hash: string;
  readonly backend: BackendInfo;
  /** Where its results go. */
  readonly folder: string;
  /** All runs on it, and which of them are to be carried out here. */
  readonly runs: readonly PlannedRun[];
  readonly own: ReadonlySet<string>;
}

/** Whatever is wrong with any run is told before the first one starts. */
async function prepare(
  { experiment, out, search }: RunOptions,
  { choice, folder: name, runs: before }: PlannedData,
  share: ReadonlySet<string>,
  openBackend: () => Promise<BackendInfo>,
): Promise<Prepared> {
  const { dataset, notes } = await openDataset(choice, before[0].configuration.dataset);
  const runs = runsOn(experiment, traitsOf(dataset));
  refuseUnappliedFilters(dataset, runs);
  const task = taskOf(dataset, runs[0].configuration);
  const hash = await contentsHash(dataset);
  const backend = await openBackend();
  const folder = join(out, name);
  const own = new Set<string>();
  for (const { id, configuration } of runs) {
    if (!share.has(id)) continue;
    const now = { configuration, hash, environment: environmentOf(backend, '') };
    if (search !== null || !(await isThere(runFileOf(folder, id), now, false))) own.add(id);
  }
  console.log(figuresOf(dataset, task));
  for (const note of notes) console.log(`  ${note}`);
  console.log(`Backend: ${backend.name} (${backend.adapter})`);
  const known = share.size - own.size;
  if (known > 0) console.log(`${known} of ${share.size} runs are finished already, and not run again.`);
  return { dataset, task, hash, backend, folder, runs, own };
}

/** Returns whether all runs finished. */
async function carryOutOn(options: RunOptions, prepared: Prepared): Promise<boolean> {
  const { dataset, task, hash, backend, folder, own } = prepared;
  const platform = `Node ${process.version}, ${process.platform} ${process.arch}`;
  const environment = environmentOf(backend, platform);
  const { backend: name, variant, studio } = environment;
  const models = sharedModels(join(options.out, 'pretrained'), { dataset: hash, backend: name, variant, studio });
  const { preset, name: experiment } = options.experiment;
  const about = { environment, preset, experiment: options.named ? experiment : null };
  await mkdir(folder, { recursive: true });
  const jobs = options.search === null ? prepared.runs.map(asPlanned) : await searched(options, prepared, models);
  let isComplete = true;
  for (const { id, configuration, lost } of jobs) {
    if (!own.has(id)) continue;
    if (options.search !== null && (await isThere(runFileOf(folder, id), { configuration, hash, environment }, true))) continue;
    const recorder = new Recorder(folder, id, configuration, dataset, hash, about);
    const observer = recorder.observing(progressOf(id, configuration.fineTuning.selectOn));
    try {
      if (lost !== null) throw lost;
      const result = await run(dataset, configuration, models, observer);
      await recorder.finished(result);
    } catch (error) {
      console.error(`${id} failed. ${await recorder.failed(error, task)}`);
      isComplete = false;
    }
  }
  return isComplete;
}

const asPlanned = (planned: PlannedRun): Job => ({ ...planned, lost: null });

/** Each method with the best of its search. */
async function searched(
  { search, out }: RunOptions,
  { dataset, hash, backend, runs }: Prepared,
  models: Parameters<typeof run>[2],
): Promise<Job[]> {
  if (search === null) return runs.map(asPlanned);
  const train = (id: string, configuration: Configuration) =>
    run(dataset, configuration, models, progressOf(id, configuration.fineTuning.selectOn));
  const place = { file: join(out, 'search.json'), dataset, hash, backend: backend.name };
  const chosen = new Map<string, Configuration | SearchFailedError>();
  for (const { configuration } of runs) {
    const { method } = configuration;
    if (chosen.has(method)) continue;
    chosen.set(method, method === 'most-popular' ? configuration : await searchBest(search, place, configuration, train));
  }
  return runs.map((planned) => {
    const { method, seed } = planned.configuration;
    const found = chosen.get(method);
    if (found === undefined) return asPlanned(planned);
    if (found instanceof SearchFailedError) return { ...planned, lost: found };
    return { id: planned.id, configuration: complete(found, { seed }), lost: null };
  });
}

const warningOf = (runs: readonly PlannedRun[]): string | null =>
  runs.some(({ configuration }) => configuration.fineTuning.selectOn === 'test')
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
