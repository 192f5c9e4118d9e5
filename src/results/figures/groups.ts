import { describeMethod } from '../../configuration/methods.ts';
import type { Configuration } from '../../configuration/schema.ts';
import { headlines, metricOf } from '../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import { distinct } from '../lists.ts';
import { type FinishedRun, isFinished, type ResultRun } from '../run.ts';
import { configurationOf, differencesAmong, inOrder, labelsAmong, type Variant, variantsOf } from '../variants.ts';

/** Finished runs on one dataset that differ in nothing but their seed. */
export interface SeedGroup extends Variant {
  readonly configuration: Configuration;
  /** What it differs in from the others of its method; '' where it is the only one. */
  readonly difference: string;
  /** The method, and its difference. */
  readonly label: string;
  /** How many of its method come before it. */
  readonly before: number;
}

/** Groups of runs on one dataset, in the order of the paper's tables. Settings that a method does not read make no other group. */
export function seedGroups(runs: readonly ResultRun[]): SeedGroup[] {
  const variants = inOrder(variantsOf(runs.filter(isFinished).map((run, place) => ({ run, place }))));
  const [differenceOf, labelOf] = [differencesAmong(variants), labelsAmong(variants)];
  const counts = new Map<string, number>();
  return variants.map((variant) => {
    const before = counts.get(variant.method) ?? 0;
    counts.set(variant.method, before + 1);
    const configuration = configurationOf(variant);
    return { ...variant, configuration, difference: differenceOf(variant), label: labelOf(variant), before };
  });
}

/** The metric that is shown first, among the candidates: HR@5, or accuracy. */
export const metricOfRun = ({ report }: FinishedRun): string => headlines(report.test)[0];

/** How a metric is written on an axis. */
export const metricTitle = (run: FinishedRun): string =>
  run.dataset.task === 'profile' ? 'accuracy' : `${metricOfRun(run)}, ${run.dataset.candidates} candidates`;

/** Mean over the seeds with their standard deviation; of one seed the standard error over its test instances. */
export function testResult({ runs }: SeedGroup): { readonly value: number; readonly error: number; readonly each: number[] } {
  const measured = runs.flatMap(({ report }) => metricOf(report.test, headlines(report.test)[0], 'sampled') ?? []);
  const each = measured.map(({ value }) => value);
  const { value, deviation } = overSeeds(each);
  return { value, error: each.length > 1 ? deviation : (measured[0]?.error ?? 0), each };
}

/** Whether all groups are tested on the same instances, among as many candidates: only then do level lines hold for all. */
export function areOneTask(groups: readonly SeedGroup[]): boolean {
  const tasks = groups.map(({ configuration: { dataset, fineTuning, evaluation } }) =>
    JSON.stringify([dataset, fineTuning.selectOn, evaluation.candidates]),
  );
  return new Set(tasks).size === 1;
}

/** A figure can tell so many lines apart. */
const MOST_LINES = 7;

interface Panel {
  /** What its lines are; '' where one panel holds all. */
  readonly words: string;
  readonly groups: readonly SeedGroup[];
}

const REFERENCE = 'finetune-all';

/**
 * Groups in as many figures as can be read: first all in one; else the usual methods, UAF, and UAF with a GRU apart, the latter beside
 * Finetune-All, as in Fig. 4.
 */
export function panels(groups: readonly SeedGroup[], most = MOST_LINES): Panel[] {
  if (groups.length <= most) return groups.length === 0 ? [] : [{ words: '', groups }];
  const references = groups.filter(({ method }) => method === REFERENCE).slice(0, 1);
  const kindOf = ({ method }: SeedGroup) => {
    const { group } = describeMethod(method);
    return group === 'Baselines' || group === 'Usual fine-tuning' ? 'baselines and usual fine-tuning' : group;
  };
  const kinds = distinct(groups.map(kindOf));
  return kinds.flatMap((kind) => {
    const own = groups.filter((group) => kindOf(group) === kind && !references.includes(group));
    const room = Math.max(1, most - references.length);
    const parts = Math.ceil(own.length / room);
    return Array.from({ length: parts }, (_, part) => ({
      words: parts === 1 ? kind : `${kind}, ${part + 1} of ${parts}`,
      groups: [...references, ...own.slice(part * room, (part + 1) * room)],
    }));
  });
}
