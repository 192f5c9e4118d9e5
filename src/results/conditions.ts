import { PRESETS } from '../configuration/presets.ts';
import { type Configuration, flatten, type Value } from '../configuration/schema.ts';
import type { DatasetReport } from '../engine/training/report.ts';
import { reads } from '../experiments/unread.ts';
import { type FinishedRun, isFinished, type ResultRun } from './run.ts';

/** Finished runs of one method that differ in their seed alone. */
export interface Variant {
  readonly method: string;
  /** UAF-Random: whether users had other gates at evaluation than in training; of all others false. */
  readonly otherGates: boolean;
  /** Each seed once, in ascending order. */
  readonly runs: readonly FinishedRun[];
  /** The place of its newest run among all. */
  readonly newest: number;
}

/** Runs that can be compared with each other: the same data, backend and settings, but for those that are a method's own. */
export interface Condition {
  readonly dataset: DatasetReport;
  /** Of one of its runs. */
  readonly configuration: Configuration;
  readonly variants: readonly Variant[];
}

/** Not part of what is computed, or what the runs of a condition differ in on purpose. Cut-offs are how results are looked at. */
const FREE = new Set(['method', 'seed', 'evaluation.cutoffs']);

const sharedKeys = (configuration: Configuration): string[] =>
  Object.keys(flatten(configuration)).filter((key) => !FREE.has(key) && reads({ ...configuration, method: 'finetune-all' }, key));

const keyOf = (flat: Readonly<Record<string, Value>>, keys: readonly string[]): string =>
  JSON.stringify(keys.map((key) => flat[key]));

/** Whether the gates of a run of UAF-Random are not those that it trained with. */
const hasOtherGates = ({ method, seed, evaluationSeed }: Configuration): boolean =>
  method === 'uaf-random' && evaluationSeed !== 0 && evaluationSeed !== seed;

/**
 * Finished runs by what can be compared. A run is in every condition that agrees with it in all it reads: MostPop and Finetune-Zero
 * know nothing of pre-training, and are there for each way of it. Of runs that repeat each other the newest counts, the last.
 */
export function conditionsOf(runs: readonly ResultRun[]): Condition[] {
  const placed = runs.flatMap((run, place) => (isFinished(run) ? [placedRun(run, place)] : []));
  const conditions = new Map<string, PlacedRun>();
  const found = new Map<string, PlacedRun[]>();
  const add = (key: string, run: PlacedRun) => found.set(key, [...(found.get(key) ?? []), run]);
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
        known.set(short, [...(known.get(short) ?? []), key]);
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
    variants: variantsOf((found.get(key) ?? []).sort((a, b) => a.place - b.place)),
  }));
}

interface PlacedRun {
  readonly run: FinishedRun;
  readonly place: number;
  /** What it reads of the keys that conditions are told apart by. */
  readonly shared: readonly string[];
  readonly isPartial: boolean;
  readonly key: string;
  readonly keyBy: (keys: readonly string[]) => string;
}

function placedRun(run: FinishedRun, place: number): PlacedRun {
  const { configuration } = run.report;
  const flat = flatten(configuration);
  const keys = sharedKeys(configuration);
  const shared = keys.filter((key) => reads(configuration, key));
  const keyBy = (by: readonly string[]) => `${run.dataset.hash} ${run.environment.backend} ${keyOf(flat, by)}`;
  return { run, place, shared, isPartial: shared.length < keys.length, key: keyBy(keys), keyBy };
}

function variantsOf(runs: readonly PlacedRun[]): Variant[] {
  const groups = new Map<string, PlacedRun[]>();
  for (const placed of runs) {
    const { configuration } = placed.run.report;
    const own = ownSettings(configuration);
    const key = JSON.stringify([configuration.method, hasOtherGates(configuration), own]);
    const others = (groups.get(key) ?? []).filter(({ run }) => run.report.seed !== configuration.seed);
    groups.set(key, [...others, placed]);
  }
  return Array.from(groups.values(), (group) => {
    const { configuration } = group[0].run.report;
    return {
      method: configuration.method,
      otherGates: hasOtherGates(configuration),
      runs: group.map(({ run }) => run).sort((a, b) => a.report.seed - b.report.seed),
      newest: Math.max(...group.map(({ place }) => place)),
    };
  });
}

/** The settings that a run reads and that are its method's own: τ, γ, adapters. UAF-Random's gates are told apart otherwise. */
export function ownSettings(configuration: Configuration): Record<string, Value> {
  const shared = new Set(sharedKeys(configuration));
  return Object.fromEntries(
    Object.entries(flatten(configuration)).filter(
      ([key]) =>
        !FREE.has(key) &&
        !shared.has(key) &&
        reads(configuration, key) &&
        !(configuration.method === 'uaf-random' && key === 'evaluationSeed'),
    ),
  );
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

/** In how many of its own settings it is not as the paper has it. An adapter's width goes with the channels. */
function strangeness({ runs: [{ report }] }: Variant): number {
  const paper = flatten(PRESETS.paper);
  const { channels, adapterWidth } = report.configuration;
  const expected: Record<string, Value> = { ...paper, adapterWidth: Math.max(1, Math.floor(channels / 4)) };
  return Object.entries(ownSettings({ ...report.configuration, adapterWidth })).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(expected[key]),
  ).length;
}

/** Whether one list of numbers comes after another, by the first that differs. */
export function exceeds(a: readonly number[], b: readonly number[]): boolean {
  const place = a.findIndex((value, i) => value !== b[i]);
  return place >= 0 && a[place] > b[place];
}

/** Table 5's: a tenth of the training instances. */
export const isTenth = ({ configuration }: Condition): boolean => configuration.fineTuning.trainingFraction <= 0.1;

/** Of each dataset the condition with most runs, then the newest one, in the order in which datasets come. */
export function mainConditions(conditions: readonly Condition[]): Condition[] {
  const best = new Map<string, { condition: Condition; rank: number[] }>();
  for (const condition of conditions) {
    const { variants, dataset } = condition;
    const rank = [variants.reduce((sum, { runs }) => sum + runs.length, 0), Math.max(...variants.map(({ newest }) => newest))];
    const before = best.get(dataset.hash);
    if (before === undefined || exceeds(rank, before.rank)) best.set(dataset.hash, { condition, rank });
  }
  return Array.from(best.values(), ({ condition }) => condition);
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
