import { PRESETS, type PresetName } from '../configuration/presets.ts';
import { type Configuration, flatten, type Value } from '../configuration/schema.ts';
import type { DatasetReport } from '../engine/training/report.ts';
import { reads } from '../experiments/unread.ts';
import { distinct, groupedBy } from './lists.ts';
import { type FinishedRun, isFinished, type ResultRun } from './run.ts';
import { configurationOf, isSetting, nameOf, type PlacedRun, settingsOf, type Variant, variantsOf } from './variants.ts';

/** Runs that can be compared with each other: the same data, backend and settings, but for those that are a method's own. */
export interface Condition {
  readonly dataset: DatasetReport;
  /** Of one of its runs. */
  readonly configuration: Configuration;
  /** That this run began with. */
  readonly preset: string;
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
    preset: run.preset,
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
 * The variant of a method that comparisons take, without a look at the results: of most seeds; then the one whose settings most other
 * methods share (τ, …); then the nearest to the preset that it began with; then the newest. Null where there is none.
 */
export function variantOf({ variants }: Condition, method: string, otherGates = false): Variant | null {
  const own = variants.filter((variant) => variant.method === method && variant.otherGates === otherGates);
  if (own.length < 2) return own[0] ?? null;
  const others = variants.filter((variant) => variant.method !== method);
  return first(own, (variant) => [
    variant.runs.length,
    distinct(others.filter((other) => agree(variant, other)).map((other) => other.method)).length,
    -strangeness(variant.runs[0]),
    variant.newest,
  ]);
}

/** Whether two variants have the same value of every setting that both read. */
function agree(a: Variant, b: Variant): boolean {
  const [own, other] = [a, b].map((variant) => settingsOf(configurationOf(variant)));
  return Object.entries(own).every(([key, value]) => !(key in other) || JSON.stringify(value) === JSON.stringify(other[key]));
}

/** In how many of its settings it is not as its preset has it, or else as the paper. An adapter's width goes with the channels. */
function strangeness({ preset, report: { configuration } }: FinishedRun): number {
  const base = preset in PRESETS ? PRESETS[preset as PresetName] : PRESETS.paper;
  const { channels } = configuration;
  const expected: Record<string, Value> = { ...flatten(base), adapterWidth: Math.max(1, Math.floor(channels / 4)) };
  return Object.entries(settingsOf(configuration)).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(expected[key]),
  ).length;
}

/** Table 5's: a tenth of the training instances, no more and no less. */
export const isTenth = ({ configuration }: Condition): boolean => configuration.fineTuning.trainingFraction === 0.1;

/** How the settings that are shown were chosen, as a note has it. */
export const CHOICE_WORDS =
  'Chosen are those that most methods and seeds ran with, then the nearest to the preset, then the newest; results have no say in it.';

/**
 * Of each dataset the first condition with something for a question, in the order in which datasets come. The order is the same for all
 * questions, so that tables and claims speak of the same settings: most runs of different methods and seeds, most methods, nearest to the
 * preset, newest.
 *
 * @param look null where a condition has nothing
 */
export function bestOfDatasets<T>(
  conditions: readonly Condition[],
  look: (condition: Condition) => T | null,
): { condition: Condition; found: T }[] {
  const known = conditions.flatMap((condition) => {
    const found = look(condition);
    return found === null ? [] : [{ condition, found }];
  });
  const datasets = groupedBy(known, ({ condition }) => condition.dataset.hash);
  return Array.from(datasets.values(), (own) => (own.length === 1 ? own[0] : first(own, ({ condition }) => rankOf(condition))));
}

function rankOf({ variants, configuration, preset }: Condition): number[] {
  const methods = Array.from(groupedBy(variants, nameOf).values(), (own) => Math.max(...own.map(({ runs }) => runs.length)));
  const seeds = methods.reduce((sum, count) => sum + count, 0);
  const [{ runs }] = variants;
  const strange = strangeness({
    ...runs[0],
    preset,
    report: { ...runs[0].report, configuration: { ...configuration, method: 'finetune-all' } },
  });
  return [seeds, methods.length, -strange, Math.max(...variants.map(({ newest }) => newest))];
}

/** The one that comes before all others by a list of numbers, the larger the sooner. */
function first<T>(things: readonly T[], rankOfOne: (thing: T) => readonly number[]): T {
  const ranked = things.map((thing) => ({ thing, rank: rankOfOne(thing) }));
  return ranked.reduce((best, one) => (exceeds(one.rank, best.rank) ? one : best)).thing;
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
