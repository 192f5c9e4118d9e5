/** Ranks (from 1) of the targets of some instances under both protocols. */
interface Ranks {
  readonly sampled: Int32Array;
  readonly all: Int32Array;
}

/** The predicted classes of the instances of a profile task. */
interface Predictions {
  readonly predicted: Int32Array;
}

export type Outcomes = Ranks | Predictions;

/** The outcomes of some instances, by their places. */
export function outcomesAt(outcomes: Outcomes, places: readonly number[]): Outcomes {
  const at = (values: Int32Array) => Int32Array.from(places, (place) => values[place]);
  return 'predicted' in outcomes
    ? { predicted: at(outcomes.predicted) }
    : { sampled: at(outcomes.sampled), all: at(outcomes.all) };
}

/** The target among drawn candidates, or among all items. */
export type Protocol = 'sampled' | 'all';

/** `HR@5`, `MRR@5`, `NDCG@5`, … → value. */
type MetricValues = Readonly<Record<string, number>>;

/** Means over `n` instances under both protocols, with the standard error of each mean. */
interface RankingMetrics {
  readonly n: number;
  readonly sampled: MetricValues;
  readonly all: MetricValues;
  readonly standardError: { readonly sampled: MetricValues; readonly all: MetricValues };
}

/** Of a profile task. */
interface ProfileMetrics {
  readonly n: number;
  readonly accuracy: number;
  /** Mean F1 over the classes that occur among labels or predictions. */
  readonly macroF1: number;
  readonly standardError: { readonly accuracy: number; readonly macroF1: number };
  /** How often class [row] was taken for class [column]. */
  readonly confusion: readonly (readonly number[])[];
}

export type Metrics = RankingMetrics | ProfileMetrics;

/** A mean with its standard error. */
export interface Measured {
  readonly value: number;
  readonly error: number;
}

/** One metric by its name; undefined if it was not measured. Profile metrics have no protocol. */
export function metricOf(metrics: Metrics, name: string, protocol: Protocol): Measured | undefined {
  const { standardError } = metrics;
  if ('accuracy' in metrics) {
    if (name !== 'accuracy' && name !== 'macroF1') return undefined;
    return { value: metrics[name], error: (standardError as ProfileMetrics['standardError'])[name] };
  }
  const values = metrics[protocol];
  // A link may ask for any name, also for what every object has.
  if (!Object.hasOwn(values, name)) return undefined;
  return { value: values[name], error: (standardError as RankingMetrics['standardError'])[protocol][name] };
}

export const metricNames = (metrics: Metrics): string[] =>
  'accuracy' in metrics ? ['accuracy', 'macroF1'] : Object.keys(metrics.sampled);

/** What is shown first of a result: HR@5 and MRR@5, or accuracy and macro F1. */
export const headlines = (metrics: Metrics): readonly [string, string] =>
  'accuracy' in metrics ? ['accuracy', 'macroF1'] : ['HR@5', 'MRR@5'];

/** The metric that the best epoch is chosen by: MRR@5 among the candidates, or accuracy. */
export const selectionMetric = (metrics: Metrics): string => ('accuracy' in metrics ? 'accuracy' : 'MRR@5');

/** Its value. */
export const selectionOf = (metrics: Metrics): number => ('accuracy' in metrics ? metrics.accuracy : metrics.sampled['MRR@5']);

/** The value of one instance, by its rank; what a metric is the mean of. */
export const INSTANCE_VALUES: Readonly<Record<string, (rank: number) => number>> = {
  HR: () => 1,
  MRR: (rank) => 1 / rank,
  NDCG: (rank) => 1 / Math.log2(rank + 1),
};

/**
 * What each instance adds to a metric such as `MRR@5`; an instance ranked below the cut-off adds 0. Of predictions,
 * whether they are right. Undefined for a metric that is no mean over instances.
 *
 * @param targets the class of each instance; used by `accuracy` alone
 */
