/** Ranks (from 1) of the targets of some instances under both protocols. */
export interface Ranks {
  readonly sampled: Int32Array;
  readonly all: Int32Array;
}

/** `HR@5`, `MRR@5`, `NDCG@5`, … → value. */
type MetricValues = Readonly<Record<string, number>>;

/** Means over `n` instances under both protocols, with the standard error of each mean. */
export interface Metrics {
  readonly n: number;
  readonly sampled: MetricValues;
  readonly all: MetricValues;
  readonly standardError: { readonly sampled: MetricValues; readonly all: MetricValues };
}

/** The value of one instance, by its rank; what a metric is the mean of. */
const INSTANCE_VALUES = {
  HR: (_rank: number) => 1,
  MRR: (rank: number) => 1 / rank,
  NDCG: (rank: number) => 1 / Math.log2(rank + 1),
} as const;

/** HR, MRR and NDCG at each cut-off: an instance ranked below it counts 0. */
export function metricsOf(ranks: Ranks, cutoffs: readonly number[]): Metrics {
  const sampled = protocol(ranks.sampled, cutoffs);
  const all = protocol(ranks.all, cutoffs);
  return {
    n: ranks.all.length,
    sampled: sampled.mean,
    all: all.mean,
    standardError: { sampled: sampled.standardError, all: all.standardError },
  };
}

function protocol(ranks: Int32Array, cutoffs: readonly number[]) {
  const mean: Record<string, number> = {};
  const standardError: Record<string, number> = {};
  for (const cutoff of cutoffs) {
    for (const [name, value] of Object.entries(INSTANCE_VALUES)) {
      let sum = 0;
      let squares = 0;
      for (const rank of ranks) {
        const x = rank <= cutoff ? value(rank) : 0;
        sum += x;
        squares += x * x;
      }
      const n = ranks.length;
      mean[`${name}@${cutoff}`] = n === 0 ? 0 : sum / n;
      const variance = n < 2 ? 0 : Math.max(0, (squares - (sum * sum) / n) / (n - 1));
      standardError[`${name}@${cutoff}`] = n === 0 ? 0 : Math.sqrt(variance / n);
    }
  }
  return { mean, standardError };
}

/**
 * The rank of a target among all items: 1 + those that score higher + equal ones of a lower number. A score that is not
 * a number counts against the target, so that a broken model cannot look perfect.
 */
export function rankAmongAll(scores: Float32Array, from: number, items: number, target: number): number {
  const own = scores[from + target];
  let rank = 1;
  for (let item = 0; item < items; item++) {
    const score = scores[from + item];
    if (item !== target && !(score < own || (score === own && item > target))) rank++;
  }
  return rank;
}

/** The rank of a target among its negatives: it stands last, so equal scores count against it. */
export function rankAmong(scores: Float32Array, from: number, negatives: Int32Array, target: number): number {
  const own = scores[from + target];
  let rank = 1;
  for (const item of negatives) if (!(scores[from + item] < own)) rank++;
  return rank;
}
