import { PRESETS } from '../configuration/presets.ts';
import { type Configuration, flatten, type Value } from '../configuration/schema.ts';
import type { DatasetReport } from '../engine/training/report.ts';
import { reads } from '../experiments/unread.ts';
import { type FinishedRun, isFinished, type ResultRun } from './run.ts';
import { isSetting, type PlacedRun, settingsOf, type Variant, variantsOf } from './variants.ts';

/** Runs that can be compared with each other: the same data, backend and settings, but for those that are a method's own. */
export interface Condition {
  readonly dataset: DatasetReport;
  /** Of one of its runs. */
  readonly configuration: Configuration;
  readonly variants: readonly Variant[];
}

const sharedKeys = (configuration: Configuration): string[] =>
  Object.keys(flatten(configuration)).filter((key) => isSetting(key) && reads({ ...configuration, method: 'finetune-all' }, key));

const keyOf = (flat: Readonly<Record<string, Value>>, keys: readonly string[]): string =>
  JSON.stringify(keys.map((key) => flat[key]));

/**
 * Finished runs by what can be compared. A run is in every condition that agrees with it in all it reads: MostPop and Finetune-Zero
 * know nothing of pre-training, and are there for each way of it. Of runs that repeat each other the newest counts, the last.
 */
export function conditionsOf(runs: readonly ResultRun[]): Condition[] {
  const placed = runs.flatMap((run, place) => (isFinished(run) ? [placedRun(run, place)] : []));
  const conditions = new Map<string, Comparable>();
  const found = new Map<string, Comparable[]>();
  const add = (key: string, run: Comparable) => {
    const others = found.get(key);
    if (others === undefined) found.set(key, [run]);
    else others.push(run);
  };
  const whole = placed.filter(({ isPartial }) => !isPartial);
  for (const run of whole) {
    if (!conditions.has(run.key)) conditions.set(run.key, run);
    add(run.key, run);
  }
  // Those that read more first: what has found no condition begins one for those that read less.
  const partial = placed.filter(({ isPartial }) => isPartial).sort((a, b) => b.shared.length - a.shared.length);
  const index = new Map<string, Map<string, string[]>>();
  for (const run of partial) {
    const signature = run.shared.join();
    const known = index.get(signature) ?? new Map<string, string[]>();
    if (!index.has(signature)) {
      for (const [key, first] of conditions) {
        const short = first.keyBy(run.shared);
        const others = known.get(short);
        if (others === undefined) known.set(short, [key]);
        else others.push(key);
      }
      index.set(signature, known);
    }
    const own = run.keyBy(run.shared);
    if (!known.has(own)) {
      known.set(own, [run.key]);
      conditions.set(run.key, run);
    }
    for (const key of known.get(own) ?? []) add(key, run);
  }
  return Array.from(conditions, ([key, { run }]) => ({
    dataset: run.dataset,
    configuration: run.report.configuration,
    variants: variantsOf(found.get(key) ?? []),
  }));
}

interface Comparable extends PlacedRun {
  /** What it reads of the keys that conditions are told apart by. */
  readonly shared: readonly string[];
  readonly isPartial: boolean;
  readonly key: string;
  readonly keyBy: (keys: readonly string[]) => string;
}

function placedRun(run: FinishedRun, place: number): Comparable {
  const { configuration } = run.report;
  const flat = flatten(configuration);
  const keys = sharedKeys(configuration);
  const shared = keys.filter((key) => reads(configuration, key));
  const keyBy = (by: readonly string[]) => `${run.dataset.hash} ${run.environment.backend} ${keyOf(flat, by)}`;
  return { run, place, shared, isPartial: shared.length < keys.length, key: keyBy(keys), keyBy };
}

/**
 * The variant of a method that comparisons take, without a look at the results: of most seeds; then the nearest to the paper's own
 * settings (τ 10, …); then the newest. Null where there is none.
 */
export function variantOf({ variants }: Condition, method: string, otherGates = false): Variant | null {
  const own = variants.filter((variant) => variant.method === method && variant.otherGates === otherGates);
  const ranked = own.map((variant) => ({ variant, rank: [variant.runs.length, -strangeness(variant), variant.newest] }));
  return (
    ranked.reduce<(typeof ranked)[number] | null>((best, one) => (best && !exceeds(one.rank, best.rank) ? best : one), null)
      ?.variant ?? null
  );
}

/** How many variants of a method there are beside the one that was taken. */
export const otherVariants = ({ variants }: Condition, { method, otherGates }: Variant): number =>
  variants.filter((variant) => variant.method === method && variant.otherGates === otherGates).length - 1;

/** In how many of its settings it is not as the paper has it. An adapter's width goes with the channels. */
function strangeness({ runs: [{ report }] }: Variant): number {
  const paper = flatten(PRESETS.paper);
  const { channels, adapterWidth } = report.configuration;
  const expected: Record<string, Value> = { ...paper, adapterWidth: Math.max(1, Math.floor(channels / 4)) };
  return Object.entries(settingsOf({ ...report.configuration, adapterWidth })).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(expected[key]),
  ).length;
}

/** Table 5's: a tenth of the training instances, no more and no less. */
export const isTenth = ({ configuration }: Condition): boolean => configuration.fineTuning.trainingFraction === 0.1;

/** What a condition has for a question: the more wanted variants the better, then the more seeds, then the newer. */
export interface Evidence<T> {
  readonly found: T;
  readonly wanted: number;
  readonly seeds: number;
  readonly newest: number;
}

/** How much some variants are. */
export const evidenceOf = (variants: readonly Variant[]) => ({
  wanted: variants.length,
  seeds: variants.reduce((sum, { runs }) => sum + runs.length, 0),
  newest: Math.max(...variants.map(({ newest }) => newest)),
});

/**
 * Of each dataset the condition that has most for a question, with what was found there, in the order in which datasets come.
 *
 * @param look null where a condition has nothing
 */
export function bestOfDatasets<T>(
  conditions: readonly Condition[],
  look: (condition: Condition) => Evidence<T> | null,
): { condition: Condition; found: T }[] {
  const best = new Map<string, { condition: Condition; evidence: Evidence<T> }>();
  for (const condition of conditions) {
    const evidence = look(condition);
    if (evidence === null) continue;
    const before = best.get(condition.dataset.hash)?.evidence;
    const ranks = [evidence, before].map((one) => (one ? [one.wanted, one.seeds, one.newest] : []));
    if (before === undefined || exceeds(ranks[0], ranks[1])) best.set(condition.dataset.hash, { condition, evidence });
  }
  return Array.from(best.values(), ({ condition, evidence }) => ({ condition, found: evidence.found }));
}

/** Whether one list of numbers comes after another, by the first that differs. */
function exceeds(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place >= 0 && a[place] > b[place];
}

/** Datasets by their names; of those that share one also the beginning of their hash. */
export function datasetNames(datasets: readonly DatasetReport[]): Map<string, string> {
  const byHash = new Map(datasets.map((dataset) => [dataset.hash, dataset.name]));
  const names = Array.from(byHash.values());
  return new Map(
    Array.from(byHash, ([hash, name]) => [
      hash,
      names.filter((other) => other === name).length > 1 ? `${name} (${hash.slice(0, 6)})` : name,
    ]),
  );
}