export function instanceValues(
  outcomes: Outcomes,
  targets: ArrayLike<number>,
  name: string,
  protocol: Protocol,
): Float64Array | undefined {
  if ('predicted' in outcomes) {
    return name === 'accuracy' ? Float64Array.from(outcomes.predicted, (p, i) => (p === targets[i] ? 1 : 0)) : undefined;
  }
  const [kind, cutoff] = name.split('@');
  const value = INSTANCE_VALUES[kind];
  if (value === undefined) return undefined;
  const [ranks, last] = [outcomes[protocol], Number(cutoff)];
  // A loop: `from` takes ten times as long, and comparisons ask for hundreds of thousands of instances at a time.
  const values = new Float64Array(ranks.length);
  for (let i = 0; i < ranks.length; i++) if (ranks[i] <= last) values[i] = value(ranks[i]);
  return values;
}

/** All metrics of some instances: HR, MRR and NDCG at each cut-off, or accuracy and macro F1. */
export function metricsOf(outcomes: Outcomes, targets: ArrayLike<number>, cutoffs: readonly number[]): Metrics {
  if ('predicted' in outcomes) return profileMetrics(outcomes.predicted, targets);
  const names = cutoffs.flatMap((cutoff) => Object.keys(INSTANCE_VALUES).map((kind) => `${kind}@${cutoff}`));
  const over = (protocol: Protocol) => {
    const entries = names.map((name) => [name, meanOf(instanceValues(outcomes, targets, name, protocol) ?? [])] as const);
    return {
      value: Object.fromEntries(entries.map(([name, { value }]) => [name, value])),
      error: Object.fromEntries(entries.map(([name, { error }]) => [name, error])),
    };
  };
  const [sampled, all] = [over('sampled'), over('all')];
  return {
    n: outcomes.all.length,
    sampled: sampled.value,
    all: all.value,
    standardError: { sampled: sampled.error, all: all.error },
  };
}

/** The mean of some values with its standard error; zeros where there are too few. */
export function meanOf(values: ArrayLike<number>): Measured {
  const n = values.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    sum += values[i];
    squares += values[i] * values[i];
  }
  const variance = n < 2 ? 0 : Math.max(0, (squares - (sum * sum) / n) / (n - 1));
  return { value: n === 0 ? 0 : sum / n, error: n === 0 ? 0 : Math.sqrt(variance / n) };
}

function profileMetrics(predicted: Int32Array, labels: ArrayLike<number>): ProfileMetrics {
  const n = predicted.length;
  let classes = 0;
  for (let i = 0; i < n; i++) classes = Math.max(classes, predicted[i] + 1, labels[i] + 1);
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < n; i++) confusion[labels[i]][predicted[i]]++;
  const right = Float64Array.from(predicted, (p, i) => (p === labels[i] ? 1 : 0));
  const accuracy = meanOf(right);
  return {
    n,
    accuracy: accuracy.value,
    macroF1: macroF1(confusion),
    standardError: { accuracy: accuracy.error, macroF1: jackknifeError(confusion, n) },
    confusion,
  };
}

/** Mean over the classes that occur of 2 · true positives / (labels + predictions). */
function macroF1(confusion: readonly (readonly number[])[]): number {
  let sum = 0;
  let occurring = 0;
  confusion.forEach((row, c) => {
    const labels = row.reduce((total, count) => total + count, 0);
    const predictions = confusion.reduce((total, other) => total + other[c], 0);
    if (labels + predictions === 0) return;
    occurring++;
    sum += (2 * row[c]) / (labels + predictions);
  });
  return occurring === 0 ? 0 : sum / occurring;
}

/** Macro F1 is no mean over instances: its standard error by leaving out each instance once (all of a cell are alike). */
function jackknifeError(confusion: readonly number[][], n: number): number {
  if (n < 2) return 0;
  const without: { count: number; value: number }[] = [];
  for (const row of confusion) {
    for (let c = 0; c < row.length; c++) {
      const count = row[c];
      if (count === 0) continue;
      row[c] = count - 1;
      without.push({ count, value: macroF1(confusion) });
      row[c] = count;
    }
  }
  const mean = without.reduce((sum, { count, value }) => sum + count * value, 0) / n;
  const squares = without.reduce((sum, { count, value }) => sum + count * (value - mean) ** 2, 0);
  return Math.sqrt(((n - 1) / n) * squares);
}

/** The class of the largest score; the first of equal ones. */
export function largestOf(scores: Float32Array, from: number, classes: number): number {
  let best = 0;
  for (let c = 1; c < classes; c++) if (scores[from + c] > scores[from + best]) best = c;
  return best;
}
