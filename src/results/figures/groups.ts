import { describeMethod, METHOD_DESCRIPTIONS } from '../../configuration/methods.ts';
import { type Configuration, differingKeys, flatten, type Value } from '../../configuration/schema.ts';
import { headlines, metricOf } from '../../engine/evaluation/metrics.ts';
import { overSeeds } from '../../engine/evaluation/significance.ts';
import { reads } from '../../experiments/unread.ts';
import { type FinishedRun, isFinished, type ResultRun } from '../run.ts';

/** Finished runs on one dataset that differ in nothing but their seed. */
export interface SeedGroup {
  readonly method: string;
  readonly configuration: Configuration;
  /** What it differs in from the others of its method; '' where it is the only one. */
  readonly difference: string;
  /** The method, and its difference. */
  readonly label: string;
  /** How many of its method come before it. */
  readonly before: number;
  /** Each seed once: of runs that repeat each other the last. */
  readonly runs: readonly FinishedRun[];
}

/** Groups of runs on one dataset, in the order of the paper's tables. Settings that a method does not read make no other group. */
export function seedGroups(runs: readonly ResultRun[]): SeedGroup[] {
  const groups = new Map<string, FinishedRun[]>();
  for (const run of runs.filter(isFinished)) {
    const { seed, ...rest } = readSettings(run.report.configuration);
    const key = JSON.stringify([run.environment.backend, rest]);
    const others = (groups.get(key) ?? []).filter(({ report }) => report.seed !== seed);
    groups.set(key, [...others, run]);
  }
  const all = Array.from(groups.values(), (own) => own.toSorted((a, b) => a.report.seed - b.report.seed)).sort(
    ([a], [b]) => placeOf(a.report.method) - placeOf(b.report.method),
  );
  const firsts = all.map(([first]) => first);
  return all.map((own, i) => {
    const { configuration, method } = own[0].report;
    const difference = differenceOf(own[0], firsts);
    const label = [describeMethod(method).label, difference].filter((part) => part !== '').join(', ');
    const before = firsts.slice(0, i).filter(({ report }) => report.method === method).length;
    return { method, configuration, difference, label, before, runs: own };
  });
}

/** What a run depends on. */
export const readSettings = (configuration: Configuration): Record<string, Value> =>
  Object.fromEntries(Object.entries(flatten(configuration)).filter(([key]) => reads(configuration, key)));

/** Where a method stands in the paper's tables; what they do not have comes last. */
function placeOf(method: string): number {
  const place = METHOD_DESCRIPTIONS.findIndex(({ id }) => id === method);
  return place < 0 ? METHOD_DESCRIPTIONS.length : place;
}

function differenceOf({ report: { method, configuration }, environment }: FinishedRun, firsts: readonly FinishedRun[]): string {
  const alike = firsts.filter(({ report }) => report.method === method);
  const own = readSettings(configuration);
  const keys = differingKeys(alike.map(({ report }) => report.configuration)).filter((key) => key !== 'seed' && key in own);
  const words = keys.map((key) => settingWords(key, own[key]));
  if (new Set(alike.map((run) => run.environment.backend)).size > 1) words.push(environment.backend);
  return words.join(', ');
}

/** The paper's letters, where it has one. */
const LETTERS: Readonly<Record<string, string>> = { temperature: 'τ', rewardGamma: 'γ', rewardBeta: 'β', channels: 'k' };

export const settingWords = (key: string, value: Value): string => `${LETTERS[key] ?? key} ${[value].flat().join(' ')}`;

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
  const kinds = Array.from(new Set(groups.map(kindOf)));
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
