import { existsSync, readFileSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { METHOD_DESCRIPTIONS } from '../src/configuration/methods.ts';
import type { Experiment } from '../src/experiments/experiment.ts';
import { groupedBy } from '../src/results/lists.ts';
import type { ResultRun } from '../src/results/run.ts';
import { RunFileError, readRunFiles, writeRunFile } from '../src/results/runFile.ts';
import { UsageError } from './errors.ts';
import { ENVIRONMENT } from './finished.ts';
import { foldersOf, runFileOf } from './outputs.ts';
import { PLAN_FILE, type Plan, readPlan } from './planFile.ts';
import type { PlannedData } from './plannedData.ts';

/** A run, and the file that it is from. */
export interface Found {
  /** Of a file of its own without policies: those of thousands of runs would not fit into memory, and no table or figure is of them. */
  readonly run: ResultRun;
  readonly path: string;
  /** With them, read once more. @throws UsageError if the file has become another */
  readonly whole: () => ResultRun;
}

/** Runs of one or several processes, in their order, each once. */
export interface Merged {
  readonly title: string;
  readonly datasets: readonly {
    readonly name: string;
    /** Inside the output folder; '' where there is one dataset only. */
    readonly folder: string;
    readonly runs: readonly Found[];
  }[];
  /** What was planned and is not there, in words. */
  readonly missing: readonly string[];
}

/** What an experiment that was carried out here has left, in its order. */
export async function plannedResults(out: string, experiment: Experiment, places: readonly PlannedData[]): Promise<Merged> {
  const missing: string[] = [];
  const datasets: Merged['datasets'][number][] = [];
  for (const { choice, folder, runs } of places) {
    const found: Found[] = [];
    for (const { id } of runs) {
      const path = runFileOf(join(out, folder), id);
      if (existsSync(path)) found.push(...readRuns(path));
      else missing.push(choice.name === null ? id : `${choice.name}: ${id}`);
    }
    if (found.length > 0) datasets.push({ name: found[0].run.dataset.name, folder, runs: found });
  }
  return { title: experiment.name, datasets, missing };
}

/**
 * All run files below some folders, and in some files.
 *
 * @throws UsageError for a broken file, and for runs that do not belong together: different datasets under one name, one run with two
 *   results, runs of a dataset by different backends or versions
 */
export async function mergedResults(places: readonly string[]): Promise<Merged> {
  const found: Found[] = [];
  const plans: FoundPlan[] = [];
  for (const place of places) {
    if (!existsSync(place)) throw new UsageError(`--merge ${place}: there is no such folder.`);
    const isFile = (await stat(place)).isFile();
    const files = isFile ? [place] : (await readdir(place, { recursive: true })).sort().map((name) => join(place, name));
    for (const path of files) {
      const isRun = isFile || (basename(dirname(path)) === 'runs' && path.endsWith('.json'));
      if (isRun) found.push(...readRuns(path));
      else if (basename(path) === PLAN_FILE) plans.push({ root: dirname(path), plan: await readPlan(path) });
    }
  }
  if (found.length === 0) throw new UsageError(`There are no runs in ${places.join(', ')}: no file runs/*.json.`);
  const byName = groupedBy(found, ({ run }) => run.dataset.name);
  for (const [name, runs] of byName) refuseMixture(name, runs);
  const planned = plannedOnce(plans);
  const order = orderOf(planned);
  const groups = Array.from(byName, ([name, runs]) => ({ name, runs: eachOnce(runs).sort(by(order)) }));
  groups.sort((a, b) => by(order)(a.runs[0], b.runs[0]));
  const several = groups.length > 1 || plans.some(({ plan }) => plan.datasets.length > 1);
  const folders = several ? foldersOf(groups.map(({ name }) => name)) : [''];
  const titles = new Set(plans.map(({ plan }) => plan.name));
  return {
    title: titles.size === 1 ? Array.from(titles)[0] : 'Merged runs',
    datasets: groups.map((group, i) => ({ ...group, folder: folders[i] })),
    missing: missingOf(planned),
  };
}

function readRuns(path: string): Found[] {
  const runs = runsIn(path);
  if (runs.length !== 1) return runs.map((run) => ({ run, path, whole: () => run }));
  return runs.map((run) => ({ run: withoutPolicies(run), path, whole: () => theSame(run.report.id, path) }));
}

const withoutPolicies = ({ details, ...run }: ResultRun): ResultRun => ({
  ...run,
  details: details && { ...details, policies: null, epochs: [] },
});

function theSame(id: string, path: string): ResultRun {
  const [run] = runsIn(path);
  if (run?.report.id !== id) throw new UsageError(`${path} was written anew meanwhile. Merge once more.`);
  return run;
}

function runsIn(path: string): ResultRun[] {
  try {
    return readRunFiles(readFileSync(path, 'utf8'));
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    throw new UsageError(`${path}: ${error.message} Delete it, and the run is carried out again.`);
  }
}

/** Runs that could not be compared. */
function refuseMixture(name: string, runs: readonly Found[]): void {
  const [first] = runs;
  for (const other of runs) {
    const both = `${first.path} and ${other.path}`;
    if (other.run.dataset.hash !== first.run.dataset.hash)
      throw new UsageError(`${both} are of two datasets that are both called “${name}”. Call one of them something else.`);
    for (const [key, what] of ENVIRONMENT) {
      const [a, b] = [first.run.environment[key], other.run.environment[key]];
      if (a !== b)
        throw new UsageError(
          `${both} were computed by another ${what} (${a}, ${b}): their numbers differ by that, too. Run one of them again.`,
        );
    }
  }
}

/** Of a run that is there several times the finished one. @throws UsageError if the results differ */
function eachOnce(runs: readonly Found[]): Found[] {
  const kept = new Map<string, Found>();
  for (const found of runs) {
    const { id } = found.run.report;
    const before = kept.get(id);
    const isBetter = before?.run.report.status !== 'finished' && found.run.report.status === 'finished';
    if (before === undefined || isBetter) kept.set(id, found);
    else if (found.run.report.status === 'finished' && resultOf(before.whole()) !== resultOf(found.whole()))
      throw new UsageError(`${before.path} and ${found.path} are both run ${id}, with different results. Leave one of them out.`);
  }
  return Array.from(kept.values());
}

/** All of a run but what differs from time to time: seconds, threads, machines; and users, which older files lack. */
function resultOf({ dataset, preset, report, details }: ResultRun): string {
  const environment = { backend: '', adapter: '', softwareAdapter: false, variant: '', studio: '', platform: '' };
  const seconds = { pretraining: 0, fineTuning: 0, evaluation: 0, recommendation: null };
  return writeRunFile({
    dataset,
    environment,
    preset,
    experiment: null,
    report: { ...report, seconds },
    details: details && { ...details, users: null },
  });
}

/** A plan, and the folder that it is in. */
interface FoundPlan {
  readonly root: string;
  readonly plan: Plan;
}

/** A run that was planned, by one plan or by equal ones in several folders. */
interface Planned {
  readonly plan: string;
  readonly dataset: string | null;
  readonly id: string;
  /** Where its file may be. */
  readonly files: string[];
}

function plannedOnce(plans: readonly FoundPlan[]): Planned[] {
  const planned = new Map<string, Planned>();
  for (const { root, plan } of plans) {
    for (const [d, { name, hash, folder, runs }] of plan.datasets.entries()) {
      for (const id of runs) {
        const key = JSON.stringify([plan.name, d, name, hash, folder, id]);
        const run = planned.get(key) ?? { plan: plan.name, dataset: name, id, files: [] };
        planned.set(key, run);
        run.files.push(runFileOf(join(root, folder), id));
      }
    }
  }
  return Array.from(planned.values());
}

/** The place of each file among those that were planned. */
const orderOf = (planned: readonly Planned[]): ReadonlyMap<string, number> =>
  new Map(planned.flatMap(({ files }, place) => files.map((file) => [file, place] as const)));

/** As planned; what was not planned comes after, by dataset, seed, method and id. */
function by(order: ReadonlyMap<string, number>): (a: Found, b: Found) => number {
  const methods = METHOD_DESCRIPTIONS.map(({ id }) => id);
  const placeOf = ({ path }: Found) => order.get(path) ?? Number.MAX_SAFE_INTEGER;
  const methodOf = ({ run }: Found) => (methods.indexOf(run.report.method) + methods.length + 1) % (methods.length + 1);
  return (a, b) =>
    placeOf(a) - placeOf(b) ||
    compare(a.run.dataset.name, b.run.dataset.name) ||
    a.run.report.seed - b.run.report.seed ||
    methodOf(a) - methodOf(b) ||
    compare(a.run.report.id, b.run.report.id);
}

/** The same in every language. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What is in none of the folders that have a plan with it; with the names of plan and dataset where there are several. */
function missingOf(planned: readonly Planned[]): string[] {
  const several = (['plan', 'dataset'] as const).filter((key) => new Set(planned.map((run) => run[key])).size > 1);
  return planned
    .filter(({ files }) => !files.some(existsSync))
    .map((run) => [...several.flatMap((key) => run[key] ?? []), run.id].join(': '));
}
